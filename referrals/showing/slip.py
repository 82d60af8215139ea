"""The paper: the national two-way referral form as plain words, for whoever prints it.

National standard of basic public health services, third edition: stub and letter out (存根, 转出单), stub and letter
back (存根, 回转单). A downward referral is a letter back; so is the return summary of a stay that has ended.
"""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from records.codes import IdentifierType, Owner, Sex
from records.masking import numbers_of
from referrals import codes, limits
from referrals.marks import barcode, qr_code
from referrals.presenting import patient_shown
from referrals.proposing import indications_of
from referrals.showing.bookings import appointment_words
from referrals.showing.indications import slip_words
from referrals.showing.insurance import certificate_words, deductible_words, kind_words
from referrals.showing.sheet import consent_words, medication_rows, vitals_words
from referrals.showing.times import times_in_words
from referrals.statuses import STATUS_LABELS
from toolkit.identifiers.masks import STAR, mask_number_strictly
from toolkit.words import explained, listed, phrased


@dataclass(frozen=True)
class Ends:
    """Who writes to whom."""

    sender: str
    sender_department: str
    receiver: str
    department: str
    doctor: str
    phone: str
    desk_phone: str
    day: date | None


@dataclass(frozen=True)
class Slip:
    """One sheet. `particulars` are short (label, words); `letter` the long fields in the familiar order."""

    back: bool
    mark: str
    number: str
    barcode: str
    qr_code: str
    patient: dict
    stub: dict
    ends: Ends
    particulars: list[tuple[str, str]] = field(default_factory=list)
    letter: list[tuple[str, str]] = field(default_factory=list)
    medications: list[dict] = field(default_factory=list)
    valid: tuple[date, date] | None = None
    desks: list[tuple[str, str]] = field(default_factory=list)


def slip_of(referral, actor, address: str = "") -> Slip:
    """The referral itself: a letter out, or downward a letter back. `address` is the patient's own link, if any.

    With one the paper keeps to itself what the link's question asks for (`referrals.proving`).
    """
    back = referral.direction == "down"
    return Slip(
        back=back,
        ends=_ends(referral),
        particulars=_record_number(referral, actor, back) + _particulars(referral, actor, address),
        letter=_letter_back(referral) if back else _letter_out(referral),
        medications=medication_rows(referral.medications),
        valid=_validity(referral),
        **_common(referral, actor, "mrn" if back else "health_record", address),
    )


def return_slip_of(referral, actor, address: str = "") -> Slip:
    """The letter back that answers an upward referral: its return summary."""
    summary = referral.summary
    return Slip(
        back=True,
        ends=Ends(
            sender=referral.receiver.name,
            sender_department=referral.department.name,
            receiver=referral.sender.name,
            department=referral.sender_department.name if referral.sender_department else "",
            doctor=summary.author_name,
            phone=referral.department.phone or referral.receiver.desk_phone,
            desk_phone=referral.receiver.desk_phone,
            day=timezone.localdate(summary.ended_at),
        ),
        particulars=[
            *_record_number(referral, actor, True),
            (_("转归"), summary.get_outcome_display()),
            *_stay_ended(referral, summary),
            *_identity(referral, actor, address),
        ],
        letter=_kept(
            (_("诊断结果"), diagnoses_words(summary.diagnoses)),
            (_("主要检查结果和治疗经过"), summary.treatment),
            (_("下一步治疗方案及康复建议"), summary.advice),
            (_("建议随访日期"), _day(summary.follow_up_on)),
        ),
        medications=medication_rows(summary.medications),
        **_common(referral, actor, "mrn", address),
    )


def _stay_ended(referral, summary) -> list[tuple[str, str]]:
    """Of a stay; what the summary says is true, whenever the discharge was registered."""
    if referral.discharged_at is None and referral.kind not in codes.INPATIENT:
        return []
    return [(_("出院时间"), date_format(timezone.localtime(summary.ended_at), "Y-m-d H:i"))]


def diagnoses_words(diagnoses: list) -> str:
    """The principal one first: 心绞痛（I20.900）；高血压病."""
    ordered = sorted(diagnoses, key=lambda row: not row.get("primary"))
    return phrased(explained(row["text"], row["code"]) if row.get("code") else row["text"] for row in ordered)


def person_of(referral, actor) -> dict:
    """The patient as a paper names him: in full to the house that registered him, also when all is over."""
    own = referral.patient.institution_id == actor.institution_id
    shown = referral.patient.shown_to(actor, "party") if own else patient_shown(referral, actor)
    return shown | {"sex_label": str(Sex(referral.patient.sex).label)}


def _common(referral, actor, record_type: str, address: str) -> dict:
    return {
        "mark": _mark(referral),
        "number": referral.number,
        "barcode": barcode(referral.number),
        "qr_code": qr_code(address) if address else "",
        "desks": [
            (house.label, house.desk_phone) for house in (referral.sender, referral.receiver) if house.desk_phone
        ],
        "patient": _silent_on_answers(referral, person_of(referral, actor)) if address else person_of(referral, actor),
        "stub": _stub(referral, actor, record_type),
    }


def _mark(referral) -> str:
    """What stands across a paper nobody may act on."""
    if referral.status in ("withdrawn", "void"):
        return str(referral.get_status_display())
    return "" if referral.submitted_at else str(STATUS_LABELS["draft"])


