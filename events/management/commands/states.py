"""Write docs/states.md from the workflow tables."""

from django.conf import settings
from django.core.management.base import BaseCommand

from events import documenting


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options):
        path = settings.BASE_DIR / "docs" / "states.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(documenting.page(), encoding="utf-8")
        self.stdout.write(f"docs/{path.name}")
