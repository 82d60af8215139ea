from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from consortium.demo import keys, people, rebasing, seeding

REBASE_AFTER = 60  # minutes


class Command(BaseCommand):
    help = """Put the demo consortium into an empty database, print its accounts and write var/demo.json.

    Called again it changes nothing, except that a demo older than an hour which nobody has touched is made anew in
    a fresh database: its clocks start from now again, and the tour looks the same tomorrow. As soon as a person or a
    partner's system has done anything but sign in and look, it is left alone for good; only the free places of the
    days ahead are filled up. Passwords and client secrets come from the installation's secret key and stay the same.
    """

    def add_arguments(self, parser):
        parser.add_argument(
            "--rebase-after", type=int, default=REBASE_AFTER, metavar="MINUTES",
            help="age at which an untouched demo is made anew (default: %(default)s)",
        )  # fmt: skip

    def handle(self, *, rebase_after, **options):
        if not settings.DEMO:
            raise CommandError("The demo is made in a demo only: set DEMO=true (make run does).")
        seeded = seeding.mark()
        if seeded is None:
            self._begin()
        else:
            self._go_on(seeded, timedelta(minutes=rebase_after))
        self._tell(keys.write(people.accounts(), people.clients()))

    def _begin(self) -> None:
        if not seeding.is_empty():
            raise CommandError("This database is in use for something else than the demo; it was left as it is.")
        self.stdout.write(f"Demo consortium made: {seeding.seed()} referrals.")

    def _go_on(self, seeded, age: timedelta) -> None:
        if seeding.is_touched(seeded):
            self.stdout.write("The demo has been in use and was left as it is.")
        elif seeded.recorded_at <= timezone.now() - age:
            self._rebase()
            return
        people.renew_keys()
        seeding.prolong()

    def _rebase(self) -> None:
        try:
            rebasing.rebase(seeding.seed)
        except rebasing.CannotRebase as reason:
            self.stderr.write(f"The demo's clocks could not be set anew: {reason}.")
            return
        self.stdout.write("Nobody has touched the demo: its clocks start from now again.")

    def _tell(self, path) -> None:
        rows = [(each["username"], each["password"], each["role"], each["institution"]) for each in people.accounts()]
        rows.insert(0, ("username", "password", "role", "institution"))
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for row in rows:
            self.stdout.write("  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)))
        self.stdout.write(f"  (also in {path}, with the clients of the REST interface)")
