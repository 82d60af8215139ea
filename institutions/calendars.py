"""The days of a house as people see them: open or closed, why, and what they are called."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models import CalendarDay
from toolkit.calendar import is_national_working_day
from toolkit.calendar.holidays import holiday_of

WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


@dataclass(frozen=True)
class Day:
    """A date of one house. `name` says why it departs from Monday to Friday: a holiday, or the house's own words."""

    date: date
    working: bool
    name: str = ""
    today: bool = False

    @property
    def weekday(self):
        return WEEKDAYS[self.date.weekday()]

    @property
    def made_up(self) -> bool:
        """A weekend day on which one works."""
        return self.working and self.date.weekday() >= 5

    @property
    def closed(self) -> bool:
        return not self.working

    @property
    def past(self) -> bool:
        return self.date < timezone.localdate()


def days_of(institution, first: date, count: int) -> list[Day]:
    """`count` days of an institution from `first` on. One query; its own arrangement wins over a consortium's."""
    dates = [first + timedelta(days=number) for number in range(count)]
    special = {}
    rows = CalendarDay.objects.of(institution).filter(date__gte=dates[0], date__lte=dates[-1])
    for row in sorted(rows, key=lambda row: (row.institution_id is not None, row.consortium_id or 0)):
        special[row.date] = row
    return [_day(each, special.get(each)) for each in dates]


def _day(day, special):
    working = special.working if special else is_national_working_day(day)
    name = (special.name if special else "") or holiday_of(day)
    return Day(day, working, name, today=day == timezone.localdate())


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
