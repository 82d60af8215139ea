"""What an administrator does about deliveries and errands that failed."""

from django.db import transaction
from django.db.models import Case, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import outbox
from events.log import record
from notifications.actions.delivering import nudge
from notifications.models import Delivery
from toolkit.refusals import Refused

MAY_HAVE_ARRIVED = [Delivery.Why.NO_ANSWER, Delivery.Why.WORKER_LOST]


@transaction.atomic
def resend(*, actor, delivery) -> None:
    """Put a delivery that did not go out back into the queue, under the same Message-ID."""
    actor.require("delivery.manage")
    idle = Delivery.objects.visible_to(actor).troubled().filter(pk=delivery.pk, lease=None)
    if not _requeue(idle):
        raise Refused(_("该通知已发送或正在发送，无需重发。"), code="not_failed")
    record("delivery.resent", actor=actor, subject=delivery, channel=delivery.channel, about=delivery.event.subject)
    transaction.on_commit(lambda: nudge(event_id=delivery.event_id), robust=True)


@transaction.atomic
def resend_all(*, actor) -> int:
    """Everything of the own house that failed, whether given up or not; answers how many. The sweep takes them up."""
    actor.require("delivery.manage")
    idle = Delivery.objects.visible_to(actor).failing().filter(lease=None)
    count = _requeue(idle)
    if not count:
        raise Refused(_("没有发送失败的通知。"), code="not_failed")
    record("delivery.resent_all", actor=actor, subject=f"institution:{actor.institution_code}", count=count)
    return count


def _requeue(rows) -> int:
    """Begin anew. What may have arrived keeps one attempt, so that its provider is asked before it is repeated."""
    perhaps = Q(state=Delivery.State.UNSURE) | Q(error__in=MAY_HAVE_ARRIVED)
    attempts = Case(When(perhaps, then=1), default=0)
    return rows.update(attempts=attempts, state=Delivery.State.QUEUED, next_at=timezone.now(), error="")


@transaction.atomic
def replay_errand(*, actor, errand) -> None:
    """Let a dead errand run again; the consortium's administrators do this."""
    actor.require("consortium.manage")
    outbox.replay(errand, actor=actor)
    record("errand.replayed", actor=actor, subject=errand, reaction=errand.reaction, about=errand.event.subject)
