"""Notices about parcels, and what came of telling them."""

from events.actor import Actor, clock_actor
from events.log import record
from events.notices import Audience, Notice, Words, register, register_visibility
from notifications.models import Delivery, InboxMessage


def telling(*audiences, event="parcel.sent", key="desk", **more) -> Notice:
    """Register a notice for these audiences; "parcel:…" is visible to everybody unless the test says otherwise."""
    notice = Notice(
        event=event,
        key=key,
        audience=lambda happened: list(audiences),
        words=more.pop("words", lambda happened: Words("包裹已寄出", happened.subject.partition(":")[2])),
        link=more.pop("link", lambda happened: f"/parcels/{happened.subject.partition(':')[2]}/"),
        **more,
    )
    register(notice)
    return notice


def everybody_sees() -> None:
    register_visibility("parcel", lambda ref, actor: True)


def nobody_sees(*institutions) -> None:
    hidden = {institution.pk for institution in institutions}
    register_visibility("parcel", lambda ref, actor: bool(hidden) and actor.institution_id not in hidden)


def unit(institution, name, **more) -> Audience:
    return Audience(institution_id=institution.pk, unit=name, **more)


def to(membership) -> Audience:
    return unit(membership.institution, "user", user_id=membership.user_id)


def happened(event="parcel.sent", *, by=None, number="1", **facts):
    """The event, caused by the membership `by` or by the clock."""
    actor = clock_actor()
    if by is not None:
        actor = Actor(kind="user", id=by.user_id, user_id=by.user_id, institution_id=by.institution_id)
    return record(event, actor=actor, subject=f"parcel:{number}", **facts)


def inboxes() -> list[tuple[str, str]]:
    """(user name, institution code) of every inbox message, by id."""
    rows = InboxMessage.objects.order_by("id")
    return list(rows.values_list("user__username", "institution__code"))


def deliveries(*columns) -> list[tuple]:
    return list(Delivery.objects.order_by("id").values_list("user__username", "channel", *columns))
