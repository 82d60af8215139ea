"""What the test asks of the database, from a process of its own: `python -m tests.faults.steps`.

It reads the name of a step from each line and answers each with a line of JSON.
"""

import json
import sys
import time

import django

COUNT = 200
PEOPLE = 5
PATIENCE = 120  # seconds, only so that a broken run ends


def ring():
    """200 events, one after the other, each for one of five people."""
    from accounts.models import Membership, User
    from events.actor import system_actor
    from events.log import record
    from institutions.models import Institution

    house = Institution.objects.create(code="house", name="县医院", type="A100")
    users = [User.objects.create(username=f"u{n}", name="某", email=f"u{n}@example.org") for n in range(PEOPLE)]
    for user in users:
        Membership.objects.create(user=user, institution=house, roles=["doctor"])
    for number in range(COUNT):
        user = users[number % PEOPLE]
        record("bell.rang", actor=system_actor(), subject=f"bell:{number}", number=number, house=house.pk, user=user.pk)


def report():
    """What is in the tables now."""
    from events.models import Errand
    from notifications.models import Delivery, InboxMessage

    emails = Delivery.objects.filter(channel="email")
    told = InboxMessage.objects.order_by("event_id").values_list("event__facts", "user__username")
    return {
        "errands": _counts(Errand.objects.values_list("state", flat=True)),
        "emails": _counts(emails.values_list("state", flat=True)),
        "told": [[facts["number"], username] for facts, username in told],
        "errand_attempts": max(Errand.objects.values_list("attempts", flat=True)),
        "attempts": {str(message_id): tries for message_id, tries in emails.values_list("message_id", "attempts")},
    }


def settle():
    """Wait until nothing is owed any more."""
    from events.models import Errand
    from notifications.models import Delivery

    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if not (Errand.objects.exclude(state="done").exists() or Delivery.objects.exclude(state="sent").exists()):
            break
        time.sleep(0.3)
    return report()


def _counts(states):
    found = list(states)
    return {state: found.count(state) for state in sorted(set(found))}


STEPS = {"ring": ring, "report": report, "settle": settle}

if __name__ == "__main__":
    django.setup()
    for line in sys.stdin:
        print(json.dumps(STEPS[line.strip()]()), flush=True)  # noqa: T201
