import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import toolkit.crypto.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("institutions", "0002_consortium_choices"),
        ("records", "0001_initial"),
        ("referrals", "0010_open_steps"),
    ]

    operations = [
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=16, unique=True)),
                (
                    "urgency",
                    models.CharField(
                        choices=[("routine", "普通"), ("urgent", "加急")], default="routine", max_length=10
                    ),
                ),
                ("age", models.PositiveSmallIntegerField(null=True)),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("0", "未知的性别"), ("1", "男"), ("2", "女"), ("9", "未说明的性别")],
                        max_length=1,
                    ),
                ),
                ("author_name", models.CharField(max_length=100)),
                ("author_phone", models.CharField(blank=True, max_length=40)),
                ("question", toolkit.crypto.fields.EncryptedTextField()),
                ("done", toolkit.crypto.fields.EncryptedTextField(blank=True)),
                ("vitals", toolkit.crypto.fields.EncryptedTextField(blank=True)),
                ("medications", toolkit.crypto.fields.EncryptedTextField(blank=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "待答复"),
                            ("answered", "已答复"),
                            ("closed", "已结束"),
                            ("converted", "已转为转诊"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("status_since", models.DateTimeField(default=django.utils.timezone.now)),
                ("hand_side", models.CharField(blank=True, max_length=8)),
                ("hand_unit", models.CharField(blank=True, max_length=12)),
                ("hand_permission", models.CharField(blank=True, max_length=24)),
                ("deadline", models.DateTimeField(null=True)),
                ("turn_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("look_at", models.DateTimeField(null=True)),
                ("rung", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.consent"
                    ),
                ),
                (
                    "consortium",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institutions.consortium"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institutions.department"
                    ),
                ),
                (
                    "hand_department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.department",
                    ),
                ),
                (
                    "hand_institution",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.institution",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inquiries",
                        to="records.patient",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institutions.institution"
                    ),
                ),
                (
                    "referral",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inquiry",
                        to="referrals.referral",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institutions.institution"
                    ),
                ),
                (
                    "sender_department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.department",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("hand_institution__isnull", False)),
                        fields=["hand_institution", "turn_at", "id"],
                        name="advice_turn",
                    ),
                    models.Index(fields=["receiver", "-created_at", "-id"], name="advice_received"),
                    models.Index(fields=["sender", "-created_at", "-id"], name="advice_asked"),
                    models.Index(fields=["consortium", "-created_at", "-id"], name="advice_overseen"),
                    models.Index(
                        condition=models.Q(("look_at__isnull", False)), fields=["look_at"], name="advice_look"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sender", models.F("receiver")), _negated=True),
                        name="advice_sender_not_receiver",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("age__isnull", True),
                                ("consent__isnull", False),
                                ("patient__isnull", False),
                                ("sex", ""),
                            ),
                            models.Q(
                                ("age__isnull", False),
                                ("age__lte", 130),
                                ("consent__isnull", True),
                                ("patient__isnull", True),
                                models.Q(("sex", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="advice_about_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("deadline__isnull", False),
                                ("hand_institution__isnull", False),
                                ("status__in", ["open", "answered"]),
                            ),
                            models.Q(
                                ("deadline__isnull", True),
                                ("hand_institution__isnull", True),
                                ("status__in", ["closed", "converted", "withdrawn"]),
                            ),
                            _connector="OR",
                        ),
                        name="advice_live_in_one_hand",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "answered"), _negated=True),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="advice_answered_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("status__in", ["closed", "converted", "withdrawn"])),
                            models.Q(("ended_at__isnull", True), ("status__in", ["open", "answered"])),
                            _connector="OR",
                        ),
                        name="advice_ended_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("referral__isnull", False), ("status", "converted")),
                            models.Q(models.Q(("status", "converted"), _negated=True), ("referral__isnull", True)),
                            _connector="OR",
                        ),
                        name="advice_converted_has_referral",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(null=True)),
                ("verb", models.CharField(max_length=20)),
                ("source", models.CharField(blank=True, max_length=10)),
                ("target", models.CharField(max_length=10)),
                ("side", models.CharField(max_length=8)),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_name", models.CharField(blank=True, max_length=100)),
                ("department_name", models.CharField(blank=True, max_length=100)),
                ("text", toolkit.crypto.fields.EncryptedTextField(blank=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("treat_here", "建议就地处理"), ("refer", "建议转诊"), ("more_needed", "请补充资料")],
                        max_length=12,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("outpatient", "门诊"),
                            ("inpatient", "住院"),
                            ("emergency", "急诊"),
                            ("exam", "检查检验"),
                            ("rehabilitation", "康复"),
                            ("follow_up", "随访接续"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        blank=True,
                        choices=[("routine", "普通"), ("urgent", "加急"), ("emergency", "急诊")],
                        max_length=10,
                    ),
                ),
                ("facts", toolkit.crypto.fields.EncryptedJSONField(default=dict)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.department",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.institution",
                    ),
                ),
                (
                    "inquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="advice.inquiry"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["inquiry", "id"], name="advice_entry_order")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("version__isnull", False)),
                        fields=("inquiry", "version"),
                        name="advice_entry_per_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verb", "answer"), models.Q(("outcome", ""), _negated=True)),
                            models.Q(models.Q(("verb", "answer"), _negated=True), ("outcome", "")),
                            _connector="OR",
                        ),
                        name="advice_answer_has_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("department__isnull", False),
                                ("outcome", "refer"),
                                models.Q(("kind", ""), _negated=True),
                                models.Q(("urgency", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("outcome", "refer"), _negated=True),
                                ("department__isnull", True),
                                ("kind", ""),
                                ("urgency", ""),
                            ),
                            _connector="OR",
                        ),
                        name="advice_referral_advised_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InquiryAttachment",
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
                    "inquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="advice.inquiry"
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institutions.institution"
                    ),
                ),
                (
                    "stored",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inquiry_attachments",
                        to="referrals.storedfile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("inquiry", "ordinal"), name="advice_attachment_numbered"),
                    models.UniqueConstraint(fields=("inquiry", "stored"), name="advice_attachment_once"),
                    models.CheckConstraint(condition=models.Q(("ordinal__gt", 0)), name="advice_attachment_from_one"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_reason__isnull", True)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_reason__isnull", False)),
                            _connector="OR",
                        ),
                        name="advice_attachment_reason",
                    ),
                ],
            },
        ),
    ]
