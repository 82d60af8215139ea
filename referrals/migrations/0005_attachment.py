import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import toolkit.crypto.fields


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0001_initial"),
        ("referrals", "0004_blank_slip"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=50, unique=True)),
                ("key_id", models.CharField(db_index=True, max_length=8)),
                (
                    "form",
                    models.CharField(
                        choices=[("jpeg", "jpeg"), ("png", "png"), ("pdf", "pdf"), ("dicom", "dicom")], max_length=8
                    ),
                ),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("facts", toolkit.crypto.fields.EncryptedJSONField(default=dict)),
                ("stored_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="referrals_file_not_empty")
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ordinal", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("report", "检查检验报告"),
                            ("image", "影像"),
                            ("ecg", "心电图"),
                            ("consent", "知情同意书"),
                            ("photo", "纸质单照片"),
                            ("other", "其他"),
                        ],
                        max_length=8,
                    ),
                ),
                ("title", toolkit.crypto.fields.EncryptedTextField(blank=True)),
                ("file_name", toolkit.crypto.fields.EncryptedTextField(blank=True)),
                ("added_by_name", models.CharField(max_length=100)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by_name", models.CharField(blank=True, max_length=100)),
                ("withdrawn_reason", toolkit.crypto.fields.EncryptedTextField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institutions.institution"
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="referrals.referral"
                    ),
                ),
                (
                    "stored",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="referrals.storedfile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("referral", "ordinal"), name="referrals_attachment_numbered"),
                    models.UniqueConstraint(fields=("referral", "stored"), name="referrals_attachment_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ordinal__gt", 0)), name="referrals_attachment_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_reason__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_reason__isnull", False)),
                            _connector="OR",
                        ),
                        name="referrals_attachment_reason",
                    ),
                ],
            },
        ),
    ]
