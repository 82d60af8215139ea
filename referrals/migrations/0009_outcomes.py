from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("referrals", "0008_patient_link")]

    operations = []
