"""What a new form can take from what is known of the patient, so that nobody types it again."""

from dataclasses import dataclass, field

from django.db.models import Q

from referrals.models import Referral

ELDERLY_FROM = 65
TAKEN_OVER = ("past_history", "allergies")


@dataclass(frozen=True)
class Known:
    """`content` are fields of `referrals.content`; `source` is the referral from which the history was taken."""

    content: dict = field(default_factory=dict)
    source: Referral | None = None


def known_of(actor, patient) -> Known:
    """For a page that has opened the record. One query."""
    content = {"insurance": {"kind": patient.insurance_kind}} if patient.insurance_kind else {}
    if (patient.age or 0) >= ELDERLY_FROM:
        content["priority"] = ["elderly"]
    source = _last_with_history(actor, patient)
    if source:
        content |= {name: getattr(source, name) for name in TAKEN_OVER if getattr(source, name)}
    return Known(content, source)


def _last_with_history(actor, patient) -> Referral | None:
    """Of the institution's own ones, in or out: what it has read or written itself."""
    party = Q(sender_id=actor.institution_id) | Q(receiver_id=actor.institution_id)
    rows = Referral.objects.visible_to(actor).filter(party, patient__person_id=patient.person_id)
    rows = rows.exclude(submitted_at=None).exclude(past_history="", allergies=[]).exclude(status="void")
    return rows.order_by("-created_at", "-pk").first()
