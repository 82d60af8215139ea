"""Writing a referral before it is sent: draft, autosave, late completion, resubmission, refer-back."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from events.log import record
from events.workflow import check_version
from records.actions import give_consent
from records.models import Person
from referrals import codes, rules
from referrals.actions.attaching import carry
from referrals.actions.blanks import bind_blank, renumber, take_blank
from referrals.actions.links import close_links
from referrals.actions.numbering import give_numbers
from referrals.content import CONTENT_FIELDS, MOMENTS, clean_content
from referrals.insurance import carried
from referrals.models import PatientLink, Referral
from referrals.proposing import ASKED, keep
from referrals.stamps import restart_clock
from referrals.statuses import HOLDING, LIVE
from referrals.workflow import LIFE
from toolkit.refusals import Conflict, FieldError, Findings, Forbidden, Refused

CARRIED_BACK = ("past_history", "allergies", "priority")
"""What a linked down-referral takes over from the referral it answers."""


@transaction.atomic
def draft(
    *, actor, patient, receiver, department, direction, parent=None, link="", sender=None, blank_number="",
    written_at=None, **content,
) -> Referral:  # fmt: skip
    """Begin a referral; answers it in status `draft`, in the hand of the sender's doctor.

    `content` are the fields of `referrals.content`, plus `consent` (the facts of a signature). `blank_number` is that
    of the paper on which it was written, at `written_at`.
    `sender` is given only where the platform drafts on the sender's behalf (forwarding).
    """
    actor.require("referral.write" if sender is None else "referral.read")
    _check_ends(actor, sender, receiver, department, direction)
    consent = content.pop("consent", None)
    referral = Referral(
        **clean_content(content),
        **_authorship(actor, sender, parent),
        patient=patient,
        receiver=receiver,
        department=department,
        specialty=department.specialty,
        direction=direction,
        parent=parent,
        link=link,
    )
    if parent:
        referral.journey, referral.no_sms = parent.journey, parent.no_sms
    referral.consent = _consent(actor, patient, consent)
    _lay_in_authors_hand(referral)
    rules.check_times(referral)
    _save_with_number(referral, actor, blank_number, written_at)
    record("referral.drafted", actor=actor, subject=referral, number=referral.number)
    return referral


@transaction.atomic
def change_draft(
    referral, *, actor, version=None, patient=None, receiver=None, department=None, direction=None, blank_number="",
    written_at=None, **content,
):  # fmt: skip
    """Change what is written, while it is a draft, returned, or a green channel still to be completed.

    Another `patient` only where the wrong one was picked and nobody else has seen it yet. Once sent, where it goes and
    how urgently is fixed as well, since the other side has read it; a returned one may go to another department there.
    """
    locked = _locked(referral)
    check_version(locked, version)
    check_writable(locked, actor)
    ends = {"receiver": receiver, "department": department, "direction": direction}
    ends = {name: end for name, end in ends.items() if end and end != getattr(locked, name)}
    if not (content or ends or patient or blank_number):
        return referral  # nothing was sent: nobody has to read it again
    if locked.status == "draft":
        renumber(locked, blank_number, actor=actor, written_at=written_at)
        _write(locked, actor, patient, ends, content)
        locked.touched_at = timezone.now()
        if locked.link not in codes.PASSED_ON:  # whose patient was passed on is asked for by its deadline
            restart_clock(locked, now=locked.touched_at)
        locked.version += 1
        locked.save()
    else:
        with LIFE.moving(locked, "amend", actor=actor) as passage:
            passage.facts["fields"] = _write(passage.subject, actor, patient, ends, content)
    referral.__dict__.update(locked.__dict__)
    return referral


@transaction.atomic
def resubmit(referral, *, actor, version=None, remark="", **when) -> Referral:
    """After rejection or expiry: a new draft with the same content, linked; what changed stands in the remark."""
    with LIFE.moving(referral, "resubmit", actor=actor, version=version, remark=remark, **when) as passage:
        _refuse_second(referral, "resubmit")
        new = draft(actor=actor, parent=referral, link="resubmit", **_ends(referral), **_content(referral))
        carry(referral, new, of=referral.sender_id)
        passage.facts["number"] = new.number
        passage.facts["event_facts"] = {"linked": new.number}
    return new


@transaction.atomic
def refer_back(referral, *, actor, version=None, receiver=None, department=None, remark="", **when) -> Referral:
    """Open the linked down-referral, prefilled from the stay; by default to where the patient came from."""
    with LIFE.moving(referral, "refer_back", actor=actor, version=version, remark=remark, **when) as passage:
        receiver = receiver or referral.sender
        department = department or _department_at(receiver, referral)
        _refuse_standing(referral, actor, department)
        new = draft(
            actor=actor,
            parent=referral,
            link="refer_back",
            patient=referral.patient,
            receiver=receiver,
            department=department,
            direction="down",
            **_from_stay(referral),
        )
        passage.facts["number"] = new.number
        passage.facts["event_facts"] = {"linked": new.number}
    return new


def discard(referral, *, actor, version=None, **when):
    """Delete a draft: nothing was sent, so nothing needs settling, unless its patient is on the way already."""
    with LIFE.moving(referral, "discard", actor=actor, version=version, **when) as passage:
        if passage.subject.link in codes.PASSED_ON and not passage.remark:
            raise Refused.of("/remark", "required", _("患者已在途中或未被接收：请写明患者去向后再删除。"))
    return referral


def _check_ends(actor, sender, receiver, department, direction) -> None:
    findings = Findings()
    if direction not in codes.DIRECTIONS:
        findings.add("/direction", "choice", _("请选择转诊方向。"))
    sender_id = sender.pk if sender else actor.institution_id
    if receiver.pk == sender_id:
        findings.add("/receiver", "same", _("转往机构不能是本机构，院内请走会诊或转科。"))
    if department.institution_id != receiver.pk:
        findings.add("/department", "foreign", _("所选科室不属于转往机构，请重新选择。"))
    findings.raise_if_any()


def _authorship(actor, sender, parent) -> dict:
    """A forwarded referral keeps its author and sender; otherwise it is the actor's."""
    if sender is not None:
        names = ("sender_id", "sender_department_id", "author_id", "author_name", "author_phone")
        return {name: getattr(parent, name) for name in names}
    job = Membership.objects.filter(pk=actor.membership_id).select_related("user").first()
    return {
        "sender_id": actor.institution_id,
        "sender_department_id": actor.department_id,
        "author_id": actor.user_id,
        "author_name": actor.name,
        "author_phone": job.contact_phone if job else "",
    }


