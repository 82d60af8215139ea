"""The timeline people read: one row per move, with remark, place and time as they were."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from toolkit.crypto import EncryptedJSONField, EncryptedTextField


class Step(models.Model):
    """One move of a referral. `version` is empty for quiet steps (claim, comment, escalation)."""

    referral = models.ForeignKey("referrals.Referral", on_delete=models.PROTECT, related_name="steps")
    version = models.PositiveIntegerField(null=True)
    verb = models.CharField(max_length=20)
    source = models.CharField(max_length=14)
    target = models.CharField(max_length=14)
    hand_side = models.CharField(max_length=8, blank=True)
    hand_name = models.CharField(max_length=120, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_name = models.CharField(max_length=100, blank=True)
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf = models.BooleanField(default=False)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    late = models.BooleanField(default=False)
    reason = models.CharField(max_length=24, blank=True)
    """The code of a move that takes its reason from a list (`codes.CODED_REASONS`), so that it can be counted."""
    remark = EncryptedTextField(blank=True)
    facts = EncryptedJSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "version"], condition=Q(version__isnull=False), name="referrals_step_per_version"
            )
        ]
        indexes = [models.Index(fields=["referral", "id"], name="referrals_step_order")]

    def __str__(self):
        return f"{self.referral_id} {self.verb}"
