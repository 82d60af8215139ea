"""From what forms and REST send to the rows the acts take; what is not visible is unknown."""

from django.utils.translation import gettext_lazy as _

from advice.models import Inquiry
from referrals.resolving import department_of, institution_of, patient_of
from toolkit.refusals import Missing, Refused


def find_inquiry(actor, number: str, *, queryset=None) -> Inquiry:
    """The inquiry of that number: `Missing` to a stranger, `Forbidden` to a colleague without the permission."""
    rows = Inquiry.objects.all() if queryset is None else queryset
    found = rows.in_reach_of(actor).filter(number=number.upper()).first()
    if found is None:
        raise Missing(_("没有找到这次咨询。请核对编号是否完整（Q 加 11 位数字），以及是否由贵机构提出或问到贵机构。"))
    actor.require("referral.read")
    return found


def for_page():
    """Everything the page of one inquiry shows of it, in one statement."""
    return Inquiry.objects.with_parties().select_related(
        "patient__person", "referral__patient", "consortium", "consent"
    )


def asked_of(actor, receiver: str, department: str) -> dict:
    """receiver and department as rows, from their codes."""
    if not receiver or not department:
        raise Refused.of("/department", "required", _("请选择要咨询的科室。"))
    house = institution_of(actor, receiver)
    return {"receiver": house, "department": department_of(house, department)}


def resolve(verb: str, inquiry: Inquiry, actor, data: dict) -> dict:
    """The facts of a move with codes replaced by rows; empty facts are left out."""
    facts = {name: value for name, value in data.items() if value not in (None, "")}
    if "department" in facts:
        facts["department"] = department_of(inquiry.receiver, facts["department"])
    if "patient" in facts:
        facts["patient"] = patient_of(actor, facts["patient"])
    return facts
