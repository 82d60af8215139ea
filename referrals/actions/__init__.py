"""The acts of a referral. Pages, REST, jobs and set-up commands all come through here."""

from referrals.actions.answering import accept, cancel, defer, forward, miss, redirect, reject, return_, schedule
from referrals.actions.concluding import acknowledge, conclude, follow_up, record_death, settle
from referrals.actions.drafts import change_draft, discard, draft, refer_back, resubmit
from referrals.actions.performing import ACTS, perform
from referrals.actions.reviewing import review_green
from referrals.actions.sending import approve, send_back, submit
from referrals.actions.steering import claim, comment, upgrade, void, withdraw
from referrals.actions.travelling import arrive, discharge, dispatch, divert, turn_back, undo_arrival

__all__ = [
    "accept", "acknowledge", "ACTS", "approve", "arrive", "cancel", "change_draft", "claim", "comment",
    "conclude", "defer", "discard", "discharge", "dispatch", "divert", "draft", "follow_up", "forward", "miss",
    "perform", "record_death", "redirect", "refer_back", "reject", "resubmit", "return_", "review_green", "schedule",
    "send_back", "settle", "submit", "turn_back", "undo_arrival", "upgrade", "void", "withdraw",
]  # fmt: skip
