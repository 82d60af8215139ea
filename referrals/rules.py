"""What must be there before a referral is sent, and what stands in its way.

An impression in free text is enough upward; downward the plan, the follow-up date and every
long-term drug must be settled; the green channel needs only patient, receiver, complaint and
the caller's telephone, the rest within 24 hours.
"""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models import Relation
from referrals import codes
from referrals.content import DATES, MOMENTS, check_order, check_wish
from referrals.models import Referral
from referrals.origins import names_patient
from referrals.values import SKEW, planned_fault
from toolkit.refusals import Conflict, FieldError, Findings, Refused
from toolkit.words import listed

ALWAYS_NEEDED = {"history": _("请填写主要现病史。"), "purpose": _("请填写转诊目的。")}
DOWNWARD_NEEDED = {
    "treatment": _("下转须写明治疗经过。"),
    "plan": _("下转须写明下一步治疗方案及康复建议。"),
    "follow_up_on": _("下转须写明随访日期。"),
}

ONSET_BEFORE = timedelta(days=30)
"""What began longer ago is a slip of the pen, or no emergency."""


def patient_fixed(referral: Referral) -> bool:
    """Whether nobody else can be put in the patient's place: somebody has read it, or it goes on from what is his."""
    return bool(referral.submitted_at or referral.parent_id or names_patient(referral))


def check_sendable(referral: Referral) -> None:
    """Raise `Refused` with everything that is still missing before this referral can be sent."""
    findings = Findings()
    _check_destination(findings, referral)
    check_written(findings, referral)
    check_dates(findings, referral)
    findings.raise_if_any()


def check_dates(findings: Findings, referral: Referral) -> None:
    """The days it speaks of lay ahead when it was written. What only goes on with an earlier one brings its days along;
    while a reviewer had it, days may have passed.
    """
    settled = referral.link in codes.PASSED_ON or referral.status == "in_review"
    blank = getattr(referral, "blank", None)
    since = timezone.localdate(blank.written_at) if blank and blank.written_at else None
    for name in () if settled else DATES:
        day = getattr(referral, name)
        fault = day and planned_fault(day, since=since)
        if fault:
            findings.add(f"/{name}", *fault)
    check_wish(findings, referral.preferred_from, referral.preferred_to)


def check_written(findings: Findings, referral: Referral) -> None:
    """What must be written before it is sent; the green channel needs little."""
    if referral.green_channel:
        _check_green_channel(findings, referral)
    else:
        check_complete(findings, referral)


def check_complete(findings: Findings, referral: Referral) -> None:
    """The paper: everything that the green channel may bring within 24 hours."""
    for name, words in ALWAYS_NEEDED.items():
        if not getattr(referral, name):
            findings.add(f"/{name}", "required", words)
    if not referral.diagnoses:
        findings.add("/diagnoses", "required", _("请填写初步印象，文字即可，编码可以后补。"))
    if not referral.reason:
        findings.add("/reason", "required", _("请选择转诊原因。"))
    _check_consent(findings, referral)
    if referral.direction == "down":
        _check_downward(findings, referral)


def check_times(referral: Referral, *, sent_at=None) -> None:
    """Onset and call: of the green channel alone, one after the other, and before it was sent (`sent_at`)."""
    findings = Findings()
    known = [(name, getattr(referral, name)) for name in MOMENTS if getattr(referral, name)]
    for name, moment in known if referral.link not in codes.CONTINUING else ():
        if moment < referral.created_at - ONSET_BEFORE:
            findings.add(f"/{name}", "too_early", _("早于起草前30天，请核对年月日。"))
    if known and not referral.green_channel:
        findings.add(f"/{known[0][0]}", "not_green", _("发病和呼救时间只随绿色通道填写；其他转诊请写入病史。"))
    check_order(findings, referral.onset_at, referral.called_at)
    sent_at = sent_at or referral.submitted_at
    for name, moment in known if sent_at else ():
        if moment > sent_at + SKEW:
            findings.add(f"/{name}", "after_sending", _("不能晚于转诊发出的时间。"))
    findings.raise_if_any()


def is_complete(referral: Referral) -> bool:
    findings = Findings()
    check_complete(findings, referral)
    return not findings


def others_holding(referral: Referral):
    """Live referrals of the same person to the same specialty in the same direction."""
    same_person = Referral.objects.filter(patient__person_id=referral.patient.person_id)
    return same_person.filter(specialty=referral.specialty, direction=referral.direction).holding().exclude(
        pk=referral.pk
    )  # fmt: skip