def _lay_in_authors_hand(referral) -> None:
    now = timezone.now()
    hand = LIFE.states["draft"].hand
    referral.hand_side, referral.hand_unit, referral.hand_permission = hand.side, hand.unit, hand.permission
    referral.hand_institution_id = referral.sender_id
    referral.hand_department_id = referral.sender_department_id
    referral.created_at = referral.touched_at = referral.status_since = now


def _save_with_number(referral, actor, blank_number: str, written_at) -> None:
    """Its own number, or that of the paper; the person is locked before the paper, as everywhere."""
    blank = None
    if blank_number:
        Person.objects.select_for_update().get(pk=referral.patient.person_id)
        blank = take_blank(actor, blank_number, written_at)
    referral.number = blank.number if blank else give_numbers()[0]
    referral.save()
    restart_clock(referral, now=referral.touched_at)
    referral.save(update_fields=["deadline", "look_at", "turn_at", "rung"])
    if blank:
        bind_blank(blank, referral, actor=actor, written_at=written_at)


def _consent(actor, patient, facts):
    """The signature, recorded; what is wrong with it is found below `/consent`."""
    if not facts:
        return None
    try:
        return give_consent(actor=actor, patient=patient, **facts)
    except Refused as refusal:
        below = [FieldError(f"/consent{each.pointer}", each.code, each.detail) for each in refusal.errors]
        raise Refused(refusal.detail, code=refusal.code, errors=below) from refusal


def _locked(referral) -> Referral:
    """The person first, then the row: the order of every act that looks for other referrals of the person."""
    Person.objects.select_for_update().get(pk=referral.patient.person_id)
    rows = Referral.objects.select_for_update(of=("self",))
    return rows.select_related("patient", "sender", "receiver", "department", "consent").get(pk=referral.pk)


def check_writable(referral, actor) -> None:
    """`Forbidden` or `Refused` with the reason unless this actor may change what is written now.

    A draft is free to its institution's doctors; what was sent is amended by the rule of the table.
    """
    if referral.status != "draft":
        refusal = LIFE.why_not(referral, "amend", actor)
        if refusal:
            raise refusal
    elif actor.institution_id != referral.sender_id or not actor.may("referral.write"):
        raise Forbidden(_("只有转出方的医生可以修改转诊单内容。"))


def _write(referral, actor, patient, ends, content) -> list[str]:
    """Put what was typed on the referral; answers the names of the fields that changed."""
    _change_patient(referral, patient, actor)
    _change_ends(referral, actor, ends)
    consent = content.pop("consent", None)
    cleaned = clean_content({name: value for name, value in content.items() if name in CONTENT_FIELDS})
    _refuse_other_urgency(referral, cleaned)
    changed = sorted(name for name, value in cleaned.items() if value != getattr(referral, name))
    for name in changed:
        setattr(referral, name, cleaned[name])
    if not referral.green_channel and "green_channel" in changed:
        changed += _forget_times(referral, cleaned)
    rules.check_times(referral)
    if referral.status != "draft" and not {*ASKED}.isdisjoint(changed):
        keep(referral, on=timezone.localdate(referral.submitted_at))
    if consent:
        referral.consent = _consent(actor, referral.patient, consent)
        changed.append("consent")
    if referral.completion_due and rules.is_complete(referral):
        referral.completed_at = timezone.now()
        referral.completed_in_time = referral.completed_at <= referral.completion_due
        referral.completion_due = None
        told = referral.references() | {"actor_institution": actor.institution_id, "target": referral.status}
        record("referral.completed", actor=actor, subject=referral, **told)
    return [*ends, *changed]


