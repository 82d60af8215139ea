"""What is overdue climbs: desk, duty line, consortium office; each once, each with a number to call."""

from datetime import datetime, timedelta

import pytest

from events import notices, outbox
from events.models import Event
from events.notices import Audience
from institutions.models import Consortium, Member
from notifications.models import InboxMessage
from referrals.actions import clock as referral_clock
from referrals.models import Referral
from tests.integration.referrals.seeing import everything
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)  # a Wednesday

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def at(text):
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def again(referral) -> Referral:
    return Referral.objects.with_parties().get(pk=referral.pk)


def climbed() -> list[tuple[int, list[Audience]]]:
    """(rung, audience) of every escalation so far."""
    found = Event.objects.filter(name="referral.escalated").order_by("pk")
    return [(event.facts["rung"], audience_of(event)) for event in found]


def audience_of(event) -> list[Audience]:
    (notice,) = notices.notices_for(event.name)
    assert notice.is_urgent(event)
    return notice.audience(event)


def desk(house):
    return [Audience(institution_id=house.pk, unit="desk")]


def duty_line(house):
    return [Audience(institution_id=house.pk, unit="duty_line")]


def office(house):
    consortium = Consortium.objects.get(code="qingchuan")  # the referral's own
    return [Audience(institution_id=house.pk, unit="office", consortium_id=consortium.pk)]


def authors(cast):
    """The sender's department, and the author himself."""
    house = cast.institutions.chengguan
    return [
        Audience(institution_id=house.pk, unit="department", department_id=cast.departments.general_chengguan.pk),
        Audience(institution_id=house.pk, unit="user", user_id=cast.users.township_doctor.pk),
    ]


# urgency: when the desk, the duty line and the office hear of an answer owed since Wednesday 10:00
CLIMBS = {
    "emergency": ["03-11 10:15", "03-11 10:20", "03-11 10:25"],
    "urgent": ["03-11 12:00", "03-11 15:00", "03-11 16:00"],
    "routine": ["03-12 10:00", "03-13 10:00", "03-16 10:00"],
}


@pytest.mark.parametrize("urgency", CLIMBS)
def test_desk_then_duty_line_then_office(cast, clock, urgency):
    house = cast.institutions.hospital
    referral = referral_at("submitted", cast, urgency=urgency)
    wanted = []
    for rung, (when, who) in enumerate(zip(CLIMBS[urgency], (desk, duty_line, office), strict=True), start=1):
        clock.move_to(at(when) - timedelta(minutes=1))
        referral_clock.tick()
        assert climbed() == wanted
        clock.move_to(at(when))
        referral_clock.tick()
        wanted.append((rung, who(house)))
        assert climbed() == wanted
        assert again(referral).rung == rung
    clock.shift(timedelta(days=40))
    referral_clock.tick()
    assert climbed() == wanted
    assert (again(referral).status, again(referral).look_at) == ("submitted", None)


def test_after_downtime_missed_steps_are_one(cast, clock):
    referral_at("submitted", cast)
    clock.move_to(at("03-30 10:00"))
    referral_clock.tick()
    assert climbed() == [(3, office(cast.institutions.hospital))]


def test_after_a_short_downtime_the_ladder_goes_on_from_where_it_should_be(cast, clock):
    referral_at("submitted", cast)
    clock.move_to(at("03-13 12:00"))
    referral_clock.tick()
    clock.move_to(at("03-16 10:00"))
    referral_clock.tick()
    hospital = cast.institutions.hospital
    assert climbed() == [(2, duty_line(hospital)), (3, office(hospital))]


def test_twice_is_once(cast, clock):
    referral_at("submitted", cast)
    clock.move_to(at("03-13 12:00"))
    referral_clock.tick()
    once = everything()
    referral_clock.tick()
    clock.shift(timedelta(minutes=30))
    referral_clock.tick()
    assert everything() == once


def test_an_answer_ends_the_climb_and_the_next_owing_starts_below(cast, clock):
    referral = referral_at("submitted", cast, urgency="emergency")
    clock.move_to(at("03-11 10:21"))
    referral_clock.tick()
    step("accept", again(referral), cast)
    assert (again(referral).rung, again(referral).deadline) == (0, at("03-11 10:26"))
    clock.move_to(at("03-11 10:26"))
    referral_clock.tick()
    assert [rung for rung, _who in climbed()] == [2, 1]


def test_the_ladder_of_a_bad_ending_is_the_senders(cast, clock):
    referral_at("rejected", cast)
    for when in ("03-12 10:00", "03-13 10:00", "03-16 10:00"):
        clock.move_to(at(when))
        referral_clock.tick()
    house = cast.institutions.chengguan
    assert climbed() == [(1, authors(cast)), (2, duty_line(house)), (3, office(house))]


