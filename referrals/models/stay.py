"""What the receiver adds: the booked place, and the return summary at the end."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from referrals import codes
from toolkit.crypto import EncryptedJSONField, EncryptedTextField


class Booking(models.Model):
    """A place held for a referral; one live booking per referral."""

    referral = models.ForeignKey("referrals.Referral", on_delete=models.PROTECT, related_name="bookings")
    capacity = models.ForeignKey("institutions.Capacity", on_delete=models.PROTECT, null=True, related_name="+")
    date = models.DateField()
    at = models.TimeField(null=True)
    place = models.CharField(max_length=200)
    bring = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    given_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=Q(given_back_at__isnull=True), name="referrals_one_booking"
            )
        ]

    def __str__(self):
        return f"{self.referral_id} {self.date}"

    @property
    def is_bed(self) -> bool:
        return self.capacity is not None and self.capacity.kind == "bed"


class ReturnSummary(models.Model):
    """What the receiver found and did, sent down when the stay is concluded."""

    referral = models.OneToOneField("referrals.Referral", on_delete=models.PROTECT, related_name="summary")
    outcome = models.CharField(max_length=20, choices=list(codes.OUTCOMES.items()))
    ended_at = models.DateTimeField()
    diagnoses = EncryptedJSONField(default=list)
    treatment = EncryptedTextField()
    advice = EncryptedTextField()
    medications = EncryptedJSONField(default=list)
    follow_up_on = models.DateField(null=True)
    author_name = models.CharField(max_length=100)
    filed_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.CharField(max_length=100, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"{self.referral_id} {self.outcome}"