def _forget_times(referral, cleaned) -> list[str]:
    """Onset and call go with the green channel, unless they were sent along and must be refused."""
    gone = [name for name in MOMENTS if getattr(referral, name) and not cleaned.get(name)]
    for name in gone:
        setattr(referral, name, None)
    return gone


def _change_patient(referral, patient, actor) -> None:
    if patient is None or patient.pk == referral.patient_id:
        return
    if rules.patient_fixed(referral):
        raise Refused.of("/patient", "fixed", _("这张转诊单的患者不能更改；选错患者请作废后另开一张。"))
    if referral.attachments.standing().exists():
        raise Refused.of("/patient", "has_files", _("附件属于原来的患者：请先撤回全部附件，再更换患者。"))
    referral.patient, referral.consent = patient, None
    close_links(referral, PatientLink.Why.WRONG_PATIENT, actor=actor)


def _change_ends(referral, actor, changed: dict) -> None:
    """`changed` are those of receiver, department and direction that become others."""
    free = {"draft": changed.keys(), "returned": {"department"}}.get(referral.status, set())
    for name in sorted(changed.keys() - free):
        raise Refused.of(f"/{name}", "sent", _("已提交的转诊单不能更换转往机构、科室或方向；请撤回后另行转诊。"))
    for name, end in changed.items():
        setattr(referral, name, end)
    _check_ends(actor, None, referral.receiver, referral.department, referral.direction)
    referral.specialty = referral.department.specialty
    for other in rules.others_holding(referral) if changed and referral.status != "draft" else ():
        raise rules.duplicate_of(other, actor)


def _refuse_other_urgency(referral, cleaned: dict) -> None:
    for name in ("urgency", "green_channel"):
        if referral.status != "draft" and cleaned.get(name, getattr(referral, name)) != getattr(referral, name):
            raise Refused.of(f"/{name}", "sent", _("提交后紧急程度只能用“病情加重”提高。"))


def _refuse_second(referral, link: str) -> None:
    """A double click opens one linked referral, not two."""
    open_one = referral.children.filter(link=link).live().first()
    if open_one:
        raise _second(open_one)


def _second(other) -> Conflict:
    return Conflict(_("已有后续单 %(number)s，请在该单上继续。") % {"number": other.number}, code="exists")


def _refuse_standing(referral, actor, department) -> None:
    """Said before the letter is written, not when it is sent: the one there is already, or what is under way there."""
    own = Q(parent=referral, link="refer_back", status__in=LIVE)
    same = Q(patient__person_id=referral.patient.person_id, specialty=department.specialty, direction="down")
    found = list(Referral.objects.filter(own | (same & Q(status__in=HOLDING))).order_by("id"))
    for other in found:
        if other.parent_id == referral.pk and other.link == "refer_back":
            raise _second(other)
    for other in found:
        raise rules.duplicate_of(other, actor)


def _department_at(receiver, referral):
    """Where the sender's department is unknown or takes none, its first department that does."""
    if receiver.pk == referral.sender_id and referral.sender_department:
        return referral.sender_department
    found = receiver.departments.filter(active=True, takes_referrals=True).order_by("pk").first()
    if found is None:
        raise Refused.of("/department", "none", _("该机构没有接收转诊的科室，请选择其他机构。"))
    return found


def _ends(referral) -> dict:
    names = ("patient", "receiver", "department", "direction")
    return {name: getattr(referral, name) for name in names}


def _content(referral) -> dict:
    return {name: getattr(referral, name) for name in CONTENT_FIELDS}


def _from_stay(referral) -> dict:
    """Downward: what the stay found becomes the letter; before it is concluded the doctor writes it."""
    taken = {name: getattr(referral, name) for name in CARRIED_BACK}
    taken |= {"insurance": carried(referral.insurance)}
    taken |= {"kind": "follow_up", "urgency": "routine", "reason": "stable_step_down"}
    taken["purpose"] = str(_("继续治疗、康复和随访"))
    summary = getattr(referral, "summary", None)
    if summary is None:
        return taken | {"diagnoses": referral.diagnoses, "history": referral.history}
    return taken | {
        "diagnoses": summary.diagnoses,
        "history": referral.history,
        "treatment": summary.treatment,
        "plan": summary.advice,
        "medications": summary.medications,
        "follow_up_on": summary.follow_up_on,
    }