def test_of_a_receiver_on_the_telephone_the_caller_hears(cast, clock):
    """It lies in the sender's hand to call; the number to call is the receiver's."""
    clinic, house = cast.institutions.clinic, cast.institutions.hospital
    referral = referral_at("submitted", cast, sender=house, receiver=clinic, direction="down")
    assert referral.hand_institution == house
    for when in ("03-12 10:00", "03-13 10:00"):
        clock.move_to(at(when))
        referral_clock.tick()
    authors_house = [
        Audience(institution_id=house.pk, unit="department", department_id=cast.departments.cardiology.pk),
        Audience(institution_id=house.pk, unit="user", user_id=cast.users.cardiologist.pk),
    ]
    assert climbed() == [(1, authors_house), (2, duty_line(house))]
    assert numbers_to_call() == [clinic.desk_phone, clinic.duty_phone]


def numbers_to_call() -> list[str]:
    found = Event.objects.filter(name="referral.escalated").order_by("pk")
    return [event.facts["phone"] for event in found]


def test_each_step_names_a_number_to_call(cast, clock):
    hospital = cast.institutions.hospital
    referral_at("submitted", cast)
    for when in CLIMBS["routine"]:
        clock.move_to(at(when))
        referral_clock.tick()
    assert numbers_to_call() == [hospital.desk_phone, hospital.duty_phone, hospital.duty_phone]
    event = Event.objects.filter(name="referral.escalated").last()
    (notice,) = notices.notices_for(event.name)
    assert hospital.duty_phone in notice.words(event).body


def test_people_hear_at_each_step_and_nobody_twice(cast, clock):
    """Desk: its own people. Duty line without a roster: administrators and desk. Office: the consortium's."""
    cast.on_duty("core_administrator", "duty_line", hours=24 * 6)
    referral_at("submitted", cast)
    heard = []
    for when in CLIMBS["routine"]:
        clock.move_to(at(when))
        referral_clock.tick()
        outbox.run_due()
        told = InboxMessage.objects.filter(notice="escalated").values_list("user__username", flat=True)
        heard.append(sorted(told))
    assert heard == [
        ["core-desk"],
        ["core-administrator", "core-desk"],
        ["consortium-administrator", "core-administrator", "core-desk"],
    ]


def test_the_way_of_an_ambulance_climbs_too(cast, clock):
    referral_at("in_transit", cast, urgency="emergency")
    for when in ("03-11 13:00", "03-11 13:05", "03-11 13:10"):
        clock.move_to(at(when))
        referral_clock.tick()
    house = cast.institutions.hospital
    assert climbed() == [(1, desk(house)), (2, duty_line(house)), (3, office(house))]


def test_an_emergency_under_way_that_nobody_has_accepted_climbs_by_the_answer_owed(cast, clock):
    referral = referral_at("submitted", cast, green_channel="trauma", caller_phone="13800000000")
    step("dispatch", referral, cast, confirmed_by="急诊科 陈医生")
    clock.move_to(at("03-11 10:15"))
    referral_clock.tick()
    assert climbed() == [(1, desk(cast.institutions.hospital))]


@pytest.mark.parametrize(
    "written",
    [{"urgency": "emergency"}, {"urgency": "emergency", "green_channel": "stroke", "caller_phone": "0839-7230120"}],
)
def test_an_accepted_emergency_has_time_to_set_out_before_it_climbs(cast, clock, written):
    """The deadline shown can be kept: packing the ambulance is no alarm."""
    referral = referral_at("accepted", cast, **written)
    assert again(referral).deadline == MOMENT + timedelta(minutes=5)
    clock.shift(timedelta(minutes=4, seconds=50))
    referral_clock.tick()
    assert climbed() == []
    step("dispatch", again(referral), cast)
    clock.shift(timedelta(minutes=10))
    referral_clock.tick()
    assert climbed() == []


def test_an_accepted_emergency_nobody_moves_climbs_after_its_grace(cast, clock):
    referral = referral_at("accepted", cast, urgency="emergency")
    for minutes in (5, 10, 15, 20):
        clock.move_to(MOMENT + timedelta(minutes=minutes, seconds=1))
        referral_clock.tick()
    assert [rung for rung, _audience in climbed()] == [1, 2, 3]
    assert climbed()[0][1] == [Audience(institution_id=referral.receiver_id, unit="desk")]


def test_the_office_of_its_own_consortium_hears_of_it_whoever_is_on_duty_elsewhere(cast, clock):
    """The hospital is a member of the city's group too, whose office keeps a roster; ours keeps none."""
    group, hospital = cast.outside_consortium, cast.institutions.hospital
    Member.objects.create(consortium=group, institution=hospital, role="member", joined_on=MOMENT.date())
    referral_at("submitted", cast)
    clock.move_to(at("03-30 10:00"))
    cast.on_duty("outsider_office", "office")
    referral_clock.tick()
    while outbox.run_due():
        pass
    told = InboxMessage.objects.filter(event__name="referral.escalated").values_list("user__username", flat=True)
    assert list(told) == ["consortium-administrator"]
