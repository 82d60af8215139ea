"""The consortium office's judgement of one use of the green channel. Rows are only added; the latest counts."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from referrals import codes
from toolkit.crypto import EncryptedTextField


class GreenReview(models.Model):
    """Version 1 is the review, every later one a correction that says why. Only `review_green` writes it."""

    referral = models.ForeignKey("referrals.Referral", on_delete=models.PROTECT, related_name="green_reviews")
    version = models.PositiveSmallIntegerField(default=1)
    verdict = models.CharField(max_length=14, choices=codes.choices(codes.GREEN_VERDICTS))
    times_kept = models.BooleanField()
    remark = EncryptedTextField(null=True)
    reason = EncryptedTextField(null=True)
    reviewer_name = models.CharField(max_length=100)
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referral", "version"], name="referrals_green_review_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=list(codes.GREEN_VERDICTS)), name="referrals_green_review_verdict"
            ),
            models.CheckConstraint(
                condition=Q(verdict="justified") | Q(remark__isnull=False), name="referrals_green_review_remark"
            ),
            models.CheckConstraint(
                condition=Q(version=1, reason__isnull=True) | Q(version__gt=1, reason__isnull=False),
                name="referrals_green_review_reason",
            ),
        ]

    def __str__(self):
        return f"{self.referral_id} {self.version} {self.verdict}"
