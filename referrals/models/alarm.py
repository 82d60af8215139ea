"""Which referrals sound the alarm, and at whose desk: the red banner on the pages of whoever may answer.

An emergency that nobody has claimed or answered yet, and somebody on the way who has not come when he should have; of
the latter a claim counts that was made after he was missed.
"""

from datetime import timedelta

from django.db.models import (
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, LessThan

from accounts.roles import DESK
from institutions.models import Relation
from referrals import travel
from referrals.models.turn import turn_of

EMERGENCY = Q(urgency="emergency") | ~Q(green_channel="")
A_MINUTE = Value(timedelta(minutes=1) * travel.FACTOR, output_field=DurationField())
UNKNOWN = Value(travel.UNKNOWN // timedelta(minutes=1))
UNANSWERED = Q(status="submitted") | Q(status="in_transit", responded_at=None)


def alarms_of(actor, now) -> Q:
    """What must be heard at this actor's screen now, as a condition of one statement."""
    lies_here = Q(hand_institution_id=actor.institution_id, hand_side="receiver", receiver_id=actor.institution_id)
    return lies_here & _heard_by(actor) & (_unanswered() | is_missed(now))


def is_missed(now) -> Q:
    """On the way, accepted or not, and not there although 1.5 times the travel time is over."""
    return Q(status="in_transit") & LessThan(expected_at(), now) & ~_looked_into()


def expected_at():
    """When he should have come, as an expression: one moment for who was accepted and who left before."""
    known = Relation.objects.filter(
        sender=OuterRef("sender_id"), receiver=OuterRef("receiver_id"), travel_minutes__isnull=False
    )
    minutes = Coalesce(
        Subquery(known.order_by("pk").values("travel_minutes")[:1]), UNKNOWN, output_field=IntegerField()
    )
    allowed = ExpressionWrapper(minutes * A_MINUTE, output_field=DurationField())
    return ExpressionWrapper(F("dispatched_at") + allowed, output_field=DateTimeField())


def _looked_into() -> Q:
    """Claimed after he was missed; a claim from before says nothing of that."""
    return Q(claimed_at__isnull=False) & GreaterThan(F("claimed_at"), expected_at())


def _unanswered() -> Q:
    return EMERGENCY & UNANSWERED & Q(claimed_by=None)


def _heard_by(actor) -> Q:
    """The desk hears everything, so does who works for the whole house; a department what is sent to it."""
    if DESK in actor.roles or actor.department_id is None:
        return Q(pk__isnull=False)
    return Q(department_id=actor.department_id) | turn_of(actor)
