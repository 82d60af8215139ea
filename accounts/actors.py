"""From a membership or a client to the `Actor` every act is asked for."""

from django.conf import settings

from events.actor import Actor
from institutions.models import Member

from .models import ApiClient, Membership
from .roles import permissions_of


def actor_for_membership(membership: Membership, request=None) -> Actor:
    """The person, acting in this one job. One query (the consortia of the house)."""
    return Actor(
        kind="user",
        id=membership.user_id,
        name=membership.user.name,
        roles=frozenset(membership.roles),
        permissions=permissions_of(membership.roles),
        user_id=membership.user_id,
        **_job(membership),
        **_house(membership.institution),
        **_origin(request),
    )


def actor_for_client(client: ApiClient, on_behalf_of: Membership | None = None, request=None) -> Actor:
    """The partner system; with `on_behalf_of` that member of its own staff acts through it.

    Then only what both may do is allowed: neither does a system lend its rights to a person, nor the other way round.
    """
    roles, permissions = frozenset(client.roles), permissions_of(client.roles)
    person = {"name": client.name}
    if on_behalf_of is not None:
        roles &= frozenset(on_behalf_of.roles)
        permissions &= permissions_of(on_behalf_of.roles)
        person = {"name": on_behalf_of.user.name, "user_id": on_behalf_of.user_id, **_job(on_behalf_of)}
    return Actor(
        kind="client",
        id=client.pk,
        roles=roles,
        permissions=permissions,
        **person,
        **_house(client.institution),
        **_origin(request),
    )


def _job(membership) -> dict:
    return {
        "membership_id": membership.pk,
        "department_id": membership.department_id,
        "staff_number": membership.staff_number,
    }


def _house(institution) -> dict:
    consortia = dict(Member.objects.current().filter(institution=institution).values_list("consortium_id", "role"))
    return {
        "institution_id": institution.pk,
        "institution_code": institution.code,
        "institution_name": institution.label,
        "consortium_ids": frozenset(consortia),
        "guest_ids": frozenset(pk for pk, role in consortia.items() if role == Member.Role.COLLABORATING),
    }


def _origin(request) -> dict:
    if request is None:
        return {}
    return {"request_id": getattr(request, "id", ""), "address": address_of(request)}


def address_of(request) -> str:
    """The caller's address. Behind `TRUSTED_PROXIES` proxies it is that many steps from the right of the chain."""
    steps = settings.TRUSTED_PROXIES
    chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if steps and chain:
        return chain[-min(steps, len(chain))][:45]
    return request.META.get("REMOTE_ADDR", "")[:45]
