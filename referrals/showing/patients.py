"""The patient of a referral for the card on its page."""

from django.utils.translation import gettext_lazy as _

from records.codes import IdentifierType, InsuranceKind, Sex
from referrals.presenting import patient_shown
from toolkit.identifiers import masks

LABELS = {
    "name": _("姓名"),
    "identifiers": _("证件号"),
    "birth_date": _("出生日期"),
    "phone": _("电话"),
    "address": _("住址"),
    "next_of_kin": _("联系人"),
}
"""What can be revealed (`records.actions.reveal`), in the order it is offered."""


def card_of(referral, actor, *, opened: bool) -> dict:
    """Context of partials/patient_card.html: name and telephone for the parties of a live referral, else masks."""
    shown = patient_shown(referral, actor) if opened else referral.patient.masked()
    number = next(iter(shown["identifiers"]), None)
    return {
        "id": shown["id"],
        "name": shown["name"],
        "sex_label": Sex(shown["sex"]).label,
        "age": shown["age_words"],
        "number": number["value"] if number else "",
        "number_type": IdentifierType(number["type"]).label if number else "",
        "phone": shown["phone"],
        "address": shown["address"],
        "insurance": InsuranceKind(shown["insurance_kind"]).label if shown["insurance_kind"] else "",
        "next_of_kin": shown["next_of_kin"],
    }


def revealed_words(values: dict) -> list[tuple[str, str]]:
    """What `records.actions.reveal` answered, as (label, words) for people."""
    return [(LABELS[name], _words(name, value)) for name, value in values.items()]


def _words(name: str, value) -> str:
    if not value:
        return "—"
    if name == "identifiers":
        return "\n".join(f"{IdentifierType(each['type']).label} {each['value']}" for each in value)
    if name == "next_of_kin":
        return " ".join(str(value[key]) for key in ("name", "relation", "phone") if value.get(key))
    return str(value)


def masked_name(patient) -> str:
    return patient.name if patient.unknown else masks.mask_name(patient.name)
