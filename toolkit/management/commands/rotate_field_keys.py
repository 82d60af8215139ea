from django.core.management.base import BaseCommand

from toolkit.crypto.rotation import STORES, encrypted_fields, reencrypt


class Command(BaseCommand):
    help = "Re-encrypts every encrypted column and file under the first of FIELD_KEYS. Afterwards the others can go."

    def handle(self, *args, **options):
        for model, name in encrypted_fields():
            self.stdout.write(f"{model._meta.label}.{name}: {reencrypt(model, name)}")
        for name, rewrite in STORES.items():
            self.stdout.write(f"{name}: {rewrite()}")
