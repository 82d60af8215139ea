"""What the trail keeps of names that were locked after too many wrong passwords."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import Event
from tests.integration.accounts.test_sessions import sign_in

pytestmark = pytest.mark.urls("tests.integration.accounts.page_urls")


def locks():
    """What the trail says of locked names."""
    found = Event.objects.filter(name="session.locked").order_by("pk")
    return list(found.values_list("subject", "facts", "actor_kind", "user_id", "institution_code", "address"))


def test_a_lock_is_in_the_trail_once_and_the_name_is_not(client, world, time_machine):
    start = timezone.now()
    time_machine.move_to(start)
    for _each in range(4):
        sign_in(client, "zhang", "wrong")
    assert locks() == []
    for name in ("zhang", "zhang", "ZHANG"):
        sign_in(client, name, "wrong")
    sign_in(client, "zhang")
    of_zhang = (
        f"user:{world.zhang.user_id}", {"username": "zh***"}, "system", None, "county-hospital", "127.0.0.1",
    )  # fmt: skip
    assert locks() == [of_zhang]
    time_machine.move_to(start + timedelta(minutes=16))
    for _each in range(6):
        sign_in(client, "zhang", "wrong")
    assert locks() == [of_zhang, of_zhang]


def test_a_lock_of_a_name_that_is_nobodys(client, world):
    for _each in range(6):
        sign_in(client, "110101199003070011", "wrong")
    assert locks() == [("session:unknown", {"username": "11***"}, "system", None, "", "127.0.0.1")]
