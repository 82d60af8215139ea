"""Requests that must have one effect however often they arrive."""

from django.db import models
from django.utils import timezone

from toolkit.crypto import EncryptedJSONField


class IdempotentRequest(models.Model):
    """The first answer to a keyed request. `answer` is {"data", "headers"}; it may hold patient data, so encrypted."""

    actor_key = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    route = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = EncryptedJSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_key", "key"], name="accounts_request_once")]
        indexes = [models.Index(fields=["created_at"], name="accounts_request_age")]

    def __str__(self):
        return f"{self.actor_key} {self.route}"
