from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("referrals", "0006_waiting_time")]

    operations = []
