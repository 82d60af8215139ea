"""The patient's way: setting out, being diverted or turned back, arriving, arriving by mistake."""

from django.utils.translation import gettext_lazy as _

from referrals import rules
from referrals.actions.answering import pass_on
from referrals.actions.places import give_place_back
from referrals.actions.sending import person_locked
from referrals.workflow import LIFE
from toolkit.refusals import Refused

ANSWERED_BY = ("accept", "turn_back")
"""Steps that answered the sender; an arrival that is undone no longer does."""


def dispatch(referral, *, actor, version=None, escort="", vehicle="", confirmed_by="", **when):
    """Set out. On the green channel also before acceptance, when somebody there confirmed by telephone."""
    facts = {"escort": escort, "vehicle": vehicle, "confirmed_by": confirmed_by}
    with LIFE.moving(referral, "dispatch", actor=actor, version=version, **facts, **when) as passage:
        if passage.source == "submitted" and not confirmed_by:
            raise Refused.of("/confirmed_by", "required", _("接收前出发须先电话确认，请填写对方确认人。"))
    return referral


def divert(referral, *, actor, version=None, receiver=None, department=None, reason="", **when):
    """On the way, to another hospital: a linked new referral. Answers the successor."""
    return pass_on(
        referral, "divert", actor=actor, version=version, receiver=receiver, department=department,
        reason=reason, **when,
    )  # fmt: skip


def turn_back(referral, *, actor, version=None, reason="", **when):
    with LIFE.moving(referral, "turn_back", actor=actor, version=version, reason=reason, **when) as passage:
        give_place_back(passage.subject)
        passage.subject.dispatched_at = None
        if passage.subject.responded_at is None:
            passage.subject.responded_at = passage.occurred_at
    return referral


def arrive(referral, *, actor, version=None, handover="", arrived_at=None, occurred_at=None, **when):
    """The patient is there. From `submitted` this implies acceptance; paperwork follows.

    Who comes after all (no_show) may have been referred again meanwhile: then that one is his.
    """
    moment = arrived_at or occurred_at
    facts = {"occurred_at": moment, "handover": handover}
    with (
        person_locked(referral),
        LIFE.moving(referral, "arrive", actor=actor, version=version, **facts, **when) as passage,
    ):
        mine = passage.subject
        for other in rules.others_holding(mine):
            raise rules.duplicate_of(other, actor)
        if moment and mine.submitted_at and moment < mine.submitted_at and not mine.is_emergency:
            raise Refused.of("/arrived_at", "before_sending", _("到达时间早于提交时间，请核对。"))
    return referral


def undo_arrival(referral, *, actor, version=None, reason="", **when):
    """Within 24 hours, back to where it was: who has not come has been missed, or will be by the clock."""
    with LIFE.moving(referral, "undo_arrival", actor=actor, version=version, reason=reason, **when) as passage:
        mine = passage.subject
        passage.target = mine.steps.filter(verb="arrive").order_by("-id").first().source
        mine.arrived_at = None
        if not mine.steps.filter(verb__in=ANSWERED_BY).exists():
            mine.responded_at = None
    return referral