def _stub(referral, actor, record_type: str) -> dict:
    """What the writer's own archive needs. In full only where it is the own registration."""
    patient = referral.patient
    own = patient.institution_id == actor.institution_id
    shown = patient.shown_to(actor, "full") if own else patient.masked()
    numbers = [number["value"] for number in shown["identifiers"] if number["type"] == record_type]
    return {
        "label": _("病案号") if record_type == "mrn" else _("档案编号"),
        "number": numbers[0] if numbers else "",
        "address": shown["address"],
    }


def _ends(referral) -> Ends:
    sent = referral.submitted_at
    return Ends(
        sender=referral.sender.name,
        sender_department=referral.sender_department.name if referral.sender_department else "",
        receiver=referral.receiver.name,
        department=referral.department.name,
        doctor=referral.author_name,
        phone=referral.caller_phone or referral.author_phone,
        desk_phone=referral.sender.desk_phone,
        day=timezone.localdate(sent) if sent else None,
    )


def _particulars(referral, actor, address: str) -> list[tuple[str, str]]:
    channel = referral.get_green_channel_display() if referral.green_channel else ""
    urgency = _("绿色通道 · %(type)s") % {"type": channel} if channel else referral.get_urgency_display()
    return _kept(
        (_("转诊类型"), f"{referral.get_direction_display()} · {referral.get_kind_display()} · {urgency}"),
        (_("预约就诊"), _appointment(referral)),
        (_("急救时间"), times_in_words(referral)),
        *_identity(referral, actor, address),
        (_("转诊原因"), referral.get_reason_display()),
        (_("转诊目的"), referral.purpose),
        (_("转诊指征"), slip_words(indications_of(referral))),
        (_("医保说明"), deductible_words(referral)),
        (_("知情同意"), consent_words(referral.consent)),
    )


def _appointment(referral) -> str:
    held = getattr(referral, "held", None)
    if not held:
        return ""
    words = appointment_words(held, referral)
    return _("%(appointment)s；请携带%(bring)s") % {"appointment": words, "bring": held.bring} if held.bring else words


def _record_number(referral, actor, back: bool) -> list[tuple[str, str]]:
    """On a letter back, with room to write it by hand."""
    return [(_("住院病案号"), _stub(referral, actor, "mrn")["number"])] if back else []


def _identity(referral, actor, address: str) -> list[tuple[str, str]]:
    """Masked numbers identify without giving the number away."""
    shown = person_of(referral, actor)
    if address:
        shown = _silent_on_answers(referral, shown)
    number = _strongest(referral, shown, strictly=bool(address))
    kin = shown["next_of_kin"] or {}
    return _kept(
        (_("证件号码"), number),
        (_("费别"), kind_words({"kind": referral.patient.insurance_kind} | referral.insurance)),
        (_("医保备案"), certificate_words(referral.insurance)),
        (_("家属"), " ".join(filter(None, [kin.get("name"), kin.get("relation"), kin.get("phone")]))),
    )


def _silent_on_answers(referral, shown: dict) -> dict:
    """Whoever finds the paper finds its link too: of an unknown patient the telephones' ends are the answer."""
    if not referral.patient.unknown:
        return shown
    kin = shown["next_of_kin"]
    kin = kin and kin | {"phone": _without_end(kin.get("phone", ""))}
    return shown | {"phone": _without_end(shown["phone"]), "next_of_kin": kin}


def _without_end(phone: str) -> str:
    return phone[:3] + STAR * len(phone[3:]) if len(phone) >= 7 else STAR * len(phone)


def _strongest(referral, shown: dict, *, strictly: bool) -> str:
    own = [number for number in numbers_of(referral.patient) if number.owner == Owner.SELF and not number.history]
    if not own:
        return ""
    value = next(row["value"] for row in shown["identifiers"] if row["type"] == own[0].type)
    if strictly:
        value = mask_number_strictly(own[0].value)
    return f"{IdentifierType(own[0].type).label} {value}"


def _letter_out(referral) -> list[tuple[str, str]]:
    vitals = listed(f"{name} {reading}" for name, reading in vitals_words(referral.vitals))
    return _kept(
        (_("初步印象"), diagnoses_words(referral.diagnoses)),
        (_("主要现病史（转出原因）"), referral.history),
        (_("主要既往史"), referral.past_history),
        (_("过敏史"), listed(referral.allergies)),
        (_("生命体征"), vitals),
        (_("治疗经过"), referral.treatment),
        always=3,
    )


def _letter_back(referral) -> list[tuple[str, str]]:
    return _kept(
        (_("诊断结果"), diagnoses_words(referral.diagnoses)),
        (_("主要检查结果和治疗经过"), referral.treatment),
        (_("下一步治疗方案及康复建议"), referral.plan),
        (_("随访日期"), _day(referral.follow_up_on)),
        (_("主要现病史"), referral.history),
        (_("主要既往史"), referral.past_history),
        (_("过敏史"), listed(referral.allergies)),
        always=3,
    )


def _validity(referral) -> tuple[date, date] | None:
    sent = referral.submitted_at
    if sent is None or _mark(referral):
        return None
    return (timezone.localdate(sent), timezone.localdate(sent + limits.SLIP_VALID))


def _kept(*rows: tuple[str, str], always: int = 0) -> list[tuple[str, str]]:
    """The rows with something in them; the first `always` stay, with room to write by hand."""
    return [(str(label), str(words)) for at, (label, words) in enumerate(rows) if words or at < always]


def _day(day: date | None) -> str:
    return date_format(day, "Y-m-d") if day else ""
