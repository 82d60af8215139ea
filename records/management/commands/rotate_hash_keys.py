from django.core.management.base import BaseCommand

from records.actions.rehash import rehash_all


class Command(BaseCommand):
    help = "Hashes every number again under the first of HASH_KEYS. Afterwards the other keys can go."

    def handle(self, *args, **options):
        self.stdout.write(f"rows rewritten: {rehash_all()}")
