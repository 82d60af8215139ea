from django.db import models
from django.db.models import Q
from django.utils import timezone


class Digest(models.Model):
    """That a day's digest of a house, or of a consortium's office, was made. Its event, if any, has the numbers."""

    institution = models.ForeignKey("institutions.Institution", models.PROTECT, null=True, related_name="+")
    consortium = models.ForeignKey("institutions.Consortium", models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "day"], name="notifications_digest_once_a_house"),
            models.UniqueConstraint(fields=["consortium", "day"], name="notifications_digest_once_an_office"),
            models.CheckConstraint(
                condition=Q(institution__isnull=True, consortium__isnull=False)
                | Q(institution__isnull=False, consortium__isnull=True),
                name="notifications_digest_for_one",
            ),
        ]

    def __str__(self):
        return f"digest:{self.pk}"
