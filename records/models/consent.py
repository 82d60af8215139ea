"""What the patient agreed to, or refused, by which text, given by whom."""

from string import Template

from django.db import models
from django.db.models import Q
from django.utils import timezone

from records.codes import GivenBy, Method
from records.models.patient import Patient
from toolkit.crypto import EncryptedTextField

_BLANK = "＿＿＿＿＿＿＿＿"


class ConsentTextQuerySet(models.QuerySet):
    def current(self, at=None):
        """The version in force at `at` (default now), or None."""
        at = at or timezone.now()
        return self.filter(valid_from__lte=at).order_by("-valid_from", "-id").first()


class ConsentText(models.Model):
    """One version of the words that are signed. Never changed once in force; a new version follows."""

    version = models.CharField(max_length=20, unique=True)
    covers = models.JSONField(help_text='["referral", "sharing"]: what a signature under it can cover.')
    title_zh = models.CharField(max_length=100)
    title_en = models.CharField(max_length=200)
    body_zh = models.TextField()
    body_en = models.TextField()
    valid_from = models.DateTimeField()

    objects = ConsentTextQuerySet.as_manager()

    def __str__(self):
        return self.version

    def words(self, language: str, **names) -> tuple[str, str]:
        """Title and body for printing; names (sender, receiver, contact) left out are lines to write on."""
        english = language.startswith("en")
        title, body = (self.title_en, self.body_en) if english else (self.title_zh, self.body_zh)
        blanks = dict.fromkeys(("sender", "receiver", "contact"), _BLANK)
        return title, Template(body).safe_substitute(blanks | {key: value for key, value in names.items() if value})


class ConsentQuerySet(models.QuerySet):
    def in_force(self, now=None):
        """Given, not refused, not withdrawn at `now`."""
        now = now or timezone.now()
        return self.filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=now), refused=False, given_at__lte=now)


class Consent(models.Model):
    """One signature, or one refusal. Ends by withdrawal, never by deletion."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    covers = models.JSONField()
    given_by = models.CharField(max_length=20, choices=GivenBy)
    giver_name = EncryptedTextField(blank=True, default="")
    giver_relation = models.CharField(max_length=30, blank=True)
    own_income = models.BooleanField(default=False)
    method = models.CharField(max_length=20, choices=Method)
    approved_by = models.CharField(max_length=50, blank=True)
    approved_title = models.CharField(max_length=50, blank=True)
    given_at = models.DateTimeField()
    refused = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = EncryptedTextField(blank=True, default="")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(method="emergency") | (~Q(approved_by="") & ~Q(approved_title="")),
                name="records_consent_emergency_approved",
            ),
            models.CheckConstraint(
                condition=Q(method="emergency", given_by="institution")
                | (~Q(method="emergency") & ~Q(given_by="institution")),
                name="records_consent_institution_emergency",
            ),
            models.CheckConstraint(
                condition=~Q(given_by__in=["guardian", "agent"]) | ~Q(giver_relation=""),
                name="records_consent_relation",
            ),
        ]

    def __str__(self):
        return f"consent {self.pk}"

    @property
    def event_ref(self) -> str:
        return f"consent:{self.pk}"

    @property
    def in_force(self) -> bool:
        now = timezone.now()
        return not self.refused and self.given_at <= now and (self.withdrawn_at is None or self.withdrawn_at > now)
