"""What runs beside the hand on the green channel: the paper still owed, and the office's review of its use.

Neither moves the referral nor waits for whoever has it in hand, and both go on when it has ended.
"""

from datetime import datetime

from referrals.limits import COMPLETION_STEPS, GREEN_REVIEW_STEPS, next_step_at
from referrals.statuses import ENDED


def is_reviewable(referral) -> bool:
    """A use of the green channel that is over: the patient has come, or the referral has ended, and was no error."""
    used = referral.green_channel and referral.submitted_at and referral.consortium_id and referral.status != "void"
    return bool(used and (referral.arrived_at or referral.status in ENDED))


def next_look(referral) -> datetime | None:
    """When the clock has something to do here; None: never, as things stand."""
    looks = []
    if referral.completion_due:
        due, reached = referral.completion_due, referral.completion_rung
        looks.append(next_step_at(COMPLETION_STEPS, due=due, reached=reached))
    if referral.review_due:
        looks.append(next_step_at(GREEN_REVIEW_STEPS, due=referral.review_due, reached=referral.review_rung))
    return min(filter(None, looks), default=None)
