"""What the parties see of the patient's own side: his word that he cannot come, and how his link is used."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max, Q

from referrals.models import PatientLink, PatientWord


@dataclass(frozen=True)
class PatientSide:
    """`opened` of the `living` links have been opened, last at `opened_at`. `may` also end them."""

    living: int
    opened: int
    opened_at: datetime | None
    no_sms: bool
    may: bool


def patient_side_of(referral, actor) -> dict:
    """Context of parts/patient_word.html and parts/patient_side.html.

    Two queries, more where he has spoken or it goes on from another.
    """
    declined = PatientWord.objects.standing().filter(referral=referral).first() if referral.declined_at else None
    if not settings.PATIENTS_URL:
        return {"declined": declined}
    links = PatientLink.objects.opening(referral)
    used = links.aggregate(living=Count("pk"), opened=Count("pk", filter=Q(opened__gt=0)), at=Max("opened_at"))
    side = PatientSide(
        living=used["living"],
        opened=used["opened"],
        opened_at=used["at"],
        no_sms=referral.no_sms,
        may=actor.may("referral.send"),
    )
    return {"declined": declined, "patient_side": side}
