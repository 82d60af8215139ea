"""Marking messages as read. Private to the reader: no event is recorded."""

from django.utils import timezone

from notifications.models import InboxMessage


def mark_read(*, actor, message) -> None:
    """The first reading counts; later ones change nothing."""
    _mark(_unread(actor).filter(pk=message.pk))
    message.refresh_from_db(fields=["read_at"])


def mark_all_read(*, actor, upto: int) -> int:
    """Everything up to and including the message `upto`, so that what came in meanwhile stays unread."""
    return _mark(_unread(actor).filter(pk__lte=upto))


def mark_read_about(*, actor, ref: str) -> int:
    """Everything about one subject: whoever has the page open has seen what the messages say."""
    return _mark(_unread(actor).about(ref))


def _unread(actor):
    return InboxMessage.objects.visible_to(actor).unread()


def _mark(messages) -> int:
    return messages.update(read_at=timezone.now())
