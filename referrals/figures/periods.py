"""Periods of a count: whole days in Asia/Shanghai, both ends included."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

DAY = timedelta(days=1)
LAST = 90
CUSTOM, USUAL = "custom", "last_90"

PERIODS = {
    "last_90": _("近90天"),
    "this_month": _("本月"),
    "last_month": _("上月"),
    CUSTOM: _("自定义"),
}


@dataclass(frozen=True)
class Period:
    """`since` and `until` are days that belong to it."""

    since: date
    until: date

    @property
    def begin(self) -> datetime:
        return _midnight(self.since)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return _midnight(self.until + DAY)

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1


def period_named(name: str, *, today: date | None = None) -> Period:
    """One of `PERIODS` but the custom one, as of `today`."""
    today = today or timezone.localdate()
    if name == "this_month":
        return Period(today.replace(day=1), today)
    if name == "last_month":
        last = today.replace(day=1) - DAY
        return Period(last.replace(day=1), last)
    return Period(today - (LAST - 1) * DAY, today)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
