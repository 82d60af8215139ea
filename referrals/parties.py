"""Which side of a referral an actor stands on, and for whom he may speak there.

Members that are not on the platform (`handles_on = phone`) are spoken for: the sender or the
consortium office records what was said on the telephone (代录).
"""

from referrals.models.turn import is_evident

SPEAKS_FOR_RECEIVER = frozenset({"referral.answer", "referral.treat"})

TAKEN_BACK = frozenset({"withdrawn", "forwarded", "void"})
"""The receiver has no more to do with it: what stands there is the sender's again."""


def sides_of(referral, actor) -> frozenset[str]:
    """ "sender", "receiver", both, or neither; machines stand on the clock's side."""
    if actor.kind == "clock":
        return frozenset({"clock"})
    if actor.kind == "system":
        return frozenset({"clock", "sender", "receiver"})
    sides = set()
    if actor.institution_id == referral.sender_id:
        sides.add("sender")
    if actor.institution_id == referral.receiver_id or speaks_for_receiver(referral, actor):
        sides.add("receiver")
    return frozenset(sides)


def permissions_of(referral, actor) -> frozenset[str]:
    """The actor's permissions on this referral, with those of the member he speaks for."""
    if speaks_for_receiver(referral, actor):
        return actor.permissions | SPEAKS_FOR_RECEIVER
    return actor.permissions


def speaks_for_receiver(referral, actor) -> bool:
    """True when the actor records a telephone answer of the receiver (代录)."""
    if actor.is_machine or not referral.by_phone or actor.institution_id == referral.receiver_id:
        return False
    if actor.institution_id == referral.sender_id:
        return actor.may("referral.send")
    return actor.may("referral.oversee") and referral.consortium_id in actor.home_ids


def oversees(referral, actor) -> bool:
    """Whether the actor is of the office of the referral's own consortium."""
    return actor.may("referral.oversee") and referral.consortium_id in actor.home_ids


def is_in_turn(referral, actor) -> bool:
    """Whether it stands on this actor's *my turn*.

    Asks nothing where the row tells, or where it was loaded with `telling_turn_of(actor)`; else once for each actor.
    """
    if referral.hand_institution_id != actor.institution_id or not actor.may(referral.hand_permission):
        return False
    if is_evident(referral, actor):
        return True
    told = getattr(referral, "in_turn", None)
    if told is not None:
        return told
    answers = referral.__dict__.setdefault("turns", {})
    if actor not in answers:
        answers[actor] = type(referral).objects.filter(pk=referral.pk).turn_of(actor).exists()
    return answers[actor]


def is_party(referral, actor) -> bool:
    """Parties of a live referral see name and telephone; everybody else sees masks."""
    return actor.institution_id in (referral.sender_id, referral.receiver_id)


def may_read(referral, actor) -> bool:
    """Whether what is written on it concerns this actor's institution at all; the basis is asked besides.

    A receiver from whom it was taken back does not read on, although it may know the patient otherwise: by its own
    registration, or because another referral of the same person runs.
    """
    taken_back = referral.status in TAKEN_BACK and actor.institution_id != referral.sender_id
    return is_party(referral, actor) and not taken_back


def knows_of(referral, actor) -> bool:
    """`Referral.objects.in_reach_of` for one that is loaded: whether its number may be named to this actor."""
    if actor.is_machine or actor.institution_id == referral.sender_id:
        return True
    if referral.submitted_at is None:
        return False
    overseen = actor.may("referral.oversee") and referral.consortium_id in actor.home_ids
    return actor.institution_id == referral.receiver_id or overseen
