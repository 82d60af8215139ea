"""Waiting times out of referrals that really came: who counts, from when to when, and never about a few."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from institutions.models import Capacity
from referrals.models import Referral, WaitingTime
from referrals.tasks import reckon_waiting_times
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)
DAY = 24 * 60

pytestmark = pytest.mark.django_db


def came(cast, days, **changes) -> Referral:
    """Sent `days` ago, and here since an hour; columns that are changed are what the row says."""
    referral = referral_at("submitted", cast)
    facts = {"submitted_at": MOMENT - timedelta(days=days, hours=1), "arrived_at": MOMENT - timedelta(hours=1)}
    Referral.objects.filter(pk=referral.pk).update(**facts | changes)
    return referral


def figures() -> dict:
    reckon_waiting_times()
    rows = WaitingTime.objects.select_related("department")
    return {(row.department.code, row.care, row.urgency): (row.sample, row.median_minutes) for row in rows}


def test_six_who_came_are_a_figure_and_five_are_none(cast, clock):
    for days in (1, 2, 3, 4, 5):
        came(cast, days)
    assert figures() == {}
    came(cast, 9)
    assert figures() == {("cardiology", "slot", "routine"): (6, int(3.5 * DAY))}


def test_who_does_not_count(cast, clock):
    for days in range(1, 6):
        came(cast, days)
    for changes in (
        {"status": "void", "hand_institution": None},
        {"urgency": "emergency"},
        {"green_channel": "stroke"},
        {"kind": "emergency"},
        {"kind": "follow_up"},
        {"arrived_at": None},
        {"arrived_at": MOMENT - timedelta(days=91), "submitted_at": MOMENT - timedelta(days=92)},
        {"arrived_at": MOMENT + timedelta(days=1)},
    ):
        came(cast, 30, **changes)
    assert figures() == {}


def test_places_and_urgencies_are_kept_apart(cast, clock):
    for days in range(1, 7):
        came(cast, days)
        came(cast, days, kind="exam")
        came(cast, 2 * days, kind="inpatient", urgency="urgent")
        came(cast, days, department=cast.departments.neurology)
    assert figures() == {
        ("cardiology", "slot", "routine"): (12, int(3.5 * DAY)),
        ("cardiology", "bed", "urgent"): (6, 7 * DAY),
        ("neurology", "slot", "routine"): (6, int(3.5 * DAY)),
    }


def test_through_the_real_acts_until_the_place_that_was_held(cast, clock):
    """Sent at ten; the place ends at noon the day after, wherever the patient is until the afternoon."""
    Capacity.objects.update(total=10, referral_quota=10)
    booked = [referral_at("scheduled", cast) for _each in range(6)]
    early = referral_at("scheduled", cast)
    clock.shift(timedelta(hours=3))
    step("arrive", early, cast)
    clock.move_to(MOMENT + timedelta(days=1, hours=6))
    for referral in booked:
        step("arrive", referral, cast)
    assert figures() == {("cardiology", "slot", "routine"): (7, DAY + 2 * 60)}


def test_a_figure_goes_when_too_few_are_left_and_is_never_doubled(cast, clock):
    for _each in range(6):
        came(cast, 2)
    first = figures()
    assert figures() == first
    assert len(first) == 1
    clock.move_to(MOMENT + timedelta(days=91))
    assert figures() == {}


def test_the_database_keeps_no_figure_about_a_few(cast):
    row = {"department": cast.departments.cardiology, "care": "slot", "urgency": "routine", "median_minutes": 1}
    with pytest.raises(IntegrityError), transaction.atomic():
        WaitingTime.objects.create(**row, sample=5, window_days=90, computed_at=MOMENT)


def test_it_costs_the_same_for_many(cast, clock):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            reckon_waiting_times()
        return len(asked)

    for _each in range(6):
        came(cast, 2)
    few = cost()
    for _each in range(6):
        came(cast, 2, department=cast.departments.neurology)
    assert cost() == few


def test_seen_by_who_may_see_the_department(cast, clock):
    for _each in range(6):
        came(cast, 2)
    figures()
    seen = {
        who: WaitingTime.objects.visible_to(getattr(cast.actors, who)).count()
        for who in ("township_doctor", "outsider_doctor")
    }
    assert seen == {"township_doctor": 1, "outsider_doctor": 0}
