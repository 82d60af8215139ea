"""When a step is due: working time and wall-clock time, pauses, restarts, and what the clock does by itself."""

from datetime import datetime

import pytest

from institutions.actions import set_calendar_day
from referrals.actions import limiting
from referrals.models import Referral
from tests.cast import SYSTEM
from tests.integration.referrals.seeing import events_of, everything, tick
from tests.walk import draft, referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.refusals import Refused

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)  # a Wednesday

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def at(text):
    """ "03-12 10:00" of 2026, in Shanghai."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def again(referral) -> Referral:
    return Referral.objects.with_parties().get(pk=referral.pk)


def sent(cast, when, clock, **content):
    clock.move_to(at(when))
    return step("submit", draft(cast, **content), cast)


# --- the answer is owed until -----------------------------------------------------------------------------------------

RESPOND = [
    ("emergency", "03-11 10:00", "03-11 10:15", "by day"),
    ("emergency", "03-14 23:50", "03-15 00:05", "on a Saturday night"),
    ("emergency", "02-17 03:00", "02-17 03:15", "in the Spring Festival"),
    ("urgent", "03-11 09:00", "03-11 11:00", "in the morning"),
    ("urgent", "03-11 11:30", "03-11 15:30", "over lunch"),
    ("urgent", "03-11 17:00", "03-12 09:30", "over night"),
    ("urgent", "03-13 16:30", "03-16 09:00", "over the weekend"),
    ("urgent", "03-15 10:00", "03-16 10:00", "from a Sunday"),
    ("urgent", "02-14 17:00", "02-24 09:30", "over the Spring Festival, from a make-up Saturday"),
    ("urgent", "09-20 09:00", "09-20 11:00", "on a make-up Sunday"),
    ("routine", "03-11 10:00", "03-12 10:00", "one working day"),
    ("routine", "03-11 12:30", "03-12 12:00", "from the lunch break"),
    ("routine", "03-11 21:00", "03-12 17:30", "from the evening"),
    ("routine", "03-13 15:00", "03-16 15:00", "over the weekend"),
    ("routine", "03-14 10:00", "03-16 17:30", "from a Saturday"),
    ("routine", "02-14 10:00", "02-24 10:00", "over the Spring Festival"),
    ("routine", "09-18 16:00", "09-20 16:00", "to a make-up Sunday"),
]


@pytest.mark.parametrize(("urgency", "when", "due", "case"), RESPOND, ids=[f"{row[0]} {row[3]}" for row in RESPOND])
def test_the_answer_is_owed_until(cast, clock, urgency, when, due, case):
    referral = sent(cast, when, clock, urgency=urgency)
    assert (referral.deadline, referral.look_at, referral.turn_at) == (at(due), at(due), at(due))


def test_the_green_channel_runs_as_an_emergency_whatever_was_ticked(cast, clock):
    referral = sent(cast, "03-14 23:50", clock, urgency="routine", green_channel="stroke", caller_phone="13800000000")
    assert (referral.deadline, referral.urgency) == (at("03-15 00:05"), "emergency")


def test_working_time_is_the_receivers(cast, clock):
    """The hospital is closed tomorrow; that the township works does not help."""
    for house in (cast.institutions.hospital, cast.institutions.chengguan):
        set_calendar_day(
            actor=SYSTEM, institution=house, date=at("03-12 00:00").date(), working=house.code == "chengguan"
        )
    assert sent(cast, "03-11 16:30", clock, urgency="urgent").deadline == at("03-13 09:00")


def test_a_consortium_sets_its_own_limits(cast, clock):
    limiting.set_limit(
        actor=SYSTEM, consortium=cast.consortium, urgency="urgent", step="respond", amount=90, unit="minutes"
    )
    referral = sent(cast, "03-11 17:00", clock, urgency="urgent")
    assert referral.deadline == at("03-11 18:30")
    clock.move_to(at("03-11 18:00"))
    step("return", referral, cast)
    clock.move_to(at("03-11 22:00"))
    assert step("submit", referral, cast).deadline == at("03-11 22:30")


# --- pauses, restarts, and what goes on -------------------------------------------------------------------------------


def test_a_question_back_pauses_the_answer(cast, clock):
    """Due Thursday 10:00; asked on Wednesday 16:00, so 1.5 + 2 hours of work are left."""
    referral = sent(cast, "03-11 10:00", clock)
    clock.move_to(at("03-11 16:00"))
    step("return", referral, cast)
    assert (referral.deadline, referral.look_at) == (at("03-18 16:00"), at("03-18 16:00"))
    clock.move_to(at("03-13 09:00"))
    assert step("submit", referral, cast).deadline == at("03-13 14:30")


def test_an_emergency_asked_back_goes_on_by_night(cast, clock):
    referral = sent(cast, "03-11 22:00", clock, urgency="emergency")
    clock.move_to(at("03-11 22:05"))
    step("return", referral, cast)
    clock.move_to(at("03-11 23:00"))
    assert step("submit", referral, cast).deadline == at("03-11 23:10")


def test_what_was_overdue_when_asked_back_is_due_at_the_next_opening(cast, clock):
    referral = sent(cast, "03-11 10:00", clock)
    clock.move_to(at("03-12 11:00"))
    step("return", referral, cast)
    clock.move_to(at("03-12 20:00"))
    assert step("submit", referral, cast).deadline == at("03-13 08:00")


def test_an_upgrade_restarts_the_clock_and_the_ladder(cast, clock):
    referral = sent(cast, "03-11 10:00", clock)
    clock.move_to(at("03-11 15:00"))
    step("upgrade", referral, cast, urgency="urgent")
    assert referral.deadline == at("03-11 17:00")
    clock.move_to(at("03-11 17:10"))
    tick()
    assert again(referral).rung == 1
    clock.move_to(at("03-11 22:00"))
    referral = step("upgrade", again(referral), cast, urgency="emergency")
    assert (referral.deadline, referral.look_at, referral.rung) == (at("03-11 22:15"), at("03-11 22:15"), 0)


def test_an_upgrade_while_asked_back_gives_the_whole_new_limit(cast, clock):
    referral = sent(cast, "03-11 10:00", clock)
    step("return", referral, cast)
    step("upgrade", referral, cast, urgency="emergency")
    assert (referral.status, referral.deadline) == ("returned", at("03-18 10:00"))
    clock.move_to(at("03-11 20:00"))
    assert step("submit", referral, cast).deadline == at("03-11 20:15")


def test_an_upgrade_ends_the_date_agreed_for_a_milder_case(cast, clock):
    referral = referral_at("accepted", cast)
    step("defer", referral, cast, contact_by=at("03-16 00:00").date())
    assert referral.deadline == at("03-16 18:00")
    clock.move_to(at("03-11 20:00"))
    step("upgrade", referral, cast, urgency="emergency")
    assert (referral.contact_by, referral.deadline) == (None, at("03-11 20:05"))
    assert not Referral.objects.deferred_at(referral.receiver_id).exists()


def test_an_upgrade_owes_an_earlier_place_than_the_one_that_is_held(cast, clock):
    referral = step("schedule", referral_at("accepted", cast), cast, slot=cast.slot(days=5))
    appointment = at("03-16 12:00")
    assert referral.deadline == appointment
    clock.move_to(at("03-11 20:00"))
    step("upgrade", referral, cast, urgency="emergency")
    assert (referral.status, referral.deadline, referral.look_at) == ("scheduled", at("03-11 20:05"), at("03-11 20:05"))
    assert referral.bookings.filter(given_back_at=None).count() == 1
    for moment, rung in (("03-11 20:06", 1), ("03-11 20:11", 2), ("03-11 20:16", 3)):
        clock.move_to(at(moment))
        tick()
        assert again(referral).rung == rung
    assert again(referral).look_at == at("03-17 08:00")
    referral = step("schedule", again(referral), cast, slot=cast.slot(days=1))
    assert (referral.deadline, referral.look_at, referral.rung) == (at("03-12 12:00"), at("03-13 08:00"), 0)


def test_an_upgrade_leaves_the_appointment_that_is_soon_enough(cast, clock):
    referral = step("schedule", referral_at("accepted", cast), cast, slot=cast.slot(days=1))
    clock.move_to(at("03-11 20:00"))
    step("upgrade", referral, cast, urgency="urgent")
    assert referral.deadline == at("03-12 12:00")


def test_an_emergency_in_a_bed_has_no_clock_until_it_leaves(cast, clock):
    held = step("schedule", referral_at("accepted", cast, kind="emergency"), cast, slot=cast.bed(days=0))
    assert step("arrive", held, cast).deadline is None
    assert referral_at("arrived", cast, kind="emergency").deadline == at("03-12 10:00")


def test_an_upgrade_does_not_leave_an_emergency_with_the_reviewer(cast, clock):
    referral = referral_at("in_review", cast)
    clock.move_to(at("03-11 20:00"))
    step("upgrade", referral, cast, urgency="emergency")
    referral = again(referral)
    assert (referral.status, referral.hand_institution.code, referral.deadline) == (
        "submitted", "county-hospital", at("03-11 20:15")
    )  # fmt: skip
    assert events_of(referral)[-2:] == ["upgraded", "approved"]
    assert list(referral.steps.values_list("verb", "actor_kind"))[-2:] == [("upgrade", "user"), ("approve", "system")]


def test_only_upwards(cast):
    referral = referral_at("submitted", cast, urgency="urgent")
    before = everything()
    for urgency in ("routine", "urgent"):
        with pytest.raises(Refused) as refused:
            step("upgrade", referral, cast, urgency=urgency)
        assert [error.pointer for error in refused.value.errors] == ["/urgency"]
    assert everything() == before


def test_another_department_owes_the_same_answer(cast, clock):
    referral = sent(cast, "03-11 10:00", clock, urgency="emergency")
    clock.move_to(at("03-11 10:16"))
    tick()
    before = again(referral)
    step("redirect", referral, cast)
    after = again(referral)
    assert after.department == cast.departments.neurology
    assert (after.deadline, after.look_at, after.rung) == (before.deadline, before.look_at, 1)


ARRANGE = [("routine", "03-16 10:00"), ("urgent", "03-12 10:00"), ("emergency", "03-11 10:05")]


@pytest.mark.parametrize(("urgency", "due"), ARRANGE)
def test_a_place_is_owed_until(cast, urgency, due):
    referral = referral_at("accepted", cast, urgency=urgency)
    assert (referral.deadline, referral.look_at) == (at(due), at(due))


SETTLE = [("routine", "03-12 10:00"), ("urgent", "03-11 12:00"), ("emergency", "03-11 10:00")]


@pytest.mark.parametrize(("urgency", "due"), SETTLE)
def test_a_bad_ending_is_to_be_settled_by_the_sender_until(cast, urgency, due):
    referral = referral_at("rejected", cast, urgency=urgency)
    assert (referral.hand_institution, referral.deadline) == (cast.institutions.chengguan, at(due))
