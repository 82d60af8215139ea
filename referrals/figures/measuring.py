"""Counting. Each function is one statement, however many referrals there are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Window
from django.db.models.functions import RowNumber

from referrals.figures.definitions import ANSWERED, FIGURES, Figure, tier
from referrals.models import Step

PART, WHOLE = "part", "whole"


@dataclass(frozen=True)
class Share:
    """So many of so many of one figure. Without anything to count of, `ratio` is None and never 0."""

    figure: Figure
    part: int
    whole: int

    @property
    def ratio(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def shown(self) -> str:
        """ "80.0%", or "—" where there is nothing to count of. Nearly all is not 100%, and hardly any not 0%."""
        return "—" if self.percent is None else f"{self.percent:.1f}%"

    @property
    def percent(self) -> float | None:
        """Rounded to one decimal."""
        if self.ratio is None or self.part in (0, self.whole):
            return None if self.ratio is None else self.ratio * 100
        return min(max(round(self.ratio * 100, 1), 0.1), 99.9)

    def __add__(self, other: "Share") -> "Share":
        return Share(self.figure, self.part + other.part, self.whole + other.whole)


def measure(rows, *names: str, now: datetime) -> dict[str, Share]:
    """The named figures over `rows`, sent referrals that are not void."""
    found = rows.order_by().aggregate(**_counts(names, now))
    return {name: _share(name, found) for name in names}


def measure_by(rows, columns: Iterable[str], *names: str, now: datetime, **more) -> list[dict]:
    """The named figures for each combination of `columns`: dicts of these, of `more`, and a Share by figure name.

    Shares of the combinations can be added up.
    """
    columns = tuple(columns)
    found = rows.annotate(tier=tier()).order_by().values(*columns).annotate(**_counts(names, now), **more)
    return [
        {key: row[key] for key in (*columns, *more)} | {name: _share(name, row) for name in names}
        for row in found.order_by(*columns)
    ]


def _counts(names, now) -> dict:
    return {
        f"{name}_{side}": Count("pk", filter=FIGURES[name].condition(side, now))
        for name in names
        for side in (PART, WHOLE)
    }


def _share(name: str, found: dict) -> Share:
    return Share(FIGURES[name], found[f"{name}_{PART}"], found[f"{name}_{WHOLE}"])


def oldest_due() -> Min:
    """When the longest waiting was due, as one of `more`."""
    return Min("deadline")


def answer_times(rows) -> dict[tuple[str, str], timedelta]:
    """(receiver's code, tier) → the median of the time from sending to the first answer.

    Wall-clock time: nights, holidays and what a returned letter waited at the sender's count. The middle rows are
    found by the database, so that no more than two for each pair are fetched.
    """
    took = ExpressionWrapper(F("responded_at") - F("submitted_at"), output_field=DurationField())
    groups = ("receiver__code", "tier")
    answered = rows.filter(ANSWERED).annotate(tier=tier(), took=took).order_by()
    placed = answered.annotate(
        place=Window(RowNumber(), partition_by=groups, order_by=["took", "pk"]),
        of=Window(Count("pk"), partition_by=groups),
    )
    middle = placed.filter(place__gte=F("of") / 2.0, place__lte=F("of") / 2.0 + 1)
    found = defaultdict(list)
    for code, at, span in middle.values_list(*groups, "took"):
        found[code, at].append(span)
    return {pair: sum(spans, timedelta()) / len(spans) for pair, spans in found.items()}


def reasons(rows, *names: str) -> dict[tuple[str, str], int]:
    """(figure, reason code or "") → how many referrals. One that was returned twice counts once for each reason."""
    figure_of = {verb: name for name in names for verb in FIGURES[name].verbs}
    steps = Step.objects.filter(referral__in=rows.order_by().values("pk"), verb__in=figure_of).order_by()
    found: dict[tuple[str, str], int] = defaultdict(int)
    for verb, reason, count in steps.values_list("verb", "reason").annotate(Count("referral", distinct=True)):
        found[figure_of[verb], reason] += count
    return dict(found)
