"""Many at once on PostgreSQL, each process with a connection of its own."""

import json
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from institutions.models import Capacity
from notifications.models import InboxMessage
from records.models import Patient
from referrals.actions.blanks import print_blanks
from referrals.models import Booking, Referral
from tests.integration.referrals.seeing import events_of, places_held, taken
from tests.integration.referrals.speaking import ROOT, Side, address, letter
from tests.races import processes
from tests.walk import draft, referral_at, step

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


def headers(side: Side, **more) -> dict:
    return {"Authorization": f"Bearer {side.partner.token}", "On-Behalf-Of": side.staff, **more}


def post(side, path, body, **more) -> tuple:
    return "POST", path, json.dumps(body), headers(side, **more)


def statuses(answers) -> Counter:
    return Counter(status for status, _body, _replayed in answers)


def test_two_hundred_bookings_for_the_last_ten_places_give_ten(cast, crowd):
    slot = cast.slot(days=3)  # the rest is released the afternoon before
    Capacity.objects.filter(pk=slot.pk).update(total=40, referral_quota=30, booked=20)
    outcomes = Counter(crowd.at_once(processes.book, [(slot.pk,)] * 200))
    assert outcomes == {"booked": 10, "full": 190}
    slot.refresh_from_db()
    assert (slot.booked, slot.referral_quota) == (30, 30)


def test_thirty_referrals_accepted_for_the_last_ten_places_hold_ten(cast, crowd):
    """The whole way, with the move, its step and its event: who gets no place has moved nothing."""
    slot = cast.slot()
    Capacity.objects.filter(pk=slot.pk).update(total=10, referral_quota=10)
    desk, made = Side.of(cast, "core_desk"), [referral_at("submitted", cast) for _number in range(30)]
    match = [{"If-Match": f'"{referral.version}"'} for referral in made]
    calls = [
        post(desk, address(referral.number, "accept"), {"slot": slot.pk}, **match[number])
        for number, referral in enumerate(made)
    ]
    assert statuses(crowd.at_once(processes.send, calls)) == {200: 10, 409: 20}
    assert Counter(Referral.objects.values_list("status", flat=True)) == {"scheduled": 10, "submitted": 20}
    assert taken() == places_held() == {slot.pk: 10}
    assert Booking.objects.count() == 10


def test_fifty_equal_posts_with_one_key_are_one_referral_and_fifty_equal_answers(cast, crowd):
    side = Side.of(cast, "township_doctor")
    call = post(side, ROOT, letter(cast.patient().public_id), **{"Idempotency-Key": "fifty"})
    answers = crowd.at_once(processes.send, [call] * 50)
    assert statuses(answers) == {201: 50}
    assert len({body for _status, body, _replayed in answers}) == 1
    assert [replayed for _status, _body, replayed in answers].count(False) == 1
    referral = Referral.objects.get()
    assert (referral.status, events_of(referral)) == ("submitted", ["drafted", "submitted"])


def test_eight_letters_for_one_patient_and_specialty_leave_one(cast, crowd):
    side = Side.of(cast, "township_doctor")
    patient = cast.patient().public_id
    calls = [post(side, ROOT, letter(patient, purpose=f"第 {number} 封")) for number in range(8)]
    answers = crowd.at_once(processes.send, calls)
    assert statuses(answers) == {201: 1, 409: 7}
    number = Referral.objects.get().number
    refusals = [json.loads(body) for status, body, _replayed in answers if status == 409]
    assert {(refusal["code"], number in refusal["detail"]) for refusal in refusals} == {("duplicate", True)}


def test_two_registrations_of_one_person_are_not_both_sent(cast, crowd):
    here = cast.patient()
    there = Patient.objects.get(pk=cast.patient(cast.actors.hekou_doctor).pk)
    Patient.objects.filter(pk=there.pk).update(person=here.person)
    sides = [Side.of(cast, "township_doctor"), Side.of(cast, "hekou_doctor")]
    calls = [post(sides[n % 2], ROOT, letter([here, there][n % 2].public_id, urgency="emergency")) for n in range(8)]
    assert statuses(crowd.at_once(processes.send, calls)) == {201: 1, 409: 7}


def test_eight_people_accept_at_once_and_one_does(cast, crowd):
    people = [Side.of(cast, "core_desk"), Side.of(cast, "cardiologist")]
    for _round in range(5):
        referral = referral_at("submitted", cast)
        match = {"If-Match": f'"{referral.version}"'}
        calls = [post(people[n % 2], address(referral.number, "accept"), {}, **match) for n in range(8)]
        found = statuses(crowd.at_once(processes.send, calls))
        assert (found[200], found[412] + found[422]) == (1, 7)
        assert events_of(referral, "accepted") == ["accepted"]


