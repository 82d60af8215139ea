"""What the bell shows: a number, and the newest urgent message once."""

from dataclasses import dataclass

from notifications.models import InboxMessage

MOST_SHOWN = 99


@dataclass(frozen=True)
class Unread:
    """`here` in the present job, `elsewhere` in the person's other jobs; `newest_urgent` is an id, 0 for none."""

    here: int
    elsewhere: int
    newest_urgent: int

    @property
    def shown(self) -> str:
        return f"{MOST_SHOWN}+" if self.here > MOST_SHOWN else str(self.here)


def unread(actor) -> Unread:
    """One query over an index of unread messages only."""
    if actor.kind != "user":
        return Unread(0, 0, 0)
    here = elsewhere = newest = 0
    for row in InboxMessage.objects.unread_by_institution(actor.user_id):
        newest = max(newest, row["newest_urgent"] or 0)
        if row["institution_id"] == actor.institution_id:
            here = row["unread"]
        else:
            elsewhere += row["unread"]
    return Unread(here, elsewhere, newest)


def newest_urgent(actor, found: Unread) -> InboxMessage:
    """The message itself, in whichever job of the person it is."""
    messages = InboxMessage.objects.select_related("event", "institution")
    return messages.get(user_id=actor.user_id, pk=found.newest_urgent)
