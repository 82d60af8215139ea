"""Celery entry points."""

from celery import shared_task

from advice.actions import clock


@shared_task
def tick() -> int:
    return clock.tick()
