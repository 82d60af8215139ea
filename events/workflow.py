"""The life of a noun as one table: states, moves, and the one road every move takes.

`Workflow.moving` locks the row, checks, lets the act write its data, moves, stamps and records,
all in one transaction. `Workflow.options` gives the buttons, the API links and the reasons why
not. The same rows make `docs/states.md` and the test of every verb × status × side × role.

Checks come in one order: stale version (412), not your place (403), not now (422).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from events.actor import missing_permission
from events.log import record
from toolkit.refusals import FieldError, Forbidden, Refusal, Refused, Stale
from toolkit.words import listed

CLOCK = "clock"


@dataclass(frozen=True)
class Hand:
    """Whose turn it is: the unit of one side, and the permission of those who work there."""

    side: str
    unit: str
    permission: str


@dataclass(frozen=True, kw_only=True)
class State:
    """A status. A live state lies in exactly one hand; an ended one in none."""

    code: str
    label: str
    hand: Hand | None = None
    live: bool = False
    clock: str = ""


@dataclass(frozen=True, kw_only=True)
class Move:
    """One row of the table.

    `target` None means the status stays; `also_targets` are what the act may choose instead;
    `needs` names required facts; a `quiet` move leaves the version alone, so that nobody's open
    form turns stale because somebody left a comment. A move that is not `offered` has no button: it
    is made by saving the form of the subject itself.
    """

    verb: str
    label: str
    sources: frozenset[str]
    target: str | None
    sides: frozenset[str]
    permission: str
    event: str
    needs: tuple[str, ...] = ()
    guard: Callable[[object, object], Refusal | None] | None = None
    also_targets: tuple[str, ...] = ()
    quiet: bool = False
    offered: bool = True
    tone: str = "secondary"

    @property
    def by_people(self) -> bool:
        return self.sides != frozenset({CLOCK})


@dataclass
class Passage:
    """A move under way: the locked subject, who moves it, and what is recorded about it."""

    subject: object
    move: Move
    actor: object
    source: str
    target: str
    occurred_at: datetime
    recorded_at: datetime
    remark: str = ""
    facts: dict = field(default_factory=dict)

    @property
    def late(self) -> bool:
        """Entered afterwards (late entry): more than ten minutes after it happened."""
        return (self.recorded_at - self.occurred_at).total_seconds() > 600


@dataclass(frozen=True)
class Option:
    """A move as one actor meets it: open, or closed with the reason."""

    move: Move
    refusal: Refusal | None

    @property
    def open(self) -> bool:
        return self.refusal is None


class Workflow:
    """A table of states and moves for one model with `status` and `version`."""

    def __init__(self, *, name, states, moves, sides_of, permissions_of, on_moved, related=(), side_words=None):
        self.name = name
        self.states: dict[str, State] = {state.code: state for state in states}
        self.moves: dict[str, Move] = {move.verb: move for move in moves}
        self._sides_of = sides_of
        self._permissions_of = permissions_of
        self._on_moved = on_moved
        self._related = related
        self._side_words = side_words or {"sender": _("转出方"), "receiver": _("接收方")}
        self._check_table()

    @property
    def live(self) -> list[str]:
        return [state.code for state in self.states.values() if state.live]

    def refusal(self, *, verb: str, status: str, sides: frozenset[str], permissions: frozenset[str]) -> Refusal | None:
        """The pure judgement of the table: who first (403), then when (422); None means open."""
        move = self.moves[verb]
        if not move.sides & sides:
            return Forbidden(self._wrong_side(move), code="wrong_side")
        if CLOCK not in sides and move.permission not in permissions:
            return Forbidden(missing_permission(move.permission), code="wrong_role")
        if status not in move.sources:
            return Refused(self._wrong_status(move, status), code="wrong_status")
        return None

    def why_not(self, subject, verb: str, actor) -> Refusal | None:
        """Why this actor cannot make this move now, or None. Facts are judged by the act."""
        move = self.moves[verb]
        refusal = self.refusal(
            verb=verb,
            status=subject.status,
            sides=self._sides_of(subject, actor),
            permissions=self._permissions_of(subject, actor),
        )
        if refusal is None and move.guard:
            refusal = move.guard(subject, actor)
        return refusal

    def options(self, subject, actor) -> list[Option]:
        """Every move people make on this subject that is possible now for somebody, in table order."""
        here = [
            move for move in self.moves.values() if move.by_people and move.offered and subject.status in move.sources
        ]
        return [Option(move, self.why_not(subject, move.verb, actor)) for move in here]

    def open_to(self, subject, actor) -> list[Move]:
        return [option.move for option in self.options(subject, actor) if option.open]

    @contextmanager
    def moving(self, subject, verb: str, *, actor, version=None, occurred_at=None, remark="", **facts) -> Iterator:
        """Make one move; the body writes the act's data on `passage.subject` and may set the target."""
        with transaction.atomic():
            locked = self._lock(subject)
            check_version(locked, version)
            refusal = self.why_not(locked, verb, actor)
            if refusal:
                raise refusal
            passage = self._passage(locked, verb, actor, occurred_at, remark, facts)
            yield passage
            self._arrive(passage)
        subject.__dict__.update(locked.__dict__)

    def _lock(self, subject):
        """The row itself is locked; what the guards look at comes in the same statement."""
        rows = type(subject).objects.select_for_update(of=("self",)).select_related(*self._related)
        return rows.get(pk=subject.pk)

    def _passage(self, subject, verb, actor, occurred_at, remark, facts) -> Passage:
        move, now = self.moves[verb], timezone.now()
        _require(move.needs, {**facts, "remark": remark})
        return Passage(
            subject=subject,
            move=move,
            actor=actor,
            source=subject.status,
            target=move.target or subject.status,
            occurred_at=occurred_at or now,
            recorded_at=now,
            remark=remark,
            facts={key: value for key, value in facts.items() if value not in (None, "")},
        )

    def _arrive(self, passage: Passage) -> None:
        subject, move = passage.subject, passage.move
        allowed = {move.target or passage.source, *move.also_targets}
        if passage.target not in allowed:
            raise ValueError(f"{move.verb} cannot lead to {passage.target}")
        subject.status = passage.target
        subject.version += 0 if move.quiet else 1
        self._on_moved(passage, self.states[passage.target])
        subject.save()
        record(
            move.event,
            actor=passage.actor,
            subject=subject,
            occurred_at=passage.occurred_at,
            source=passage.source,
            target=passage.target,
            version=subject.version,
            **subject.event_facts(passage),
        )

    def _wrong_side(self, move: Move):
        if move.sides == frozenset({CLOCK}):
            return _("这一步由系统按时限自动完成。")
        words = self._side_words
        who = listed(str(words[side]) for side in sorted(move.sides, reverse=True) if side in words)
        return format_lazy(_("“{label}”由{who}办理。"), label=move.label, who=who)

    def _wrong_status(self, move: Move, status: str):
        sources = listed(str(self.states[code].label) for code in self.states if code in move.sources)
        return format_lazy(
            _("当前状态为“{status}”，只有在“{sources}”时才能{label}。"),
            status=self.states[status].label,
            sources=sources,
            label=move.label,
        )

    def _check_table(self) -> None:
        for move in self.moves.values():
            unknown = {*move.sources, *move.also_targets, *filter(None, [move.target])} - self.states.keys()
            if unknown:
                raise ValueError(f"{self.name}.{move.verb} names unknown states {sorted(unknown)}")
        for state in self.states.values():
            if state.live and state.hand is None:
                raise ValueError(f"{self.name}: live state {state.code} is in nobody's hand")


def _require(needs, facts: dict) -> None:
    missing = [need for need in needs if facts.get(need) in (None, "", [], {})]
    if missing:
        fields = [FieldError(f"/{need}", "required", _("此项必填。")) for need in missing]
        raise Refused(_("还缺少办理这一步所需的内容。"), code="required", errors=fields)


def check_version(subject, version: int | None) -> None:
    """Raise `Stale` when the caller saw another version of the subject; None skips the check."""
    if version is not None and version != subject.version:
        raise Stale(_("该记录在您打开之后已有更新，请刷新后查看最新内容再操作。"))
