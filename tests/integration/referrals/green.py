"""Referrals on the green channel for tests: with the least it may be sent with, and walked on from there."""

from datetime import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import Event
from referrals.actions import beside, change_draft
from referrals.models import Referral
from tests.integration.referrals.seeing import everything
from tests.walk import draft, step
from toolkit.calendar.working import ZONE

LEAST = {
    "kind": "emergency", "urgency": "emergency", "green_channel": "stroke", "caller_phone": "13900007777",
    "history": "言语不清半小时", "purpose": "", "reason": "", "past_history": "", "diagnoses": [], "allergies": [],
    "vitals": {}, "consent": None,
}  # fmt: skip
PAPER = {
    "purpose": "溶栓评估",
    "reason": "critical",
    "diagnoses": [{"text": "急性脑卒中"}],
    "consent": {"given_by": "institution", "method": "emergency", "approved_by": "陈静", "approved_title": "副院长"},
}
FOUND = {"verdict": "justified", "times_kept": True}


def page_of(referral) -> str:
    """Where the office reviews it."""
    return reverse("referrals:review", args=[referral.number])


def listed(answer) -> list[str]:
    """The numbers of a list, in the order of the page."""
    return [row.referral.number for row in answer.context["rows"]]


def statements(act) -> int:
    """How often one request asks the database, without the brackets of its transaction."""
    aside = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")
    with CaptureQueriesContext(connection) as asked:
        assert act().status_code == 200
    return sum(not query["sql"].upper().startswith(aside) for query in asked.captured_queries)


def at(text: str) -> datetime:
    """ "03-12 10:00" of 2026, in Shanghai."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def again(referral) -> Referral:
    return Referral.objects.with_parties().get(pk=referral.pk)


def sent(cast, **more) -> Referral:
    """Just sent from the township to neurology, its paper owed."""
    department = more.pop("department", cast.departments.neurology)
    return again(step("submit", draft(cast, department=department, **LEAST | more), cast))


def arrived(cast, **more) -> Referral:
    """On the way before anybody answered, and there."""
    referral = step("dispatch", sent(cast, **more), cast, confirmed_by="徐磊")
    return again(step("arrive", referral, cast))


def closed(cast, **more) -> Referral:
    """The whole loop, its paper never written up."""
    referral = step("conclude", arrived(cast, **more), cast, follow_up_on=None, diagnoses=[{"text": "急性脑梗死"}])
    return again(step("acknowledge", referral, cast))


def complete(referral, cast) -> Referral:
    change_draft(again(referral), actor=cast.actors.township_doctor, **PAPER)
    return again(referral)


def tick() -> list[str]:
    """One look beside the hand; the names of what it recorded. The second look finds nothing to do."""
    last = Event.objects.order_by("-pk").values_list("pk", flat=True)[0]
    beside.tick()
    done = everything()
    beside.tick()
    assert everything() == done
    names = Event.objects.filter(pk__gt=last, name__startswith="referral.").order_by("pk")
    return [name.removeprefix("referral.") for name in names.values_list("name", flat=True)]
