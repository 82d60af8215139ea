"""What referrals do when something else happened."""

from django.db.models import Q

from events.reactions import on
from referrals.actions.clock import close_with_return, press_for_summary
from referrals.models import Referral


@on("referral.arrived", "referral.concluded")
def close_answered_referral(event):
    """A down-referral that has arrived closes the up-referral it answers, whichever came last; before that it presses.

    It is held while that is done: its arrival may be undone at the same moment, which opens the other again.
    """
    about = Q(number=event.facts["number"]) | Q(parent__number=event.facts["number"])
    answers = Referral.objects.filter(about, link="refer_back", arrived_at__isnull=False).exclude(status="void")
    for down in answers.select_for_update(of=("self",)).order_by("id"):
        answered = Referral.objects.select_for_update(of=("self",)).get(pk=down.parent_id)
        if answered.status == "concluded":
            close_with_return(answered, down)
        elif answered.status == "arrived":
            press_for_summary(answered, down)