def superseded_by(referral: Referral, other: Referral) -> bool:
    """An emergency supersedes a routine one that has not yet set out."""
    return referral.is_emergency and not other.is_emergency and other.status not in ("in_transit", "arrived")


def duplicate_of(other: Referral, actor) -> Conflict:
    """The refusal: the parties are shown the live one, others hear only that there is one."""
    if Referral.objects.visible_to(actor).filter(pk=other.pk).exists():
        words = _("该患者在本专科已有进行中的转诊 %(number)s（%(status)s），请在原单上办理。") % {
            "number": other.number,
            "status": other.get_status_display(),
        }
    else:
        words = _("该患者在本专科已有进行中的转诊，请联系医联体办公室。")
    return Conflict(words, code="duplicate", errors=[FieldError("/patient", "duplicate", words)])


def consent_allows(referral: Referral, covers: str) -> bool:
    consent = referral.consent
    return bool(consent and consent.in_force and covers in consent.covers)


def consent_carries(referral: Referral, receiver) -> bool:
    """Whether the signature also covers going on to `receiver`.

    The consent text says so for institutions of the same consortium (item 1), where it covers both
    the referral and the sharing; outside it the patient is asked again.
    """
    if not (consent_allows(referral, "referral") and consent_allows(referral, "sharing")):
        return False
    return receiver.members.current().filter(consortium_id=referral.consortium_id).exists()


def check_comment(verb: str, code: str, remark: str) -> None:
    """Some reason codes are only complete with words."""
    if code in codes.COMMENTED.get(verb, ()) and not remark.strip():
        raise Refused.of("/remark", "required", _("选择此原因时请在备注中说明。"))


def _check_destination(findings, referral) -> None:
    if referral.department.institution_id != referral.receiver_id:
        findings.add("/department", "foreign", _("所选科室不属于转往机构，请重新选择。"))
    elif not (referral.department.active and referral.department.takes_referrals):
        findings.add("/department", "closed", _("该科室目前不接收转诊，请选择其他科室。"))
    if is_passed_to_own(referral):
        return
    relations = Relation.objects.open().filter(sender_id=referral.sender_id, receiver_id=referral.receiver_id)
    allowed = sorted(relations.values_list("direction", flat=True))
    if not allowed:
        findings.add("/receiver", "no_relation", _("两机构之间没有有效的转诊关系，请医联体办公室先建立。"))
    elif referral.direction not in allowed:
        words = listed(codes.DIRECTIONS[direction] for direction in allowed)
        findings.add("/direction", "direction", _("该机构之间只能：%(allowed)s。") % {"allowed": words})


def may_go_to(referral) -> bool:
    """Whether a relation leads there: the sender's, or that of who passed it on."""
    own = Relation.objects.open().filter(sender_id=referral.sender_id, receiver_id=referral.receiver_id)
    return is_passed_to_own(referral) or own.exists()


def consortium_between(sender_id: int, direction: str, **receiver):
    """A query for the id of the consortium whose relation lets one refer to the other; empty where there is none."""
    relations = Relation.objects.open().filter(sender_id=sender_id, direction=direction, **receiver)
    return relations.order_by("pk").values_list("consortium_id", flat=True)[:1]


def is_passed_to_own(referral) -> bool:
    """Forwarded to where the forwarder himself may refer: for him the sender need not know that house."""
    if referral.link != "forward":
        return False
    forwarder = referral.parent.receiver_id
    return Relation.objects.open().filter(sender_id=forwarder, receiver_id=referral.receiver_id).exists()


def _check_green_channel(findings, referral) -> None:
    if not (referral.history or referral.purpose):
        findings.add("/history", "required", _("请写明主诉。"))
    if not referral.caller_phone:
        findings.add("/caller_phone", "required", _("请填写可回拨的联系电话。"))


def _check_consent(findings, referral) -> None:
    if referral.consent is None:
        findings.add("/consent", "required", _("请登记患者或监护人的同意；急救时由机构负责人批准。"))
    elif not consent_allows(referral, "referral"):
        findings.add("/consent", "not_given", _("该同意书未覆盖转诊，或已拒绝、已撤回。"))


def _check_downward(findings, referral) -> None:
    for name, words in DOWNWARD_NEEDED.items():
        if not getattr(referral, name):
            findings.add(f"/{name}", "required", words)
    for index, line in enumerate(referral.medications):
        if line["long_term"] and not line["supply"]:
            findings.add(
                f"/medications/{index}/supply", "required", _("长期用药须落实：接收机构有药、患者自带或电话确认有药。")
            )
