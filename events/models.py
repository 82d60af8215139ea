"""What happened: append-only events with their errands (outbox), and who looked at whom."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Seal(models.Model):
    """One sealed batch of a trail; `digest` covers the rows and the previous seal's digest."""

    trail = models.CharField(max_length=10, choices=[("event", "event"), ("access", "access")])
    position = models.PositiveBigIntegerField()
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trail", "position"], name="events_seal_one_per_position")]

    def __str__(self):
        return f"{self.trail} {self.position}"


class TrailRow(models.Model):
    """Who, when, from where: what every row of an audit trail carries."""

    recorded_at = models.DateTimeField(default=timezone.now)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=100, blank=True)
    user_id = models.BigIntegerField(null=True)
    institution_id = models.BigIntegerField(null=True)
    institution_code = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    seal_id = models.BigIntegerField(null=True, editable=False)

    class Meta:
        abstract = True

    @staticmethod
    def columns_of(actor) -> dict:
        return {
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "actor_name": actor.name[:100],
            "user_id": actor.user_id,
            "institution_id": actor.institution_id,
            "institution_code": actor.institution_code,
            "address": actor.address,
            "request_id": actor.request_id,
        }


class EventQuerySet(models.QuerySet):
    def about(self, ref: str):
        return self.filter(subject=ref).order_by("id")


class Event(TrailRow):
    """Something that happened. Text and numbers only; no foreign keys, no clinical text."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    occurred_at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="events_event_subject"),
            models.Index(fields=["seal_id", "id"], name="events_event_seal"),
        ]

    def __str__(self):
        return f"{self.name} {self.subject}"


class ErrandQuerySet(models.QuerySet):
    def due(self, now):
        """Waiting and its time has come, or claimed by somebody who did not come back."""
        waiting = Q(state=Errand.State.WAITING, next_at__lte=now)
        return self.filter(waiting | Q(state=Errand.State.RUNNING, lease_until__lte=now))

    def dead(self):
        return self.filter(state=Errand.State.DEAD)


class Errand(models.Model):
    """One reaction owed to one event. The row is the truth; the broker only brings it sooner."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        DEAD = "dead"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="errands")
    reaction = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)

    objects = ErrandQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "reaction"], name="events_errand_once"),
            models.CheckConstraint(
                condition=Q(lease__isnull=True, lease_until__isnull=True)
                | Q(lease__isnull=False, lease_until__isnull=False),
                name="events_errand_lease_paired",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="events_errand_open", condition=Q(state__in=["waiting", "running"])),
            models.Index(fields=["state", "id"], name="events_errand_state"),
        ]

    def __str__(self):
        return f"{self.reaction} ← {self.event_id}"


class AccessEntry(TrailRow):
    """Somebody read a patient's data, on this basis, for this purpose."""

    person_id = models.BigIntegerField()
    patient_id = models.BigIntegerField(null=True)
    custodian_id = models.BigIntegerField(null=True)
    basis = models.CharField(max_length=30)
    purpose = models.CharField(max_length=200)
    route = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "id"], name="events_access_person"),
            models.Index(fields=["patient_id", "-id"], name="events_access_patient"),
            models.Index(fields=["seal_id", "id"], name="events_access_seal"),
        ]

    def __str__(self):
        return f"{self.basis} {self.recorded_at:%F %T}"
