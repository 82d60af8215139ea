"""What a new form can take from what is known of the patient, so that nobody types it again."""

from dataclasses import dataclass, field

from referrals.models import Referral
from referrals.parties import is_party

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
    source = next((one for one in earlier if _tells(one, actor)), None)
    if source:
        content |= {name: getattr(source, name) for name in TAKEN_OVER if getattr(source, name)}
    return Known(content, source)


def _tells(referral, actor) -> bool:
    """Only the institution's own ones, in or out: what it has read or written itself."""
    written = any(getattr(referral, name) for name in TAKEN_OVER)
    return written and is_party(referral, actor) and referral.status != "void"
