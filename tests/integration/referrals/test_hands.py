"""A referral lies where somebody can take it up, and on the list of those alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import DutyShift
from referrals.models import Referral
from referrals.parties import is_in_turn
from referrals.showing.hands import hand_of
from referrals.statuses import LIVE
from tests.cast import Partner
from tests.walk import referral_at, step
from toolkit.refusals import Forbidden

pytestmark = pytest.mark.django_db

DOCTORS = {"cardiologist", "core_doctor", "neurologist", "travelling_doctor"}
OF_CARDIOLOGY = DOCTORS - {"neurologist"}
OF_CHENGGUAN = {"township_doctor", "township_colleague", "family_doctor"}


def whose_turn(cast, referral) -> set[str]:
    waiting = Referral.objects.filter(pk=referral.pk)
    return {who for who, actor in vars(cast.actors).items() if waiting.turn_of(actor).exists()}


def leave(cast, *people):
    for who in people:
        job = getattr(cast.memberships, who)
        job.ended_on = timezone.localdate()
        job.save()


def test_a_department_with_doctors_has_it_alone(cast):
    referral = referral_at("arrived", cast, department=cast.departments.neurology)
    assert referral.hand_department == cast.departments.neurology
    assert whose_turn(cast, referral) == {"neurologist"}


def test_a_department_without_doctors_leaves_it_to_all_doctors_of_the_house(cast):
    referral = referral_at("arrived", cast, department=cast.departments.surgery)
    assert (referral.hand_unit, referral.hand_department) == ("department", None)
    assert whose_turn(cast, referral) == DOCTORS


@pytest.mark.parametrize(
    ("kind", "starts", "belongs"),
    [("desk", -1, True), ("desk", 1, False), ("duty_line", -1, False), ("department", -1, False)],
)
def test_who_has_the_desk_tonight_has_its_list(cast, kind, starts, belongs):
    referral = referral_at("submitted", cast)
    _on_duty(cast, "neurologist", kind, starts)
    assert whose_turn(cast, referral) == {"core_desk"} | ({"neurologist"} if belongs else set())


@pytest.mark.parametrize(("starts", "belongs"), [(-1, True), (1, False)])
def test_who_has_a_department_tonight_has_its_list(cast, starts, belongs):
    referral = referral_at("arrived", cast)
    _on_duty(cast, "neurologist", "department", starts, department=cast.departments.cardiology)
    assert whose_turn(cast, referral) == OF_CARDIOLOGY | ({"neurologist"} if belongs else set())


def _on_duty(cast, who, kind, starts, **where):
    job, begin = getattr(cast.memberships, who), timezone.now() + timedelta(hours=starts)
    if kind == "department":
        where = {"department": cast.departments.neurology} | where
    DutyShift.objects.create(
        institution=job.institution,
        membership=job,
        kind=kind,
        starts_at=begin,
        ends_at=begin + timedelta(hours=12),
        **where,
    )


@pytest.mark.parametrize(
    ("status", "crew"),
    [
        ("draft", OF_CHENGGUAN),
        ("submitted", {"core_desk"}),
        ("returned", OF_CHENGGUAN),
        ("accepted", {"core_desk"}),
        ("scheduled", {"core_desk"}),
        ("in_transit", {"core_desk"}),
        ("arrived", OF_CARDIOLOGY),
        ("concluded", OF_CHENGGUAN),
        ("following_up", OF_CHENGGUAN),
        ("rejected", OF_CHENGGUAN),
        ("cancelled", OF_CHENGGUAN),
        ("no_show", OF_CHENGGUAN),
        ("expired", OF_CHENGGUAN),
    ],
)
def test_the_people_of_one_unit_have_it_and_nobody_else(cast, status, crew):
    """Doctors may answer for the desk, and the desk settle for the doctors; it is not on their list for that."""
    assert whose_turn(cast, referral_at(status, cast)) == crew


def test_what_is_reviewed_lies_with_the_desk_of_its_house(cast):
    assert whose_turn(cast, referral_at("in_review", cast)) == {"hekou_desk", "travelling_doctor_at_hekou"}


def test_a_house_without_a_desk_leaves_it_to_whoever_may_answer(cast):
    referral = referral_at("submitted", cast)
    leave(cast, "core_desk")
    assert whose_turn(cast, referral) - {"core_desk"} == DOCTORS


def test_a_house_without_doctors_leaves_it_to_whoever_may(cast):
    referral = referral_at("rejected", cast)
    leave(cast, "township_doctor", "township_colleague", "family_doctor")
    assert whose_turn(cast, referral) - OF_CHENGGUAN == {"township_desk"}


def test_a_department_whose_last_doctor_has_left_leaves_it_to_all_doctors(cast):
    referral = referral_at("arrived", cast, department=cast.departments.neurology)
    leave(cast, "neurologist")
    assert whose_turn(cast, referral) == DOCTORS


def test_a_doctor_of_the_whole_house_has_what_lies_with_any_department_and_nothing_of_the_desk(cast):
    job = cast.memberships.neurologist
    job.department = None
    job.save()
    everywhere = replace(cast.actors.neurologist, department_id=None)
    arrived, waiting = referral_at("arrived", cast), referral_at("submitted", cast)
    assert Referral.objects.turn_of(everywhere).filter(pk__in=[arrived.pk, waiting.pk]).get() == arrived


def test_a_member_on_the_telephone_lies_with_the_doctors_who_call_it(cast):
    down = referral_at("submitted", cast, direction="down", department=cast.departments.general_clinic)
    assert whose_turn(cast, down) == OF_CARDIOLOGY


@pytest.mark.parametrize("status", sorted(LIVE))
def test_the_badge_and_the_list_say_the_same(cast, status):
    """Loaded for the reader, loaded for nobody, and after it has moved on."""
    number = referral_at(status, cast).number
    for who, actor in vars(cast.actors).items():
        told = Referral.objects.telling_turn_of(actor).with_parties().get(number=number)
        plain = Referral.objects.with_parties().get(number=number)
        listed = Referral.objects.turn_of(actor).filter(number=number).exists()
        assert [hand_of(told, actor).mine, is_in_turn(plain, actor)] == [listed, listed], who


def test_what_the_row_tells_is_not_asked_and_the_rest_once(cast, django_assert_num_queries):
    referral = Referral.objects.get(pk=referral_at("arrived", cast).pk)
    with django_assert_num_queries(0):
        assert is_in_turn(referral, cast.actors.cardiologist)
    with django_assert_num_queries(1):
        assert [is_in_turn(referral, cast.actors.neurologist) for _again in range(2)] == [False, False]


def test_what_was_loaded_with_it_ends_with_the_next_move(cast):
    desk = cast.actors.core_desk
    referral = Referral.objects.telling_turn_of(desk).get(pk=referral_at("scheduled", cast).pk)
    assert is_in_turn(referral, desk)
    step("arrive", referral, cast)
    assert not is_in_turn(referral, desk)
    assert is_in_turn(referral, cast.actors.cardiologist)


def test_only_whose_turn_it_is_takes_it_on(cast):
    referral = referral_at("submitted", cast)
    with pytest.raises(Forbidden) as refused:
        step("claim", referral, cast, actor=cast.actors.cardiologist)
    assert refused.value.code == "not_in_hand"
    step("accept", referral, cast, actor=cast.actors.cardiologist)
    assert referral.status == "accepted"


@pytest.mark.parametrize(
    ("roles", "standing"),
    [(("doctor", "desk"), {"submitted", "arrived"}), (("desk",), {"submitted"}), (("doctor",), {"arrived"})],
)
def test_a_system_has_the_lists_of_its_roles(cast, roles, standing):
    waiting = {referral_at(status, cast).number: status for status in ("submitted", "arrived", "rejected")}
    partner: Partner = cast.client("county-hospital", roles=roles)
    rows = partner.get("/api/v1/referrals/?box=my_turn").json()["results"]
    assert {waiting[row["number"]] for row in rows} == standing
