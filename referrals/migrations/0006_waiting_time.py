import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0002_consortium_choices"),
        ("referrals", "0005_attachment"),
    ]

    operations = [
        migrations.CreateModel(
            name="WaitingTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("care", models.CharField(max_length=10)),
                (
                    "urgency",
                    models.CharField(
                        choices=[("routine", "普通"), ("urgent", "加急"), ("emergency", "急诊")], max_length=10
                    ),
                ),
                ("sample", models.PositiveIntegerField()),
                ("median_minutes", models.PositiveIntegerField()),
                ("window_days", models.PositiveSmallIntegerField()),
                ("computed_at", models.DateTimeField()),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waiting_times",
                        to="institutions.department",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("department", "care", "urgency"), name="referrals_waiting_once"),
                    models.CheckConstraint(condition=models.Q(("sample__gte", 6)), name="referrals_waiting_of_nobody"),
                    models.CheckConstraint(
                        condition=models.Q(("care__in", ["slot", "bed"]), ("urgency__in", ("routine", "urgent"))),
                        name="referrals_waiting_known",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("arrived_at__isnull", False)), fields=["arrived_at"], name="referrals_arrived"
            ),
        ),
    ]
