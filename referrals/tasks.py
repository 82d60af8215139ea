"""Celery entry points."""

from celery import shared_task

from referrals import files
from referrals.actions import beside, clock


@shared_task
def sweep_files() -> int:
    return files.sweep()


@shared_task
def tick() -> int:
    return clock.tick() + beside.tick()
