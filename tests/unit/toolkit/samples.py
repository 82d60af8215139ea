"""A table of our own, so that these tests know no app of the project."""

from django.db import models
from django.test.utils import isolate_apps

from toolkit.crypto import EncryptedJSONField, EncryptedTextField

with isolate_apps("toolkit"):

    class Sample(models.Model):
        id = models.BigIntegerField(primary_key=True)
        name = models.CharField(max_length=20, default="")
        rank = models.IntegerField(null=True)
        day = models.DateField(null=True)
        due_at = models.DateTimeField(null=True)
        weight = models.DecimalField(max_digits=6, decimal_places=2, null=True)
        secret = EncryptedTextField(default="")
        facts = EncryptedJSONField(null=True)

        class Meta:
            app_label = "toolkit"
            db_table = "toolkit_sample"

        def __str__(self):
            return self.name
