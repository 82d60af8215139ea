"""Putting a question to a department of another house."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from advice.content import clean_question
from advice.models import Entry, Inquiry
from advice.stamps import open_to_asked, stamp, written_by
from advice.workflow import LIFE
from events.log import record
from institutions.models import Relation
from records.actions import give_consent
from records.codes import Covers
from toolkit.identifiers.numbers import number_of
from toolkit.refusals import Conflict, FieldError, Findings, Refused

LETTER, ATTEMPTS = "Q", 5


@transaction.atomic
def ask(*, actor, receiver, department, patient=None, consent=None, **content) -> Inquiry:
    """Ask `department` of `receiver`; answers the inquiry in status `open`, in the hand of that department.

    `content` are the fields of `advice.content`. About a `patient` with `consent`, the facts of a signature that covers
    sharing; about nobody named with age and sex. Emergencies are refused with the way they should go.
    """
    actor.require("advice.ask")
    found = clean_question({**content, "patient": patient, "consent": consent})
    relation = _relation(actor, receiver, department)
    job = Membership.objects.filter(pk=actor.membership_id).select_related("user").first()
    inquiry = Inquiry(
        **found,
        consent=_consent(actor, patient, consent),
        consortium_id=relation.consortium_id,
        sender_id=actor.institution_id,
        sender_department_id=actor.department_id,
        author_id=actor.user_id,
        author_name=actor.name,
        author_phone=job.contact_phone if job else "",
        receiver=receiver,
        department=department,
        created_at=timezone.now(),
    )
    stamp(inquiry, LIFE.states["open"], now=inquiry.created_at, anew=True)
    _save_with_number(inquiry)
    if inquiry.patient_id:
        open_to_asked(inquiry, actor)
    Entry.objects.create(
        inquiry=inquiry, version=inquiry.version, verb="ask", target="open", side="sender",
        written_at=inquiry.created_at, **written_by(inquiry, actor),
    )  # fmt: skip
    told = inquiry.references() | {"actor_institution": actor.institution_id}
    record("advice.asked", actor=actor, subject=inquiry, target="open", version=inquiry.version, **told)
    return inquiry


def _relation(actor, receiver, department) -> Relation:
    """The way that leads there; asked where the house answers on the platform."""
    findings = Findings()
    open_ones = Relation.objects.open().filter(sender_id=actor.institution_id, receiver=receiver)
    found = open_ones.order_by("pk").first()
    if found is None:
        findings.add("/receiver", "no_relation", _("两机构之间没有有效的转诊关系，请医联体办公室先建立。"))
    elif receiver.handles_on == "phone":
        words = _("%(house)s不在平台办理，请直接打电话 %(phone)s 咨询。")
        phone = receiver.desk_phone or receiver.duty_phone
        findings.add("/receiver", "by_phone", words % {"house": receiver.label, "phone": phone})
    if department.institution_id != receiver.pk:
        findings.add("/department", "foreign", _("所选科室不属于咨询的机构，请重新选择。"))
    elif not (department.active and department.takes_referrals):
        findings.add("/department", "closed", _("该科室目前不接收转诊和咨询，请选择其他科室。"))
    findings.raise_if_any()
    return found


def _consent(actor, patient, facts):
    """The signature under which the asked house may read; what is wrong with it is found below `/consent`."""
    if patient is None:
        return None
    if not facts:
        words = _("咨询具名患者须登记其同意信息共享；也可以不具名咨询，只写年龄和性别。")
        raise Refused.of("/consent", "required", words)
    try:
        consent = give_consent(actor=actor, patient=patient, **facts)
    except Refused as refusal:
        below = [FieldError(f"/consent{each.pointer}", each.code, each.detail) for each in refusal.errors]
        raise Refused(refusal.detail, code=refusal.code, errors=below) from refusal
    if not consent.in_force or Covers.SHARING.value not in consent.covers:
        raise Refused.of("/consent/covers", "not_given", _("同意范围须包括信息共享；患方不同意的，请不具名咨询。"))
    return consent


def _save_with_number(inquiry) -> None:
    """Numbers are random, so a clash is drawn again."""
    for _attempt in range(ATTEMPTS):
        inquiry.number = number_of(LETTER, timezone.localdate().year)
        if Inquiry.objects.filter(number=inquiry.number).exists():
            continue
        try:
            with transaction.atomic():
                inquiry.save(force_insert=True)
        except IntegrityError:
            if not Inquiry.objects.filter(number=inquiry.number).exists():
                raise
            continue
        return
    raise Conflict(_("咨询编号生成冲突，请重试。"))
