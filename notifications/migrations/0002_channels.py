import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import toolkit.crypto.fields


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("events", "0002_append_only"),
        ("institutions", "0002_consortium_choices"),
        ("notifications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "consortium",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.consortium",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("institution", "day"), name="notifications_digest_once_a_house"),
                    models.UniqueConstraint(fields=("consortium", "day"), name="notifications_digest_once_an_office"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("consortium__isnull", False), ("institution__isnull", True)),
                            models.Q(("consortium__isnull", True), ("institution__isnull", False)),
                            _connector="OR",
                        ),
                        name="notifications_digest_for_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("urgent_email", models.BooleanField(default=True)),
                ("urgent_sms", models.BooleanField(default=True)),
                ("ordinary_email", models.BooleanField(default=True)),
                ("ordinary_sms", models.BooleanField(default=False)),
                ("quiet_from", models.TimeField(null=True)),
                ("quiet_to", models.TimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("urgent_email", True), ("urgent_sms", True), _connector="OR"),
                        name="notifications_preference_urgent_heard",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_from__isnull", True), ("quiet_to__isnull", True)),
                            models.Q(("quiet_from__isnull", False), ("quiet_to__isnull", False)),
                            _connector="OR",
                        ),
                        name="notifications_preference_quiet_paired",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Robot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("wecom", "企业微信"), ("dingtalk", "钉钉")], max_length=10)),
                ("name", models.CharField(max_length=30)),
                ("address", toolkit.crypto.fields.EncryptedTextField()),
                ("secret", toolkit.crypto.fields.EncryptedTextField(blank=True)),
                ("active", models.BooleanField(default=True)),
                ("quiet_from", models.TimeField(null=True)),
                ("quiet_to", models.TimeField(null=True)),
                ("window_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("window_count", models.PositiveSmallIntegerField(default=0)),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.department",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institutions.institution"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("institution", "name"), name="notifications_robot_name"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_from__isnull", True), ("quiet_to__isnull", True)),
                            models.Q(("quiet_from__isnull", False), ("quiet_to__isnull", False)),
                            _connector="OR",
                        ),
                        name="notifications_robot_quiet_paired",
                    ),
                ],
            },
        ),
        migrations.RemoveIndex(
            model_name="delivery",
            name="notifications_delivery_open",
        ),
        migrations.RemoveIndex(
            model_name="delivery",
            name="notifications_delivery_trouble",
        ),
        migrations.AddField(
            model_name="delivery",
            name="recipient",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="channel",
            field=models.CharField(
                choices=[("inbox", "站内消息"), ("email", "电子邮件"), ("sms", "短信"), ("robot", "群机器人")],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("queued", "待发送"),
                    ("sent", "已发送"),
                    ("failed", "发送失败，将自动重试"),
                    ("unsure", "不确定是否送达，将自动重试"),
                    ("dead", "已停止重试"),
                    ("suppressed", "未发送"),
                ],
                default="queued",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("channel", "inbox"), _negated=True),
                fields=["institution", "-id"],
                name="notifications_delivery_going",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("user__isnull", True)),
                fields=["recipient", "-id"],
                name="notifications_delivery_outside",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ["queued", "failed", "unsure"])),
                fields=["next_at"],
                name="notifications_delivery_open",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ["failed", "unsure", "dead", "suppressed"])),
                fields=["institution", "-id"],
                name="notifications_delivery_trouble",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("user__isnull", True)),
                fields=("event", "notice", "channel", "recipient"),
                name="notifications_delivery_once_outside",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("recipient", ""), ("user__isnull", False)),
                    models.Q(("user__isnull", True), models.Q(("recipient", ""), _negated=True)),
                    _connector="OR",
                ),
                name="notifications_delivery_to_one",
            ),
        ),
    ]
