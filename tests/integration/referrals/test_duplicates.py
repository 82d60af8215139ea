"""One live referral per person, specialty and direction; an emergency goes before a routine one."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from records.data import NumberData
from referrals.models import Referral
from referrals.statuses import HOLDING, LIVE, STATUS_LABELS
from tests.cast import resident_number
from tests.integration.referrals.seeing import events_of, everything, grants_of, places_held, taken
from tests.walk import draft, referral_at, step
from toolkit.refusals import Conflict

pytestmark = pytest.mark.django_db

ONLY_THAT = "该患者在本专科已有进行中的转诊，请联系医联体办公室。"


def again(referral) -> Referral:
    return Referral.objects.with_parties().get(pk=referral.pk)


def refused(referral, cast, verb="submit", **facts) -> Conflict:
    before = everything()
    with pytest.raises(Conflict) as caught:
        step(verb, referral, cast, **facts)
    assert caught.value.code == "duplicate"
    assert [error.pointer for error in caught.value.errors] == ["/patient"]
    assert everything() == before
    return caught.value


@pytest.mark.parametrize("status", [status for status in STATUS_LABELS if status != "draft"])
def test_what_holds_the_way_and_what_does_not(cast, status):
    """The specification: in_review … arrived. Bad endings and ends leave the way free; what was forwarded goes on."""
    live = referral_at(status, cast)
    second = draft(cast, patient=live.patient, sender=live.sender)
    if status == "forwarded":
        live = live.children.get()
    if live.status in HOLDING:
        assert live.number in str(refused(second, cast).detail)
    else:
        assert step("submit", second, cast).status in ("submitted", "in_review")


def test_drafts_hold_nothing(cast):
    first = draft(cast)
    second = draft(cast, patient=first.patient)
    step("submit", first, cast)
    refused(second, cast)


def test_another_specialty_or_direction_is_another_matter(cast):
    live = referral_at("accepted", cast)
    other = draft(cast, patient=live.patient, department=cast.departments.neurology)
    assert step("submit", other, cast).status == "submitted"


def test_the_same_specialty_elsewhere_is_the_same_matter(cast):
    live = referral_at("accepted", cast)
    other = draft(cast, patient=live.patient, department=cast.departments.tcm_cardiology)
    assert live.number in str(refused(other, cast).detail)


@pytest.fixture
def twice(cast):
    """One person registered at two township centres."""
    number = [NumberData(type="resident_id", value=resident_number(date(1958, 3, 12), 900))]
    here, there = cast.patient(identifiers=number), cast.patient(cast.actors.hekou_doctor, identifiers=number)
    assert here.person == there.person
    assert here != there
    return here, there


def test_two_registrations_are_one_person_and_a_stranger_learns_nothing_of_the_other(cast, twice):
    here, there = twice
    live = referral_at("submitted", cast, patient=here)
    refusal = refused(draft(cast, sender=cast.institutions.hekou, patient=there), cast)
    assert str(refusal.detail) == ONLY_THAT
    assert live.number not in str(refusal.detail) + str(refusal.errors)


def test_an_emergency_goes_before_a_routine_one_and_its_place_is_free_again(cast):
    routine = referral_at("scheduled", cast)
    emergency = draft(cast, patient=routine.patient, urgency="emergency")
    step("submit", emergency, cast)
    routine = again(routine)
    assert (routine.status, again(emergency).status) == ("withdrawn", "submitted")
    assert routine.bookings.filter(given_back_at=None).count() == 0
    assert taken() == places_held() == {}
    assert events_of(routine)[-1] == "superseded"
    last = routine.steps.order_by("-pk").first()
    assert (last.verb, last.actor_kind, last.facts["number"]) == ("supersede", "clock", emergency.number)
    assert [grant.withdrawn_at is None for grant in grants_of(routine)] == [False]
    assert [grant.withdrawn_at is None for grant in grants_of(emergency)] == [True]


@pytest.mark.parametrize("status", ["submitted", "returned", "accepted", "in_review"])
def test_whatever_has_not_set_out_gives_way_to_an_emergency(cast, status):
    routine = referral_at(status, cast)
    emergency = draft(cast, patient=routine.patient, sender=routine.sender, urgency="emergency")
    assert step("submit", emergency, cast).status == "submitted"
    assert again(routine).status == "withdrawn"


@pytest.mark.parametrize("status", ["in_transit", "arrived"])
def test_who_has_set_out_is_not_sent_twice(cast, status):
    live = referral_at(status, cast)
    refused(draft(cast, patient=live.patient, urgency="emergency"), cast)


def test_two_emergencies_are_one_too_many(cast):
    live = referral_at("submitted", cast, urgency="emergency")
    refused(draft(cast, patient=live.patient, urgency="emergency"), cast)


def test_the_green_channel_goes_before_urgent(cast):
    urgent = referral_at("accepted", cast, urgency="urgent")
    green = draft(cast, patient=urgent.patient, green_channel="stroke", caller_phone="13800000000")
    assert step("submit", green, cast).status == "submitted"
    assert again(urgent).status == "withdrawn"


def test_an_urgent_one_does_not(cast):
    live = referral_at("submitted", cast)
    refused(draft(cast, patient=live.patient, urgency="urgent"), cast)


def test_a_redirection_runs_into_the_live_one_of_that_department(cast):
    first = referral_at("submitted", cast)
    second = referral_at("submitted", cast, patient=first.patient, department=cast.departments.neurology)
    assert first.number in str(refused(second, cast, "redirect", department=cast.departments.cardiology).detail)


def test_who_comes_after_all_is_on_his_new_referral(cast):
    missed = referral_at("no_show", cast)
    again_sent = step("submit", draft(cast, patient=missed.patient), cast)
    assert again_sent.number in str(refused(missed, cast, "arrive").detail)
    assert step("arrive", again_sent, cast).status == "arrived"


def test_who_comes_after_all_and_has_no_other_is_received(cast):
    assert step("arrive", referral_at("no_show", cast), cast).status == "arrived"


def test_approval_looks_again(cast):
    waiting = referral_at("in_review", cast)
    emergency = draft(cast, patient=waiting.patient, sender=waiting.sender, urgency="emergency")
    step("submit", emergency, cast)
    assert again(waiting).status == "withdrawn"


def test_the_database_itself_holds_it(cast):
    first = referral_at("submitted", cast)
    second = referral_at("draft", cast, patient=first.patient)
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=second.pk).update(status="in_review")


def test_every_live_status_was_considered():
    assert set(HOLDING) | {"draft", "concluded", "following_up", "rejected", "cancelled", "no_show", "expired"} == set(
        LIVE
    )
