from django.conf import settings
from django.db import migrations, models

CODED = ("return", "reject", "cancel", "withdraw", "supersede")
AT_ONCE = 500


def fill_in(apps, schema_editor):
    """What is known of the past: the reasons already said, and by when those that wait now are to be answered."""
    Step = apps.get_model("referrals", "Step")
    rows = []
    for step in Step.objects.filter(verb__in=CODED).only("facts").iterator(chunk_size=AT_ONCE):
        step.reason = str(step.facts.get("reason") or "")[:24]
        rows.append(step)
    Step.objects.bulk_update(rows, ["reason"], batch_size=AT_ONCE)
    Referral = apps.get_model("referrals", "Referral")
    Referral.objects.filter(status="submitted").update(respond_by=models.F("deadline"))


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0008_patient_link"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="referral",
            name="respond_by",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="step",
            name="reason",
            field=models.CharField(blank=True, max_length=24),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["author", "-submitted_at", "-id"], name="referrals_own"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("hand_institution__isnull", False)),
                fields=["consortium", "deadline"],
                name="referrals_due",
            ),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
    ]