def test_accepted_or_withdrawn_but_not_both(cast, crowd):
    desk, doctor = Side.of(cast, "core_desk"), Side.of(cast, "township_doctor")
    slot = cast.slot()
    for _round in range(5):
        referral = referral_at("submitted", cast)
        match = {"If-Match": f'"{referral.version}"'}
        calls = [
            post(desk, address(referral.number, "accept"), {"slot": slot.pk}, **match),
            post(doctor, address(referral.number, "withdraw"), {"reason": "improved"}, **match),
        ] * 4
        assert statuses(crowd.at_once(processes.send, calls)) == {200: 1, 412: 7}
        assert referral.steps.exclude(verb="submit").count() == 1
    assert taken() == places_held()


def test_eight_hands_on_one_claim(cast, crowd):
    """The row is locked for each: the last one has it, and each taking over is on record."""
    people = [Side.of(cast, "cardiologist"), Side.of(cast, "core_doctor"), Side.of(cast, "travelling_doctor")]
    referral = referral_at("arrived", cast)
    match = {"If-Match": f'"{referral.version}"'}
    calls = [post(people[n % 3], address(referral.number, "claim"), {}, **match) for n in range(8)]
    found = statuses(crowd.at_once(processes.send, calls))
    assert set(found) <= {200, 409, 422}
    assert found[200] == referral.steps.filter(verb="claim").count() >= 1
    referral.refresh_from_db()
    assert referral.claimed_by is not None


def test_a_redirection_and_a_letter_for_the_same_specialty(cast, crowd):
    desk, doctor = Side.of(cast, "core_desk"), Side.of(cast, "township_doctor")
    for _round in range(5):
        referral = referral_at("submitted", cast, department=cast.departments.neurology)
        other = draft(cast, patient=referral.patient)
        calls = [
            post(desk, address(referral.number, "redirect"), {"department": "cardiology"}, **{"If-Match": '"2"'}),
            post(doctor, address(other.number, "submit"), {}, **{"If-Match": '"1"'}),
        ]
        assert statuses(crowd.at_once(processes.send, calls)) == {200: 1, 409: 1}


def test_eight_patients_for_one_paper_number_are_one(cast, crowd):
    side = Side.of(cast, "township_doctor")
    blank = print_blanks(actor=cast.actors.township_doctor, count=1, direction="up")[0]
    on_paper = {"blank_number": blank.number, "occurred_at": blank.printed_at.isoformat()}
    calls = [post(side, ROOT, letter(cast.patient().public_id, **on_paper)) for _number in range(8)]
    assert statuses(crowd.at_once(processes.send, calls)) == {201: 1, 409: 7}
    assert Referral.objects.get().number == blank.number


def test_many_clocks_are_one_clock(cast, crowd):
    made = [referral_at("submitted", cast, urgency="emergency") for _number in range(8)]
    long_ago = timezone.now() - timedelta(minutes=7)
    Referral.objects.update(deadline=long_ago, look_at=long_ago, turn_at=long_ago)
    crowd.at_once(processes.tick, [()] * 8)
    assert [events_of(referral, "escalated") for referral in made] == [["escalated"]] * 8
    crowd.at_once(processes.relay, [()] * 8)
    desk = InboxMessage.objects.filter(notice="escalated", user=cast.users.core_administrator)
    assert desk.count() == 8


def test_eight_ways_back_are_one(cast, crowd):
    up = referral_at("concluded", cast)
    side = Side.of(cast, "cardiologist")
    call = post(side, address(up.number, "refer_back"), {}, **{"If-Match": f'"{up.version}"'})
    assert statuses(crowd.at_once(processes.send, [call] * 8)) == {201: 1, 409: 7}
    assert up.children.count() == 1


def test_a_place_given_back_twice_is_given_back_once(cast, crowd):
    referral = referral_at("scheduled", cast)
    side, match = Side.of(cast, "core_desk"), {"If-Match": f'"{referral.version}"'}
    body = {"reason": "patient_changed_mind"}
    calls = [post(side, address(referral.number, "cancel"), body, **match)] * 8
    assert statuses(crowd.at_once(processes.send, calls)) == {200: 1, 412: 7}
    assert taken() == places_held() == {}


def test_the_last_place_asked_for_by_two_who_have_one_already(cast, crowd):
    """Moving to another day gives the old place back; who comes too late keeps his."""
    late = cast.slot(days=3)
    Capacity.objects.filter(pk=late.pk).update(total=1, referral_quota=1)
    desk, pair = Side.of(cast, "core_desk"), [referral_at("scheduled", cast) for _number in range(2)]
    calls = [
        post(desk, address(each.number, "schedule"), {"slot": late.pk}, **{"If-Match": f'"{each.version}"'})
        for each in pair
    ]
    assert statuses(crowd.at_once(processes.send, calls)) == {200: 1, 409: 1}
    assert taken() == places_held() == {late.pk: 1, cast.slot(days=1).pk: 1}
    assert step("withdraw", pair[0], cast).status == "withdrawn"
