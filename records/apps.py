from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    name = "records"

    def ready(self):
        from records import consent_texts

        post_migrate.connect(consent_texts.write_missing, sender=self, dispatch_uid="records.consent_texts")
