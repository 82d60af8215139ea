"""The ground on which an institution may open a person's record."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from records.codes import GRANTED
from records.models.person import Person


class AccessGrantQuerySet(models.QuerySet):
    def live(self, now=None):
        """Grants that hold at `now`."""
        now = now or timezone.now()
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=now), valid_from__lte=now, withdrawn_at__isnull=True
        )


class AccessGrant(models.Model):
    """Written by the act that creates the ground; `source` names it, for instance a referral number."""

    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    basis = models.CharField(max_length=20, choices=[(b.value, b.label) for b in GRANTED])
    source = models.CharField(max_length=80)
    valid_from = models.DateTimeField(default=timezone.now)
    valid_to = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AccessGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "person", "basis", "source"],
                condition=Q(withdrawn_at__isnull=True),
                name="records_grant_open_once",
            ),
            models.CheckConstraint(condition=Q(basis__in=[b.value for b in GRANTED]), name="records_grant_basis"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="records_grant_order"
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "person"], name="records_grant_of_institution"),
            models.Index(fields=["source"], name="records_grant_source"),
        ]

    def __str__(self):
        return f"{self.basis} {self.source}"

    @property
    def event_ref(self) -> str:
        return f"access_grant:{self.pk}"
