"""Many at once, against PostgreSQL: places are never overbooked, whoever publishes meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from institutions import actions
from institutions.models import Capacity, Relation
from tests.unit.institutions import builders
from toolkit.refusals import Conflict, Refused, Stale

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]

ROW = {"department": "cardiology", "kind": "slot", "session": "am", "total": 10, "referral_quota": 10}


def at_once(act, times, threads=16):
    """What each call came to: its answer, or the class of its refusal."""

    def one(number):
        try:
            return act(number)
        except (Conflict, Refused, Stale) as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(times)))


def publish(world, **changes):
    return actions.publish_capacity(
        actor=builders.SYSTEM,
        institution=world.hospital,
        date=timezone.localdate() + timedelta(days=2),
        rows=[ROW | changes],
    )


def test_two_hundred_bookings_for_ten_places_give_ten():
    (row,) = publish(builders.county())
    outcomes = at_once(lambda _number: actions.book(row.pk, now=timezone.now()), 200)
    assert (outcomes.count(None), outcomes.count(Conflict)) == (10, 190)
    assert Capacity.objects.get().booked == 10


def test_a_publisher_never_takes_away_what_is_being_booked():
    world = builders.county()
    (row,) = publish(world)

    def act(number):
        if number % 5 == 0:
            return publish(world, total=number % 9 + 2, referral_quota=number % 9 + 2)
        return actions.book(row.pk, now=timezone.now())

    outcomes = at_once(act, 100)
    booked = Capacity.objects.get()
    assert outcomes.count(None) == booked.booked <= booked.total


def test_first_publications_at_once_give_one_row():
    world = builders.county()
    at_once(lambda number: publish(world, total=10 + number), 16)
    assert Capacity.objects.count() == 1


def test_relations_generated_at_once_exist_once():
    world = builders.county()
    counts = at_once(lambda _number: actions.generate_relations(actor=builders.SYSTEM, consortium=world.consortium), 8)
    assert sorted(each["created"] for each in counts) == [0] * 7 + [12]
    assert Relation.objects.count() == 12
