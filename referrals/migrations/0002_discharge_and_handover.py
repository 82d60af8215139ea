"""The end of a stay, and the day agreed for the follow-up as its own: the letter keeps the day it carried."""

from django.db import migrations, models
from django.db.models import F, Q


def keep_agreed_day(apps, schema_editor):
    """Until now the agreed day stood where the letter's was."""
    referrals = apps.get_model("referrals", "Referral").objects
    followed = apps.get_model("referrals", "Step").objects.filter(verb="follow_up").values("referral_id")
    agreed = referrals.filter(Q(status="following_up") | Q(pk__in=followed))
    agreed.update(follow_up_agreed_on=F("follow_up_on"))


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]

    operations = [
        migrations.AddField("referral", "discharged_at", models.DateTimeField(null=True)),
        migrations.AddField("referral", "follow_up_agreed_on", models.DateField(null=True)),
        migrations.RunPython(keep_agreed_day, migrations.RunPython.noop),
        migrations.AddConstraint(
            "referral",
            models.CheckConstraint(
                condition=Q(discharged_at__isnull=True)
                | Q(arrived_at__isnull=False, discharged_at__gte=F("arrived_at")),
                name="referrals_discharged_after_arrival",
            ),
        ),
        migrations.AddConstraint(
            "referral",
            models.CheckConstraint(
                condition=~Q(status="following_up") | Q(follow_up_agreed_on__isnull=False),
                name="referrals_follow_up_has_day",
            ),
        ),
    ]
