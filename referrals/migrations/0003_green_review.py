"""The green channel afterwards: its times, the paper still owed, and the office's review of each use."""

from datetime import timedelta

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Least
from django.utils import timezone

import toolkit.crypto.fields

PAPERLESS = ["draft", "in_review", "withdrawn", "forwarded", "void"]
ENDED = ["closed", "settled", "withdrawn", "forwarded", "died", "void"]


def begin(apps, schema_editor):
    """What was sent before: nobody owes paper for what was taken back; the rest gets its clocks from now on."""
    referrals = apps.get_model("referrals", "Referral").objects
    referrals.filter(status__in=PAPERLESS).update(completion_due=None)
    referrals.filter(completion_due__isnull=False).update(beside_at=F("completion_due") - timedelta(hours=4))
    used = referrals.exclude(green_channel="").exclude(status="void").filter(submitted_at__isnull=False)
    used = used.filter(Q(arrived_at__isnull=False) | Q(status__in=ENDED), consortium__isnull=False)
    due = timezone.now() + timedelta(days=7)
    used.filter(beside_at__isnull=False).update(beside_at=Least(F("beside_at"), due))
    used.filter(beside_at__isnull=True).update(beside_at=due)
    used.update(review_due=due)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0002_discharge_and_handover")]

    operations = [
        migrations.AddField("referral", "onset_at", models.DateTimeField(null=True)),
        migrations.AddField("referral", "called_at", models.DateTimeField(null=True)),
        migrations.AddField("referral", "completion_rung", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("referral", "completed_at", models.DateTimeField(null=True)),
        migrations.AddField("referral", "completed_in_time", models.BooleanField(null=True)),
        migrations.AddField("referral", "review_due", models.DateTimeField(null=True)),
        migrations.AddField("referral", "review_rung", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("referral", "beside_at", models.DateTimeField(null=True)),
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.AddIndex(
            "referral",
            models.Index(
                fields=["sender", "completion_due", "id"],
                name="referrals_paper",
                condition=Q(completion_due__isnull=False),
            ),
        ),
        migrations.AddIndex(
            "referral",
            models.Index(
                fields=["consortium", "review_due", "id"],
                name="referrals_review",
                condition=Q(review_due__isnull=False),
            ),
        ),
        migrations.AddIndex(
            "referral",
            models.Index(fields=["beside_at"], name="referrals_beside", condition=Q(beside_at__isnull=False)),
        ),
        migrations.AddConstraint(
            "referral",
            models.CheckConstraint(
                condition=Q(onset_at__isnull=True) | Q(called_at__isnull=True) | Q(onset_at__lte=F("called_at")),
                name="referrals_onset_before_call",
            ),
        ),
        migrations.AddConstraint(
            "referral",
            models.CheckConstraint(
                condition=~Q(green_channel="") | Q(onset_at__isnull=True, called_at__isnull=True),
                name="referrals_onset_of_green",
            ),
        ),
        migrations.AddConstraint(
            "referral",
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True, completed_in_time__isnull=True)
                | Q(completed_at__isnull=False, completed_in_time__isnull=False, completion_due__isnull=True),
                name="referrals_completed_paired",
            ),
        ),
        migrations.AddConstraint(
            "referral",
            models.CheckConstraint(
                condition=Q(completion_due__isnull=True)
                | Q(submitted_at__isnull=False) & ~Q(green_channel="") & ~Q(status__in=PAPERLESS),
                name="referrals_paper_of_green",
            ),
        ),
        migrations.AddConstraint(
            "referral",
            models.CheckConstraint(
                condition=Q(review_due__isnull=True)
                | (Q(arrived_at__isnull=False) | Q(status__in=ENDED))
                & Q(submitted_at__isnull=False)
                & ~Q(green_channel="")
                & ~Q(status="void"),
                name="referrals_review_of_green",
            ),
        ),
        migrations.CreateModel(
            name="GreenReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "verdict",
                    models.CharField(
                        choices=[("justified", "使用恰当"), ("partly", "部分恰当"), ("not_justified", "使用不当")],
                        max_length=14,
                    ),
                ),
                ("times_kept", models.BooleanField()),
                ("remark", toolkit.crypto.fields.EncryptedTextField(null=True)),
                ("reason", toolkit.crypto.fields.EncryptedTextField(null=True)),
                ("reviewer_name", models.CharField(max_length=100)),
                ("reviewed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institutions.institution"
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="green_reviews",
                        to="referrals.referral",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["referral", "version"], name="referrals_green_review_once"),
                    models.CheckConstraint(
                        condition=Q(verdict__in=["justified", "partly", "not_justified"]),
                        name="referrals_green_review_verdict",
                    ),
                    models.CheckConstraint(
                        condition=Q(verdict="justified") | Q(remark__isnull=False),
                        name="referrals_green_review_remark",
                    ),
                    models.CheckConstraint(
                        condition=Q(version=1, reason__isnull=True) | Q(version__gt=1, reason__isnull=False),
                        name="referrals_green_review_reason",
                    ),
                ]
            },
        ),
    ]
