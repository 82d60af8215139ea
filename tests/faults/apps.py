from datetime import timedelta

from django.apps import AppConfig

from .gates import stop_at

STOP_FROM = 80  # the number of the event
LEASE = timedelta(seconds=5)


class FaultsConfig(AppConfig):
    """One event that rings for one person, and leases short enough to wait for."""

    name = "tests.faults"
    label = "faults"

    def ready(self):
        from events import notices, outbox
        from notifications.actions import delivering

        outbox.LEASE = delivering.LEASE = LEASE
        notices.register_visibility("bell", lambda ref, actor: True)
        notices.register(
            notices.Notice(
                event="bell.rang",
                key="bell",
                audience=_audience,
                words=lambda event: notices.Words("铃", str(event.facts["number"])),
                link=lambda event: "/inbox/",
            )
        )


def _audience(event):
    """Asked inside the transaction that tells the event."""
    from events.notices import Audience

    if event.facts["number"] >= STOP_FROM:
        stop_at("telling")
    return [Audience(institution_id=event.facts["house"], unit="user", user_id=event.facts["user"])]
