"""A place is held where the patient goes, and nowhere else."""

from datetime import datetime, timedelta

import pytest

from events import outbox
from events.notices import find
from institutions.models import Capacity
from notifications.models import InboxMessage
from referrals.models import Referral
from tests.integration.referrals.pages import move_of
from tests.integration.referrals.seeing import everything, places_held, taken
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.refusals import Refused

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)
DAY = timedelta(days=1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def again(referral) -> Referral:
    return Referral.objects.with_parties().get(pk=referral.pk)


def held(referral) -> list:
    return list(referral.bookings.filter(given_back_at=None).values_list("capacity__department__code", flat=True))


def test_a_redirected_patient_gives_the_old_place_back(cast):
    referral = referral_at("scheduled", cast)
    assert held(referral) == ["cardiology"]
    step("dispatch", referral, cast)
    step("redirect", referral, cast, department=cast.departments.neurology)
    assert held(referral) == []
    assert Capacity.objects.filter(booked__gt=0).count() == 0


# --- who comes early --------------------------------------------------------------------------------------------------


def booked(cast, days, status="scheduled", **content) -> Referral:
    """With a place `days` ahead; "in_transit" has set out with it."""
    referral = referral_at("accepted", cast, **content)
    step("schedule", referral, cast, slot=cast.slot(days=days))
    return step("dispatch", referral, cast) if status == "in_transit" else referral


@pytest.mark.parametrize("status", ["scheduled", "in_transit"])
def test_who_comes_before_his_day_leaves_the_place_to_others(cast, status):
    referral = step("arrive", booked(cast, 2, status), cast)
    assert (referral.status, places_held(), taken()) == ("arrived", {}, {})
    assert referral.bookings.get().given_back_at == MOMENT
    assert referral.steps.get(verb="arrive").facts["given_back"] == "2026-03-13"


def test_who_comes_on_his_day_has_used_it(cast):
    referral = step("arrive", booked(cast, 0), cast)
    assert places_held() == taken() == {cast.slot(days=0).pk: 1}
    assert "given_back" not in referral.steps.get(verb="arrive").facts


def test_it_is_the_day_he_came_that_counts_not_the_day_it_was_entered(cast, clock):
    came_on_his_day, came_before = booked(cast, 1), booked(cast, 1)
    clock.shift(DAY)
    step("arrive", again(came_before), cast, arrived_at=MOMENT + timedelta(hours=5))
    step("arrive", again(came_on_his_day), cast)
    assert places_held() == taken() == {cast.slot(days=0).pk: 1}
    assert [each.bookings.get().given_back_at for each in (came_before, came_on_his_day)] == [MOMENT + DAY, None]


@pytest.mark.parametrize("status", ["scheduled", "in_transit"])
def test_an_early_arrival_by_mistake_takes_its_place_again(cast, status):
    referral = step("arrive", booked(cast, 2, status), cast)
    referral = step("undo_arrival", referral, cast)
    assert (referral.status, again(referral).bookings.get().given_back_at) == (status, None)
    assert places_held() == taken() == {cast.slot(days=2).pk: 1}
    assert "place_lost" not in referral.steps.get(verb="undo_arrival").facts


@pytest.mark.parametrize(("status", "back_to"), [("scheduled", "accepted"), ("in_transit", "in_transit")])
def test_where_somebody_else_has_it_by_now_another_is_wanted(cast, status, back_to):
    referral, slot = step("arrive", booked(cast, 2, status), cast), cast.slot(days=2)
    Capacity.objects.filter(pk=slot.pk).update(booked=slot.referral_quota)
    outbox.run_due()
    referral = step("undo_arrival", again(referral), cast)
    assert (referral.status, referral.bookings.filter(given_back_at=None).count()) == (back_to, 0)
    assert referral.steps.get(verb="undo_arrival").facts["place_lost"] == "2026-03-13"
    assert Capacity.objects.get(pk=slot.pk).booked == slot.referral_quota
    outbox.run_due()
    told = InboxMessage.objects.filter(notice="arrival_undone")
    assert "core-desk" not in told.values_list("user__username", flat=True)  # it did it itself
    words = find("referral.arrival_undone", "arrival_undone").words(told.first().event)
    assert words.body == "原预约的位置已让出且约满，请县人民医院重新安排。"


def test_a_home_visit_agreed_for_later_comes_back_too(cast):
    referral = referral_at("accepted", cast, direction="down")
    step("schedule", referral, cast, date=(MOMENT + 2 * DAY).date())
    step("arrive", referral, cast)
    assert referral.bookings.get().given_back_at == MOMENT
    assert step("undo_arrival", referral, cast).status == "scheduled"
    assert referral.bookings.get().given_back_at is None


# --- a session that is over -------------------------------------------------------------------------------------------


def test_the_morning_is_not_booked_in_the_afternoon(cast, clock):
    referral, slot = referral_at("accepted", cast), cast.slot(days=0)
    clock.move_to(MOMENT + timedelta(hours=2))
    form = cast.browser("core_desk").get(move_of(referral, "schedule")).context["form"]
    assert [place.label for place in form.days[0].places] == ["下午"]
    before = everything()
    for verb, one in (("schedule", referral), ("accept", referral_at("submitted", cast))):
        before = everything()
        with pytest.raises(Refused) as refused:
            step(verb, one, cast, slot=slot)
        assert [(error.pointer, error.code) for error in refused.value.errors] == [("/slot", "over")]
        assert everything() == before


def test_what_was_agreed_in_time_is_entered_afterwards(cast, clock):
    referral, slot = referral_at("accepted", cast), cast.slot(days=0)
    clock.move_to(MOMENT + timedelta(hours=4))
    step("schedule", referral, cast, slot=slot, occurred_at=MOMENT + timedelta(hours=1))
    assert (referral.status, taken()) == ("scheduled", {slot.pk: 1})
