"""Acting in the past, for the demo alone: inside `at(moment)` Django's clock reads `moment` and runs on from there.

Every part asks `django.utils.timezone.now()` for the time, which asks `datetime` of its own module; that one name
is exchanged. Rows of the append-only trail thus carry the right time from the start and need never be shifted.
"""

from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from toolkit.calendar import is_national_working_day

DAY = timedelta(days=1)


class _AnyDatetime(type):
    """What is a datetime outside `at` is one inside, too."""

    def __instancecheck__(cls, value):
        return isinstance(value, datetime)


@contextmanager
def at(moment: datetime):
    """Let it be `moment` (aware)."""
    shift = moment - datetime.now(UTC)

    class Then(datetime, metaclass=_AnyDatetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + shift

    kept, timezone.datetime = timezone.datetime, Then
    try:
        yield
    finally:
        timezone.datetime = kept


class Before:
    """Moments and dates counted back from `now`, at which the demo is set up."""

    def __init__(self, now: datetime):
        self.now = timezone.localtime(now)
        self.today = self.now.date()

    def ago(self, *, hours: int = 0, minutes: int = 0) -> datetime:
        return self.now - timedelta(hours=hours, minutes=minutes)

    def day(self, days: int, clock: str) -> datetime:
        """So many days ago (at least one) at that time of day."""
        return self._local(self.date(-days), clock)

    def working_day(self, days: int, clock: str) -> datetime:
        """The so-manieth working day before today, at that time of day."""
        found = self.today
        for _each in range(days):
            found -= DAY
            while not is_national_working_day(found):
                found -= DAY
        return self._local(found, clock)

    def date(self, days: int) -> date:
        """The date `days` from today; negative ones are past."""
        return self.today + days * DAY

    def _local(self, day: date, clock: str) -> datetime:
        return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))
