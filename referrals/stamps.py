"""What every move leaves on the referral: whose hand, which clock, which times, and a step."""

from datetime import UTC, date, datetime, time, timedelta

from accounts.models import Membership
from accounts.roles import DOCTORS
from records.actions import end_access
from referrals import codes, deadlines, limits
from referrals.beside import is_reviewable, next_look
from referrals.models import Step
from referrals.parties import speaks_for_receiver
from referrals.statuses import DECLINABLE, ENDED, PAPERLESS

KEEP_CLOCK = {"redirect", "amend"}
"""Moves that must not restart a clock: another department of the same house owes the same answer."""

FAR = datetime(9999, 1, 1, tzinfo=UTC)
"""Where a referral without a deadline stands in the order of *my turn*: behind all others."""

PRIORITY_AHEAD = timedelta(hours=1)
"""Priority is a flag for the order of the list; the deadline stays."""


def on_moved(passage, state) -> None:
    """Stamp a referral that has just moved, and append its step."""
    referral = passage.subject
    referral.in_turn, referral.turns = None, {}  # what was asked of it was about where it stood before
    if not passage.move.quiet:
        _stamp_hand(passage, state)
        _stamp_times(passage)
        _end_access(passage)
        _stamp_beside(passage)
        _answer_patient(passage)
        if passage.move.verb not in KEEP_CLOCK:
            rises = passage.move.verb == "upgrade"
            restart_clock(referral, now=passage.recorded_at, booking=passage.facts.get("booking"), rises=rises)
    write_step(passage)


def restart_clock(referral, *, now, booking=None, rises=False) -> None:
    """Set deadline, next look and order for the status the referral has now; the ladder starts anew."""
    due = deadlines.due_of(referral, now=now, booking=booking, rises=rises)
    referral.deadline, referral.look_at = due.deadline, due.look_at
    referral.turn_at = _turn_at(referral, due.deadline)
    referral.rung = 0
    if referral.status == "submitted":
        referral.respond_by = due.deadline


def set_deadline(referral, deadline) -> None:
    """Let the step at hand be due then, whatever its status says."""
    referral.deadline = referral.look_at = deadline
    referral.turn_at = _turn_at(referral, deadline)


def _turn_at(referral, deadline) -> datetime:
    """Where it stands in *my turn*: by deadline, who has priority as if it were due a little earlier."""
    if deadline is None:
        return FAR
    return deadline - PRIORITY_AHEAD if referral.priority and not referral.is_emergency else deadline


def write_step(passage) -> Step:
    """Append the row people read. Facts become plain words and codes."""
    referral, actor = passage.subject, passage.actor
    return Step.objects.create(
        referral=referral,
        version=None if passage.move.quiet else referral.version,
        verb=passage.move.verb,
        source=passage.source,
        target=passage.target,
        hand_side=referral.hand_side,
        hand_name=hand_name(referral)[: Step._meta.get_field("hand_name").max_length],
        actor_kind=actor.kind,
        actor_name=actor.name if not actor.is_machine else "",
        institution_id=actor.institution_id,
        on_behalf=_on_behalf(passage),
        occurred_at=passage.occurred_at,
        recorded_at=passage.recorded_at,
        late=passage.late,
        reason=_coded_reason(passage),
        remark=passage.remark,
        facts={key: plain(value) for key, value in passage.facts.items() if key not in _NOT_SHOWN},
    )


def _coded_reason(passage) -> str:
    reason = passage.facts.get("reason")
    return reason if reason in codes.CODED_REASONS.get(passage.move.verb, ()) else ""


def hand_name(referral) -> str:
    """The institution, and its department where the turn lies with one."""
    if referral.hand_institution is None:
        return ""
    department = referral.hand_department.name if referral.hand_department else ""
    return f"{referral.hand_institution.label} {department}".strip()


