"""A house one may refer to: how far, whom to call there, and when it is back at work."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from institutions.models import Institution


@dataclass(frozen=True)
class House:
    """`lines` are (whose, number) with at least one; `note` says when it opens again, "" while it is open."""

    code: str
    label: str
    department: str
    minutes: int | None
    on_platform: bool
    lines: list[tuple[str, str]]
    note: str
    chosen: bool


def houses_of(ways, choice, *, green: bool) -> list[House]:
    """What can be chosen, the proposed one first; where it goes already stands there even if no way leads there now."""
    minutes = {way.receiver.pk: way.minutes for way in ways}
    houses = [way.receiver for way in ways]
    if choice.receiver and choice.receiver.pk not in minutes:
        houses.insert(0, choice.receiver)
    Institution.prepare_calendars(houses)
    return [_house(house, minutes.get(house.pk), choice, green) for house in houses]


def _house(house, minutes, choice, green) -> House:
    chosen = house == choice.receiver
    department = choice.department if chosen else None
    return House(
        code=house.code,
        label=house.label,
        department=department.name if department else "",
        minutes=minutes,
        on_platform=house.on_platform,
        lines=lines_of(house, department, at_once=green),
        note="" if green else closed_words(house),
        chosen=chosen,
    )


def lines_of(house, department=None, *, at_once=False) -> list[tuple[str, str]]:
    """Whom to call, first whom it concerns: by day the desk, in an emergency the department and the duty line."""
    known = {
        "department": (_("科室"), department.phone if department else ""),
        "desk": (_("双向转诊服务台"), house.desk_phone),
        "duty": (_("总值班"), house.duty_phone),
    }
    order = ("department", "duty", "desk") if at_once or closed_words(house) else ("desk", "department", "duty")
    return [known[name] for name in order if known[name][1]] or [known["desk"]]


def closed_words(house) -> str:
    """Outside working hours when it opens again; "" while it is open, and of a house that is called anyhow."""
    now = timezone.now()
    calendar = house.calendar()
    if not house.on_platform or calendar.is_open(now):
        return ""
    opens = timezone.localtime(calendar.next_opening(now))
    return _("现在是非工作时间，%(at)s 上班；急事请打总值班电话。") % {"at": f"{opens:%m-%d %H:%M}"}
