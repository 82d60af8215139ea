"""Code lists of this part, {list name: {code: label}}; served to clients by the part that collects them all."""

from institutions.levels import TYPES, Level
from institutions.models import Capacity, Consortium, Institution, Member, Relation
from institutions.specialties import SPECIALTIES

CODES = {
    "institution_levels": dict(Level.choices),
    "institution_types": TYPES,
    "specialties": SPECIALTIES,
    "directions": dict(Relation.Direction.choices),
    "member_roles": dict(Member.Role.choices),
    "member_closeness": dict(Member.Closeness.choices),
    "consortium_kinds": dict(Consortium.Kind.choices),
    "handles_on": dict(Institution.HandlesOn.choices),
    "capacity_kinds": dict(Capacity.Kind.choices),
    "capacity_sessions": dict(Capacity.Session.choices),
}
