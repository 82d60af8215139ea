"""What can be chosen in a move: the institutions relations allow, their departments, the bookable places."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from institutions.models import Capacity, Department, Institution, Relation
from referrals import codes

DAYS_SHOWN = 28
BEDS_FIRST = {"inpatient", "rehabilitation"}
# fmt: off
WEEKDAYS = (
    noop("周一"), noop("周二"), noop("周三"), noop("周四"), noop("周五"), noop("周六"), noop("周日"),
)
# fmt: on


@dataclass(frozen=True)
class Place:
    """A session or a day's beds with places left for referrals now."""

    id: int
    label: str
    free: int
    release: str
    few: bool


@dataclass(frozen=True)
class Day:
    """The places of one day; `wished` where it lies in the window the sender asked for, `unwished` outside of one."""

    date: date
    words: str
    wished: bool
    unwished: bool
    places: list[Place]


def destinations(referral, actor, verb: str) -> dict[Institution, list[Department]]:
    """Institutions this referral may go on to, with their departments that take referrals. Two queries.

    Diverting is the original sender's; whoever forwards or refers back does so to whom he himself may refer.
    """
    start = referral.sender_id if verb == "divert" else referral.receiver_id
    relations = Relation.objects.open().filter(sender_id=start)
    if verb == "refer_back":
        relations = relations.filter(direction="down")
    reachable = Institution.objects.visible_to(actor).filter(pk__in=relations.values("receiver_id"), active=True)
    parties = [start] if verb == "refer_back" else [referral.sender_id, referral.receiver_id]
    houses = reachable.exclude(pk__in=parties).order_by("name", "id")
    found = {house: [] for house in houses}
    by_id = {house.pk: house for house in found}
    for department in Department.objects.receiving().filter(institution_id__in=by_id).order_by("name", "id"):
        found[by_id[department.institution_id]].append(department)
    return {house: departments for house, departments in found.items() if departments}


def other_departments(referral) -> list[Department]:
    """Where a referral can be redirected inside the receiver's house."""
    rows = Department.objects.receiving().filter(institution_id=referral.receiver_id)
    return list(rows.exclude(pk=referral.department_id).order_by("name", "id"))


def bookable_days(referral) -> list[Day]:
    """The free places of the department in the next weeks that fit the referral, by day; beds first for who stays."""
    now = timezone.now()
    today = timezone.localdate(now)
    rows = Capacity.objects.bookable(referral.department_id, today, today + timedelta(days=DAYS_SHOWN), now)
    first = "bed" if referral.kind in BEDS_FIRST else "slot"
    days: dict[date, list[Place]] = {}
    fit = [row for row in rows if row.kind in codes.PLACES_FOR[referral.kind]]
    for row in sorted(fit, key=lambda row: (row.date, row.kind != first)):
        days.setdefault(row.date, []).append(_place(row, now))
    return [_day(referral, day, today, places) for day, places in days.items()]


def _day(referral, day: date, today: date, places: list[Place]) -> Day:
    wished = _wished(referral, day)
    asked = bool(referral.preferred_from or referral.preferred_to)
    return Day(day, _day_words(day, today), wished, asked and not wished, places)


def _place(row, now) -> Place:
    session = row.get_kind_display() if row.kind == "bed" else row.get_session_display()
    release = ""
    if row.release_at > now:
        release = _("%(at)s 起向公众开放") % {"at": date_format(timezone.localtime(row.release_at), "m-d H:i")}
    return Place(id=row.pk, label=str(session), free=row.free_places, release=release, few=row.free_places <= 1)


def _day_words(day: date, today: date) -> str:
    names = {0: _("今天"), 1: _("明天")}
    return f"{date_format(day, 'm-d')} {names.get((day - today).days) or _(WEEKDAYS[day.weekday()])}"


def _wished(referral, day: date) -> bool:
    first, last = referral.preferred_from, referral.preferred_to
    return bool(first or last) and (first is None or first <= day) and (last is None or day <= last)
