"""What every move leaves on the inquiry: whose hand, which clock, who may read, and a line of the thread."""

from datetime import timedelta

from advice.models import Entry
from advice.statuses import ENDED, LIVE
from records.actions import end_access, grant_access
from records.codes import Basis
from referrals import limits
from referrals.stamps import has_doctors, plain

STEP = "advise"
"""Of `referrals.limits`: how long an answer may take."""
LEFT_ALONE = timedelta(days=14)
"""An answer nobody takes up is over after that."""

SAID = ("outcome", "kind", "urgency", "department")
NOT_SHOWN = {"event_facts", "text", *SAID}


def on_moved(passage, state) -> None:
    """Stamp an inquiry that has just moved, and append its line."""
    inquiry = passage.subject
    inquiry.in_turn, inquiry.turns = None, {}  # what was asked of it was about where it stood before
    if not passage.move.quiet:
        stamp(inquiry, state, now=passage.recorded_at, anew=passage.source != passage.target)
        _stamp_access(passage)
    write_entry(passage)


def stamp(inquiry, state, *, now, anew: bool) -> None:
    """Hand and clock of the state it is in; `anew` where it has just come there."""
    _lay_in_hand(inquiry, state.hand)
    if anew:
        inquiry.status_since = now
        inquiry.ended_at = now if state.code in ENDED else None
    inquiry.deadline = inquiry.look_at = due_of(inquiry, now)
    inquiry.turn_at = inquiry.deadline or now
    inquiry.rung = 0
    if state.code == "answered":
        inquiry.answered_at = inquiry.answered_at or now


def due_of(inquiry, now):
    """When whoever has it in hand should have moved it; nothing when it is over."""
    if inquiry.status == "open":
        return limits.limit_of(inquiry, STEP).after(now, inquiry.receiver.calendar())
    return now + LEFT_ALONE if inquiry.status == "answered" else None


def _lay_in_hand(inquiry, hand) -> None:
    """A department in which no doctor works is in the hand of all doctors of the house: nobody is left unseen."""
    if hand is None:
        inquiry.hand_side = inquiry.hand_unit = inquiry.hand_permission = ""
        inquiry.hand_institution = inquiry.hand_department = None
        return
    asked = hand.side == "receiver"
    department = inquiry.department if asked else inquiry.sender_department
    inquiry.hand_side, inquiry.hand_unit, inquiry.hand_permission = hand.side, hand.unit, hand.permission
    inquiry.hand_institution = inquiry.receiver if asked else inquiry.sender
    inquiry.hand_department = department if department and has_doctors(department) else None


def _stamp_access(passage) -> None:
    """The asked house reads while it lives and, as with a referral, what it answered for 90 days more."""
    inquiry, was_live = passage.subject, passage.source in LIVE
    if inquiry.patient_id is None or was_live == (passage.target in LIVE):
        return
    if was_live:
        kept = timedelta(0) if passage.target == "withdrawn" else limits.ACCESS_KEPT
        end_access(actor=passage.actor, source=inquiry.event_ref, at=passage.recorded_at + kept)
    else:
        open_to_asked(inquiry, passage.actor)


def open_to_asked(inquiry, actor) -> None:
    """The patient has signed that it is shared: both houses may read; who keeps the registration may anyway."""
    for house in (inquiry.receiver, inquiry.sender):
        if house.pk != inquiry.patient.institution_id:
            grant_access(
                actor=actor,
                institution=house,
                person=inquiry.patient.person,
                basis=Basis.AUTHORISATION.value,
                source=inquiry.event_ref,
            )


def write_entry(passage) -> Entry:
    """Append the line people read; the facts of an answer have columns of their own."""
    inquiry, actor, facts = passage.subject, passage.actor, passage.facts
    return Entry.objects.create(
        inquiry=inquiry,
        version=None if passage.move.quiet else inquiry.version,
        verb=passage.move.verb,
        source=passage.source,
        target=passage.target,
        side=_side(inquiry, actor),
        text=facts.get("text", ""),
        written_at=passage.recorded_at,
        facts={key: plain(value) for key, value in facts.items() if key not in NOT_SHOWN},
        **{name: facts[name] for name in SAID if facts.get(name)},
        **written_by(inquiry, actor),
    )


def written_by(inquiry, actor) -> dict:
    """Who says it, with the department as it is called today."""
    department = inquiry.department if _side(inquiry, actor) == "receiver" else inquiry.sender_department
    return {
        "actor_kind": actor.kind,
        "actor_name": "" if actor.is_machine else actor.name,
        "institution_id": actor.institution_id,
        "department_name": department.name if department and not actor.is_machine else "",
    }


def _side(inquiry, actor) -> str:
    if actor.is_machine:
        return "clock"
    return "receiver" if actor.institution_id == inquiry.receiver_id else "sender"
