"""Carrying one delivery to its person: claim, send outside any transaction, settle.

A worker killed between sending and settling leaves a lease that runs out; the message then goes
out again under the same id. The inbox has one effect, because its row is unique. What went out
without a clear answer is said to be unsure and repeated twice, under the same id.
"""

import logging
import random
import time
import uuid
from datetime import timedelta

from django.db.models import F
from django.utils import timezone, translation

from accounts.actors import actor_for_membership
from accounts.models import Membership
from events import notices
from notifications import outside
from notifications.channels import CHANNELS
from notifications.models import Delivery, Preference
from notifications.sending import Declined, NoAnswer, NotYet

LEASE = timedelta(seconds=240)
"""Longer than the slowest provider may take: three calls, each with its own limits (`notifications.sending`)."""
BACK_OFF = [timedelta(seconds=s) for s in (30, 120, 600, 1800, 3600, 14400, 43200)]
"""Waiting time after the n-th failure, ± a fifth; after the last one the delivery is dead until resent."""
UNSURE_BACK_OFF = [timedelta(minutes=10), timedelta(hours=1)]
"""The same for what may have arrived: told twice is better than not told, told eight times is not."""
SWEEP_SECONDS = 60

State, Why = Delivery.State, Delivery.Why
log = logging.getLogger(__name__)
_dice = random.SystemRandom()


def nudge(*, event_id: int) -> None:
    """Ask workers for an event's deliveries now. May be lost: the sweep comes anyway."""
    from notifications.tasks import deliver as task  # the task module needs Celery's app, models do not

    due = Delivery.objects.due(timezone.now()).filter(event_id=event_id).values_list("pk", flat=True)
    for pk in list(due):
        task.apply_async(args=[pk], retry=False, ignore_result=True)


def deliver_due(limit: int = 200) -> int:
    """Make what is due, for at most a minute; answers how many were sent."""
    now, until = timezone.now(), time.monotonic() + SWEEP_SECONDS
    _bury_lost(now)
    sent = 0
    for pk in list(Delivery.objects.due(now).order_by("next_at", "pk").values_list("pk", flat=True)[:limit]):
        sent += deliver(pk)
        if time.monotonic() > until:
            break
    return sent


def deliver(delivery_id: int) -> bool:
    """Claim and make one delivery. False when somebody else has it, it was held back, put off, or it failed."""
    lease = _claim(delivery_id)
    if lease is None:
        return False
    delivery = Delivery.objects.select_related("event", "user", "institution").get(pk=delivery_id)
    try:
        held_back = _make(delivery)
    except NotYet as later:
        _put_off(delivery, lease, later.until)
        return False
    except NoAnswer:
        _doubt(delivery, lease)
        return False
    except Declined as refusal:
        _fail(delivery, lease, refusal.code, final=refusal.final)
        return False
    except Exception as failure:  # a transport may fail in any way; the row remembers it
        _fail(delivery, lease, type(failure).__name__)
        return False
    return _settle(delivery, lease, held_back)


def _make(delivery) -> str:
    """Send it, unless something speaks against it now; answers why not, or ""."""
    if delivery.user_id is None:
        return outside.make(delivery)
    person = (
        Membership.objects.current()
        .select_related("user", "institution")
        .filter(user_id=delivery.user_id, institution_id=delivery.institution_id)
        .first()
    )
    if person is None:
        return Why.LEFT
    if notices.find(delivery.event.name, delivery.notice) is None:
        return Why.NO_WORDS
    if not notices.visible(delivery.event.subject, actor_for_membership(person)):
        return Why.NOT_VISIBLE
    _rest(delivery)
    with translation.override(person.user.language):
        return CHANNELS[delivery.channel](delivery, person)


def _rest(delivery) -> None:
    """Wait until the person's quiet hours are over. The inbox wakes nobody."""
    if delivery.channel == Delivery.Channel.INBOX:
        return
    wishes = Preference.objects.filter(user_id=delivery.user_id).first() or Preference()
    notice = notices.find(delivery.event.name, delivery.notice)
    outside.wait_out(wishes.quiet, notice.is_urgent(delivery.event))


def _claim(delivery_id: int) -> uuid.UUID | None:
    now, lease = timezone.now(), uuid.uuid4()
    due = Delivery.objects.filter(pk=delivery_id, attempts__lte=len(BACK_OFF)).due(now)
    claimed = due.update(lease=lease, lease_until=now + LEASE, attempts=F("attempts") + 1)
    return lease if claimed else None


def _settle(delivery, lease, held_back: str) -> bool:
    if held_back:
        _close(delivery, lease, state=State.SUPPRESSED, error=held_back)
        return False
    return _close(delivery, lease, state=State.SENT, sent_at=timezone.now(), error="")


def _put_off(delivery, lease, until) -> None:
    """It stays what it was: one that may have arrived already is still unsure."""
    _close(delivery, lease, next_at=until, attempts=F("attempts") - 1)


def _fail(delivery, lease, code: str, *, final=False) -> None:
    """Keep the kind of failure, never its text: mail servers and providers quote addresses."""
    log.error("delivery %s (%s) failed: %s", delivery.pk, delivery.channel, code)
    _try_again(delivery, lease, State.FAILED, [] if final else BACK_OFF, code)


def _doubt(delivery, lease) -> None:
    log.error("delivery %s (%s): no answer", delivery.pk, delivery.channel)
    dead = delivery.state == State.UNSURE and delivery.attempts > len(UNSURE_BACK_OFF)
    wait = UNSURE_BACK_OFF[min(delivery.attempts, len(UNSURE_BACK_OFF)) - 1]
    _again_or_dead(delivery, lease, State.UNSURE, None if dead else wait, Why.NO_ANSWER)


def _try_again(delivery, lease, state, waits, code) -> None:
    """After as many attempts as there are waits it is given up until somebody resends it."""
    _again_or_dead(delivery, lease, state, next(iter(waits[delivery.attempts - 1 :]), None), code)


def _again_or_dead(delivery, lease, state, wait, code) -> None:
    """`wait` None: it is given up."""
    next_at = timezone.now() + (wait * _dice.uniform(0.8, 1.2) if wait else timedelta(0))
    _close(delivery, lease, state=state if wait else State.DEAD, next_at=next_at, error=code[:100])


def _close(delivery, lease, **columns) -> bool:
    mine = Delivery.objects.filter(pk=delivery.pk, lease=lease)
    if mine.update(lease=None, lease_until=None, **columns):
        return True
    log.warning("delivery %s: lease lost", delivery.pk)
    return False


def _bury_lost(now) -> None:
    """What took its worker down at every attempt is not tried for ever."""
    lost = Delivery.objects.due(now).filter(attempts__gt=len(BACK_OFF))
    lost.update(state=State.DEAD, lease=None, lease_until=None, error=Why.WORKER_LOST)
