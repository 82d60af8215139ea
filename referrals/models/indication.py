"""Indications in the database: each version of each rule, and what an office switched off or on."""

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone, translation

from referrals import codes


class IndicationQuerySet(models.QuerySet):
    def told_on_in(self, consortium):
        """Each with `is_on`: False where this consortium's office has switched it off.

        `consortium` is an id, a query for one, or None where it is not known.
        """
        rows = IndicationSwitch.objects.filter(code=OuterRef("code"))
        rows = rows.none() if consortium is None else rows.filter(consortium_id=consortium)
        last = rows.order_by("-id").values("on")[:1]
        return self.annotate(is_on=Coalesce(Subquery(last), True, output_field=models.BooleanField()))

    def in_force(self, on) -> list["Indication"]:
        """Of each rule the newest version that had begun on that day, unless it had ended. One statement."""
        newest = {}
        for each in self.filter(valid_from__lte=on).order_by("version"):
            newest[each.code] = each
        held = [each for each in newest.values() if each.valid_to is None or each.valid_to >= on]
        return sorted(held, key=lambda each: each.pk)


class Indication(models.Model):
    """One version of one rule, as it was shipped. Written by `referrals.indications.loading` alone, never changed."""

    code = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField()
    topic = models.CharField(max_length=20)
    direction = models.CharField(max_length=8)
    urgency = models.CharField(max_length=10, choices=codes.choices(codes.URGENCIES))
    reason = models.CharField(max_length=24, choices=codes.choices(codes.REFERRAL_REASONS))
    text_zh = models.CharField(max_length=300)
    text_en = models.CharField(max_length=400)
    source = models.JSONField()
    applies = models.JSONField()
    holds = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = IndicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="referrals_indication_version_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="referrals_indication_ends_after_beginning",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.version}"

    @property
    def text(self) -> str:
        """In the reader's language."""
        return self.text_en if (translation.get_language() or "").startswith("en") else self.text_zh


class IndicationSwitch(models.Model):
    """That an office switched a rule off or on for its consortium, and why. Rows are only added; the last counts."""

    consortium = models.ForeignKey(
        "institutions.Consortium", on_delete=models.PROTECT, related_name="indication_switches"
    )
    code = models.SlugField(max_length=40)
    on = models.BooleanField()
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="referrals_indication_switch_reason"),
        ]
        indexes = [models.Index(fields=["consortium", "code", "id"], name="referrals_indication_switch")]

    def __str__(self):
        return f"{self.code} {'on' if self.on else 'off'}"
