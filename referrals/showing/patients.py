"""The patient of a referral for the card on its page."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.codes import IdentifierType, InsuranceKind, Sex
from referrals.presenting import patient_shown
from toolkit.identifiers import masks

LABELS = {
    "name": gettext_lazy("姓名"),
    "identifiers": gettext_lazy("证件号"),
    "birth_date": gettext_lazy("出生日期"),
    "phone": gettext_lazy("电话"),
    "address": gettext_lazy("住址"),
    "next_of_kin": gettext_lazy("联系人"),
}
"""What can be revealed (`records.actions.reveal`), in the order it is offered."""


def card_of(referral, actor, *, opened: bool) -> dict:
    """Context of partials/patient_card.html: name and telephone for the parties of a live referral, else masks.

    Of the number only the end: who must have it says why and reveals it.
    """
    shown = patient_shown(referral, actor, opened=opened, numbers=False)
    return {
        "id": shown["id"],
        "name": shown["name"],
        "sex_label": Sex(shown["sex"]).label,
        "age": shown["age_words"],
        "number": _("尾号 %(last4)s") % {"last4": shown["last4"]} if shown["last4"] else "",
        "phone": shown["phone"],
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
