"""Each suggested destination for a specialty, with every reason a figure of its own, in one stable order.

There is no score. The destinations are compared by the first reason, equal ones by the next, and what is equal in all
of them by its codes, so that the same question has the same answer whatever the database does.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Min, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import DutyShift
from institutions.models import Capacity, Department, Institution
from referrals import codes
from referrals.models import Referral, WaitingTime
from referrals.waiting import CARE, STALE_AFTER
from referrals.ways import Way, Ways

DAYS_AHEAD = 14
WITHOUT_PLACE = "follow_up"


@dataclass(frozen=True)
class Places:
    """What a department can still give to referrals from today on for `DAYS_AHEAD` days, by `institutions.Capacity`.

    `kind` is slot or bed, "" where none is needed; `published` whether it offers any to the platform at all.
    """

    kind: str = ""
    published: bool = False
    free: int = 0
    first: date | None = None


@dataclass(frozen=True)
class Wait:
    """`state`: "known", "too_few", or "none" where nobody waits (emergencies, follow-up at home).

    `stale`: computed longer ago than `referrals.waiting.STALE_AFTER`; it is shown with its age and orders nothing.
    """

    state: str
    minutes: int | None = None
    sample: int | None = None
    window_days: int | None = None
    computed_at: datetime | None = None
    stale: bool = False


@dataclass(frozen=True)
class Presence:
    """Whether somebody there answers now, by opening hours or by the roster; otherwise when they open next."""

    at_work: bool
    back_at: datetime | None


@dataclass(frozen=True)
class Suggestion:
    """One department one may refer to. `last_on` is when this patient was last sent there, as far as one may know."""

    way: Way
    department: Department
    places: Places
    wait: Wait
    presence: Presence
    last_on: date | None = None

    @property
    def receiver(self) -> Institution:
        return self.way.receiver

    @property
    def phone(self) -> str:
        """Whom to call now: the desk while somebody is there, else the duty line."""
        lines = (self.receiver.desk_phone, self.receiver.duty_phone)
        return next(filter(None, lines if self.presence.at_work else reversed(lines)), self.department.phone)


@dataclass(frozen=True)
class Reason:
    """One thing destinations are compared by; the lower `rank` stands first, what is not known last."""

    code: str
    words: str
    rank: Callable[[Suggestion], tuple]


def _known(value) -> tuple:
    return (value is None, value if value is not None else 0)


DIRECTION = Reason("direction", _("方向"), lambda one: (list(codes.DIRECTIONS).index(one.way.direction),))
FIRST_FREE = Reason(
    "first_free", _("最早有空位"), lambda one: _known(one.places.first and one.places.first.toordinal())
)
CORE = Reason("core", _("牵头医院"), lambda one: (not one.way.core,))
WAITING = Reason("waiting", _("等候时间短"), lambda one: _known(None if one.wait.stale else one.wait.minutes))
TRAVEL = Reason("travel", _("路程近"), lambda one: _known(one.way.minutes))
LEVEL = Reason("level", _("机构等级高"), lambda one: (-one.receiver.tier,))

ORDER = (DIRECTION, FIRST_FREE, CORE, WAITING, TRAVEL, LEVEL)
IN_EMERGENCY = (DIRECTION, TRAVEL, CORE, LEVEL)
"""Nobody waits for a place in an emergency: the nearest comes first."""


def order_for(urgency: str) -> tuple[Reason, ...]:
    return IN_EMERGENCY if urgency == "emergency" else ORDER


def arranged(suggestions: Iterable[Suggestion], urgency: str = "routine") -> list[Suggestion]:
    """In the order of `order_for`, however they came."""
    order = order_for(urgency)
    return sorted(suggestions, key=lambda one: (*(reason.rank(one) for reason in order), *_code(one)))


def _code(one: Suggestion) -> tuple:
    return (one.receiver.code, one.department.code, one.way.direction)


def suggest(
    ways: Ways, *, specialty: str, direction="", kind="outpatient", urgency="routine", earlier: Iterable[Referral] = ()
) -> list[Suggestion]:
    """Every department of the specialty (`institutions.specialties`) to which these ways lead now.

    `direction` "" means all. `earlier` are referrals of the patient (`referrals.standing.earlier_of`). Seven queries at
    most with those of `ways`, however many there are.
    """
    rooms = [room for room in ways.rooms if room.specialty == specialty]
    open_ones = [way for way in ways.all if direction in ("", way.direction)]
    pairs = [(way, room) for way in open_ones for room in rooms if room.institution_id == way.receiver.pk]
    if not pairs:
        return []
    found = _Figures(ways.actor, [room for _way, room in pairs], kind, urgency)
    last = _last_days(earlier)
    suggestions = (
        Suggestion(way, room, found.places(room), found.wait(room), found.presence(room), last.get(room.pk))
        for way, room in pairs
    )
    return arranged(suggestions, urgency)


def _last_days(earlier: Iterable[Referral]) -> dict[int, date]:
    """Department → the day the patient was last sent there; `earlier` begins with the newest."""
    days: dict[int, date] = {}
    for referral in earlier:
        if referral.status != "void":
            days.setdefault(referral.department_id, timezone.localdate(referral.submitted_at))
    return days


class _Figures:
    """What is known of several departments now, asked for all of them at once. Five queries."""

    def __init__(self, actor, rooms: list[Department], kind: str, urgency: str):
        self.now, self.urgency = timezone.now(), urgency
        self.kind = "" if kind == WITHOUT_PLACE else codes.PLACES_FOR[kind][0]
        self.waits_for = "" if urgency == "emergency" else CARE.get(kind, "")
        houses = {room.institution_id: room.institution for room in rooms}
        Institution.prepare_calendars(houses.values())
        self._places = self._find_places(actor, rooms) if self.kind else {}
        self._waits = self._find_waits(rooms) if self.waits_for else {}
        self._on_duty = self._find_on_duty(houses)

    def places(self, room: Department) -> Places:
        row = self._places.get(room.pk)
        if row is None:
            return Places(self.kind)
        return Places(self.kind, True, row["free"], row["first"])

    def wait(self, room: Department) -> Wait:
        row = self._waits.get(room.pk)
        if row is None:
            return Wait("too_few" if self.waits_for else "none")
        stale = row.computed_at < self.now - STALE_AFTER
        return Wait("known", row.median_minutes, row.sample, row.window_days, row.computed_at, stale)

    def presence(self, room: Department) -> Presence:
        calendar = room.institution.calendar()
        on_duty = {(room.institution_id, None), (room.institution_id, room.pk)} & self._on_duty
        at_work = bool(on_duty) or calendar.is_open(self.now)
        return Presence(at_work, None if at_work else calendar.next_opening(self.now))

    def _find_places(self, actor, rooms) -> dict:
        today = timezone.localdate(self.now)
        rows = Capacity.objects.visible_to(actor).with_free(self.now).filter(
            department__in=rooms, kind=self.kind, date__gte=today, date__lt=today + timedelta(days=DAYS_AHEAD)
        )  # fmt: skip
        sums = rows.order_by().values("department_id")
        sums = sums.annotate(free=Sum("free_places"), first=Min("date", filter=Q(free_places__gt=0)))
        return {row["department_id"]: row for row in sums}

    def _find_waits(self, rooms) -> dict[int, WaitingTime]:
        rows = WaitingTime.objects.filter(department__in=rooms, care=self.waits_for, urgency=self.urgency)
        return {row.department_id: row for row in rows}

    def _find_on_duty(self, houses) -> set[tuple]:
        """(institution, None) for a desk, (institution, department) for a department."""
        shifts = DutyShift.objects.covering(self.now).filter(institution_id__in=houses).order_by()
        shifts = shifts.filter(kind__in=(DutyShift.Kind.DESK, DutyShift.Kind.DEPARTMENT))
        return set(shifts.values_list("institution_id", "department_id"))
