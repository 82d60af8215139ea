"""Patients ask who looked at what was sent of them: by patient, newest first, without reading the whole trail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0002_append_only")]

    operations = [
        migrations.AddIndex(
            "accessentry",
            models.Index(fields=["patient_id", "-id"], name="events_access_patient"),
        ),
    ]
