"""What happens because time passed beside the hand: paper that is owed, reviews that are due (`referrals.beside`).

The main clock (`actions.clock`) knows nothing of it, and this one moves nothing: it only tells.
"""

from django.db import transaction
from django.utils import timezone

from events.actor import clock_actor
from referrals.actions.ticking import each_due
from referrals.beside import next_look
from referrals.limits import COMPLETION_STEPS, GREEN_REVIEW_STEPS, steps_reached
from referrals.models import Referral
from referrals.workflow import LIFE


def tick(limit: int = 500) -> int:
    """Tell what is due now; answers how many referrals were looked at."""
    return each_due(Referral.objects, "beside_at", look, limit=limit)


@transaction.atomic
def look(pk: int) -> None:
    """Tell whoever must hear of one referral, and set when to look again."""
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=pk)
    now = timezone.now()
    if referral.beside_at is None or referral.beside_at > now:
        return
    if referral.completion_due:
        _press_for_paper(referral, now)
    if referral.review_due:
        _remind_of_review(referral, now)
    Referral.objects.filter(pk=pk).update(beside_at=next_look(referral))


def _press_for_paper(referral, now) -> None:
    """The author before and when it is due, then his desk, then the office. Missed steps collapse into the last."""
    reached = steps_reached(COMPLETION_STEPS, due=referral.completion_due, now=now)
    if reached <= referral.completion_rung:
        return
    verb = "remind_completion" if now < referral.completion_due else "escalate_completion"
    due = f"{timezone.localtime(referral.completion_due):%m-%d %H:%M}"
    told = {"event_facts": {"due": due, "step": reached}}
    with LIFE.moving(referral, verb, actor=clock_actor(), rung=reached, **told) as passage:
        passage.subject.completion_rung = reached


def _remind_of_review(referral, now) -> None:
    reached = steps_reached(GREEN_REVIEW_STEPS, due=referral.review_due, now=now)
    if reached <= referral.review_rung:
        return
    with LIFE.moving(referral, "remind_review", actor=clock_actor()) as passage:
        passage.subject.review_rung = reached
