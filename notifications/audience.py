"""From an audience (a desk, a department, the duty line, the office, one person) to memberships.

Whoever is on duty now; where no roster is kept, those whose role it is. Telephone duty lies with
people, so a membership and not a user is the answer: it says for which house somebody is told.
"""

from django.utils import timezone

from accounts.models import DutyShift, Membership
from accounts.roles import DESK, DOCTORS
from events.notices import Audience
from institutions.models import Member

Kind = DutyShift.Kind


def people_of(audience: Audience) -> list[Membership]:
    """The current memberships to be told, by id, with user and institution; empty when nobody is there."""
    found = _UNITS[audience.unit](audience)
    rows = Membership.objects.current().filter(pk__in=found).select_related("user", "institution")
    return list(rows.order_by("pk"))


def _user(audience):
    return _staff(audience).filter(user_id=audience.user_id).values("pk")


def _desk(audience):
    """The desk on duty, else everybody of the desk; a house too small for a desk is its doctors."""
    return _first(_on_duty(audience, Kind.DESK), _holding(audience, DESK), _holding(audience, *DOCTORS))


def _department(audience):
    """The department on duty, else its doctors; what no doctor of it can take up is all doctors', then the desk's."""
    doctors = _staff(audience).with_role(*DOCTORS).in_department(audience.department_id)
    return _first(
        _on_duty(audience, Kind.DEPARTMENT, audience.department_id),
        doctors.values_list("pk", flat=True),
        _holding(audience, *DOCTORS),
        _holding(audience, DESK),
    )


def _duty_line(audience):
    return _first(_on_duty(audience, Kind.DUTY_LINE), _holding(audience, "institution_administrator", DESK))


def _office(audience):
    """Whoever has office duty anywhere in the consortium, else its administrators."""
    houses = _members_of(audience).values("institution_id")
    administrators = Membership.objects.current().filter(institution_id__in=houses)
    return _first(
        _office_duty(houses), administrators.with_role("consortium_administrator").values_list("pk", flat=True)
    )


def _members_of(audience):
    """Of the consortium that is named, else of all the house is in."""
    members = Member.objects.current()
    if audience.consortium_id:
        return members.filter(consortium_id=audience.consortium_id)
    consortia = members.filter(institution_id=audience.institution_id)
    return members.filter(consortium_id__in=consortia.values("consortium_id"))


def _office_duty(houses):
    now = timezone.now()
    rostered = DutyShift.objects.filter(
        kind=Kind.OFFICE, institution_id__in=houses, starts_at__lte=now, ends_at__gt=now
    )
    found = set()
    for institution_id in set(rostered.values_list("institution_id", flat=True)):
        shifts = DutyShift.objects.on_duty(institution_id, Kind.OFFICE, at=now)
        found.update(shifts.values_list("membership_id", flat=True))
    return found


def _on_duty(audience, kind, department_id=None):
    shifts = DutyShift.objects.on_duty(audience.institution_id, kind, department_id)
    return shifts.values_list("membership_id", flat=True)


def _holding(audience, *roles):
    return _staff(audience).with_role(*roles).values_list("pk", flat=True)


def _staff(audience):
    return Membership.objects.current().at(audience.institution_id)


def _first(*answers) -> list[int]:
    """The first answer with somebody in it; later ones are not even asked."""
    return next((found for found in map(list, answers) if found), [])


_UNITS = {
    "user": _user,
    DESK: _desk,
    "department": _department,
    "duty_line": _duty_line,
    "office": _office,
}
