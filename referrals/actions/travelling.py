"""The patient's way: setting out, being diverted or turned back, arriving, arriving by mistake."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals import rules
from referrals.actions.answering import pass_on
from referrals.actions.clock import reopen_answered
from referrals.actions.places import give_future_place_back, give_place_back, take_place_back
from referrals.actions.sending import person_locked
from referrals.facts import required_from
from referrals.workflow import LIFE
from toolkit.refusals import Findings, Refused

ANSWERED_BY = ("accept", "turn_back")
"""Steps that answered the sender; an arrival that is undone no longer does."""

HANDED_OVER = {
    "handed_over_by": _("患者在转运中，请写明送达人：由谁交给接诊人。"),
    "received_by": _("患者在转运中，请写明接诊人：由谁接下患者。"),
}
"""Both sides of a hand-over, and what is said where one is missing."""


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


def arrive(
    referral, *, actor, version=None, handed_over_by="", received_by="", handover="", arrived_at=None,
    occurred_at=None, **when,
):  # fmt: skip
    """The patient is there. From `submitted` this implies acceptance; paperwork follows.

    Who was brought is handed over by both sides. A place booked for a later day is given back. Who comes after all
    (no_show) may have been referred again meanwhile: then that one is his.
    """
    moment = arrived_at or occurred_at
    facts = {
        "occurred_at": moment, "handed_over_by": handed_over_by, "received_by": received_by, "handover": handover,
    }  # fmt: skip
    with (
        person_locked(referral),
        LIFE.moving(referral, "arrive", actor=actor, version=version, **facts, **when) as passage,
    ):
        mine = passage.subject
        _check_handed_over(passage)
        for other in rules.others_holding(mine):
            raise rules.duplicate_of(other, actor)
        if moment and mine.submitted_at and moment < mine.submitted_at and not mine.is_emergency:
            raise Refused.of("/arrived_at", "before_sending", _("到达时间早于提交时间，请核对。"))
        later = give_future_place_back(mine, timezone.localdate(passage.occurred_at))
        if later:
            passage.facts["given_back"] = later.date
    return referral


def _check_handed_over(passage) -> None:
    findings = Findings()
    for name in required_from("arrive", passage.source):
        if not passage.facts.get(name, "").strip():
            findings.add(f"/{name}", "required", HANDED_OVER[name])
    findings.raise_if_any()


def discharge(referral, *, actor, version=None, discharged_at=None, occurred_at=None, **when):
    """The stay is over: the summary is due a day later. Registered again it corrects the time."""
    pointer = "/occurred_at" if occurred_at and not discharged_at else "/discharged_at"
    facts = {"occurred_at": discharged_at or occurred_at}
    with LIFE.moving(referral, "discharge", actor=actor, version=version, **facts, **when) as passage:
        mine, moment = passage.subject, passage.occurred_at
        if moment > passage.recorded_at:
            raise Refused.of(pointer, "future", _("出院时间不能晚于现在。"))
        if moment < mine.arrived_at:
            raise Refused.of(pointer, "before_arrival", _("出院时间不能早于到诊时间。"))
        mine.discharged_at = passage.facts["discharged_at"] = moment
    return referral


def undo_arrival(referral, *, actor, version=None, reason="", **when):
    """Within 24 hours, back to where it was: who has not come has been missed, or will be by the clock.

    A place given back because he seemed to come early is taken again; where somebody else has it by now, the referral
    is accepted and wants another. The up-referral this arrival had closed is open again.
    """
    with LIFE.moving(referral, "undo_arrival", actor=actor, version=version, reason=reason, **when) as passage:
        mine = passage.subject
        arrived = mine.steps.filter(verb="arrive").order_by("-id").first()
        passage.target = arrived.source
        if "given_back" in arrived.facts and not take_place_back(mine.bookings.order_by("-id").first()):
            passage.facts |= {"place_lost": arrived.facts["given_back"], "event_facts": {"place_lost": True}}
            passage.target = "accepted" if arrived.source == "scheduled" else arrived.source
        reopen_answered(mine)
        mine.arrived_at = mine.discharged_at = None
        if not mine.steps.filter(verb__in=ANSWERED_BY).exists():
            mine.responded_at = None
    return referral
