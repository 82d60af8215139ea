"""The timeline: what happened, and how long the referral lay in whose hand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from referrals.done import done
from referrals.limits import TOP_RUNG
from referrals.showing.facts import facts_in_words
from referrals.statuses import UNSETTLED
from toolkit.pages.remaining import duration_words
from toolkit.words import explained

BAD_TARGETS = {*UNSETTLED, "died", "void"}
BAD_VERBS = {
    "patient_declined",
    "escalate",
    "escalate_completion",
    "notice_absence",
    "undo_arrival",
    "turn_back",
    "return",
    "send_back",
}
PRESSED = {"escalate", "remind"}
WHO = {"clock": noop("系统自动"), "system": noop("系统")}
PATIENTS = {"patient_declined", "patient_coming"}
"""What the patient did himself, on his page."""


@dataclass
class Entry:
    """One line of partials/timeline.html."""

    label: str
    at: datetime
    who: str = ""
    place: str = ""
    remark: str = ""
    side: str = ""
    bad: bool = False
    late: bool = False
    recorded_at: datetime | None = None
    on_behalf: bool = False
    facts: list = field(default_factory=list)
    linked: str = ""
    lasted: str = ""
    lasted_in: str = ""
    overdue: bool = False


@dataclass
class Story:
    """`entries` oldest first; `stays` is the time each side has had it in hand, in words."""

    entries: list[Entry]
    stays: list[tuple[str, str]]


@dataclass
class _Turn:
    """A stretch in one hand: from which entry it began until when."""

    entry: Entry
    side: str
    name: str
    since: datetime
    pressed: bool = False


def story_of(referral, steps, *, opened: bool, named=frozenset()) -> Story:
    """The story of a referral from its steps, oldest first; remarks and facts only where the record is `opened`.

    `named` are the numbers of other referrals the reader may know of.
    """
    now, begun = timezone.now(), _beginning(referral)
    entries, turns = [begun], [_Turn(begun, "sender", referral.sender.label, referral.created_at)]
    for step in steps:
        entry = _entry(step, referral, opened, named)
        entries.append(entry)
        turns[-1].pressed |= step.verb in PRESSED
        if step.version is not None:
            turns.append(_Turn(entry, step.hand_side, step.hand_name, step.occurred_at))
    _put_in_order(turns)
    lengths: dict[str, timedelta] = {}
    for turn, ends in zip(turns, [*(turn.since for turn in turns[1:]), now], strict=True):
        if turn.side:
            _lay(turn, ends)
            lengths[turn.side] = lengths.get(turn.side, timedelta()) + (ends - turn.since)
    if turns[-1].side and referral.deadline and referral.deadline < now:
        turns[-1].entry.overdue = True
    return Story(entries, _stays(lengths))


def _put_in_order(turns: list[_Turn]) -> None:
    """What was entered afterwards ends what it followed at its own time; nothing lasts less than no time."""
    for earlier, later in zip(reversed(turns[:-1]), reversed(turns[1:]), strict=True):
        earlier.since = min(earlier.since, later.since)


def _beginning(referral) -> Entry:
    return Entry(label=_("起草"), at=referral.created_at, who=referral.author_name, place=referral.sender.label)


def _label(step, referral) -> str:
    """What was done; on the ladder, who was told and under which number."""
    if step.verb != "escalate":
        return done(step.verb)
    told = referral.sender if referral.by_phone or step.hand_side == "sender" else referral.receiver
    rung = step.facts.get("rung", 1)
    if rung >= TOP_RUNG:
        office = referral.consortium
        who, number = _("医联体办公室"), office.office_phone if office else ""
    else:
        who, number = (_("总值班"), told.duty_phone) if rung > 1 else (step.hand_name, told.desk_phone)
    return _("已提醒：%(who)s") % {"who": explained(who, number) if number else who}


def _entry(step, referral, opened: bool, named) -> Entry:
    machine = noop("患者（或家属）") if step.verb in PATIENTS else WHO.get(step.actor_kind)
    return Entry(
        label=_label(step, referral),
        at=step.occurred_at,
        who=_(machine) if machine else step.actor_name,
        place=step.institution.label if step.institution_id else "",
        remark=step.remark if opened else "",
        side="clock" if machine else "",
        bad=step.target in BAD_TARGETS and step.source != step.target or step.verb in BAD_VERBS,
        late=step.late,
        recorded_at=step.recorded_at,
        on_behalf=step.on_behalf,
        facts=facts_in_words(step) if opened else [],
        linked=number if (number := str(step.facts.get("number") or "")) in named else "",
    )


def _lay(turn: _Turn, ends: datetime) -> None:
    turn.entry.lasted = duration_words(ends - turn.since)
    turn.entry.lasted_in = turn.name
    turn.entry.overdue = turn.pressed


def _stays(lengths: dict) -> list[tuple[str, str]]:
    words = {"sender": _("转出方共用时"), "receiver": _("接收方共用时")}
    return [(words[side], duration_words(lengths[side])) for side in words if side in lengths]
