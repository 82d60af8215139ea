"""Which side of an inquiry an actor stands on, and what of it he may read."""

from records.access import basis_for, open_record
from referrals.parties import is_in_turn
from toolkit.refusals import Missing


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


def is_party(inquiry, actor) -> bool:
    return actor.institution_id in (inquiry.sender_id, inquiry.receiver_id)


def may_read(inquiry, actor) -> bool:
    """Whether what is written concerns this actor's house at all; of a patient the basis is asked besides.

    What was withdrawn the asked house does not read on.
    """
    taken_back = inquiry.status == "withdrawn" and actor.institution_id != inquiry.sender_id
    return is_party(inquiry, actor) and actor.may("patient.read") and not taken_back


def is_open(inquiry, actor) -> bool:
    """Whether `open_for` would open it, without a look."""
    if not may_read(inquiry, actor):
        return False
    return inquiry.patient is None or basis_for(actor, inquiry.patient) is not None


def open_for(inquiry, actor, *, purpose: str, route: str) -> bool:
    """Write the access entry of one look, where it is about a patient; False for who has no ground to read it."""
    if not may_read(inquiry, actor):
        return False
    if inquiry.patient is None:
        return True
    try:
        open_record(actor, inquiry.patient, purpose=purpose, route=route)
    except Missing:
        return False
    return True


def is_of_department(inquiry, actor) -> bool:
    """Whether the actor speaks for the asked department: on its list while it is open, else one of its people."""
    if actor.is_machine or actor.department_id == inquiry.department_id:
        return True
    return is_in_turn(inquiry, actor) if inquiry.status == "open" else actor.department_id is None
