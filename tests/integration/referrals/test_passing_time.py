"""What the clock does by itself: missed, expired, removed, reminded, closed; and how the way back closes the way up."""

from datetime import datetime, timedelta

import pytest

from events import outbox
from institutions.models import Relation
from notifications.models import InboxMessage
from records.models import AccessGrant
from referrals import presenting
from referrals.actions import change_draft, clock
from referrals.models import Referral
from tests.integration.referrals.seeing import events_of, places_held, taken, tick
from tests.walk import draft, referral_at, step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)  # a Wednesday

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def at(text):
    """ "03-12 10:00" of 2026, in Shanghai."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def again(referral) -> Referral:
    return Referral.objects.with_parties().get(pk=referral.pk)


OUTPATIENT, INPATIENT = "03-19 18:00", "03-15 18:00"


@pytest.mark.parametrize(("kind", "missed"), [("outpatient", OUTPATIENT), ("inpatient", INPATIENT)])
def test_who_does_not_come_is_missed_next_morning_and_no_show_days_later(cast, clock, kind, missed):
    referral = referral_at("scheduled", cast, kind=kind)
    assert referral.bookings.get().date == at("03-12 00:00").date()
    clock.move_to(at("03-13 07:59"))
    assert tick() == []
    clock.move_to(at("03-13 08:00"))
    assert tick() == ["not_arrived"]
    clock.move_to(at(missed) - timedelta(minutes=1))
    assert tick() == []
    clock.move_to(at(missed))
    assert tick() == ["missed"]
    referral = again(referral)
    assert (referral.status, referral.hand_institution) == ("no_show", cast.institutions.chengguan)
    assert referral.bookings.get().given_back_at == at(missed)
    assert referral.steps.order_by("-pk").first().actor_kind == "clock"


def test_an_appointment_long_over_at_the_first_look_is_missed_without_a_word_about_yesterday(cast, clock):
    referral_at("scheduled", cast)
    clock.move_to(at("03-25 12:00"))
    assert tick() == ["missed"]


@pytest.mark.parametrize(("kind", "missed"), [("outpatient", OUTPATIENT), ("inpatient", INPATIENT)])
def test_a_day_agreed_on_the_telephone_is_missed_like_any_other(cast, clock, kind, missed):
    referral = referral_at("accepted", cast, receiver=cast.institutions.clinic, direction="down", kind=kind)
    step("schedule", referral, cast, date=at("03-12 00:00").date())
    clock.move_to(at("03-13 08:00"))
    assert tick() == ["not_arrived"]
    clock.move_to(at(missed) - timedelta(minutes=1))
    assert tick() == []
    clock.move_to(at(missed))
    assert tick() == ["missed"]


def test_a_place_missed_on_its_day_can_be_had_by_somebody_else(cast):
    referral = referral_at("no_show", cast)
    assert referral.bookings.filter(given_back_at=None).count() == 0
    assert taken() == places_held() == {}


def test_a_question_nobody_answers_expires_after_seven_days(cast, clock):
    referral = referral_at("returned", cast)
    clock.move_to(at("03-18 09:59"))
    assert tick() == []
    clock.move_to(at("03-18 10:00"))
    assert tick() == ["expired"]
    referral = again(referral)
    assert (referral.status, referral.deadline) == ("expired", at("03-19 10:00"))


def test_a_draft_is_removed_after_thirty_untouched_days(cast, clock):
    referral = draft(cast)
    clock.move_to(at("04-01 10:00"))
    change_draft(referral, actor=cast.actors.township_doctor, purpose="请会诊")
    clock.move_to(at("05-01 09:59"))
    assert tick() == []
    clock.move_to(at("05-01 10:00"))
    assert tick() == ["discarded"]
    assert again(referral).status == "withdrawn"


def test_the_removal_of_a_draft_is_told_to_its_author(cast, clock):
    draft(cast)
    clock.move_to(at("04-10 10:00"))
    tick()
    outbox.run_due()
    told = InboxMessage.objects.filter(notice="discarded").values_list("user__username", flat=True)
    assert set(told) == {"township-doctor", "township-colleague", "family-doctor"}


@pytest.mark.parametrize(("minutes", "alarm"), [(40, "03-11 11:00"), (None, "03-11 13:00")])
def test_an_ambulance_is_missed_after_one_and_a_half_times_its_way(cast, clock, minutes, alarm):
    Relation.objects.filter(sender=cast.institutions.chengguan, receiver=cast.institutions.hospital).update(
        travel_minutes=minutes
    )
    referral = referral_at("in_transit", cast)
    assert referral.deadline == at(alarm)
    clock.move_to(at(alarm) - timedelta(minutes=1))
    assert tick() == []
    clock.move_to(at(alarm))
    assert tick() == ["escalated"]


def test_who_left_before_he_was_accepted_is_asked_for_anew_when_he_does_not_come(cast, clock):
    """The answer is owed in 15 minutes and climbs to the top; the way takes 40, and is asked for after 60."""
    Relation.objects.filter(sender=cast.institutions.chengguan, receiver=cast.institutions.hospital).update(
        travel_minutes=40
    )
    referral = referral_at("submitted", cast, green_channel="trauma", caller_phone="13800000000")
    step("dispatch", referral, cast, confirmed_by="急诊科 陈医生")
    climbed = []
    for minute in range(0, 121):
        clock.move_to(MOMENT + timedelta(minutes=minute))
        climbed += [(minute, again(referral).rung) for name in tick() if name == "escalated"]
    assert climbed == [(15, 1), (20, 2), (25, 3), (60, 1), (65, 2), (70, 3)]
    assert (again(referral).deadline, again(referral).look_at) == (at("03-11 11:00"), None)


def test_the_way_counts_from_when_it_really_began(cast, clock):
    referral = referral_at("accepted", cast)
    clock.move_to(at("03-11 11:00"))
    step("dispatch", referral, cast, occurred_at=at("03-11 10:20"))
    assert referral.deadline == at("03-11 13:20")
    assert referral.steps.get(verb="dispatch").late


def test_who_is_under_way_never_expires(cast, clock):
    referral = referral_at("in_transit", cast)
    for month in ("04", "06", "12"):
        clock.move_to(at(f"{month}-11 10:00"))
        tick()
        assert again(referral).status == "in_transit"
    assert events_of(referral, "escalated") == ["escalated"]


REMINDERS = [
    ("in_review", "03-12 10:00"),
    ("arrived", "03-12 10:00"),
    ("concluded", "03-13 10:00"),
    ("following_up", "03-18 18:00"),
]


@pytest.mark.parametrize(("status", "due"), REMINDERS)
def test_one_reminder_and_no_more(cast, clock, status, due):
    referral = referral_at(status, cast)
    clock.move_to(at(due) - timedelta(minutes=1))
    assert tick() == []
    clock.move_to(at(due))
    assert tick() == ["reminded"]
    clock.shift(timedelta(days=60))
    assert tick() == []
    assert (again(referral).status, again(referral).look_at) == (status, None)


def test_a_stay_has_no_clock_before_discharge(cast, clock):
    referral = referral_at("arrived", cast, kind="inpatient")
    assert (referral.deadline, referral.look_at) == (None, None)
    clock.shift(timedelta(days=60))
    assert tick() == []


def test_one_bad_row_does_not_stop_the_clock(cast, clock, monkeypatch):
    bad, good = referral_at("returned", cast), referral_at("returned", cast)
    whole = breaking_at(bad.pk, monkeypatch)
    clock.move_to(at("03-18 10:00"))
    whole()
    assert [again(each).status for each in (bad, good)] == ["returned", "expired"]


def breaking_at(broken_pk, monkeypatch):
    """The clock's look at everything, which breaks at one row."""
    look = clock.look

    def sometimes(pk):
        if pk == broken_pk:
            raise RuntimeError("a bad row")
        look(pk)

    monkeypatch.setattr(clock, "look", sometimes)
    return clock.tick


