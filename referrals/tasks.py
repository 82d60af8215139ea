"""Celery entry points."""

from celery import shared_task

from referrals import files
from referrals.actions import beside, clock
from referrals.actions.waiting import recompute_waiting_times


@shared_task
def sweep_files() -> int:
    return files.sweep()


@shared_task
def tick() -> int:
    return clock.tick() + beside.tick()


@shared_task
def reckon_waiting_times() -> int:
    return recompute_waiting_times()
