from functools import partial

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consortium.demo import empty, keys, people, rebasing, seeding


class Command(BaseCommand):
    help = """Put the demo consortium into an empty database, print its accounts and write var/demo.json.

    Called again it only fills up the free places of the days ahead. With --rebase a demo that nobody has touched is
    made anew in a fresh database: its clocks start from now again, and the tour looks the same tomorrow. As soon as a
    person or a partner's system has done anything but sign in and look, it is left alone for good. Passwords and
    client secrets come from the installation's secret key and stay the same.
    """

    def add_arguments(self, parser):
        parser.add_argument("--migrate", action="store_true", help="bring the database up to date first")
        parser.add_argument("--rebase", action="store_true", help="make a demo anew that nobody has touched")

    def handle(self, *, migrate, rebase, **options):
        if not settings.DEMO:
            raise CommandError("The demo is made in a demo only: set DEMO=true (make run does).")
        if migrate:
            empty.migrate()
        seeded = seeding.mark()
        if seeded is None:
            self._begin()
        else:
            self._go_on(seeded, rebase)
        self._tell(keys.write(people.accounts(), people.clients()))

    def _begin(self) -> None:
        if not seeding.is_empty():
            raise CommandError("This database is in use for something else than the demo; it was left as it is.")
        self.stdout.write(f"Demo consortium made: {seeding.seed()} referrals.")

    def _go_on(self, seeded, rebase: bool) -> None:
        people.renew_keys()
        if seeding.is_touched(seeded):
            self.stdout.write("The demo has been in use and was left as it is.")
        elif rebase and self._rebase():
            return
        seeding.prolong()

    def _rebase(self) -> bool:
        try:
            rebasing.rebase(partial(seeding.seed, people.hashes()))
        except rebasing.CannotRebase as reason:
            self.stderr.write(f"The demo's clocks could not be set anew: {reason}.")
            return False
        self.stdout.write("Nobody has touched the demo: its clocks start from now again.")
        return True

    def _tell(self, path) -> None:
        rows = [(each["username"], each["password"], each["role"], each["institution"]) for each in people.accounts()]
        rows.insert(0, ("username", "password", "role", "institution"))
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for row in rows:
            self.stdout.write("  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)))
        self.stdout.write(f"  (also in {path}, with the clients of the REST interface)")
