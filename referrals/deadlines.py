"""When a step is due, and when the clock must look at the referral next.

Working time is that of the institution whose turn it is. `deadline` is shown to people;
`look_at` is when `actions.clock` has something to do (remind, climb the ladder, miss, expire).
"""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from institutions.models import Relation
from institutions.models.capacity import SESSION_ENDS
from referrals import codes, limits, travel

END_OF_DAY = time(18, 0)
MORNING = time(8, 0)


class Due(NamedTuple):
    """`deadline` None: nothing presses. `look_at` None: the clock has nothing to do here."""

    deadline: datetime | None
    look_at: datetime | None


def due_of(referral, *, now: datetime, booking=None, rises=False) -> Due:
    """The clock of the status the referral has just reached, or in which its urgency has just risen (`rises`).

    `booking` is the place just taken, where it is known.
    """
    rule = _RULES.get(referral.status)
    if rule is None:
        return Due(None, None)
    found = rule(referral, now, booking)
    due = found if isinstance(found, Due) else Due(found, found)
    return _outgrown(referral, now, due) if rises and referral.status == "scheduled" else due


def calendar_of(referral):
    """The working calendar of the side whose turn it is."""
    return (referral.receiver if referral.hand_side == "receiver" else referral.sender).calendar()


def pause_response(referral, *, now: datetime) -> timedelta:
    """What is left of the response clock; nothing when it was already overdue."""
    if referral.deadline is None or referral.deadline <= now:
        return timedelta(0)
    if limits.limit_of(referral, "respond").runs_at_night:
        return referral.deadline - now
    return referral.receiver.calendar().working_time_between(now, referral.deadline)


def appointment_at(booking) -> datetime:
    """When the place is over: the appointed time, else the end of its session."""
    session = booking.capacity.session if booking.capacity else "day"
    return local(booking.date, booking.at or SESSION_ENDS[session])


def missed_at(booking) -> datetime:
    """When a booked patient who never came becomes `no_show` (7 days outpatient, 3 days inpatient)."""
    if booking.capacity:
        kind = booking.capacity.kind
    else:
        kind = "bed" if booking.referral.kind in codes.INPATIENT else "slot"
    return local(booking.date, END_OF_DAY) + limits.MISSED_AFTER[kind]


def travel_allowed(referral) -> timedelta:
    """How long the way may take before somebody asks: 1.5 × the travel time of the relation."""
    known = Relation.objects.filter(
        sender=referral.sender_id, receiver=referral.receiver_id, travel_minutes__isnull=False
    )
    return travel.allowed(known.order_by("pk").values_list("travel_minutes", flat=True).first())


def arrival_alarm(referral) -> datetime | None:
    """When somebody on the way whom nobody has accepted is asked for; it comes beside the answer that is owed."""
    if referral.status != "in_transit" or referral.responded_at or not referral.dispatched_at:
        return None
    return referral.dispatched_at + travel_allowed(referral)


def morning_after(booking) -> datetime:
    """When the sender hears that the patient has not come."""
    return local(booking.date + timedelta(days=1), MORNING)


def local(day, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def _draft(referral, now, booking):
    """A draft presses nobody, unless a patient is already on the way or refused elsewhere (forward, divert)."""
    if referral.link in codes.PASSED_ON:
        return limits.limit_of(referral, "settle").after(now, referral.sender.calendar())
    return Due(None, referral.touched_at + limits.DRAFT_KEPT)


def _in_review(referral, now, booking):
    return limits.REVIEW.after(now, referral.sender.calendar())


def _submitted(referral, now, booking):
    limit = limits.limit_of(referral, "respond")
    if referral.response_left is None:
        return limit.after(now, referral.receiver.calendar())
    if limit.runs_at_night:
        return now + referral.response_left
    return referral.receiver.calendar().add_time(now, referral.response_left)


def _returned(referral, now, booking):
    return now + limits.RETURNED_EXPIRES


def _accepted(referral, now, booking):
    if referral.contact_by:
        return local(referral.contact_by, END_OF_DAY)
    return limits.limit_of(referral, "arrange").after(now, referral.receiver.calendar())


def _scheduled(referral, now, booking):
    booking = booking or referral.place_held()
    return Due(appointment_at(booking), morning_after(booking))


def _outgrown(referral, now, due: Due) -> Due:
    """A date agreed for a milder case holds no longer: an earlier one is owed within the limit."""
    arrange = limits.limit_of(referral, "arrange").after(now, referral.receiver.calendar())
    return Due(arrange, arrange) if arrange < due.deadline else due


def is_outgrown(referral, booking) -> bool:
    """Whether an earlier place is owed than the one that is held."""
    return referral.deadline is not None and referral.deadline < appointment_at(booking)


def _in_transit(referral, now, booking):
    """1.5 × the travel time of the relation; before acceptance the response clock keeps running."""
    alarm = (referral.dispatched_at or now) + travel_allowed(referral)
    if referral.responded_at is None and referral.submitted_at:
        respond = limits.limit_of(referral, "respond").after(referral.submitted_at, referral.receiver.calendar())
        return min(alarm, max(respond, now))
    return alarm


def _arrived(referral, now, booking):
    """The summary is due a day after discharge or after the visit; a stay has no clock until discharge."""
    if referral.discharged_at:
        return referral.discharged_at + limits.SUMMARY_DUE
    if referral.kind in codes.INPATIENT or (referral.kind == "emergency" and _lies_in_bed(referral)):
        return Due(None, None)
    return (referral.arrived_at or now) + limits.SUMMARY_DUE


def _lies_in_bed(referral) -> bool:
    """An emergency is brought to whoever can help; whether it was admitted tells its place."""
    booking = referral.place_held()
    return booking is not None and booking.is_bed


def _concluded(referral, now, booking):
    return limits.ACKNOWLEDGE.after(now, referral.sender.calendar())


def _following_up(referral, now, booking):
    return local(referral.follow_up_agreed_on, END_OF_DAY)


def _unsettled(referral, now, booking):
    return limits.limit_of(referral, "settle").after(now, referral.sender.calendar())


_RULES = {
    "draft": _draft,
    "in_review": _in_review,
    "submitted": _submitted,
    "returned": _returned,
    "accepted": _accepted,
    "scheduled": _scheduled,
    "in_transit": _in_transit,
    "arrived": _arrived,
    "concluded": _concluded,
    "following_up": _following_up,
    "rejected": _unsettled,
    "cancelled": _unsettled,
    "no_show": _unsettled,
    "expired": _unsettled,
}
