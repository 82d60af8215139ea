from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("referrals", "0007_indications")]

    operations = []
