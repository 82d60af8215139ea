from notifications.actions.delivering import deliver, deliver_due
from notifications.actions.mending import replay_errand, resend
from notifications.actions.reading import mark_all_read, mark_read, mark_read_about
from notifications.actions.telling import tell

__all__ = [
    "deliver",
    "deliver_due",
    "mark_all_read",
    "mark_read",
    "mark_read_about",
    "replay_errand",
    "resend",
    "tell",
]
