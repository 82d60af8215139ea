"""转诊指南: which houses there are and whom to call. Public data of institutions, nothing else."""

from dataclasses import dataclass

from institutions.models import Consortium, Institution, Member


@dataclass(frozen=True)
class Community:
    """A consortium with its members, the leading hospital first."""

    name: str
    office_phone: str
    houses: list[Institution]


_ORDER = {Member.Role.CORE: 0, Member.Role.MEMBER: 1, Member.Role.COLLABORATING: 2}


def communities() -> list[Community]:
    """Every consortium that has members now, in the order of founding. Two queries."""
    members = Member.objects.current().filter(institution__active=True).select_related("institution")
    found = {each.pk: (each, []) for each in Consortium.objects.order_by("pk")}
    for member in members.order_by("pk"):
        found[member.consortium_id][1].append(member)
    return [
        Community(
            name=consortium.name,
            office_phone=consortium.office_phone,
            houses=[each.institution for each in sorted(jobs, key=_rank)],
        )
        for consortium, jobs in found.values()
        if jobs
    ]


def _rank(member):
    """By role, then the higher level first."""
    return _ORDER[member.role], -member.institution.tier, member.pk
