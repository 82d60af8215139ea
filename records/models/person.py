"""Who somebody is, across the registrations of all institutions."""

import uuid

from django.db import models
from django.utils import timezone

from records.codes import IdentifierType


class Person(models.Model):
    """One human being. Carries nothing but identity; what is known stands in the registrations."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return str(self.uuid)


class PersonNumber(models.Model):
    """An own strong number belongs to exactly one person; the constraint settles every race."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="numbers")
    type = models.CharField(max_length=20, choices=IdentifierType)
    value_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["type", "value_hash"], name="records_number_one_person"),
        ]

    def __str__(self):
        return f"{self.type} → {self.person_id}"
