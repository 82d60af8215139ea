"""The grid in which a day's places and beds are published."""

from dataclasses import dataclass, field
from functools import cached_property

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions.forms.dates import NearDateField
from institutions.models import Capacity
from toolkit.identifiers import half_width
from toolkit.pages.forms import ActForm, AskedForm
from toolkit.words import labelled

Kind, Session = Capacity.Kind, Capacity.Session
USUAL = ((Kind.SLOT, Session.MORNING), (Kind.SLOT, Session.AFTERNOON), (Kind.BED, Session.DAY))
FURTHER = ((Kind.SLOT, Session.NIGHT), (Kind.SLOT, Session.DAY))
ORDER = (USUAL[0], USUAL[1], *FURTHER, USUAL[2])
NUMBERS = {"total": "total", "quota": "referral_quota", "elsewhere": "booked_elsewhere"}
COLUMNS = {column: name for name, column in NUMBERS.items()}
LONGEST_NUMBER = 6


class DayAskedForm(AskedForm):
    """The day shown, and whether all sessions and the other channels are."""

    date = NearDateField(label=gettext_lazy("日期"))
    more = forms.BooleanField(label=gettext_lazy("更多"))


class PublishForm(ActForm):
    """What stands below the grid: on which further days the same is published, and when the rest is released.

    `shown` is the day of the grid, `days` the others of its week. A mistake of the grid is put into its cell.
    """

    also = forms.TypedMultipleChoiceField(
        label=gettext_lazy("同时发布到"), required=False, widget=forms.CheckboxSelectMultiple
    )
    release = forms.TypedChoiceField(
        label=gettext_lazy("预留释放"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", gettext_lazy("不改（新发布的按机构的号源释放时间）")),
            ("1", gettext_lazy("就诊前一日")),
            ("0", gettext_lazy("就诊当日")),
            ("2", gettext_lazy("就诊前两日")),
            ("3", gettext_lazy("就诊前三日")),
        ],
    )
    release_time = forms.TimeField(label=gettext_lazy("几点释放"), required=False)

    def __init__(self, data=None, *, grid, shown, days):
        super().__init__(data)
        self.grid, self.shown = grid, shown
        self.dates = {day.date.isoformat(): day.date for day in days}
        self.fields["also"].choices = [(day.date.isoformat(), _choice(day)) for day in days]
        self.fields["also"].coerce = self.dates.get

    def clean(self):
        data = super().clean()
        if data.get("release") is not None and not data.get("release_time"):
            self.add_error("release_time", _("请填写几点释放，例如 16:00。"))
        return data

    @property
    def release_rule(self):
        """(days before, time of day), or None."""
        data = self.cleaned_data
        return None if data["release"] is None else (data["release"], data["release_time"])

    @property
    def versions(self) -> dict:
        """{date: the version of the day as it was shown}"""
        given = {day: self.data.get(f"version-{day.isoformat()}", "") for day in (self.shown, *self.dates.values())}
        return {day: int(text) for day, text in given.items() if text.isascii() and text.isdecimal()}

    def add_refusal(self, refusal):
        """Pointers read "/days/2026-11-23/rows/0/total"; what is wrong on the day shown is said for it alone."""
        for error in refusal.errors:
            day, cell, name = self._place_of(error.pointer)
            if cell is not None and day == self.shown:
                cell.errors.append(str(error.detail))
                cell.wrong.add(name)
            elif cell is None or str(error.detail) not in cell.errors:
                where = " · ".join(filter(None, [day and f"{day:%m-%d}", cell and cell.words]))
                self.add_error(None, labelled(where, error.detail) if where else str(error.detail))
        wrong = sum(max(len(cell.wrong), bool(cell.errors)) for cell in self.grid.cells)
        if wrong:
            self.add_error(None, _("表中有 %(count)s 格需要改正，什么都还没有发布。") % {"count": wrong})
        elif not refusal.errors:
            self.add_error(None, str(refusal.detail))

    def _place_of(self, pointer):
        parts = pointer.strip("/").split("/")
        if parts[0] != "days":
            return None, None, ""
        day = {self.shown.isoformat(): self.shown, **self.dates}.get(parts[1])
        if len(parts) < 4 or parts[2] != "rows":
            return day, None, ""
        return day, self.grid.entries[int(parts[3])][0], COLUMNS.get(parts[-1], "")


def _choice(day) -> str:
    words = f"{day.weekday} {day.date:%m-%d}"
    return _("%(day)s（休）") % {"day": words} if day.closed else words


@dataclass
class Cell:
    """One department's session: what stands (`row`), what was typed, and what is wrong with it."""

    department: object
    kind: str
    session: str
    row: Capacity | None = None
    values: dict = field(default_factory=dict)
    errors: list = field(default_factory=list)
    wrong: set = field(default_factory=set)

    @property
    def name(self) -> str:
        return f"{self.department.pk}-{self.kind}-{self.session}"

    @property
    def heading(self) -> str:
        return session_words(self.kind, self.session)

    @property
    def words(self) -> str:
        return f"{self.department.name} {self.heading}"

    @property
    def booked(self) -> int:
        return self.row.booked if self.row else 0

    @property
    def elsewhere(self) -> int:
        return self.row.booked_elsewhere if self.row else 0


def session_words(kind, session) -> str:
    return str(Kind(kind).label) if kind == Kind.BED else str(Session(session).label)


class Grid:
    """Departments down, sessions across; filled from what stands, or from what was sent."""

    def __init__(self, departments, rows, *, more=False, data=None):
        standing = {(row.department_id, row.kind, row.session): row for row in rows}
        used = {key[1:] for key in standing}
        self.columns = [each for each in ORDER if more or each in USUAL or each in used]
        self.more = more
        self.lines = [
            (each, [self._cell(each, *column, standing, data) for column in self.columns]) for each in departments
        ]

    @property
    def cells(self) -> list[Cell]:
        return [cell for _department, cells in self.lines for cell in cells]

    @property
    def headings(self) -> list[str]:
        return [session_words(*column) for column in self.columns]

    @staticmethod
    def _cell(department, kind, session, standing, data):
        cell = Cell(department, kind, session, standing.get((department.pk, kind, session)))
        for name, column in NUMBERS.items():
            stands = "" if cell.row is None else str(getattr(cell.row, column))
            cell.values[name] = stands if data is None else data.get(f"{name}-{cell.name}", stands).strip()
        return cell

    @cached_property
    def entries(self) -> list[tuple[Cell, dict]]:
        """(cell, row for the act) of everything that is filled or stands; a standing row that was emptied is zero."""
        filled = [cell for cell in self.cells if cell.row or any(cell.values[name] for name in ("total", "quota"))]
        return [(cell, self._entry(cell)) for cell in filled]

    def _entry(self, cell):
        values = {column: _number(cell.values[name]) for name, column in NUMBERS.items()}
        if cell.row and not cell.values["total"]:
            values["total"] = values["referral_quota"] = 0
        return {"department": cell.department.code, "kind": cell.kind, "session": cell.session, **values}


def _number(text):
    """A count, None for nothing, or the text itself, which the act refuses."""
    if not text:
        return None
    typed = half_width(text)
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER else text
