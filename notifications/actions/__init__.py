from notifications.actions.delivering import deliver, deliver_due
from notifications.actions.digesting import make_digest, make_digests
from notifications.actions.mending import replay_errand, resend, resend_all
from notifications.actions.preferring import set_preference
from notifications.actions.reading import mark_all_read, mark_read, mark_read_about
from notifications.actions.robots import add_robot, change_robot, remove_robot, switch_robot, test_robot
from notifications.actions.telling import tell

__all__ = [
    "add_robot",
    "change_robot",
    "deliver",
    "deliver_due",
    "make_digest",
    "make_digests",
    "mark_all_read",
    "mark_read",
    "mark_read_about",
    "remove_robot",
    "replay_errand",
    "resend",
    "resend_all",
    "set_preference",
    "switch_robot",
    "tell",
    "test_robot",
]
