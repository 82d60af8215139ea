"""What happens because time passed: the ladder of an unanswered question, the end of an answer nobody takes up."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from advice.models import Inquiry
from advice.workflow import LIFE
from events.actor import clock_actor
from referrals import limits
from referrals.actions.ticking import each_due


def tick(limit: int = 500) -> int:
    """Handle what is due now; answers how many inquiries were looked at."""
    return each_due(Inquiry.objects, "look_at", look, limit=limit)


@transaction.atomic
def look(pk: int) -> None:
    """Do what time demands of one inquiry, and set when to look again."""
    rows = Inquiry.objects.select_for_update(of=("self",)).select_related("sender", "receiver")
    inquiry, now = rows.get(pk=pk), timezone.now()
    if inquiry.look_at is None or inquiry.look_at > now:
        return
    if inquiry.status == "answered":
        with LIFE.moving(inquiry, "lapse", actor=clock_actor()):
            return
    _climb(inquiry, now)


def _climb(inquiry, now) -> None:
    """Department → desk and duty line → office; after downtime missed steps collapse into one."""
    calendar = inquiry.receiver.calendar()
    reached = limits.rung_reached(inquiry, deadline=inquiry.deadline, now=now, calendar=calendar)
    if reached > inquiry.rung:
        with LIFE.moving(inquiry, "escalate", actor=clock_actor(), rung=reached) as passage:
            passage.subject.rung = reached
    following = limits.next_rung_at(inquiry, deadline=inquiry.deadline, rung=reached, calendar=calendar)
    floor = now + timedelta(seconds=1)
    Inquiry.objects.filter(pk=inquiry.pk).update(look_at=max(following, floor) if following else None)
