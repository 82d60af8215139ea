"""The patient's page as data: where, when, what to bring, how it stands, whom to call. Masked, nothing clinical."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from referrals.actions.patient_words import is_changeable
from referrals.models import PatientRating, PatientWord
from referrals.showing.bookings import hour_words
from referrals.showing.patient_words import PREPARED, state_words
from referrals.showing.patients import masked_name
from referrals.statuses import DECLINABLE, RATEABLE

PLACED = (*DECLINABLE, "in_transit", "arrived")
"""Where somebody waits for the patient: only then a place is named as his."""


@dataclass(frozen=True)
class Desk:
    """Whom to call."""

    role: str
    name: str
    phone: str


@dataclass(frozen=True)
class PatientPage:
    """What parts of `patient/page.html` show; empty is left out."""

    name: str
    now: str
    next: str
    look: str
    house: str
    address: str
    department: str
    place: str
    when: str
    bring: list[str]
    desks: list[Desk]
    word: PatientWord | None
    rating: PatientRating | None
    may_decline: bool
    may_rate: bool
    may_be_written_to: bool
    gone: bool


def page_of(referral) -> PatientPage:
    """Needs sender, receiver, department and patient; asks for place, word and rating."""
    gone = is_over_by_death(referral)
    now, coming, look = state_words(referral, "died" if gone else referral.status)
    booking = referral.place_held() if referral.status in PLACED else None
    expected = referral.status in PLACED
    rating = PatientRating.objects.filter(referral=referral).first()
    return PatientPage(
        name=masked_name(referral.patient),
        now=now,
        next=coming,
        look=look,
        house=referral.receiver.name if expected else "",
        address=referral.receiver.address if expected else "",
        department=referral.department.name if expected else "",
        place=booking.place if booking else "",
        when=when_words(booking) if booking else "",
        bring=bring_words(booking) if expected and referral.status != "arrived" else [],
        desks=_desks(referral),
        word=PatientWord.objects.standing().filter(referral=referral).first(),
        rating=rating,
        may_decline=referral.status in DECLINABLE,
        may_rate=not gone and (is_changeable(rating, timezone.now()) if rating else referral.status in RATEABLE),
        may_be_written_to=not gone and referral.is_live and bool(referral.patient.phone),
        gone=gone,
    )


def is_over_by_death(referral) -> bool:
    """Whether the patient has died, as a move or as the end of his stay: the page speaks to the family then."""
    summary = getattr(referral, "summary", None)
    return referral.status == "died" or bool(summary and not summary.withdrawn_at and summary.outcome == "died")


def when_words(booking) -> str:
    """ "2026年3月12日 星期四 上午", with the hour where one was appointed."""
    day = date_format(booking.date, "DATE_FORMAT")
    return " ".join(filter(None, [day, date_format(booking.date, "l"), hour_words(booking)]))


def bring_words(booking) -> list[str]:
    """What everybody brings, and in its own words what this place asks for besides."""
    own = booking.bring.strip() if booking else ""
    return [*map(_, PREPARED), *([own] if own else [])]


def _desks(referral) -> list[Desk]:
    """The receiver first while he is awaited there; each by its desk, else its duty line."""
    receiver = _desk(_("要去的地方") if referral.status in PLACED else _("转诊去的地方"), referral.receiver)
    sender = _desk(_("为您转诊的地方"), referral.sender)
    sent = referral.submitted_at is not None
    return [each for each in ((receiver, sender) if sent else (sender,)) if each.phone]


def _desk(role: str, house) -> Desk:
    return Desk(role=role, name=house.label, phone=house.desk_phone or house.duty_phone)
