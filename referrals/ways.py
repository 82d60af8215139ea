"""Where an actor may refer to: what the relations allow today, nearest first, and what a new form proposes."""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Exists, OuterRef

from institutions.models import Department, Institution, Member, Relation
from institutions.specialties import SPECIALTIES
from referrals import codes

FAR = 24 * 60
NEARBY = "general_practice"
EMERGENCY = "emergency"


@dataclass(frozen=True)
class Way:
    """One open relation of the actor's institution; `minutes` by road, None where nobody has said.

    `direct`: exactly one tier lies between the two, so that nobody in between is skipped.
    """

    direction: str
    receiver: Institution
    core: bool
    minutes: int | None
    direct: bool = False


@dataclass(frozen=True)
class Choice:
    """What stands in the form: the chosen ones, and what could be chosen instead.

    `specialty` is what suggestions are asked for; it decides nothing by itself.
    """

    direction: str = ""
    receiver: Institution | None = None
    department: Department | None = None
    directions: list[str] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    departments: list[Department] = field(default_factory=list)
    specialty: str = ""
    specialties: list[tuple] = field(default_factory=list)

    @property
    def offered(self) -> list[tuple[str, str]]:
        """The directions with their words."""
        return [(direction, codes.DIRECTIONS[direction]) for direction in self.directions]

    def codes(self) -> dict:
        """As the fields of a form."""
        return {
            "direction": self.direction,
            "receiver": self.receiver.code if self.receiver else "",
            "department": self.department.code if self.department else "",
        }


class Ways:
    """The open relations of one actor, and the departments they lead to. One query each."""

    def __init__(self, actor):
        self.actor = actor

    @cached_property
    def all(self) -> list[Way]:
        core = Member.objects.current().filter(
            institution_id=OuterRef("receiver_id"), consortium_id=OuterRef("consortium_id"), role=Member.Role.CORE
        )
        rows = Relation.objects.visible_to(self.actor).open().filter(sender_id=self.actor.institution_id)
        rows = rows.annotate(core=Exists(core)).select_related("sender", "receiver").order_by("pk")
        return sorted(map(_way, rows), key=_order)

    @property
    def directions(self) -> list[str]:
        open_ones = {way.direction for way in self.all}
        return [direction for direction in codes.DIRECTIONS if direction in open_ones]

    @cached_property
    def rooms(self) -> list[Department]:
        """Every department that takes referrals there, by name; each knows its institution."""
        houses = {way.receiver.pk: way.receiver for way in self.all}
        rooms = list(Department.objects.receiving().filter(institution_id__in=houses).order_by("name", "pk"))
        for room in rooms:
            room.institution = houses[room.institution_id]
        return rooms

    def choose(self, *, direction="", receiver="", department="", specialty="", green=False) -> Choice:
        """Complete what was chosen (codes, any may be empty or no longer possible) by the nearest that fits."""
        if green and not department:
            nearest = self._emergency()
            if nearest and receiver in ("", nearest.institution.code):
                return self._choice(_direction_to(self.all, nearest.institution), nearest.institution, nearest.code)
        if direction not in self.directions:
            direction = self.directions[0] if self.directions else ""
        houses = [way.receiver for way in self.all if way.direction == direction]
        house = next((house for house in houses if house.code == receiver), houses[0] if houses else None)
        return self._choice(direction, house, department, specialty)

    def nearby(self, *, receiver="", green=False) -> Choice:
        """For who chooses no department, upward: the own township first, in an emergency the nearest emergency room.

        Only houses in which there is somebody to receive; one query more than `all`.
        """
        rooms = self._rooms_upward()
        ways = sorted((way for way in self.all if way.receiver.pk in rooms and way.direction == "up"), key=_homeward)
        if green:
            emergency = next((way.receiver.pk for way in self.all if _has_emergency(rooms.get(way.receiver.pk))), None)
            ways.sort(key=lambda way: way.receiver.pk != emergency)
        house = next(
            (way.receiver for way in ways if way.receiver.code == receiver), ways[0].receiver if ways else None
        )
        return Choice(
            direction="up" if house else "",
            receiver=house,
            department=_general(rooms[house.pk], green) if house else None,
            directions=["up"] if house else [],
            ways=ways,
            departments=rooms[house.pk] if house else [],
        )

    def _rooms_upward(self) -> dict[int, list[Department]]:
        """Institution id → its departments that take referrals, of the houses upward."""
        found: dict[int, list[Department]] = {}
        houses = {way.receiver.pk for way in self.all if way.direction == "up"}
        for room in (room for room in self.rooms if room.institution_id in houses):
            found.setdefault(room.institution_id, []).append(room)
        return found

    def _choice(self, direction, house, department, specialty="") -> Choice:
        ways = [way for way in self.all if way.direction == direction]
        rooms = [room for room in self.rooms if house and room.institution_id == house.pk]
        specialties = self._specialties({way.receiver.pk for way in ways})
        return Choice(
            direction=direction,
            receiver=house,
            department=_proposed(rooms, department, direction),
            directions=self.directions,
            ways=ways,
            departments=rooms,
            specialty=specialty if specialty in dict(specialties) else "",
            specialties=specialties,
        )

    def _specialties(self, houses: set[int]) -> list[tuple]:
        """What those houses take, in the order of the national list: (code, words)."""
        taken = {room.specialty for room in self.rooms if room.institution_id in houses}
        return [(code, words) for code, words in SPECIALTIES.items() if code in taken]

    def _emergency(self) -> Department | None:
        """The nearest emergency department that takes referrals; nobody is sent down in an emergency."""
        houses = [way.receiver.pk for way in self.all if way.direction != "down"]
        rows = [room for room in self.rooms if room.specialty == EMERGENCY and room.institution_id in houses]
        return min(rows, key=lambda row: (houses.index(row.institution_id), row.pk), default=None)


def _way(row: Relation) -> Way:
    direct = abs(row.receiver.tier - row.sender.tier) == 1
    return Way(row.direction, row.receiver, row.core, row.travel_minutes, direct)


def _order(way: Way):
    """By direction; then the core hospital, then the nearest, then the higher level."""
    place = list(codes.DIRECTIONS).index(way.direction)
    minutes = FAR if way.minutes is None else way.minutes
    return (place, not way.core, minutes, -way.receiver.tier, way.receiver.name, way.receiver.pk)


def _homeward(way: Way):
    """The lowest house above first, of several the nearest: to a village clinic, its own township."""
    return (way.receiver.tier, FAR if way.minutes is None else way.minutes, way.receiver.name, way.receiver.pk)


def _has_emergency(rooms) -> bool:
    return any(room.specialty == EMERGENCY for room in rooms or ())


def _general(rooms, green: bool) -> Department:
    """Who looks at everybody first: in an emergency the emergency room, else general practice; else the first."""
    for specialty in (*([EMERGENCY] if green else []), NEARBY, "general_internal"):
        for room in rooms:
            if room.specialty == specialty:
                return room
    return rooms[0]


def _direction_to(ways, house) -> str:
    return next(way.direction for way in ways if way.receiver.pk == house.pk and way.direction != "down")


def _proposed(rooms, wanted: str, direction: str) -> Department | None:
    """The one asked for; the only one there is; homeward and sideways general practice."""
    for room in rooms:
        if room.code == wanted:
            return room
    if len(rooms) == 1:
        return rooms[0]
    if direction in ("down", "lateral"):
        return next((room for room in rooms if room.specialty == NEARBY), None)
    return None
