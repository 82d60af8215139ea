"""From the codes that forms and REST send to the rows the acts take; what is not visible is unknown."""

from django.utils.translation import gettext_lazy as _

from institutions.models import Capacity, Department, Institution
from records.models import Patient
from referrals.actions.blanks import require_paper
from referrals.facts import FACTS
from referrals.models import BlankSlip, Referral
from toolkit.identifiers.numbers import normalise
from toolkit.refusals import Missing, Refused
from toolkit.words import listed


def find_referral(actor, number: str, *, queryset=None) -> Referral:
    """The referral of that number: `Missing` to a stranger, `Forbidden` to a colleague without the permission."""
    rows = Referral.objects.all() if queryset is None else queryset
    try:
        found = rows.in_reach_of(actor).get(number=number.upper())
    except Referral.DoesNotExist:
        words = _("没有找到该转诊单。请核对编号是否完整（R 加 11 位数字），以及该单是否由贵机构转出或转入。")
        raise Missing(words) from None
    actor.require("referral.read")
    return found


def find_blank(actor, number: str) -> BlankSlip:
    """The blank slip of that number: `Missing` to a stranger, `Forbidden` to who neither writes nor sends."""
    rows = BlankSlip.objects.in_reach_of(actor).select_related("institution")
    found = rows.filter(number=normalise(number)).first()
    if found is None:
        raise Missing(_("没有找到这张空白转诊单。"))
    require_paper(actor)
    return found


def find_batch(actor, batch) -> list[BlankSlip]:
    """What was numbered together, in the order of printing; refused as `find_blank`."""
    rows = BlankSlip.objects.in_reach_of(actor).select_related("institution")
    found = list(rows.filter(batch=batch).order_by("id"))
    if not found:
        raise Missing(_("没有找到这一批空白转诊单。"))
    require_paper(actor)
    return found


def patient_of(actor, public_id: str) -> Patient:
    found = Patient.objects.visible_to(actor).select_related("person").filter(public_id=str(public_id).upper()).first()
    if found is None:
        raise Refused.of("/patient", "unknown", _("没有找到该患者，请先登记。"))
    return found


def institution_of(actor, code: str, pointer: str = "/receiver") -> Institution:
    found = Institution.objects.visible_to(actor).filter(code=code, active=True).first()
    if found is None:
        raise Refused.of(pointer, "unknown", _("没有这个机构代码，或贵机构与其没有转诊关系。"))
    return found


def department_of(institution: Institution, code: str, pointer: str = "/department") -> Department:
    found = institution.departments.filter(code=code, active=True).first()
    if found is None:
        open_ones = institution.departments.receiving().values_list("code", flat=True)
        known = listed(sorted(open_ones)) or _("无")
        raise Refused.of(pointer, "unknown", _("该机构没有这个科室；可选科室代码：%(known)s。") % {"known": known})
    return found


def slot_of(referral: Referral, capacity_id) -> Capacity:
    """A place of the receiver's; a place of another house does not exist for this referral."""
    rows = Capacity.objects.filter(department__institution_id=referral.receiver_id)
    found = rows.select_related("department").filter(pk=capacity_id).first()
    if found is None:
        raise Refused.of("/slot", "unknown", _("接收机构没有这个号源或床位编号。"))
    return found


def resolve(verb: str, referral: Referral, actor, data: dict) -> dict:
    """The facts of a move with codes replaced by rows; empty facts are left out."""
    kinds = {fact.name: fact.kind for fact in FACTS[verb]}
    facts = {name: value for name, value in data.items() if value not in (None, "")}
    receiver = referral.receiver if verb != "refer_back" else referral.sender
    if "receiver" in facts and kinds.get("receiver") == "institution":
        receiver = facts["receiver"] = institution_of(actor, facts["receiver"])
    if "department" in facts and kinds.get("department") == "department":
        facts["department"] = department_of(receiver, facts["department"])
    if "slot" in facts and kinds.get("slot") == "slot":
        facts["slot"] = slot_of(referral, facts["slot"])
    return facts


def next_to_show(actor, referral: Referral, result: Referral) -> Referral:
    """What a move answers, where the actor may see it: who forwards is no party of the referral that follows."""
    if result.pk == referral.pk:
        return referral
    return result if Referral.objects.visible_to(actor).filter(pk=result.pk).exists() else referral