def plain(value):
    """A fact as JSON: model rows by their names, moments in ISO 8601."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


_NOT_SHOWN = {"event_facts", "booking"}


def _stamp_hand(passage, state) -> None:
    referral, hand = passage.subject, state.hand
    before = (referral.hand_institution_id, referral.hand_unit, referral.hand_permission)
    if hand is None:
        referral.hand_side = referral.hand_unit = referral.hand_permission = ""
        referral.hand_institution = referral.hand_department = None
    elif hand.side == "receiver" and referral.by_phone:
        _lay_in(referral, "receiver", referral.sender, "department", referral.sender_department, "referral.send")
    elif hand.side == "receiver":
        department = referral.department if hand.unit == "department" else None
        _lay_in(referral, "receiver", referral.receiver, hand.unit, department, hand.permission)
    else:
        department = referral.sender_department if hand.unit == "department" else None
        _lay_in(referral, "sender", referral.sender, hand.unit, department, hand.permission)
    if passage.source != passage.target or before != _hand_key(referral):
        referral.status_since = passage.recorded_at
        referral.claimed_by = referral.claimed_at = None


def _lay_in(referral, side, institution, unit, department, permission) -> None:
    """A department in which no doctor works is in the hand of all doctors of the house: nobody is left unseen."""
    referral.hand_side, referral.hand_institution = side, institution
    referral.hand_unit, referral.hand_permission = unit, permission
    referral.hand_department = department if department and has_doctors(department) else None


def has_doctors(department) -> bool:
    staff = Membership.objects.current().at(department.institution_id).in_department(department.pk)
    return staff.with_role(*DOCTORS).exists()


def _hand_key(referral):
    return (referral.hand_institution_id, referral.hand_unit, referral.hand_permission)


def _stamp_times(passage) -> None:
    referral, at = passage.subject, passage.occurred_at
    referral.touched_at = passage.recorded_at
    if passage.target == "submitted" and referral.submitted_at is None:
        referral.submitted_at = at
    if passage.move.verb in ("accept", "reject", "forward", "arrive"):
        referral.responded_at = referral.responded_at or at
    if passage.move.verb == "dispatch":
        referral.dispatched_at = at
    if passage.move.verb == "arrive":
        referral.arrived_at = at
    if passage.move.verb == "conclude":
        referral.concluded_at = at
    if passage.target != "accepted":
        referral.contact_by = None
    if passage.source != passage.target:  # paper that is written afterwards ends nothing anew
        referral.ended_at = at if passage.target in ENDED else None


def _stamp_beside(passage) -> None:
    """On the green channel, what runs beside the hand: who still owes paper, and whether its use can be reviewed."""
    referral = passage.subject
    if not referral.green_channel:
        return
    if passage.target in PAPERLESS:
        referral.completion_due = None
    if not is_reviewable(referral):
        referral.review_due = None
    elif referral.review_due is None and not referral.green_reviews.exists():
        referral.review_due, referral.review_rung = passage.recorded_at + limits.GREEN_REVIEW_DUE, 0
    referral.beside_at = next_look(referral)


def _answer_patient(passage) -> None:
    """Something has been arranged upon the patient's word that he cannot come: it stands on no list any more."""
    referral = passage.subject
    if referral.declined_at and (passage.move.verb == "schedule" or passage.target not in DECLINABLE):
        referral.declined_at = None
        referral.patient_words.standing().update(answered_at=passage.recorded_at)


def _end_access(passage) -> None:
    """After a closed loop the receiver may still read for a while; after a withdrawal or an error not."""
    referral = passage.subject
    if passage.target not in ENDED or passage.source == passage.target or referral.submitted_at is None:
        return
    kept = limits.ACCESS_KEPT if passage.target in ("closed", "settled", "died") else timedelta(0)
    end_access(actor=passage.actor, source=referral.event_ref, at=passage.recorded_at + kept)


def _on_behalf(passage) -> bool:
    """Recorded for a member that is not on the platform (代录)."""
    only_receiver = passage.move.sides == frozenset({"receiver"})
    return only_receiver and speaks_for_receiver(passage.subject, passage.actor)
