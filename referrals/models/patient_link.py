"""What the patient holds in his own hand: the link on his slip, his word that he cannot come, his rating."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from referrals import codes
from referrals.latest import forerunners_of, latest_of
from toolkit.crypto import EncryptedTextField

AFTER_END = timedelta(days=30)
"""So long the family may still look after the referral has ended."""
LONGEST = timedelta(days=365)
"""No link lives longer, whatever became of the referral."""
SCORES = range(1, 6)
QUESTIONS = ("waiting", "handover", "clear")


def is_past(referral, now) -> bool:
    """Whether a paper of this referral has had its days: those after the end of where it leads on to."""
    ended = latest_of(referral).ended_at
    return ended is not None and ended + AFTER_END <= now


class PatientLinkQuerySet(models.QuerySet):
    def living(self, now=None):
        """Neither revoked nor past the year; a lock passes by itself. See `is_past` for the end besides."""
        return self.filter(revoked_at=None, expires_at__gt=now or timezone.now())

    def opening(self, referral):
        """The living links that open this referral: its own and those of the referrals it goes on from."""
        if is_past(referral, timezone.now()):
            return self.none()
        return self.living().filter(referral__in=[referral, *forerunners_of(referral)])


class PatientLink(models.Model):
    """One secret address of a referral. Only a keyed hash of the token is kept; `failed` counts since the last success.

    Only `referrals.actions.links` writes it.
    """

    class MadeFor(models.TextChoices):
        SLIP = "slip"
        SMS = "sms"

    class Why(models.TextChoices):
        """Why it was closed before its time."""

        PARTY = "party"  # by the button of either side
        VOID = "void"
        WRONG_PATIENT = "wrong_patient"
        GUESSED = "guessed"
        TOO_MANY = "too_many"  # newer ones took its place

    referral = models.ForeignKey("referrals.Referral", on_delete=models.PROTECT, related_name="patient_links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_for = models.CharField(max_length=4, choices=MadeFor)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=13, choices=Why, blank=True)
    failed = models.PositiveSmallIntegerField(default=0)
    locks = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    opened = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)

    objects = PatientLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_why="") | Q(revoked_at__isnull=False) & ~Q(revoked_why=""),
                name="referrals_link_revoked_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(opened=0, opened_at__isnull=True) | Q(opened__gt=0, opened_at__isnull=False),
                name="referrals_link_opened_paired",
            ),
            models.CheckConstraint(condition=Q(made_for__in=["slip", "sms"]), name="referrals_link_made_for"),
        ]
        indexes = [models.Index(fields=["referral"], name="referrals_link_living", condition=Q(revoked_at=None))]

    def __str__(self):
        return f"{self.referral_id} {self.made_for} {self.pk}"

    def is_open(self, now) -> bool:
        """Whether it may be tried now. Needs `referral`."""
        locked = self.locked_until is not None and self.locked_until > now
        shut = locked or self.revoked_at is not None or self.expires_at <= now
        return not shut and not is_past(self.referral, now)


class PatientWordQuerySet(models.QuerySet):
    def standing(self):
        """Said, not taken back, and nothing has been arranged upon it yet."""
        return self.filter(taken_back_at=None, answered_at=None)


class PatientWord(models.Model):
    """我不能来了: what the patient said on his page. It cancels nothing; the parties act upon it."""

    referral = models.ForeignKey("referrals.Referral", on_delete=models.PROTECT, related_name="patient_words")
    reason = models.CharField(max_length=14, choices=codes.choices(codes.PATIENT_REASONS))
    text = EncryptedTextField(blank=True)
    said_at = models.DateTimeField(default=timezone.now)
    taken_back_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    objects = PatientWordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(taken_back_at__isnull=True, answered_at__isnull=True),
                name="referrals_one_word_standing",
            )
        ]

    def __str__(self):
        return f"{self.referral_id} {self.reason}"


class PatientRating(models.Model):
    """Three answers from 1 to 5 after the end. Shown to the houses as figures of many, never one by one."""

    referral = models.OneToOneField("referrals.Referral", on_delete=models.PROTECT, related_name="patient_rating")
    waiting = models.PositiveSmallIntegerField()
    handover = models.PositiveSmallIntegerField()
    clear = models.PositiveSmallIntegerField()
    text = EncryptedTextField(null=True)
    rated_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{name}__in": list(SCORES) for name in QUESTIONS}), name="referrals_rating_one_to_five"
            ),
            models.CheckConstraint(
                condition=Q(changed_at__gte=models.F("rated_at")), name="referrals_rating_changed_after"
            ),
        ]
        indexes = [models.Index(fields=["rated_at"], name="referrals_rating_by_time")]

    def __str__(self):
        return f"{self.referral_id} {self.rated_at:%F}"
