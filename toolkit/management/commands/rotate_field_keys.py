from django.core.management.base import BaseCommand

from toolkit.crypto.rotation import encrypted_fields, reencrypt


class Command(BaseCommand):
    help = "Re-encrypts every encrypted column under the first of FIELD_KEYS. Afterwards the other keys can go."

    def handle(self, *args, **options):
        for model, name in encrypted_fields():
            self.stdout.write(f"{model._meta.label}.{name}: {reencrypt(model, name)}")
