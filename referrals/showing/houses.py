"""A house one may refer to: how far, whom to call there, and when it is back at work."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from referrals.statuses import BEFORE_ARRIVAL


@dataclass(frozen=True)
class House:
    """One row of the choice."""

    code: str
    label: str
    department: str
    minutes: int | None
    on_platform: bool
    chosen: bool


def houses_of(choice) -> list[House]:
    """What can be chosen, the proposed one first; where it goes already stands there even if no way leads there now."""
    minutes = {way.receiver.pk: way.minutes for way in choice.ways}
    houses = [way.receiver for way in choice.ways]
    if choice.receiver and choice.receiver.pk not in minutes:
        houses.insert(0, choice.receiver)
    return [_house(house, minutes.get(house.pk), choice) for house in houses]


def _house(house, minutes, choice) -> House:
    chosen = house == choice.receiver
    department = choice.department.name if chosen and choice.department else ""
    return House(house.code, house.label, department, minutes, house.on_platform, chosen)


def lines_of(house, department=None, *, at_once=False) -> list[tuple[str, str]]:
    """Whom to call, first whom it concerns: by day the desk, at night or at once the department and the duty line."""
    known = {
        "department": (department.name, department.phone) if department else ("", ""),
        "desk": (_("双向转诊服务台"), house.desk_phone),
        "duty": (_("总值班"), house.duty_phone),
    }
    order = ("department", "duty", "desk") if at_once else ("desk", "department", "duty")
    return [known[name] for name in order if known[name][1]] or [known["desk"]]


@dataclass(frozen=True)
class Calls:
    """Numbers to press, in the order to try them, and when the house is back at work, "" while it is."""

    house: str
    lines: list[tuple[str, str]]
    note: str = ""


def calls_for(choice, *, green: bool, ask=True) -> Calls | None:
    """Whom to call where a form is going to send a patient. Two queries for the calendar, none without `ask`."""
    house = choice.receiver
    if house is None:
        return None
    note = closed_words(house) if ask and not green else ""
    return Calls(house.label, lines_of(house, choice.department, at_once=green or bool(note)), note)


def calls_of(referral, actor) -> Calls | None:
    """For the parties of an emergency that has not arrived yet: the other side's numbers, the nearest first."""
    if not (referral.is_emergency and referral.submitted_at and referral.status in BEFORE_ARRIVAL):
        return None
    if actor.institution_id == referral.sender_id:
        return Calls(referral.receiver.label, lines_of(referral.receiver, referral.department, at_once=True))
    if actor.institution_id == referral.receiver_id:
        author = [(referral.author_name, referral.author_phone)] if referral.author_phone else []
        return Calls(referral.sender.label, author + lines_of(referral.sender, at_once=True))
    return None


def closed_words(house) -> str:
    """Outside working hours when it opens again; "" while it is open, and of a house that is called anyhow."""
    now = timezone.now()
    calendar = house.calendar()
    if not house.on_platform or calendar.is_open(now):
        return ""
    opens = timezone.localtime(calendar.next_opening(now))
    return _("现在是非工作时间，%(at)s 上班；急事请打总值班电话。") % {"at": f"{opens:%m-%d %H:%M}"}
