"""Triggers that keep the trails append-only on both engines."""

from django.db import migrations

from events import guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection)


def uninstall(apps, schema_editor):
    guards.uninstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunPython(install, uninstall)]
