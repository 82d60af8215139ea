"""A referral as plain data for one actor: masked, with its moves. Pages and REST show the same."""

from django.urls import reverse
from django.utils import timezone

from records.access import basis_for, open_record
from referrals.actions.performing import needs_spoken_word
from referrals.beside import is_reviewable
from referrals.done import done
from referrals.facts import facts_of
from referrals.models import Referral
from referrals.parties import is_party, knows_of, may_read
from referrals.proposing import indications_of
from referrals.workflow import LIFE
from toolkit.refusals import Missing

CONTENT = (
    "reason", "purpose", "diagnoses", "history", "past_history", "allergies", "treatment", "medications", "vitals",
    "plan", "follow_up_on", "preferred_from", "preferred_to", "insurance", "caller_phone", "signs",
    "declined_indications",
)  # fmt: skip


TIMES = ("onset_at", "called_at", "responded_at", "dispatched_at", "arrived_at")


def row_of(referral: Referral, actor) -> dict:
    """What a list shows: references, status, hand and deadline; the patient masked, no clinical text."""
    return {
        "number": referral.number,
        "direction": referral.direction,
        "kind": referral.kind,
        "urgency": referral.urgency,
        "green_channel": referral.green_channel or None,
        "priority": referral.priority,
        "status": referral.status,
        "status_label": str(LIFE.states[referral.status].label),
        "patient": referral.patient.public_id,
        "patient_shown": _masked(referral, actor),
        "sender": referral.sender.code,
        "receiver": referral.receiver.code,
        "department": referral.department.code,
        "hand": hand_of(referral),
        "deadline": referral.deadline,
        "overdue": bool(referral.deadline and referral.deadline < timezone.now()),
        "version": referral.version,
        "created_at": referral.created_at,
        "submitted_at": referral.submitted_at,
        "completion_due": referral.completion_due,
        "review_due": referral.review_due,
    }


def _masked(referral: Referral, actor) -> dict:
    """Masked numbers only for who may open the record: with the year of birth they leave a few dozen to try."""
    numbers = actor.may("patient.read") and may_read(referral, actor)
    return referral.patient.shown_to(actor, "masked", numbers=numbers)


def detail_of(referral: Referral, actor, *, opened: bool) -> dict:
    """The whole referral; clinical text only where the record could be `opened` (see `open_for`)."""
    data = row_of(referral, actor)
    if opened:
        data["patient_shown"] = patient_shown(referral, actor)
    data |= {
        "journey": str(referral.journey),
        "parent": referral.parent.number if referral.parent_id and knows_of(referral.parent, actor) else None,
        "link": referral.link or None,
        "linked": [child.number for child in referral.children.visible_to(actor).order_by("id")],
        "sender_department": referral.sender_department.code if referral.sender_department else None,
        "author": referral.author_name,
        "phones": phones_of(referral),
        "contact_by": referral.contact_by,
        "discharged_at": referral.discharged_at,
        "follow_up_agreed_on": referral.follow_up_agreed_on,
        "completed_at": referral.completed_at,
        "completed_in_time": referral.completed_in_time,
        **{name: getattr(referral, name) for name in TIMES},
        "review": _review_of(referral),
        "booking": _booking_of(referral, opened=opened),
        "moves": moves_of(referral, actor),
    }
    if opened:
        data |= {name: getattr(referral, name) for name in CONTENT}  # as it is written, so that it can be sent back
        data["indications"] = indications_of(referral)
        data["consent"] = _consent_of(referral)
        data["summary"] = _summary_of(referral)
    return data


def is_open(referral: Referral, actor) -> bool:
    """Whether `open_for` would open it, without a look."""
    return may_read(referral, actor) and actor.may("patient.read") and basis_for(actor, referral.patient) is not None


def open_for(referral: Referral, actor, *, purpose: str, route: str) -> bool:
    """Write the access entry of one look; False where the actor has no basis for the patient's record."""
    if not may_read(referral, actor) or not actor.may("patient.read"):
        return False
    try:
        open_record(actor, referral.patient, purpose=purpose, route=route)
    except Missing:
        return False
    return True


def patient_shown(referral: Referral, actor, *, opened: bool = True, numbers: bool = True) -> dict:
    """The parties of a live referral see name and telephone; everybody else sees masks."""
    level = "party" if opened and referral.is_live and is_party(referral, actor) else "masked"
    return referral.patient.shown_to(actor, level, numbers=numbers)


