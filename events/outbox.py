"""The outbox relay: claims an errand by compare-and-set, runs its reaction, marks it done.

Claims are leases: a worker killed in the middle loses its lease and the sweep hands the errand
on. The reaction's rows and the done mark commit together, so each errand has one effect.
"""

import logging
import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import reactions
from events.models import Errand
from toolkit.refusals import Refused

LEASE = timedelta(seconds=60)
BACK_OFF = [timedelta(seconds=s) for s in (5, 15, 60, 300, 900, 1800, 3600, 7200, 14400, 28800, 43200)]
"""Waiting time after the n-th failure; after the last one the errand is dead until replayed."""

log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker took the errand over; this one's rows are rolled back."""


def nudge(event_id: int) -> None:
    """Ask a worker to look at an event's errands now. May be lost: the sweep comes anyway."""
    from events.tasks import relay  # the task module needs Celery's app, models do not

    relay.apply_async(args=[event_id], retry=False, ignore_result=True)


def run_event(event_id: int) -> int:
    """Run what is due of one event; answers how many errands were done."""
    ids = Errand.objects.filter(event_id=event_id).due(timezone.now()).values_list("pk", flat=True)
    return sum(run(pk) for pk in list(ids))


def run_due(limit: int = 200) -> int:
    """Run up to `limit` due errands of any event; answers how many were done."""
    _bury_lost()
    ids = Errand.objects.due(timezone.now()).order_by("next_at", "pk").values_list("pk", flat=True)
    return sum(run(pk) for pk in list(ids[:limit]))


def run(errand_id: int) -> bool:
    """Claim and run one errand. False when somebody else has it or it failed."""
    lease = _claim(errand_id)
    if lease is None:
        return False
    errand = Errand.objects.select_related("event").get(pk=errand_id)
    try:
        with transaction.atomic():
            reactions.find(errand.reaction)(errand.event)
            _finish(errand_id, lease)
    except LeaseLost:
        log.warning("errand %s: lease lost", errand_id)
        return False
    except Exception as failure:  # a reaction may fail in any way; the row remembers it
        _fail(errand, lease, failure)
        return False
    return True


def replay(errand: Errand, *, actor) -> None:
    """Put a dead errand back into the queue."""
    actor.require("delivery.manage")
    changed = Errand.objects.dead().filter(pk=errand.pk)
    if not changed.update(state=Errand.State.WAITING, attempts=0, next_at=timezone.now(), error=""):
        raise Refused(_("该任务不在失败清单中，可能已被他人重新执行。"))
    transaction.on_commit(lambda: nudge(errand.event_id), robust=True)


def _claim(errand_id: int) -> uuid.UUID | None:
    now, lease = timezone.now(), uuid.uuid4()
    claimed = (
        Errand.objects.filter(pk=errand_id, attempts__lte=len(BACK_OFF))
        .due(now)
        .update(state=Errand.State.RUNNING, lease=lease, lease_until=now + LEASE, attempts=F("attempts") + 1)
    )
    return lease if claimed else None


def _bury_lost() -> None:
    """What took its worker down at every attempt is not tried for ever."""
    lost = Errand.objects.due(timezone.now()).filter(attempts__gt=len(BACK_OFF))
    lost.update(state=Errand.State.DEAD, lease=None, lease_until=None, error="WorkerLost")


def _finish(errand_id: int, lease: uuid.UUID) -> None:
    mine = Errand.objects.filter(pk=errand_id, lease=lease, state=Errand.State.RUNNING)
    if not mine.update(state=Errand.State.DONE, done_at=timezone.now(), lease=None, lease_until=None, error=""):
        raise LeaseLost


def _fail(errand: Errand, lease: uuid.UUID, failure: Exception) -> None:
    """Keep the kind of failure, never its text: texts may carry a patient's data."""
    kind = type(failure).__name__
    log.error("errand %s (%s) failed: %s", errand.pk, errand.reaction, kind)
    dead = errand.attempts > len(BACK_OFF)
    wait = timedelta(0) if dead else BACK_OFF[errand.attempts - 1]
    Errand.objects.filter(pk=errand.pk, lease=lease).update(
        state=Errand.State.DEAD if dead else Errand.State.WAITING,
        next_at=timezone.now() + wait,
        lease=None,
        lease_until=None,
        error=kind,
    )
