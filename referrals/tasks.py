"""Celery entry points."""

from celery import shared_task

from referrals.actions import beside, clock


@shared_task
def tick() -> int:
    return clock.tick() + beside.tick()