def hand_of(referral: Referral) -> dict | None:
    """Whose turn it is, or None when nothing is left to do."""
    if referral.hand_institution_id is None:
        return None
    return {
        "side": referral.hand_side,
        "institution": referral.hand_institution.code,
        "unit": referral.hand_unit,
        "department": referral.hand_department.code if referral.hand_department_id else None,
        "claimed_by": referral.claimed_by.user.name if referral.claimed_by_id else None,
    }


def phones_of(referral: Referral) -> dict:
    """Whom to call on both sides."""
    return {
        "sender": {"desk": referral.sender.desk_phone, "duty": referral.sender.duty_phone,
                   "author": referral.author_phone},
        "receiver": {"desk": referral.receiver.desk_phone, "duty": referral.receiver.duty_phone,
                     "department": referral.department.phone},
    }  # fmt: skip


def moves_of(referral: Referral, actor) -> list[dict]:
    """The moves open to this actor now, with the facts each needs."""
    return [
        {
            "verb": move.verb,
            "label": str(move.label),
            "href": reverse(f"api-referral-{move.verb}", args=[referral.number]),
            "needs": needs_of(move.verb, referral, actor),
        }
        for move in LIFE.open_to(referral, actor)
    ]


def needs_of(verb: str, referral: Referral, actor) -> list[str]:
    spoken = needs_spoken_word(verb, referral, actor)
    required = "remark" in LIFE.moves[verb].needs
    facts = facts_of(verb, spoken=spoken, remark_required=required, status=referral.status)
    return [fact.name for fact in facts if fact.required]


def named_to(actor, steps) -> set[str]:
    """Of the other referrals these steps name, the numbers this actor may know: not a draft of the other side."""
    numbers = {step.facts["number"] for step in steps if step.facts.get("number")}
    if not numbers:
        return set()
    return set(Referral.objects.visible_to(actor).filter(number__in=numbers).values_list("number", flat=True))


def step_row(step, *, shown: bool, named=frozenset()) -> dict:
    """One row of the timeline; remarks and facts only where the record is open to the actor, see also `named_to`."""
    facts = {name: value for name, value in step.facts.items() if name != "number" or value in named}
    return {
        "version": step.version,
        "verb": step.verb,
        "label": done(step.verb),
        "from": step.source,
        "to": step.target,
        "hand": step.hand_name,
        "by": step.actor_name or None,
        "by_kind": step.actor_kind,
        "institution": step.institution.code if step.institution_id else None,
        "on_behalf": step.on_behalf,
        "occurred_at": step.occurred_at,
        "recorded_at": step.recorded_at,
        "late": step.late,
        "remark": step.remark if shown else "",
        "facts": facts if shown else {},
    }


def _booking_of(referral: Referral, *, opened: bool) -> dict | None:
    """When; where, and what the patient is to bring, were written for the parties."""
    booking = next((each for each in referral.bookings.all() if each.given_back_at is None), None)
    if booking is None:
        return None
    return {
        "slot": booking.capacity_id,
        "date": booking.date,
        "at": booking.at,
        "place": booking.place if opened else "",
        "bring": booking.bring if opened else "",
    }


def review_row(review) -> dict:
    """One version of the office's review of a green channel, for both sides and the office."""
    return {
        "version": review.version,
        "verdict": review.verdict,
        "verdict_label": review.get_verdict_display(),
        "times_kept": review.times_kept,
        "remark": review.remark or "",
        "reason": review.reason or "",
        "by": review.reviewer_name,
        "institution": review.institution.code,
        "reviewed_at": review.reviewed_at,
    }


def _review_of(referral: Referral) -> dict | None:
    """The one that counts; asked for where there can be one."""
    if not is_reviewable(referral):
        return None
    review = referral.green_reviews.select_related("institution").order_by("-version").first()
    return review_row(review) if review else None


def _consent_of(referral: Referral) -> dict | None:
    consent = referral.consent
    if consent is None:
        return None
    return {
        "covers": consent.covers,
        "given_by": consent.given_by,
        "method": consent.method,
        "given_at": consent.given_at,
        "text": consent.text.version,
        "in_force": consent.in_force,
    }


def _summary_of(referral: Referral) -> dict | None:
    summary = getattr(referral, "summary", None)
    if summary is None or summary.withdrawn_at:
        return None
    names = ("outcome", "ended_at", "diagnoses", "treatment", "advice", "medications", "follow_up_on", "author_name")
    return {name: getattr(summary, name) for name in names}
