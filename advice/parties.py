"""Which side of an inquiry an actor stands on, and what of it he may read."""

from django.utils import timezone

from records.access import basis_for, open_record
from records.models import AccessGrant
from referrals.limits import ACCESS_KEPT
from referrals.parties import is_in_turn, is_party, knows_of
from referrals.presenting import is_open as referral_open


def sides_of(inquiry, actor) -> frozenset[str]:
    """ "sender", "receiver", or neither; machines stand on the clock's side."""
    if actor.kind == "clock":
        return frozenset({"clock"})
    if actor.kind == "system":
        return frozenset({"clock", "sender", "receiver"})
    houses = {"sender": inquiry.sender_id, "receiver": inquiry.receiver_id}
    return frozenset(side for side, house in houses.items() if house == actor.institution_id)


def permissions_of(inquiry, actor) -> frozenset[str]:
    return actor.permissions


def may_read(inquiry, actor) -> bool:
    """Whether what is written concerns this actor's house at all; of a patient the basis is asked besides.

    What was withdrawn the asked house does not read on.
    """
    taken_back = inquiry.status == "withdrawn" and actor.institution_id != inquiry.sender_id
    return is_party(inquiry, actor) and actor.may("patient.read") and not taken_back


def whom(inquiry):
    """The registration it is about: named when it was asked, or known since it became a referral; else None."""
    if inquiry.patient_id or not inquiry.referral_id:
        return inquiry.patient
    return inquiry.referral.patient


def is_open(inquiry, actor) -> bool:
    """Whether `open_for` would open it, without a look."""
    if not may_read(inquiry, actor):
        return False
    patient = whom(inquiry)
    return patient is None or _has_ground(inquiry, patient, actor)


def open_for(inquiry, actor, *, purpose: str, route: str) -> bool:
    """Write the access entry of one look, where it is about a patient; False for who has no ground to read it."""
    if not is_open(inquiry, actor):
        return False
    patient = whom(inquiry)
    if patient is not None:
        open_record(actor, patient, purpose=purpose, route=route)
    return True


def _has_ground(inquiry, patient, actor) -> bool:
    """The asker by any ground it has: the words are its own. The asked house by this inquiry, never by another ground.

    Over, it may look back for as long as a referral's receiver may; what became a referral it reads on with that one.
    """
    if actor.institution_id == inquiry.sender_id:
        return basis_for(actor, patient) is not None
    if inquiry.ended_at is None or timezone.now() < inquiry.ended_at + ACCESS_KEPT:
        own = AccessGrant.objects.live().filter(institution_id=actor.institution_id, person_id=patient.person_id)
        if patient.institution_id == actor.institution_id or own.filter(source=inquiry.event_ref).exists():
            return True
    referral = inquiry.referral if inquiry.referral_id else None
    return referral is not None and knows_of(referral, actor) and referral_open(referral, actor)


def is_of_department(inquiry, actor) -> bool:
    """Whether the actor speaks for the asked department: on its list while it is open, else one of its people."""
    if actor.is_machine or actor.department_id == inquiry.department_id:
        return True
    return is_in_turn(inquiry, actor) if inquiry.status == "open" else actor.department_id is None
