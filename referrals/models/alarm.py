"""Which referrals sound the alarm, and at whose desk: the red banner on the pages of whoever may answer.

An emergency that nobody has claimed or answered yet, and somebody on the way who has not come when he should have; of
the latter a claim counts that was made after he was missed.
"""

from django.db.models import F, Q

from accounts.roles import DESK
from referrals.models.turn import turn_of

EMERGENCY = Q(urgency="emergency") | ~Q(green_channel="")
UNANSWERED = Q(status="submitted") | Q(status="in_transit", responded_at=None)


def alarms_of(actor, now) -> Q:
    """What must be heard at this actor's screen now, as a condition of one statement."""
    lies_here = Q(hand_institution_id=actor.institution_id, hand_side="receiver", receiver_id=actor.institution_id)
    return lies_here & _heard_by(actor) & (_unanswered() | is_missed(now))


def is_missed(now) -> Q:
    """Accepted, on the way, and not there although 1.5 times the travel time is over."""
    seen = Q(claimed_at__isnull=False, claimed_at__gt=F("deadline"))
    return Q(status="in_transit", responded_at__isnull=False, deadline__lt=now) & ~seen


def _unanswered() -> Q:
    return EMERGENCY & UNANSWERED & Q(claimed_by=None)


def _heard_by(actor) -> Q:
    """The desk hears everything, so does who works for the whole house; a department what is sent to it."""
    if DESK in actor.roles or actor.department_id is None:
        return Q(pk__isnull=False)
    return Q(department_id=actor.department_id) | turn_of(actor)
