"""Celery entry points: ids in, one call."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from events import audit, outbox

HEARTBEAT_KEY = "worker-heartbeat"


@shared_task
def relay(event_id: int) -> int:
    return outbox.run_event(event_id)


@shared_task
def sweep() -> int:
    return outbox.run_due()


@shared_task
def seal() -> int:
    return audit.seal_waiting()


@shared_task
def heartbeat() -> None:
    cache.set(HEARTBEAT_KEY, timezone.now().isoformat(), timeout=120)
