"""The parts of the overview. Each asks its statement once and knows its table and its chart."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consortium.overview.cells import Number, Opener, Ratio
from referrals import codes
from referrals.figures import FIGURES, Share, population
from referrals.figures.asking import opens_rows
from referrals.figures.definitions import GREEN, TIERS
from referrals.figures.measuring import answer_times, measure_by, oldest_due, reasons
from referrals.figures.words import DEEDS, deed_words, reason_words
from toolkit.words import explained

HEADLINES = ("sent", "down", "out", "in_time", "green_in_time", "accepted", "arrived", "closed")
REASONED = tuple(DEEDS)
GREENS = ("green", "green_in_time", "green_completed", "green_reviewed", "green_justified")
MOST_FLOWS = 20
"""So many stand in the chart; the table has all."""
DESK = gettext_lazy("双向转诊服务台")


@dataclass(frozen=True)
class Flow:
    """How many one house sent to another in one direction."""

    sender: str
    receiver: str
    direction: str
    number: Number
    ends: tuple[str, str] = field(repr=False)


@dataclass(frozen=True)
class Answers:
    """How one house answered under one limit; `median` None where nothing was answered."""

    house: str
    tier: str
    answered: Number
    median: timedelta | None
    ratio: Ratio


@dataclass(frozen=True)
class Reason:
    """What was said with a move, and how often."""

    what: str
    words: str
    number: Number


@dataclass(frozen=True)
class Stuck:
    """What lies past its time in one hand; `live` is everything that lies there."""

    house: str
    unit: str
    late: Number
    live: Number
    oldest: datetime


class Overview:
    """Everything on the page, for one reader and one question; six statements."""

    def __init__(self, actor, form, *, now: datetime):
        self.now, self.asked = now, form.asked
        self._rows = population(actor, form.asked)
        self._under_way = population(actor, form.asked, now_figures=True)
        self._open = Opener(form.query, opens_rows(actor))

    @cached_property
    def _by_channel(self) -> list[dict]:
        names = dict.fromkeys((*HEADLINES, *REASONED, *GREENS))
        return measure_by(self._rows, ["green_channel"], *names, now=self.now)

    @cached_property
    def headlines(self) -> dict[str, Ratio]:
        return {name: self._open.ratio(_sum(self._by_channel, name)) for name in (*HEADLINES, *REASONED)}

    @property
    def tiles(self) -> list[Ratio]:
        return [self.headlines[name] for name in HEADLINES]

    @cached_property
    def flows(self) -> list[Flow]:
        """The most travelled way first."""
        columns = (*_house("sender"), *_house("receiver"), "direction")
        found = measure_by(self._rows, columns, "sent", now=self.now)
        found.sort(key=lambda row: (-row["sent"].part, list(codes.DIRECTIONS).index(row["direction"])))
        return [self._flow(row) for row in found]

    def _flow(self, row) -> Flow:
        ends = row["sender__code"], row["receiver__code"]
        number = self._open.number(
            "sent", row["sent"].part, sender=ends[0], receiver=ends[1], way=row["direction"]
        )  # fmt: skip
        words = codes.DIRECTIONS[row["direction"]]
        return Flow(_label(row, "sender"), _label(row, "receiver"), str(words), number, ends)

    @property
    def ways(self) -> list[tuple[str, Number]]:
        """How many went in each direction."""
        sums = Counter()
        for flow in self.flows:
            sums[flow.direction] += flow.number.count
        return [
            (str(words), self._open.number("sent", sums[str(words)], way=code))
            for code, words in codes.DIRECTIONS.items()
        ]

    @cached_property
    def _answer_rows(self) -> list[dict]:
        columns = (*_house("receiver"), "tier")
        found = measure_by(self._rows, columns, "in_time", "green_in_time", "answered", now=self.now)
        return sorted(found, key=lambda row: (_label(row, "receiver"), list(TIERS).index(row["tier"])))

    @cached_property
    def answers(self) -> list[Answers]:
        medians = answer_times(self._rows)
        return [self._answers(row, medians) for row in self._answer_rows]

    def _answers(self, row, medians) -> Answers:
        keys = {"receiver": row["receiver__code"], "tier": row["tier"]}
        share = row["green_in_time" if row["tier"] == GREEN else "in_time"]
        return Answers(
            house=_label(row, "receiver"),
            tier=str(TIERS[row["tier"]]),
            answered=self._open.number("answered", row["answered"].part, **keys),
            median=medians.get((row["receiver__code"], row["tier"])),
            ratio=self._open.ratio(share, **keys),
        )

    @cached_property
    def punctual(self) -> list[tuple[str, Ratio]]:
        """(house, share answered in time) without the green channel, the most punctual first."""
        sums, names = {}, {}
        for row in self._answer_rows:
            code = row["receiver__code"]
            names[code] = _label(row, "receiver")
            sums[code] = sums.get(code, Share(FIGURES["in_time"], 0, 0)) + row["in_time"]
        found = [(names[code], self._open.ratio(share, receiver=code)) for code, share in sums.items() if share.whole]
        return sorted(found, key=lambda pair: -pair[1].share.ratio)

    @cached_property
    def reasons(self) -> list[Reason]:
        """By what was done, the most frequent first."""
        found = reasons(self._rows, *REASONED)
        ordered = sorted(found.items(), key=lambda item: (REASONED.index(item[0][0]), -item[1], item[0][1]))
        return [self._reason(name, code, count) for (name, code), count in ordered]

    def _reason(self, name, code, count) -> Reason:
        return Reason(deed_words(name), reason_words(name, code), self._open.number(name, count, reason=code))

    @property
    def reasoned(self) -> list[Ratio]:
        return [self.headlines[name] for name in REASONED]

    @cached_property
    def greens(self) -> list[tuple[str, list[Ratio]]]:
        """By channel, without those nobody used; with more than one the sum last."""
        used = {row["green_channel"]: row for row in self._by_channel if row["green_channel"]}
        lines = [
            (str(words), [self._open.ratio(used[code][name], channel=code) for name in GREENS])
            for code, words in codes.GREEN_CHANNELS.items()
            if code in used
        ]
        if len(lines) > 1:
            lines.append((_("合计"), [self._open.ratio(_sum(used.values(), name)) for name in GREENS]))
        return lines

    @cached_property
    def _hands(self) -> list[dict]:
        columns = (*_house("hand_institution"), "hand_unit", "hand_department__code", "hand_department__name")
        rows = self._under_way.filter(hand_institution__isnull=False)
        return measure_by(rows, columns, "overdue", now=self.now, oldest=oldest_due())

    @property
    def overdue(self) -> Ratio:
        return self._open.ratio(_sum(self._hands, "overdue"))

    @cached_property
    def stuck(self) -> list[Stuck]:
        """The longest waiting first."""
        late = sorted((row for row in self._hands if row["overdue"].part), key=lambda row: row["oldest"])
        return [self._stuck(row) for row in late]

    def _stuck(self, row) -> Stuck:
        keys = {"hand": row["hand_institution__code"], "unit": row["hand_unit"], "place": row["hand_department__code"]}
        ratio = self._open.ratio(row["overdue"], **keys)
        unit = DESK if row["hand_unit"] == "desk" else row["hand_department__name"] or _("医生")
        return Stuck(_label(row, "hand_institution"), str(unit), ratio.part, ratio.whole, row["oldest"])


def bar_words(ratio: Ratio) -> str:
    """A share beside its bar: 80.0%（12/15）."""
    return explained(ratio.shown, f"{ratio.share.part}/{ratio.share.whole}")


def _house(side: str) -> tuple[str, str, str]:
    return f"{side}__code", f"{side}__short_name", f"{side}__name"


def _label(row: dict, side: str) -> str:
    return row[f"{side}__short_name"] or row[f"{side}__name"]


def _sum(rows: Iterable[dict], name: str) -> Share:
    total = Share(FIGURES[name], 0, 0)
    for row in rows:
        total += row[name]
    return total
