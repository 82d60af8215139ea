"""Writing down what happened, with the errands it owes, in the transaction of the act itself."""

from django.db import transaction
from django.utils import timezone

from events import outbox, reactions
from events.models import Errand, Event

_PLAIN = (str, int, float, bool, type(None))


@transaction.atomic
def record(name: str, *, actor, subject, occurred_at=None, **facts) -> Event:
    """Append an event about `subject` (a model instance, or a ref like "referral:R26…").

    `facts` are text, numbers, booleans, None, or flat lists of those: references only, never
    patient data. After commit the broker is nudged; the sweep finds what a lost nudge left.
    """
    _refuse_rich_facts(name, facts)
    now = timezone.now()
    event = Event.objects.create(
        name=name,
        subject=ref_of(subject),
        occurred_at=occurred_at or now,
        recorded_at=now,
        facts=facts,
        **Event.columns_of(actor),
    )
    owed = [Errand(event=event, reaction=reaction, next_at=now) for reaction in reactions.names_for(name)]
    if owed:
        Errand.objects.bulk_create(owed)
        transaction.on_commit(lambda: outbox.nudge(event.pk), robust=True)
    return event


def ref_of(subject) -> str:
    """The reference by which events, access entries and deliveries name a subject."""
    if isinstance(subject, str):
        return subject
    ref = getattr(subject, "event_ref", None)
    return ref or f"{subject._meta.model_name}:{subject.pk}"


def _refuse_rich_facts(name: str, facts: dict) -> None:
    for key, value in facts.items():
        items = value if isinstance(value, (list, tuple)) else [value]
        if not all(isinstance(item, _PLAIN) for item in items):
            raise TypeError(f"{name}: the fact {key} is not plain text or a number")
