"""The thread: what was said, and what happened between, oldest first."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from advice import codes
from referrals import codes as referral_codes
from toolkit.crypto import EncryptedJSONField, EncryptedTextField


class Entry(models.Model):
    """One line of the thread. `version` is empty for quiet ones (a word more, a reminder), `text` for the clock's.

    An answer has an outcome; where it is to refer, also what kind, how soon and to which department.
    """

    inquiry = models.ForeignKey("advice.Inquiry", on_delete=models.PROTECT, related_name="entries")
    version = models.PositiveIntegerField(null=True)
    verb = models.CharField(max_length=20)
    source = models.CharField(max_length=10, blank=True)
    target = models.CharField(max_length=10)
    side = models.CharField(max_length=8)
    actor_kind = models.CharField(max_length=10)
    actor_name = models.CharField(max_length=100, blank=True)
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, null=True, related_name="+")
    department_name = models.CharField(max_length=100, blank=True)
    text = EncryptedTextField(blank=True)
    outcome = models.CharField(max_length=12, choices=codes.choices(codes.OUTCOMES), blank=True)
    kind = models.CharField(max_length=14, choices=referral_codes.choices(referral_codes.KINDS), blank=True)
    urgency = models.CharField(max_length=10, choices=referral_codes.choices(referral_codes.URGENCIES), blank=True)
    department = models.ForeignKey("institutions.Department", on_delete=models.PROTECT, null=True, related_name="+")
    facts = EncryptedJSONField(default=dict)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inquiry", "version"], condition=Q(version__isnull=False), name="advice_entry_per_version"
            ),
            models.CheckConstraint(
                condition=(Q(verb="answer") & ~Q(outcome="")) | (~Q(verb="answer") & Q(outcome="")),
                name="advice_answer_has_outcome",
            ),
            models.CheckConstraint(
                condition=(Q(outcome="refer", department__isnull=False) & ~Q(kind="") & ~Q(urgency=""))
                | (~Q(outcome="refer") & Q(department__isnull=True, kind="", urgency="")),
                name="advice_referral_advised_whole",
            ),
        ]
        indexes = [models.Index(fields=["inquiry", "id"], name="advice_entry_order")]

    def __str__(self):
        return f"{self.inquiry_id} {self.verb}"
