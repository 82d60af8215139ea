"""What is attached to an inquiry: the same files, checks and seals as a referral's."""

from django.db import models

from referrals.models import AttachedFile, StoredFile


class InquiryAttachment(AttachedFile):
    """A file of an inquiry. Where it becomes a referral the row is carried along, pointing to the same bytes."""

    inquiry = models.ForeignKey("advice.Inquiry", on_delete=models.PROTECT, related_name="attachments")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="inquiry_attachments")

    class Meta:
        constraints = AttachedFile.constraints_of("inquiry", "advice_attachment")

    def __str__(self):
        return f"{self.inquiry_id}-{self.ordinal}"
