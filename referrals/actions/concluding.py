"""Closing the loop: conclude with the return summary, acknowledge, follow up, settle, death."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals import rules
from referrals.actions.places import check_planned, give_place_back
from referrals.content import clean_diagnoses, clean_medications
from referrals.models import ReturnSummary
from referrals.workflow import LIFE
from toolkit.refusals import Findings, Refused

ATTEMPTS_NEEDED = 3
LONGEST_BEFORE = timedelta(days=30)
"""An emergency is written up afterwards, but not longer afterwards than this."""


def conclude(
    referral, *, actor, version=None, outcome="", treatment="", advice="", ended_at=None, diagnoses=None,
    medications=None, follow_up_on=None, **when,
):  # fmt: skip
    """File the return summary and send it down. A death ends the referral; nobody has to follow up."""
    facts = {"outcome": outcome, "treatment": treatment, "advice": advice}
    with LIFE.moving(referral, "conclude", actor=actor, version=version, **facts, **when) as passage:
        mine = passage.subject
        lists = _clean_lists(diagnoses or mine.diagnoses, medications or [])
        ended_at = ended_at or mine.discharged_at or passage.occurred_at
        _check_end(mine, ended_at)
        _check_follow_up(outcome, follow_up_on)
        ReturnSummary.objects.create(
            referral=mine,
            outcome=outcome,
            treatment=treatment,
            advice=advice,
            ended_at=ended_at,
            follow_up_on=follow_up_on,
            author_name=actor.name,
            **lists,
        )
        passage.facts = {"outcome": outcome, "ended_at": ended_at}
    return referral


def _clean_lists(diagnoses, medications) -> dict:
    findings = Findings()
    cleaned = {
        "diagnoses": clean_diagnoses(findings, diagnoses),
        "medications": clean_medications(findings, medications),
    }
    if not cleaned["diagnoses"] and not findings:
        findings.add("/diagnoses", "required", _("请填写诊断结果。"))
    findings.raise_if_any()
    return cleaned


def _check_end(referral, ended_at) -> None:
    if ended_at > timezone.now():
        raise Refused.of("/ended_at", "future", _("诊疗结束时间不能晚于现在。"))
    if referral.arrived_at and ended_at < referral.arrived_at:
        raise Refused.of("/ended_at", "before_arrival", _("诊疗结束时间不能早于到诊时间。"))


def _check_follow_up(outcome, follow_up_on) -> None:
    if follow_up_on and outcome == "died":
        raise Refused.of("/follow_up_on", "died", _("患者已死亡，无需随访，请留空。"))
    if follow_up_on:
        check_planned("/follow_up_on", follow_up_on)


def acknowledge(referral, *, actor, version=None, follow_up_on=None, **when):
    """The sender has read the summary; without a follow-up date the loop is closed."""
    with LIFE.moving(
        referral, "acknowledge", actor=actor, version=version, follow_up_on=follow_up_on, **when
    ) as passage:
        mine = passage.subject
        _check_follow_up(mine.summary.outcome, follow_up_on)
        mine.follow_up_agreed_on = follow_up_on
        passage.target = "following_up" if follow_up_on else "closed"
        _mark_opened(mine, actor)
    return referral


def _mark_opened(referral, actor) -> None:
    ReturnSummary.objects.filter(referral=referral, opened_at=None).update(
        opened_at=timezone.now(), opened_by=actor.name
    )


def follow_up(referral, *, actor, version=None, found="", **when):
    with LIFE.moving(referral, "follow_up", actor=actor, version=version, found=found, **when):
        pass
    return referral


def settle(referral, *, actor, version=None, outcome="", attempts=None, remark="", **when):
    """What became of the patient; unreachable only after three attempts."""
    rules.check_comment("settle", outcome, remark)
    if outcome == "unreachable" and (attempts or 0) < ATTEMPTS_NEEDED:
        raise Refused.of("/attempts", "too_few", _("“联系不上”须至少联系三次，请填写联系次数。"))
    with LIFE.moving(
        referral, "settle", actor=actor, version=version, outcome=outcome, attempts=attempts, remark=remark, **when
    ):
        pass
    return referral


def record_death(referral, *, actor, version=None, died_at=None, source="", **when):
    facts = {"died_at": died_at, "source": source}
    with LIFE.moving(referral, "record_death", actor=actor, version=version, **facts, **when) as passage:
        _check_death(passage.subject, died_at)
        give_place_back(passage.subject)
    return referral


def _check_death(referral, died_at) -> None:
    if died_at > timezone.now():
        raise Refused.of("/died_at", "future", _("死亡时间不能晚于现在。"))
    if died_at < referral.created_at - LONGEST_BEFORE:
        raise Refused.of("/died_at", "too_early", _("死亡时间远早于开单时间，请核对；登错患者请作废。"))
