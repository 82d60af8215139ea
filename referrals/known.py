"""What a new form can take from what is known of the patient, so that nobody types it again."""

from dataclasses import dataclass, field

from records.access import bases_for
from records.codes import Basis
from referrals.models import Referral
from referrals.parties import may_read

ELDERLY_FROM = 65
TAKEN_OVER = ("past_history", "allergies")


@dataclass(frozen=True)
class Known:
    """`content` are fields of `referrals.content`; `source` is the referral from which the history was taken."""

    content: dict = field(default_factory=dict)
    source: Referral | None = None


def known_of(earlier: list[Referral], actor, patient) -> Known:
    """For a page that has opened the record; `earlier` is what `referrals.standing.earlier_of` found."""
    content = {"insurance": {"kind": patient.insurance_kind}} if patient.insurance_kind else {}
    if (patient.age or 0) >= ELDERLY_FROM:
        content["priority"] = ["elderly"]
    source = next(_open_ones(earlier, actor, patient), None)
    if source:
        content |= {name: getattr(source, name) for name in TAKEN_OVER if getattr(source, name)}
    return Known(content, source)


def _open_ones(earlier, actor, patient):
    """Only the institution's own ones, in or out: what it has written itself, or may still read. One query more."""
    granted = None
    for referral in earlier:
        written = any(getattr(referral, name) for name in TAKEN_OVER)
        if not written or referral.status == "void" or not may_read(referral, actor):
            continue
        kept_here = referral.patient_id == patient.pk and patient.institution_id == actor.institution_id
        own = kept_here or referral.sender_id == actor.institution_id
        if not own and granted is None:
            granted = bool({*bases_for(actor, patient.person)} - {Basis.REGISTRATION.value})
        if own or granted:
            yield referral
