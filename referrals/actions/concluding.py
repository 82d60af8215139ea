"""Closing the loop: conclude with the return summary, acknowledge, follow up, settle, death."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals import rules
from referrals.actions.places import give_place_back
from referrals.content import clean_diagnoses, clean_medications
from referrals.models import Referral, ReturnSummary
from referrals.values import planned_fault
from referrals.workflow import LIFE
from toolkit.refusals import Findings, Refused
from toolkit.words import listed

ATTEMPTS_NEEDED = 3
TAKEN_BACK = ("withdrawn", "void")
"""Nobody is on the way with these."""

LONGEST_BEFORE = timedelta(days=30)
"""An emergency is written up afterwards, but not longer afterwards than this."""


def conclude(
    referral, *, actor, version=None, outcome="", treatment="", advice="", ended_at=None, diagnoses=None,
    medications=None, follow_up_on=None, **when,
):  # fmt: skip
    """File the return summary and send it down. A death ends the referral; nobody has to follow up."""
    facts = {"outcome": outcome, "diagnoses": diagnoses, "treatment": treatment, "advice": advice}
    with LIFE.moving(referral, "conclude", actor=actor, version=version, **facts, **when) as passage:
        mine = passage.subject
        ended_at, findings = ended_at or mine.discharged_at or passage.occurred_at, Findings()
        lists = _clean_lists(findings, diagnoses, medications or [])
        _check_end(findings, mine, ended_at)
        _check_follow_up(findings, outcome, follow_up_on)
        findings.raise_if_any()
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


def _clean_lists(findings, diagnoses, medications) -> dict:
    before = len(findings.errors)
    cleaned = {
        "diagnoses": clean_diagnoses(findings, diagnoses),
        "medications": clean_medications(findings, medications),
    }
    if not cleaned["diagnoses"] and len(findings.errors) == before:
        findings.add("/diagnoses", "required", _("请填写诊断结果。"))
    return cleaned


def _check_end(findings, referral, ended_at) -> None:
    if ended_at > timezone.now():
        findings.add("/ended_at", "future", _("诊疗结束时间不能晚于现在。"))
    elif referral.arrived_at and ended_at < referral.arrived_at:
        findings.add("/ended_at", "before_arrival", _("诊疗结束时间不能早于到诊时间。"))


def _check_follow_up(findings, outcome, follow_up_on) -> None:
    if follow_up_on and outcome == "died":
        findings.add("/follow_up_on", "died", _("患者已死亡，无需随访，请留空。"))
    elif follow_up_on and (fault := planned_fault(follow_up_on)):
        findings.add("/follow_up_on", *fault)


def acknowledge(referral, *, actor, version=None, follow_up_on=None, **when):
    """The sender has read the summary; without a follow-up date the loop is closed."""
    with LIFE.moving(
        referral, "acknowledge", actor=actor, version=version, follow_up_on=follow_up_on, **when
    ) as passage:
        mine = passage.subject
        findings = Findings()
        _check_follow_up(findings, mine.summary.outcome, follow_up_on)
        findings.raise_if_any()
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


def settle(referral, *, actor, version=None, outcome="", attempts=None, number="", remark="", **when):
    """What became of the patient; unreachable only after three attempts, re-referred only with the referral he has now.

    `number` is that of the later referral; it need not be said where there is one only.
    """
    rules.check_comment("settle", outcome, remark)
    if outcome == "unreachable" and (attempts or 0) < ATTEMPTS_NEEDED:
        raise Refused.of("/attempts", "too_few", _("“联系不上”须至少联系三次，请填写联系次数。"))
    if number and outcome != "re_referred":
        raise Refused.of("/number", "not_re_referred", _("只有去向为“已重新转诊”时填写后续单号，请删去或改选去向。"))
    with LIFE.moving(
        referral, "settle", actor=actor, version=version, outcome=outcome, attempts=attempts, remark=remark, **when
    ) as passage:
        if outcome == "re_referred":
            passage.facts["number"] = _re_referred_as(passage.subject, number.strip().upper())
    return referral


def later_of(referral) -> list[str]:
    """The numbers of the referrals that may go on with this patient: sent by the same house, after this one."""
    later = Referral.objects.sent_by(referral.sender_id).filter(
        patient__person_id=referral.patient.person_id, submitted_at__gt=referral.submitted_at
    )
    return list(later.exclude(status__in=TAKEN_BACK).order_by("id").values_list("number", flat=True))


def _re_referred_as(referral, number: str) -> str:
    found = later_of(referral)
    if number in found:
        return number
    if number:
        raise Refused.of("/number", "unknown", _("不是该患者在本单之后提交的转诊，请核对单号。"))
    if len(found) == 1:
        return found[0]
    if found:
        words = _("该患者之后有几张转诊单（%(numbers)s），请填写后续单号。") % {"numbers": listed(found)}
        raise Refused.of("/number", "several", words)
    raise Refused.of("/outcome", "not_re_referred", _how_to_refer_again(referral))


def _how_to_refer_again(referral):
    if referral.status in LIFE.moves["resubmit"].sources:
        return _("还没有新的转诊单：请用“修改后重新转诊”并提交，提交后本单自动登记为已重新转诊。")
    return _("还没有新的转诊单：请先为该患者另行发起转诊并提交，再登记去向。")


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
