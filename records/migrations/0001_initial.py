import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import records.models.fields
import records.models.patient
import toolkit.crypto


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("institutions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=20, unique=True)),
                ("covers", models.JSONField(help_text='["referral", "sharing"]: what a signature under it can cover.')),
                ("title_zh", models.CharField(max_length=100)),
                ("title_en", models.CharField(max_length=200)),
                ("body_zh", models.TextField()),
                ("body_en", models.TextField()),
                ("valid_from", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Patient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=records.models.patient.new_public_id, editable=False, max_length=13, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=50, verbose_name="姓名")),
                ("name_key", records.models.fields.KeyField(editable=False, max_length=50)),
                ("name_pinyin", records.models.fields.KeyField(editable=False, max_length=300)),
                ("name_initials", records.models.fields.KeyField(editable=False, max_length=50)),
                (
                    "sex",
                    models.CharField(
                        choices=[("0", "未知的性别"), ("1", "男"), ("2", "女"), ("9", "未说明的性别")],
                        max_length=1,
                        verbose_name="性别",
                    ),
                ),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="出生日期")),
                ("estimated_age", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="估计年龄")),
                ("age_estimated_on", models.DateField(blank=True, null=True)),
                ("unknown", models.BooleanField(default=False, verbose_name="无名氏")),
                ("last4", models.CharField(blank=True, editable=False, max_length=4)),
                ("phone", toolkit.crypto.EncryptedTextField(blank=True, default="", verbose_name="电话")),
                ("phone_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("address", toolkit.crypto.EncryptedTextField(blank=True, default="", verbose_name="住址")),
                ("next_of_kin", toolkit.crypto.EncryptedJSONField(blank=True, null=True, verbose_name="联系人")),
                (
                    "insurance_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("employee", "职工基本医疗保险"),
                            ("resident", "城乡居民基本医疗保险"),
                            ("rural_cooperative", "新型农村合作医疗"),
                            ("medical_aid", "医疗救助"),
                            ("commercial", "商业医疗保险"),
                            ("public_funded", "公费医疗"),
                            ("self_pay", "全自费"),
                            ("other_social", "其他社会保险"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                        verbose_name="医保类型",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.user"
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="patients",
                        to="institutions.institution",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="patients", to="records.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AccessGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("referral", "转诊"),
                            ("contract", "家庭医生签约"),
                            ("centre_order", "共享中心申请单"),
                            ("authorisation", "患者授权"),
                            ("break_glass", "紧急调阅"),
                        ],
                        max_length=20,
                    ),
                ),
                ("source", models.CharField(max_length=80)),
                ("valid_from", models.DateTimeField(default=django.utils.timezone.now)),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institutions.institution"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="records.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PersonNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("resident_id", "居民身份证"),
                            ("resident_id_15", "15 位旧身份证号"),
                            ("health_record", "居民健康档案编号"),
                            ("birth_certificate", "出生医学证明"),
                            ("hk_macao_permit", "港澳居民来往内地通行证"),
                            ("taiwan_permit", "台湾居民来往大陆通行证"),
                            ("passport", "护照"),
                            ("health_card", "居民健康卡"),
                            ("insurance", "医保编号"),
                            ("mrn", "病案号"),
                            ("military", "军人证件"),
                            ("other", "其他证件"),
                        ],
                        max_length=20,
                    ),
                ),
                ("value_hash", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="numbers", to="records.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Identifier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("resident_id", "居民身份证"),
                            ("resident_id_15", "15 位旧身份证号"),
                            ("health_record", "居民健康档案编号"),
                            ("birth_certificate", "出生医学证明"),
                            ("hk_macao_permit", "港澳居民来往内地通行证"),
                            ("taiwan_permit", "台湾居民来往大陆通行证"),
                            ("passport", "护照"),
                            ("health_card", "居民健康卡"),
                            ("insurance", "医保编号"),
                            ("mrn", "病案号"),
                            ("military", "军人证件"),
                            ("other", "其他证件"),
                        ],
                        max_length=20,
                    ),
                ),
                ("value", toolkit.crypto.EncryptedTextField()),
                ("value_hash", models.CharField(max_length=64)),
                ("last4", models.CharField(blank=True, max_length=4)),
                (
                    "owner",
                    models.CharField(choices=[("self", "本人"), ("guardian", "监护人")], default="self", max_length=10),
                ),
                ("history", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institutions.institution"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="identifiers", to="records.patient"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["type", "value_hash"], name="records_identifier_value")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("patient", "type", "value_hash", "owner"),
                        name="records_identifier_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("history", False),
                            ("owner", "self"),
                            ("removed_at__isnull", True),
                            ("type__in", ["health_record", "mrn", "military", "other"]),
                        ),
                        fields=("institution", "type", "value_hash"),
                        name="records_identifier_local",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("type", "resident_id_15"), _negated=True), ("history", True), _connector="OR"
                        ),
                        name="records_identifier_15_history",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("covers", models.JSONField()),
                (
                    "given_by",
                    models.CharField(
                        choices=[
                            ("self", "患者本人"),
                            ("guardian", "监护人"),
                            ("agent", "受委托人"),
                            ("institution", "医疗机构（紧急情况）"),
                        ],
                        max_length=20,
                    ),
                ),
                ("giver_name", toolkit.crypto.EncryptedTextField(blank=True, default="")),
                ("giver_relation", models.CharField(blank=True, max_length=30)),
                ("own_income", models.BooleanField(default=False)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("signed_paper", "纸质签字"),
                            ("electronic", "电子签名"),
                            ("emergency", "紧急情况经负责人批准"),
                        ],
                        max_length=20,
                    ),
                ),
                ("approved_by", models.CharField(blank=True, max_length=50)),
                ("approved_title", models.CharField(blank=True, max_length=50)),
                ("given_at", models.DateTimeField()),
                ("refused", models.BooleanField(default=False)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_reason", toolkit.crypto.EncryptedTextField(blank=True, default="")),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institutions.institution"
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.consenttext"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="records.patient"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("method", "emergency"), _negated=True),
                            models.Q(
                                models.Q(("approved_by", ""), _negated=True),
                                models.Q(("approved_title", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="records_consent_emergency_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_by", "institution"), ("method", "emergency")),
                            models.Q(
                                models.Q(("method", "emergency"), _negated=True),
                                models.Q(("given_by", "institution"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="records_consent_institution_emergency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_by__in", ["guardian", "agent"]), _negated=True),
                            models.Q(("giver_relation", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="records_consent_relation",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["institution", "person"], name="records_patient_of_person"),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["name_key"], name="records_patient_name_key", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                fields=["name_pinyin"], name="records_patient_pinyin", opclasses=["varchar_pattern_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                fields=["name_initials"], name="records_patient_initials", opclasses=["varchar_pattern_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                condition=models.Q(("phone_hash", ""), _negated=True),
                fields=["institution", "phone_hash"],
                name="records_patient_phone",
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="records_patient_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(("sex__in", ["0", "1", "2", "9"])), name="records_patient_sex"
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(("birth_date__isnull", False), ("estimated_age__isnull", False), _connector="OR"),
                name="records_patient_some_age",
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("age_estimated_on__isnull", True), ("estimated_age__isnull", True)),
                    models.Q(
                        ("age_estimated_on__isnull", False),
                        ("estimated_age__isnull", False),
                        ("estimated_age__lte", 130),
                    ),
                    _connector="OR",
                ),
                name="records_patient_estimate_paired",
            ),
        ),
        migrations.AddIndex(
            model_name="accessgrant",
            index=models.Index(fields=["institution", "person"], name="records_grant_of_institution"),
        ),
        migrations.AddIndex(
            model_name="accessgrant",
            index=models.Index(fields=["source"], name="records_grant_source"),
        ),
        migrations.AddConstraint(
            model_name="accessgrant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("institution", "person", "basis", "source"),
                name="records_grant_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessgrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("basis__in", ["referral", "contract", "centre_order", "authorisation", "break_glass"])
                ),
                name="records_grant_basis",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessgrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="records_grant_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="personnumber",
            constraint=models.UniqueConstraint(fields=("type", "value_hash"), name="records_number_one_person"),
        ),
    ]
