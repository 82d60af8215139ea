"""Blank slips: numbered paper for days without network, and the book of all numbers that were ever given."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FORMS = {"up": _("转出单"), "down": _("回转单（下转）")}
"""Direction → the national form that is printed for it; lateral and outward go on the letter out."""


class GivenNumber(models.Model):
    """A number that stands on a referral or on paper: because it is here, it is never given again."""

    number = models.CharField(max_length=16, primary_key=True)

    def __str__(self):
        return self.number


class BlankSlipQuerySet(models.QuerySet):
    """Blank paper is its own house's; others only hear whom to call (`referrals.showing.blanks`)."""

    def visible_to(self, actor):
        """Those of the actor's institution, for who writes or sends."""
        if not (actor.is_machine or actor.may("referral.write") or actor.may("referral.send")):
            return self.none()
        return self.in_reach_of(actor)

    def in_reach_of(self, actor):
        """The same, whatever the actor's role may do: a colleague hears 403, a stranger 404."""
        return self if actor.is_machine else self.filter(institution_id=actor.institution_id)

    def unused(self):
        return self.filter(used_by=None, spoiled_at=None)

    def used(self):
        return self.filter(used_by__isnull=False)

    def spoiled(self):
        return self.filter(spoiled_at__isnull=False)


class BlankSlip(models.Model):
    """One sheet of paper. `written_at` is when it was filled in by hand, known once it is entered."""

    number = models.CharField(max_length=16, unique=True)
    batch = models.UUIDField(default=uuid.uuid4, db_index=True)
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=8, choices=list(FORMS.items()))
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    printed_by_name = models.CharField(max_length=100)
    printed_at = models.DateTimeField(default=timezone.now)
    reprints = models.PositiveSmallIntegerField(default=0)
    used_by = models.OneToOneField("referrals.Referral", on_delete=models.PROTECT, null=True, related_name="blank")
    written_at = models.DateTimeField(null=True)
    spoiled_at = models.DateTimeField(null=True)
    spoiled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    spoiled_by_name = models.CharField(max_length=100, blank=True)
    spoil_reason = models.CharField(max_length=200, blank=True)

    objects = BlankSlipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used_by__isnull=True) | Q(spoiled_at__isnull=True), name="referrals_blank_used_or_spoiled"
            ),
            models.CheckConstraint(
                condition=Q(spoiled_at__isnull=True, spoil_reason="")
                | Q(spoiled_at__isnull=False) & ~Q(spoil_reason=""),
                name="referrals_blank_spoiled_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(written_at__isnull=True) | Q(used_by__isnull=False, written_at__gte=F("printed_at")),
                name="referrals_blank_written_on_paper",
            ),
            models.CheckConstraint(condition=Q(direction__in=list(FORMS)), name="referrals_blank_form_known"),
        ]
        indexes = [models.Index(fields=["institution", "-id"], name="referrals_blank_of_house")]

    def __str__(self):
        return self.number

    @property
    def event_ref(self) -> str:
        return f"blank:{self.number}"

    @property
    def state(self) -> str:
        """unused, used or spoiled."""
        if self.spoiled_at:
            return "spoiled"
        return "used" if self.used_by_id else "unused"
