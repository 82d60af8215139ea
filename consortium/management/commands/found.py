"""Found a consortium in production: its core hospital, and its first two administrators.

    manage.py found --code county --name 某某县域医共体 --kind county \\
        --hospital county-hospital --hospital-name 某某县人民医院 --level 2a --type A100 \\
        --office wanghong "王红" --administrator liqiang "李强"

Everything else is then done on the pages. Temporary passwords are printed once.
"""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.actions import add_membership, create_user, temporary_password
from events.actor import system_actor
from institutions.actions import add_institution, found_consortium
from institutions.levels import TYPES, Level
from institutions.models import Consortium
from toolkit.refusals import Refusal


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--code", required=True, help="code of the consortium, e.g. yunxi")
        parser.add_argument("--name", required=True)
        parser.add_argument("--kind", required=True, choices=Consortium.Kind.values)
        parser.add_argument("--hospital", required=True, help="code of the core hospital")
        parser.add_argument("--hospital-name", required=True)
        parser.add_argument("--level", required=True, choices=Level.values)
        parser.add_argument("--type", required=True, choices=sorted(TYPES), help="WS 218 category")
        for role in ("office", "administrator"):
            parser.add_argument(f"--{role}", required=True, nargs=2, metavar=("USERNAME", "NAME"))

    def handle(self, *args, **options):
        try:
            with transaction.atomic():
                people = self._found(options)
        except Refusal as refusal:
            reasons = [f"{error.pointer}: {error.detail}" for error in refusal.errors] or [str(refusal.detail)]
            raise CommandError("; ".join(reasons)) from None
        for username, password, role in people:
            self.stdout.write(f"{role:28} {username:20} {password}")
        self.stdout.write("These passwords are shown this once and must be changed at the first sign-in.")

    def _found(self, options) -> list[tuple[str, str, str]]:
        system = system_actor()
        consortium = found_consortium(actor=system, code=options["code"], name=options["name"], kind=options["kind"])
        hospital = add_institution(
            actor=system, code=options["hospital"], name=options["hospital_name"], level=options["level"],
            type=options["type"], consortium=consortium, role="core",
        )  # fmt: skip
        return [
            self._employ(system, hospital, *options["office"], "consortium_administrator"),
            self._employ(system, hospital, *options["administrator"], "institution_administrator"),
        ]

    def _employ(self, system, hospital, username, name, role) -> tuple[str, str, str]:
        password = temporary_password()
        user = create_user(actor=system, username=username, name=name, password=password)
        add_membership(actor=system, user=user, institution=hospital, roles=[role])
        return username, password, role
