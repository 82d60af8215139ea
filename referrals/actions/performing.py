"""One door for forms and REST: a verb and its facts become one act.

Answers the referral to show next: the same one, or the linked successor (forward, divert,
refer back, resubmit).
"""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.actions import answering, concluding, drafts, sending, steering, travelling
from referrals.actions.moments import check_moment, check_order
from referrals.parties import speaks_for_receiver
from referrals.workflow import LIFE
from toolkit.refusals import FieldError, Missing, Refused

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
    "discharge": travelling.discharge,
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


def perform(verb: str, referral, *, actor, version=None, told_by="", told_phone="", told_at=None, **facts):
    """Make the move `verb`; unknown verbs are `Missing`, facts are those of `referrals.facts`."""
    act = ACTS.get(verb)
    if act is None:
        raise Missing(_("没有这个操作。"))
    for name in ("occurred_at", "arrived_at"):
        check_moment(f"/{name}", facts.get(name))
        check_order(referral, f"/{name}", facts.get(name))
    check_moment("/told_at", told_at)
    if needs_spoken_word(verb, referral, actor):
        facts |= _spoken(told_by, told_phone, told_at or facts.get("occurred_at") or timezone.now())
    elif told_by or told_phone or told_at:
        told = {"told_by": told_by, "told_phone": told_phone, "told_at": told_at}
        raise LIFE.why_not(referral, verb, actor) or _not_spoken(told)
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


def _not_spoken(told: dict) -> Refused:
    """Who answers for himself has told nobody; what was sent is not dropped in silence."""
    words = _("答复人、电话和通话时间只在为电话联系的成员代录时填写；这一步不是代录，请删去。")
    errors = [FieldError(f"/{name}", "not_spoken", words) for name, value in told.items() if value]
    return Refused(words, code="not_spoken", errors=errors)
