from django.db import migrations, models


class Migration(migrations.Migration):
    """What stands above may have limits of its own: the steps are those of `limits.DEFAULTS`, no closed list."""

    dependencies = [("referrals", "0009_outcomes")]

    operations = [
        migrations.AlterField(model_name="timelimit", name="step", field=models.CharField(max_length=10)),
    ]
