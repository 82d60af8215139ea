"""Priority (elderly, disabled, contracted): a flag for the order of the lists, without a clock of its own."""

from datetime import datetime, timedelta

import pytest

from referrals.boxes import BOXES, rows_in
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def listed(cast, box):
    rows = rows_in(box, cast.actors.core_desk).order_by(*BOXES[box].order)
    return [row.number for row in rows]


def test_it_stands_before_others_due_about_then_and_the_deadline_is_the_same(cast, clock):
    early = referral_at("submitted", cast)
    clock.shift(timedelta(minutes=50))
    later = referral_at("submitted", cast)
    first = referral_at("submitted", cast, priority=["elderly"])
    assert listed(cast, "my_turn") == [first.number, early.number, later.number]
    assert first.deadline == later.deadline


def test_not_before_what_is_due_much_earlier(cast, clock):
    early = referral_at("submitted", cast)
    clock.shift(timedelta(minutes=70))
    first = referral_at("submitted", cast, priority=["disabled", "contracted"])
    assert listed(cast, "my_turn") == [early.number, first.number]


def test_emergencies_go_by_the_clock_alone(cast, clock):
    early = referral_at("submitted", cast, urgency="emergency")
    clock.shift(timedelta(minutes=1))
    second = referral_at("submitted", cast, urgency="emergency", priority=["elderly"])
    assert listed(cast, "my_turn") == [early.number, second.number]


def test_on_the_waiting_list_it_is_first_of_its_day(cast):
    waiting = []
    for days, priority in ((3, []), (2, []), (2, ["elderly"])):
        referral = referral_at("accepted", cast, priority=priority)
        waiting.append(step("defer", referral, cast, contact_by=MOMENT.date() + timedelta(days=days)).number)
    assert listed(cast, "deferred") == waiting[::-1]
