"""The Celery entry points: each is one call."""

import pytest
from django.core.cache import cache

from events import outbox, tasks
from events.models import Errand, Event

from .builders import owed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registries")]


def test_relay_runs_the_errands_of_one_event():
    errand = owed(lambda event: None)
    assert [tasks.relay(errand.event_id), tasks.relay(errand.event_id)] == [1, 0]


def test_sweep_runs_what_is_due():
    owed(lambda event: None)
    assert (tasks.sweep(), Errand.objects.get().state) == (1, "done")


def test_seal_seals_both_trails():
    owed(lambda event: None)
    assert (tasks.seal(), Event.objects.filter(seal_id=None).count()) == (1, 0)


def test_the_heartbeat_is_seen():
    tasks.heartbeat()
    assert cache.get(tasks.HEARTBEAT_KEY) is not None


def test_a_nudge_names_the_event_and_does_not_wait_for_the_broker(monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.relay, "apply_async", lambda **how: asked.append(how))
    outbox.nudge(7)
    assert asked == [{"args": [7], "retry": False, "ignore_result": True}]
