"""What already runs for a patient, said before a form is filled: the live one, and the last to a specialty.

The parties see the live referral with its number; everybody else hears only the sentence that there is one.
"""

from dataclasses import dataclass, field

from referrals import rules
from referrals.models import Referral
from referrals.statuses import HOLDING

MOST = 50


@dataclass(frozen=True)
class Standing:
    """`live` are those the actor is a party of; `refusal` says why a new one to this specialty cannot be sent, and
    `rival` is the one in the way where the actor may see it."""

    live: list[Referral] = field(default_factory=list)
    refusal: str = ""
    rival: Referral | None = None
    last: Referral | None = None
    superseded: bool = False

    @property
    def runs(self) -> bool:
        """Whether it tells that something runs: the patient's record says so, and who learns it is on record."""
        return bool(self.live or self.refusal or self.superseded)


def earlier_of(actor, patient) -> list[Referral]:
    """What the actor may see of this person's referrals that were sent, the newest first. One query."""
    rows = Referral.objects.visible_to(actor).filter(patient__person_id=patient.person_id)
    rows = rows.exclude(submitted_at=None).select_related("receiver", "department")
    return list(rows.order_by("-created_at", "-pk")[:MOST])


def standing(earlier, actor, patient, *, department=None, direction="", emergency=False, but=None) -> Standing:
    """`earlier` is what `earlier_of` found; two queries more at most, where there is a department.

    `but` is the referral being written: what belongs to its journey stands in nobody's way.
    """
    others = [one for one in earlier if but is None or one.journey != but.journey]
    live = [one for one in others if one.status in HOLDING]
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
    over = (one for one in others if one.status not in HOLDING and one.specialty == department.specialty)
    return Standing(
        [one for one in live if not (stands and one.pk == rival.pk)],
        refusal=str(rules.duplicate_of(rival, actor)) if stands else "",
        rival=next((one for one in live if stands and one.pk == rival.pk), None),
        last=next(over, None),
        superseded=superseded,
    )
