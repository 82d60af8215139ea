"""Quiet hours: what does not press waits until they are over."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    """From `begin` (included) to `end` (not), each day, in Asia/Shanghai; across midnight when `end` is not later.

    Without a begin, or with both the same, there are none.
    """

    begin: time | None = None
    end: time | None = None

    @classmethod
    def of(cls, text: str) -> "Hours":
        """From "21:00-08:00"; "" for none. ValueError for anything else."""
        if not text:
            return cls()
        begin, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
        return cls(begin, end)

    def end_after(self, moment: datetime) -> datetime | None:
        """When the rest that `moment` lies in is over; None when it lies in none."""
        if self.begin is None or self.end is None or self.begin == self.end:
            return None
        local = timezone.localtime(moment)
        clock = local.timetz().replace(tzinfo=None)
        if self.begin < self.end:
            return self._at(local, self.end) if self.begin <= clock < self.end else None
        if clock >= self.begin:
            return self._at(local + DAY, self.end)
        return self._at(local, self.end) if clock < self.end else None

    @staticmethod
    def _at(day, clock) -> datetime:
        return datetime.combine(day.date(), clock, tzinfo=day.tzinfo)


def patients_rest() -> Hours:
    """When patients are not to be woken by what does not press."""
    return Hours.of(settings.SMS_QUIET_HOURS)
