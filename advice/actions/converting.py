"""A question that becomes a referral: a draft with everything that was said, in the hand of who asked."""

from django.db import transaction
from django.utils.translation import gettext as _

from advice import transcript
from advice.models import Inquiry
from advice.workflow import LIFE
from events.workflow import check_version
from referrals.actions import draft
from referrals.actions.attaching import carry
from referrals.actions.sending import direction_to
from referrals.known import known_of
from referrals.standing import earlier_of
from toolkit.refusals import Refused

LINK = "advice"
"""`Referral.link` of what came out of an inquiry."""


@transaction.atomic
def convert(inquiry, *, actor, version=None, patient=None):
    """Draft the referral and answer it; asked again, the one there is.

    `patient` says who it is where the question named nobody. Kind, urgency and department are those advised, else those
    asked; consent and files go along.
    """
    locked = Inquiry.objects.select_for_update(of=("self",)).select_related("referral").get(pk=inquiry.pk)
    if locked.referral_id and LIFE.why_not(locked, "convert", actor).code == "wrong_status":
        inquiry.__dict__.update(locked.__dict__)
        return locked.referral
    check_version(locked, version)
    with LIFE.moving(inquiry, "convert", actor=actor) as passage:
        mine = passage.subject
        patient = _whose(mine, patient)
        referral = _drafted(mine, actor, patient)
        mine.referral = referral
        passage.facts["number"] = referral.number
        passage.facts["event_facts"] = {"linked": referral.number}
    return referral


def _whose(inquiry, patient):
    if inquiry.patient_id is None:
        if patient is None:
            raise Refused.of("/patient", "required", _("咨询时没有具名：转诊前请先查找并选择患者，或登记新患者。"))
        return patient
    if patient is not None and patient.pk != inquiry.patient_id:
        raise Refused.of("/patient", "fixed", _("这次咨询的患者不能更改；换患者请另行转诊。"))
    return inquiry.patient


def _drafted(inquiry, actor, patient):
    entries = list(inquiry.entries.select_related("institution", "department").order_by("id"))
    advised = next((entry for entry in reversed(entries) if entry.outcome == "refer"), None)
    referral = draft(
        actor=actor,
        patient=patient,
        receiver=inquiry.receiver,
        department=advised.department if advised else inquiry.department,
        direction=direction_to(inquiry.sender, inquiry.receiver),
        link=LINK,
        **known_of(earlier_of(actor, patient), actor, patient).content,
        **_written(inquiry, entries, advised),
    )
    if inquiry.consent_id:
        referral.consent_id = inquiry.consent_id
        referral.save(update_fields=["consent"])
    carry(inquiry, referral)
    return referral


def _written(inquiry, entries, advised) -> dict:
    purpose = _("按%(who)s的建议转诊（咨询 %(number)s）") % {
        "who": transcript.asked_words(inquiry), "number": inquiry.number
    }  # fmt: skip
    return {
        "kind": advised.kind if advised else "outpatient",
        "urgency": advised.urgency if advised else inquiry.urgency,
        "purpose": purpose if advised else "",
        "history": transcript.history_of(inquiry, entries),
        "treatment": inquiry.done,
    }
