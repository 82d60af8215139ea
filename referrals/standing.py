"""What already runs for a patient, said before a form is filled: the live one, and the last to a specialty.

The parties see the live referral with its number; everybody else hears only the sentence that there is one.
"""

from dataclasses import dataclass, field

from referrals import rules
from referrals.models import Referral
from referrals.statuses import HOLDING


@dataclass(frozen=True)
class Standing:
    """`live` are those the actor is a party of; `refusal` says why a new one to this specialty cannot be sent, and
    `rival` is the one in the way where the actor may see it."""

    live: list[Referral] = field(default_factory=list)
    refusal: str = ""
    rival: Referral | None = None
    last: Referral | None = None
    superseded: bool = False


def standing(actor, patient, *, department=None, direction="", emergency=False, but=None) -> Standing:
    """Four queries at most. `but` is the referral being written; what belongs to its journey stands in nobody's way."""
    visible = Referral.objects.visible_to(actor).filter(patient__person_id=patient.person_id)
    visible = visible.exclude(journey=but.journey if but else None).exclude(submitted_at=None).with_parties()
    live = list(visible.filter(status__in=HOLDING).order_by("-created_at", "-pk")[:5])
    if department is None:
        return Standing(live)
    wanted = Referral(
        pk=but.pk if but else None,
        patient=patient,
        specialty=department.specialty,
        direction=direction,
        urgency="emergency" if emergency else "routine",
    )
    rival = rules.others_holding(wanted).order_by("pk").first()
    superseded = rival is not None and rules.superseded_by(wanted, rival)
    stands = rival is not None and not superseded
    last = visible.filter(specialty=department.specialty).exclude(status__in=HOLDING)
    return Standing(
        [one for one in live if not (stands and one.pk == rival.pk)],
        refusal=str(rules.duplicate_of(rival, actor)) if stands else "",
        rival=next((one for one in live if stands and one.pk == rival.pk), None),
        last=last.order_by("-created_at", "-pk").first(),
        superseded=superseded,
    )
