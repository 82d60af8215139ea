"""What a slip says about the deductible is set for each direction, and said nowhere unless an office has chosen it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institutions", "0001_initial")]

    operations = [
        migrations.RemoveField("consortium", "counts_deductible"),
        migrations.AddField(
            "consortium", "deductible_up", models.BooleanField(default=False, verbose_name="上转印起付线说明")
        ),
        migrations.AddField(
            "consortium", "deductible_down", models.BooleanField(default=False, verbose_name="下转印起付线说明")
        ),
    ]
