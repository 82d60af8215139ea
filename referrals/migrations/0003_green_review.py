from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("referrals", "0002_discharge_and_handover")]

    operations = []
