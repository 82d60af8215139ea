"""Indications as data: the versions of the rules, what an office switched, and what was found and ticked on a referral."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import toolkit.crypto.fields

URGENCIES = [("routine", "普通"), ("urgent", "加急"), ("emergency", "急诊")]
REASONS = [
    ("beyond_capability", "诊断不明或治疗能力、技术条件受限"),
    ("critical", "急危重患者"),
    ("stable_step_down", "病情稳定或好转，可转下级继续治疗或康复"),
    ("patient_request", "患者或家属要求"),
    ("drug_shortage", "药品资源不足"),
    ("bed_shortage", "床位不足"),
    ("designated_hospital", "依法转定点医院"),
    ("other", "其他"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0006_waiting_time"),
        ("institutions", "0002_consortium_choices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("referral", "signs", toolkit.crypto.fields.EncryptedJSONField(default=list)),
        migrations.AddField("referral", "declined_indications", toolkit.crypto.fields.EncryptedJSONField(default=list)),
        migrations.AddField("referral", "indications", toolkit.crypto.fields.EncryptedJSONField(default=list)),
        migrations.CreateModel(
            name="Indication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40)),
                ("version", models.PositiveSmallIntegerField()),
                ("topic", models.CharField(max_length=20)),
                ("direction", models.CharField(max_length=8)),
                ("urgency", models.CharField(choices=URGENCIES, max_length=10)),
                ("reason", models.CharField(choices=REASONS, max_length=24)),
                ("text_zh", models.CharField(max_length=300)),
                ("text_en", models.CharField(max_length=400)),
                ("source", models.JSONField()),
                ("applies", models.JSONField()),
                ("holds", models.JSONField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["code", "version"], name="referrals_indication_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                        name="referrals_indication_ends_after_beginning",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndicationSwitch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40)),
                ("on", models.BooleanField()),
                ("reason", models.CharField(max_length=200)),
                ("by_name", models.CharField(max_length=100)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consortium",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="indication_switches",
                        to="institutions.consortium",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="referrals_indication_switch_reason"
                    ),
                ],
                "indexes": [models.Index(fields=["consortium", "code", "id"], name="referrals_indication_switch")],
            },
        ),
    ]
