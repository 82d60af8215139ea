"""Prove that no sealed row of the trails was edited, removed or reordered."""

from django.core.management.base import BaseCommand, CommandError

from events import audit
from events.models import Seal


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options):
        found = [fault for trail in audit.TRAILS for fault in audit.faults(trail)]
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{len(found)} faults in the audit trail")
        for trail in audit.TRAILS:
            last = Seal.objects.filter(trail=trail).order_by("-position").first()
            if last:
                self.stdout.write(f"{trail}: {last.position} seals intact, last digest {last.digest}")
            else:
                self.stdout.write(f"{trail}: nothing sealed yet")
