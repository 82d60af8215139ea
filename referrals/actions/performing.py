"""One door for forms and REST: a verb and its facts become one act.

Answers the referral to show next: the same one, or the linked successor (forward, divert,
refer back, resubmit).
"""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.actions import answering, concluding, drafts, sending, steering, travelling
from referrals.parties import speaks_for_receiver
from referrals.workflow import LIFE
from toolkit.refusals import Missing, Refused

ACTS = {
    "submit": sending.submit,
    "approve": sending.approve,
    "send_back": sending.send_back,
    "accept": answering.accept,
    "schedule": answering.schedule,
    "defer": answering.defer,
    "return": answering.return_,
    "reject": answering.reject,
    "redirect": answering.redirect,
    "forward": answering.forward,
    "cancel": answering.cancel,
    "miss": answering.miss,
    "dispatch": travelling.dispatch,
    "divert": travelling.divert,
    "turn_back": travelling.turn_back,
    "arrive": travelling.arrive,
    "undo_arrival": travelling.undo_arrival,
    "conclude": concluding.conclude,
    "acknowledge": concluding.acknowledge,
    "follow_up": concluding.follow_up,
    "settle": concluding.settle,
    "record_death": concluding.record_death,
    "refer_back": drafts.refer_back,
    "resubmit": drafts.resubmit,
    "discard": drafts.discard,
    "withdraw": steering.withdraw,
    "upgrade": steering.upgrade,
    "void": steering.void,
    "claim": steering.claim,
    "comment": steering.comment,
}

EARLIEST = timedelta(days=30)
"""Late entry reaches back this far; older papers are a matter for the office."""


def perform(verb: str, referral, *, actor, version=None, told_by="", told_phone="", told_at=None, **facts):
    """Make the move `verb`; unknown verbs are `Missing`, facts are those of `referrals.facts`."""
    act = ACTS.get(verb)
    if act is None:
        raise Missing(_("没有这个操作。"))
    for name in ("occurred_at", "arrived_at"):
        _check_moment(f"/{name}", facts.get(name))
        _check_order(referral, f"/{name}", facts.get(name))
    _check_moment("/told_at", told_at)
    if needs_spoken_word(verb, referral, actor):
        facts |= _spoken(told_by, told_phone, told_at or facts.get("occurred_at") or timezone.now())
    return act(referral, actor=actor, version=version, **facts)


def needs_spoken_word(verb: str, referral, actor) -> bool:
    """Whether this move records what the receiver said on the telephone (代录)."""
    return is_receivers(verb) and speaks_for_receiver(referral, actor)


def is_receivers(verb: str) -> bool:
    """Whether this move is the receiver's alone, so that of one on the telephone it is told by somebody else."""
    return LIFE.moves[verb].sides - {"clock"} == {"receiver"}


def _spoken(told_by, told_phone, told_at) -> dict:
    if not (told_by and told_phone):
        pointer = "/told_by" if not told_by else "/told_phone"
        raise Refused.of(pointer, "required", _("代录须写明对方答复人和电话。"))
    return {"told_by": told_by, "told_phone": told_phone, "told_at": told_at}


def _check_moment(pointer, moment) -> None:
    """What is entered afterwards happened before now, and not longer ago than anybody remembers."""
    if moment is None:
        return
    now = timezone.now()
    if moment > now + timedelta(minutes=5):
        raise Refused.of(pointer, "future", _("实际发生时间不能晚于现在。"))
    if moment < now - EARLIEST:
        raise Refused.of(pointer, "too_early", _("补录最多追溯30天，更早的请联系医联体办公室。"))


def _check_order(referral, pointer, moment) -> None:
    """What people did follows one another; only an emergency may have set out and arrived before it was written.

    The clock's own steps do not count: who came after all was missed later than he came.
    """
    if moment is None or referral.is_emergency:
        return
    made = referral.steps.filter(version__isnull=False).exclude(actor_kind="clock").order_by("-id")
    before = made.values_list("occurred_at", flat=True).first()
    if before and moment < before:
        words = _("早于上一步的时间 %(before)s，请核对。") % {"before": f"{timezone.localtime(before):%Y-%m-%d %H:%M}"}
        raise Refused.of(pointer, "before_previous", words)
