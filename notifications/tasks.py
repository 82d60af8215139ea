"""Celery entry points: ids in, one call."""

from celery import shared_task

from notifications import actions


@shared_task
def deliver(delivery_id: int) -> bool:
    return actions.deliver(delivery_id)


@shared_task
def digest() -> int:
    return actions.make_digests()


@shared_task
def sweep() -> int:
    return actions.deliver_due()
