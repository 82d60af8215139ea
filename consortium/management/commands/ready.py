from django.core.management.base import BaseCommand, CommandError

from consortium.health import CHECKS, passes


class Command(BaseCommand):
    help = "What /readyz answers, for machines without a web server: fails when a named part is not ready."

    def add_arguments(self, parser):
        parser.add_argument("parts", nargs="*", choices=[*CHECKS, []], help="all of them when none is named")

    def handle(self, *, parts, **options):
        failed = [name for name in parts or CHECKS if not passes(CHECKS[name])]
        if failed:
            raise CommandError(f"not ready: {', '.join(failed)}")
        self.stdout.write("ready")
