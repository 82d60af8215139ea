import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

BOOK = "INSERT INTO referrals_givennumber (number) SELECT number FROM referrals_referral"
"""Whatever was given before the book was opened stands in it as well."""


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0001_initial"),
        ("referrals", "0003_green_review"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GivenNumber",
            fields=[("number", models.CharField(max_length=16, primary_key=True, serialize=False))],
        ),
        migrations.RunSQL(BOOK, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="BlankSlip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=16, unique=True)),
                ("batch", models.UUIDField(db_index=True, default=uuid.uuid4)),
                (
                    "direction",
                    models.CharField(choices=[("up", "转出单"), ("down", "回转单（下转）")], max_length=8),
                ),
                ("printed_by_name", models.CharField(max_length=100)),
                ("printed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reprints", models.PositiveSmallIntegerField(default=0)),
                ("written_at", models.DateTimeField(null=True)),
                ("spoiled_at", models.DateTimeField(null=True)),
                ("spoiled_by_name", models.CharField(blank=True, max_length=100)),
                ("spoil_reason", models.CharField(blank=True, max_length=200)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institutions.institution"
                    ),
                ),
                (
                    "printed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "spoiled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "used_by",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="blank",
                        to="referrals.referral",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["institution", "-id"], name="referrals_blank_of_house")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("used_by__isnull", True), ("spoiled_at__isnull", True), _connector="OR"),
                        name="referrals_blank_used_or_spoiled",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("spoil_reason", ""), ("spoiled_at__isnull", True)),
                            models.Q(("spoiled_at__isnull", False), models.Q(("spoil_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="referrals_blank_spoiled_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("written_at__isnull", True),
                            models.Q(("used_by__isnull", False), ("written_at__gte", models.F("printed_at"))),
                            _connector="OR",
                        ),
                        name="referrals_blank_written_on_paper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("direction__in", ["up", "down"])), name="referrals_blank_form_known"
                    ),
                ],
            },
        ),
    ]
