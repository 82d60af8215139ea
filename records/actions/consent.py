"""Recording what the patient agreed to, refused, or took back."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.log import record
from records.access import require_basis
from records.codes import Covers, GivenBy, Method
from records.masking import age_on
from records.models import Consent, ConsentText, Patient
from toolkit.refusals import Conflict, Findings, Forbidden

OF_AGE, OWN_INCOME_FROM = 18, 16
CLOCK_SKEW = timedelta(minutes=5)


@transaction.atomic
def give_consent(
    *,
    actor,
    patient: Patient,
    covers=("referral", "sharing"),
    given_by: str = "self",
    method: str = "signed_paper",
    given_at: datetime | None = None,
    giver_name: str = "",
    giver_relation: str = "",
    approved_by: str = "",
    approved_title: str = "",
    own_income: bool = False,
    refused: bool = False,
) -> Consent:
    """Record one signature under the text in force at `given_at` (default now), or with `refused` a refusal.

    In an emergency (`method="emergency"`, `given_by="institution"`) the responsible person of the institution or
    his deputy approves, with name, title and time (Civil Code art. 1220). `own_income`: 16 or older and living on
    own earnings, who counts as of age. Errors point below the consent ("/given_by").
    """
    require_basis(actor, patient)
    _require_writing(actor)
    at = given_at or timezone.now()
    consent = Consent(
        patient=patient,
        institution_id=actor.institution_id or patient.institution_id,
        covers=sorted(set(covers)),
        given_by=given_by,
        method=method,
        given_at=at,
        giver_name=_line(giver_name),
        giver_relation=_line(giver_relation),
        approved_by=_line(approved_by),
        approved_title=_line(approved_title),
        own_income=own_income,
        refused=refused,
    )
    consent.text = _checked(consent)
    consent.save()
    name = "consent.refused" if refused else "consent.given"
    record(name, actor=actor, subject=consent, occurred_at=at, **_facts(consent))
    return consent


@transaction.atomic
def withdraw_consent(*, actor, consent: Consent, reason: str = "", at: datetime | None = None) -> Consent:
    """The patient takes the consent back; what was done before stays lawful. Asked twice, nothing more happens."""
    require_basis(actor, consent.patient)
    _require_writing(actor)
    consent = Consent.objects.select_for_update(of=("self",)).select_related("patient", "text").get(pk=consent.pk)
    if consent.refused:
        raise Conflict(_("这是一份拒绝记录，无需撤回。"), code="refused_before")
    if consent.withdrawn_at:
        return consent
    at = at or timezone.now()
    findings = Findings()
    if at > timezone.now() + CLOCK_SKEW or at < consent.given_at:
        findings.add("/at", "bad_time", _("撤回时间应在同意之后、现在之前。"))
    findings.raise_if_any()
    consent.withdrawn_at, consent.withdrawn_reason = at, _line(reason)[:200]
    consent.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    record("consent.withdrawn", actor=actor, subject=consent, occurred_at=at, **_facts(consent))
    return consent


def _require_writing(actor) -> None:
    """Whoever writes referrals or registrations may record the signature that goes with them."""
    if not (actor.is_machine or actor.may("referral.write") or actor.may("patient.write")):
        raise Forbidden(_("您当前的身份不能记录知情同意。"))


def _line(text: str) -> str:
    return " ".join((text or "").split())


def _facts(consent: Consent) -> dict:
    return {
        "patient": consent.patient.public_id,
        "covers": consent.covers,
        "given_by": consent.given_by,
        "method": consent.method,
        "text": consent.text.version,
    }


def _checked(consent: Consent) -> ConsentText | None:
    """Everything that is wrong with it at once; the text that was in force."""
    findings = Findings()
    text = _check_time(consent, findings)
    _check_choices(consent, findings)
    _check_cover(consent, text, findings)
    _check_giver(consent, findings)
    _check_emergency(consent, findings)
    _check_lengths(consent, findings)
    findings.raise_if_any()
    return text


def _check_time(consent: Consent, findings: Findings) -> ConsentText | None:
    if timezone.is_naive(consent.given_at):
        consent.given_at = timezone.make_aware(consent.given_at)
    if consent.given_at > timezone.now() + CLOCK_SKEW:
        findings.add("/given_at", "future", _("同意时间不能晚于现在。"))
        return None
    born = consent.patient.birth_date
    if born and timezone.localdate(consent.given_at) < born:
        findings.add("/given_at", "before_birth", _("同意时间早于患者出生，请核对年月日。"))
        return None
    text = ConsentText.objects.current(consent.given_at)
    if text is None:
        findings.add("/given_at", "no_text", _("该时间还没有生效的知情同意书文本，请核对同意时间。"))
    return text


def _check_choices(consent: Consent, findings: Findings) -> None:
    if consent.given_by not in GivenBy.values:
        words = _("同意人应为 self（本人）、guardian（监护人）、agent（受委托人）或 institution（机构）。")
        findings.add("/given_by", "unknown_giver", words)
    if consent.method not in Method.values:
        words = _("方式应为 signed_paper（纸质签字）、electronic（电子签名）或 emergency（紧急情况）。")
        findings.add("/method", "unknown_method", words)


def _check_cover(consent: Consent, text: ConsentText | None, findings: Findings) -> None:
    offered = text.covers if text else Covers.values
    if not consent.covers or set(consent.covers) - set(offered):
        words = _("同意范围应为 referral（转诊）、sharing（信息共享）中的一项或两项。")
        findings.add("/covers", "bad_cover", words)


def _check_giver(consent: Consent, findings: Findings) -> None:
    """Whether he was of age is asked of a day that can be right."""
    wrong_day = any(error.pointer == "/given_at" for error in findings.errors)
    age = None if wrong_day else age_on(consent.patient, timezone.localdate(consent.given_at))
    of_age = age is None or age >= OF_AGE or (consent.own_income and age >= OWN_INCOME_FROM)
    if consent.given_by in (GivenBy.SELF, GivenBy.AGENT) and not of_age:
        words = _("患者未满 %(age)s 周岁，应由监护人同意。") % {"age": OF_AGE}
        findings.add("/given_by", "guardian_needed", words)
    if consent.given_by in (GivenBy.GUARDIAN, GivenBy.AGENT):
        if not consent.giver_relation:
            findings.add("/giver_relation", "required", _("请填写同意人与患者的关系。"))
        if not consent.giver_name:
            findings.add("/giver_name", "required", _("请填写同意人姓名。"))


def _check_emergency(consent: Consent, findings: Findings) -> None:
    emergency = consent.method == Method.EMERGENCY
    if emergency != (consent.given_by == GivenBy.INSTITUTION):
        words = _("紧急情况由医疗机构批准（given_by 为 institution），其他情况由患者方同意。")
        findings.add("/given_by", "emergency_by_institution", words)
    if not emergency:
        return
    if not consent.approved_by:
        findings.add("/approved_by", "required", _("紧急情况须写明批准的负责人或授权负责人姓名。"))
    if not consent.approved_title:
        findings.add("/approved_title", "required", _("紧急情况须写明批准人的职务。"))
    if consent.refused:
        findings.add("/method", "emergency_refused", _("患者方明确拒绝时，不能按紧急情况批准。"))


def _check_lengths(consent: Consent, findings: Findings) -> None:
    for name, most in (("giver_name", 50), ("giver_relation", 30), ("approved_by", 50), ("approved_title", 50)):
        text = getattr(consent, name)
        if len(text) > most:
            findings.add(f"/{name}", "too_long", _("最多 %(most)s 个字。") % {"most": most})
        elif not text.isprintable():
            findings.add(f"/{name}", "bad_character", _("含有无法显示的字符，请重新输入。"))
