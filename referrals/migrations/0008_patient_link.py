import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import toolkit.crypto.fields


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0007_indications"),
    ]

    operations = [
        migrations.AddField(
            model_name="referral",
            name="declined_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="referral",
            name="no_sms",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="PatientLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("made_for", models.CharField(choices=[("slip", "Slip"), ("sms", "Sms")], max_length=4)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "revoked_why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("party", "Party"),
                            ("void", "Void"),
                            ("wrong_patient", "Wrong Patient"),
                            ("guessed", "Guessed"),
                            ("too_many", "Too Many"),
                        ],
                        max_length=13,
                    ),
                ),
                ("failed", models.PositiveSmallIntegerField(default=0)),
                ("locks", models.PositiveSmallIntegerField(default=0)),
                ("locked_until", models.DateTimeField(null=True)),
                ("opened", models.PositiveIntegerField(default=0)),
                ("opened_at", models.DateTimeField(null=True)),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="patient_links",
                        to="referrals.referral",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("revoked_at", None)), fields=["referral"], name="referrals_link_living"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_why", "")),
                            models.Q(("revoked_at__isnull", False), models.Q(("revoked_why", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="referrals_link_revoked_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("opened", 0), ("opened_at__isnull", True)),
                            models.Q(("opened__gt", 0), ("opened_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="referrals_link_opened_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("made_for__in", ["slip", "sms"])), name="referrals_link_made_for"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PatientRating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("waiting", models.PositiveSmallIntegerField()),
                ("handover", models.PositiveSmallIntegerField()),
                ("clear", models.PositiveSmallIntegerField()),
                ("text", toolkit.crypto.fields.EncryptedTextField(null=True)),
                ("rated_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "referral",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="patient_rating",
                        to="referrals.referral",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["rated_at"], name="referrals_rating_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("clear__in", [1, 2, 3, 4, 5]),
                            ("handover__in", [1, 2, 3, 4, 5]),
                            ("waiting__in", [1, 2, 3, 4, 5]),
                        ),
                        name="referrals_rating_one_to_five",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("changed_at__gte", models.F("rated_at"))),
                        name="referrals_rating_changed_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PatientWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("better", "好多了，不用去了"),
                            ("no_time", "时间不合适，想换个时间"),
                            ("too_far", "路太远，去不了"),
                            ("nobody_along", "没有人陪"),
                            ("cost", "费用有困难"),
                            ("elsewhere", "已经在别处看病"),
                            ("other", "其他原因"),
                        ],
                        max_length=14,
                    ),
                ),
                ("text", toolkit.crypto.fields.EncryptedTextField(blank=True)),
                ("said_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="patient_words",
                        to="referrals.referral",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True), ("taken_back_at__isnull", True)),
                        fields=("referral",),
                        name="referrals_one_word_standing",
                    )
                ],
            },
        ),
    ]
