"""What is attached to a referral, and where its bytes lie."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from referrals import codes
from toolkit.crypto import EncryptedJSONField, EncryptedTextField
from toolkit.uploads import KINDS

FORMATS = [(kind, kind) for kind in KINDS]


class StoredFile(models.Model):
    """Bytes in the store, sealed under `key_id`; `key` is random and names nobody. Only `referrals.files` writes it.

    `form` is a kind of `toolkit.uploads`; `size` and `sha256` are those of the clean bytes. `facts` are what the file
    says of itself (width, height, pages; of a DICOM modality, study_date, body_part, rows, columns, frames) and in
    `differs` what contradicts the registered patient.
    """

    key = models.CharField(max_length=50, unique=True)
    key_id = models.CharField(max_length=8, db_index=True)
    form = models.CharField(max_length=8, choices=FORMATS)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    facts = EncryptedJSONField(default=dict)
    stored_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="referrals_file_not_empty")]

    def __str__(self):
        return self.key


class AttachmentQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at=None)

    def for_showing(self):
        """In their order, with everything a row of the list shows, in one statement."""
        return self.select_related("stored", "institution").order_by("ordinal")


class AttachedFile(models.Model):
    """The `ordinal`-th file of something that has `attachments`: a referral here, what stands above in its own app.

    It adds the owner, the file (`stored`) and `constraints_of` its own table. Nobody deletes one: it is withdrawn.
    """

    ordinal = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=codes.choices(codes.ATTACHMENT_KINDS))
    title = EncryptedTextField(blank=True)
    file_name = EncryptedTextField(blank=True)
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    added_by_name = models.CharField(max_length=100)
    added_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=100, blank=True)
    withdrawn_reason = EncryptedTextField(null=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        abstract = True

    @staticmethod
    def constraints_of(owner: str, prefix: str) -> list:
        """What must never be false of the files of one `owner`; `prefix` begins the names."""
        return [
            models.UniqueConstraint(fields=[owner, "ordinal"], name=f"{prefix}_numbered"),
            models.UniqueConstraint(fields=[owner, "stored"], name=f"{prefix}_once"),
            models.CheckConstraint(condition=Q(ordinal__gt=0), name=f"{prefix}_from_one"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_reason__isnull=False),
                name=f"{prefix}_reason",
            ),
        ]


class Attachment(AttachedFile):
    """A file of a referral; it is found through the referral and has no address of its own.

    A referral that goes on carries the rows along, pointing to the same bytes.
    """

    referral = models.ForeignKey("referrals.Referral", on_delete=models.PROTECT, related_name="attachments")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="attachments")

    class Meta:
        constraints = AttachedFile.constraints_of("referral", "referrals_attachment")

    def __str__(self):
        return f"{self.referral_id}-{self.ordinal}"
