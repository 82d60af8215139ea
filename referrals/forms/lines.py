"""Tables of rows typed into a form: diagnoses and medications.

Fields are named `<name>-<n>-<column>`. `static/js/lines.js` adds and removes rows; without it there are empty rows
to spare. The values are plain dicts, cleaned by `referrals.content` inside the act.
"""

import json
import re
from dataclasses import dataclass, field

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from referrals import codes
from referrals.content import MEDICATION_TEXTS
from referrals.values import MOST_LINES
from toolkit.words import explained, listed

REQUIRED = _("此项必填。")
SPARE = 3
"""Empty rows of a table without JavaScript, which hides all but one."""


@dataclass(frozen=True)
class Column:
    """`kind`: text, number, flag, choice, or one (a radio button: one row of the table)."""

    name: str
    label: str
    kind: str = "text"
    limit: int = 0
    choices: dict | None = None
    wide: bool = False


@dataclass
class Cell:
    """A column in one row, ready for the template."""

    column: Column
    html_name: str
    row: int
    value: object
    errors: list = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"id_{self.html_name}" + (f"-{self.row}" if self.column.kind == "one" else "")


@dataclass
class TableRow:
    index: int
    cells: list[Cell]
    spare: bool


class Lines:
    """One table. `data` is the POST that was sent (None: show `initial`, a list of dicts).

    `offered` are rows that stand beside it and are taken over only by a click.
    """

    columns: tuple[Column, ...] = ()
    template = "referrals/parts/lines.html"

    def __init__(self, name: str, label: str, *, data=None, initial=(), required=False):
        self.name, self.label, self.required, self.errors = name, label, required, []
        self.offered: list[dict] = []
        self._typed = _rows_typed(name, data) if data is not None else dict(enumerate(initial))
        self._wrong: dict[tuple[int, str], list] = {}

    @cached_property
    def values(self) -> list[dict]:
        """The rows with something in them, as the acts take them."""
        return [self._value(row) for row in self._filled.values()]

    def take_error(self, pointer: list[str], detail) -> None:
        """Put an error at its place; `pointer` is what follows the name: [] the table, ["0", "code"] a cell."""
        places = list(self._filled)
        if len(pointer) == 2 and pointer[0].isdecimal() and int(pointer[0]) < len(places):
            names = {column.name for column in self.columns}
            if pointer[1] in names:
                self._wrong.setdefault((places[int(pointer[0])], pointer[1]), []).append(detail)
                return
        self.errors.append(detail)

    def require(self) -> None:
        """Say that it is empty where it must not be; for a form that comes back before the act has judged it."""
        if self.required and not self.values:
            self.errors.append(REQUIRED)

    @property
    def offered_words(self) -> str:
        return listed(explained(row["text"], row["code"]) if row["code"] else row["text"] for row in self.offered)

    @property
    def offered_data(self) -> str:
        """JSON of the rows on offer, as `static/js/lines.js` lays them in."""
        return json.dumps(self.offered, ensure_ascii=False)

    @property
    def has_errors(self) -> bool:
        return bool(self.errors or self._wrong)

    @property
    def rows(self) -> list[TableRow]:
        """What was typed, then empty rows to spare."""
        filled = self._filled
        highest = max(filled, default=-1)
        spare = range(highest + 1, highest + 1 + SPARE)
        return [self._row(index, row, spare=False) for index, row in filled.items()] + [
            self._row(index, {}, spare=True) for index in spare
        ]

    @property
    def blank(self) -> TableRow:
        """The pattern from which the script makes new rows."""
        return self._row("__row__", {}, spare=False)

    @cached_property
    def _filled(self) -> dict[int, dict]:
        kept = {index: row for index, row in self._typed.items() if self._has_content(row)}
        return dict(list(kept.items())[: MOST_LINES + 1])

    def _has_content(self, row: dict) -> bool:
        """A ticked box or a chosen radio alone is no row."""
        return any(str(row.get(column.name) or "").strip() for column in self.columns if column.kind in _TYPED)

    def _value(self, row: dict) -> dict:
        return {column.name: _value(column, row.get(column.name)) for column in self.columns}

    def _row(self, index, row: dict, *, spare: bool) -> TableRow:
        cells = [
            Cell(column, self._html_name(column, index), index, row.get(column.name, ""), self._wrong_at(index, column))
            for column in self.columns
        ]
        return TableRow(index, cells, spare)

    def _html_name(self, column: Column, index) -> str:
        return f"{self.name}-{column.name}" if column.kind == "one" else f"{self.name}-{index}-{column.name}"

    def _wrong_at(self, index, column: Column) -> list:
        return self._wrong.get((index, column.name), [])


class DiagnosisLines(Lines):
    columns = (
        Column("text", _("诊断名称"), limit=200, wide=True),
        Column("code", _("ICD-10 编码"), limit=20),
        Column("primary", _("主要"), kind="one"),
    )


class MedicationLines(Lines):
    columns = (
        Column("name", _("药品通用名"), limit=MEDICATION_TEXTS["name"], wide=True),
        Column("strength", _("规格"), limit=MEDICATION_TEXTS["strength"]),
        Column("dose", _("每次用量"), limit=MEDICATION_TEXTS["dose"]),
        Column("route", _("用法"), limit=MEDICATION_TEXTS["route"]),
        Column("frequency", _("频次"), limit=MEDICATION_TEXTS["frequency"]),
        Column("days", _("天数"), kind="number"),
        Column("long_term", _("长期"), kind="flag"),
        Column("supply", _("药源"), kind="choice", choices=codes.SUPPLIES),
    )


_TYPED = {"text", "number"}


def _value(column: Column, typed):
    if column.kind in ("flag", "one"):
        return bool(typed)
    return typed if column.kind != "number" else (typed or None)


def _rows_typed(name: str, data) -> dict[int, dict]:
    """{row: {column: text}} of one table in a POST, in the order of the rows."""
    pattern = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-(\w+)")
    rows: dict[int, dict] = {}
    for key in data:
        if match := pattern.fullmatch(key):
            rows.setdefault(int(match[1]), {})[match[2]] = data.get(key)
    for key in data:
        if re.fullmatch(rf"{re.escape(name)}-[a-z_]+", key) and (chosen := data.get(key, "")).isdecimal():
            rows.get(int(chosen[:4]), {})[key.removeprefix(f"{name}-")] = "on"
    return dict(sorted(rows.items()))
