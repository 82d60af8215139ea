"""What referrals do when something else happened."""

from events.reactions import on
from referrals.actions.clock import close_with_return
from referrals.models import Referral


@on("referral.arrived", "referral.concluded")
def close_answered_referral(event):
    """A down-referral that has arrived closes the up-referral it answers, whichever came last."""
    referral = Referral.objects.select_related("parent").get(number=event.facts["number"])
    for answered in _answered_by(referral):
        if answered.status == "concluded":
            close_with_return(answered)


def _answered_by(referral):
    """The up-referral this one answers, or itself when its own answer is already there."""
    if referral.link == "refer_back" and referral.arrived_at:
        yield referral.parent
    if referral.children.filter(link="refer_back", arrived_at__isnull=False).exists():
        yield referral