# --- the way back closes the way up -----------------------------------------------------------------------------------


def returned_home(up, cast, meanwhile=lambda up: None):
    """The linked down-referral, sent and arrived at the township."""
    down = step("refer_back", up, cast)
    meanwhile(again(up))
    actor = cast.actors.cardiologist
    consent = {"given_by": "self", "method": "signed_paper"}
    change_draft(
        down, actor=actor, consent=consent, treatment="药物治疗", plan="按时服药",
        follow_up_on=at("03-25 00:00").date(),
    )  # fmt: skip
    for verb in ("submit", "accept", "arrive"):
        step(verb, again(down), cast)
    return again(down)


def test_a_concluded_referral_closes_when_the_patient_is_home(cast):
    up = referral_at("concluded", cast)
    down = returned_home(up, cast)
    outbox.run_due()
    up = again(up)
    assert (up.status, up.journey, down.parent) == ("closed", down.journey, up)
    assert up.steps.order_by("-pk").values_list("verb", "actor_kind").first() == ("close", "clock")
    outbox.run_due()
    assert events_of(up, "closed") == ["closed"]


def test_the_hospital_reads_what_became_of_its_patient_however_long_it_takes(cast, clock):
    """It knows him by the way up alone, which is over; the way down is a ground of its own."""
    up = referral_at("concluded", cast)
    down = returned_home(up, cast)
    outbox.run_due()
    clock.shift(timedelta(days=100))
    step("conclude", again(down), cast)
    doctor = cast.actors.cardiologist
    assert not AccessGrant.objects.live().filter(source=up.event_ref, institution=up.receiver).exists()
    assert presenting.open_for(again(down), doctor, purpose="test", route="")
    step("acknowledge", again(down), cast)
    clock.shift(timedelta(days=91))
    assert not presenting.open_for(again(down), doctor, purpose="test", route="")


def test_or_when_the_summary_comes_after_the_patient(cast):
    up = referral_at("arrived", cast)
    returned_home(up, cast)
    outbox.run_due()
    assert again(up).status == "arrived"
    step("conclude", again(up), cast)
    outbox.run_due()
    assert again(up).status == "closed"


def test_what_was_acknowledged_meanwhile_is_left_alone(cast):
    up = referral_at("concluded", cast)
    day = at("03-20 00:00").date()
    returned_home(up, cast, meanwhile=lambda up: step("acknowledge", up, cast, follow_up_on=day))
    outbox.run_due()
    assert again(up).status == "following_up"
