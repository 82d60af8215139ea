"""The numbers a patient carries: encrypted, found again by a keyed hash."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from records.codes import LOCAL, IdentifierType, Owner
from records.models.patient import Patient
from toolkit.crypto import EncryptedTextField


class IdentifierQuerySet(models.QuerySet):
    def current(self):
        return self.filter(removed_at__isnull=True)

    def matching(self):
        """Those that say who the patient is in his institution."""
        return self.current().filter(owner=Owner.SELF, history=False)


class Identifier(models.Model):
    """One number of one registration. A number entered wrongly is removed, never deleted."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="identifiers")
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    type = models.CharField(max_length=20, choices=IdentifierType)
    value = EncryptedTextField()
    value_hash = models.CharField(max_length=64)
    last4 = models.CharField(max_length=4, blank=True)
    owner = models.CharField(max_length=10, choices=Owner, default=Owner.SELF)
    history = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = IdentifierQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "type", "value_hash", "owner"],
                condition=Q(removed_at__isnull=True),
                name="records_identifier_once",
            ),
            # strong numbers are held by PersonNumber; the others mean somebody in one institution only
            models.UniqueConstraint(
                fields=["institution", "type", "value_hash"],
                condition=Q(type__in=LOCAL, owner="self", history=False, removed_at__isnull=True),
                name="records_identifier_local",
            ),
            models.CheckConstraint(
                condition=~Q(type="resident_id_15") | Q(history=True), name="records_identifier_15_history"
            ),
        ]
        indexes = [models.Index(fields=["type", "value_hash"], name="records_identifier_value")]

    def __str__(self):
        return f"{self.type} {self.pk}"
