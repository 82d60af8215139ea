"""The Celery application. It only carries: what is to be done stands in the database."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consortium.settings")

app = Celery("consortium")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def say_so_at_once(**kwargs) -> None:
    """Without this /readyz would wait for the first beat of the clock."""
    from events.tasks import heartbeat

    heartbeat()
