"""The roster of a house as people see it: units down, the days of a week across."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from .models import DutyShift

Kind = DutyShift.Kind
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Unit:
    """Who may be on duty: the desk, the duty line, the office, or a department."""

    kind: str
    department: object = None

    @property
    def code(self) -> str:
        return f"department:{self.department.pk}" if self.department else str(self.kind)

    @property
    def name(self) -> str:
        return self.department.name if self.department else str(Kind(self.kind).label)

    @property
    def key(self):
        return self.kind, self.department.pk if self.department else None


@dataclass
class Turn:
    """A shift as one day shows it."""

    shift: DutyShift
    words: str
    over: bool


@dataclass
class Line:
    """A unit with its shifts: `now` those that answer at this moment, `cells` one list of Turns for each day."""

    unit: Unit
    now: list = field(default_factory=list)
    cells: list = field(default_factory=list)


def units_of(departments, *, office: bool) -> list[Unit]:
    """The desk and the duty line first, then the office where it is kept here, then the departments."""
    fixed = [Unit(Kind.DESK), Unit(Kind.DUTY_LINE)] + ([Unit(Kind.OFFICE)] if office else [])
    return fixed + [Unit(Kind.DEPARTMENT, department) for department in departments]


def lines_of(units, days, shifts, answering) -> list[Line]:
    """`shifts` touch the days, `answering` are on duty now."""
    now = timezone.now()
    return [
        Line(
            unit=unit,
            now=[shift for shift in answering if (shift.kind, shift.department_id) == unit.key],
            cells=[(day, _turns(unit, day.date, shifts, now)) for day in days],
        )
        for unit in units
    ]


def _turns(unit, day, shifts, now) -> list[Turn]:
    begin = midnight(day)
    end = begin + DAY
    mine = (shift for shift in shifts if (shift.kind, shift.department_id) == unit.key)
    return [
        Turn(shift, _hours(shift, begin, end), over=shift.ends_at <= now)
        for shift in mine
        if shift.starts_at < end and shift.ends_at > begin
    ]


def _hours(shift, begin, end) -> str:
    """The part of a shift that falls into one day: "08:00–17:30", "全天"."""
    if shift.starts_at <= begin and shift.ends_at >= end:
        return _("全天")
    first = timezone.localtime(max(shift.starts_at, begin))
    last = timezone.localtime(shift.ends_at)
    return f"{first:%H:%M}–{'24:00' if shift.ends_at >= end else f'{last:%H:%M}'}"


def midnight(day):
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
