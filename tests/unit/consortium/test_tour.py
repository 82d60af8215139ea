"""The demo's guide follows the referral last moved."""

import pytest

from accounts.models import User
from accounts.roles import ROLES
from consortium import tour
from consortium.navigation import GROUPS
from tests.walk import referral_at, step


@pytest.fixture
def demo(cast):
    User.objects.update(is_demo=True)
    return cast


def turn_of(cast, who):
    turn = tour.whose_turn(getattr(cast.actors, who))
    return turn.number, turn.place, turn.person, turn.username, turn.mine


def test_before_anything_has_happened_the_tour_begins(demo):
    assert turn_of(demo, "township_doctor") == ("", "", "", "", False)


def test_who_cannot_begin_one_is_offered_to_become_a_doctor(demo):
    doctor = demo.memberships.township_doctor.user
    assert turn_of(demo, "core_desk") == ("", "", doctor.name, doctor.username, False)
    referral_at("withdrawn", demo)
    assert turn_of(demo, "core_desk") == ("", "", doctor.name, doctor.username, False)


def test_it_names_who_is_next_and_becomes_mine_for_them(demo):
    number = referral_at("submitted", demo).number
    assert turn_of(demo, "township_doctor") == (number, "县人民医院", "黄丽", "core-desk", False)
    assert turn_of(demo, "core_desk") == (number, "县人民医院", "", "", True)


def test_where_a_department_is_next_its_own_doctor_is_offered(demo):
    number = referral_at("arrived", demo, department=demo.departments.neurology).number
    assert turn_of(demo, "township_doctor") == (number, "县人民医院 神经内科", "徐磊", "neurologist", False)


def test_it_follows_the_one_moved_last(demo):
    first = referral_at("submitted", demo)
    referral_at("submitted", demo)
    step("accept", first, demo)
    assert tour.whose_turn(demo.actors.township_doctor).number == first.number


def test_a_journey_that_has_ended_invites_to_another(demo):
    referral_at("withdrawn", demo)
    assert turn_of(demo, "township_doctor") == ("", "", "", "", False)


def test_a_department_without_doctors_is_played_by_whoever_has_it_on_his_list(demo):
    demo.memberships.neurologist.department = None
    demo.memberships.neurologist.save()
    number = referral_at("arrived", demo, department=demo.departments.emergency).number
    assert turn_of(demo, "township_doctor") == (number, "县人民医院 急诊科", "徐磊", "neurologist", False)


def test_only_demo_accounts_are_ever_offered(cast):
    assert tour.places() == []
    User.objects.filter(username="core-desk").update(is_demo=True)
    assert [(place.name, [person.username for person in place.people]) for place in tour.places()] == [
        ("青川县人民医院", ["core-desk"])
    ]
    referral_at("submitted", cast)
    assert turn_of(cast, "township_doctor")[2:] == ("黄丽", "core-desk", False)


def test_a_person_is_described_by_what_he_can_do(demo):
    people = {person.username: person for place in tour.places() for person in place.people}
    desk = people["core-desk"]
    assert (desk.name, desk.roles, desk.can) == ("黄丽", "双向转诊服务台", "接收或退回申请，安排号源床位，登记到诊")


def test_every_role_with_a_page_can_be_played_and_no_other():
    pages = [page for _name, pages in GROUPS for page in pages if page.needs]
    playable = [role.code for role in ROLES.values() if any(set(page.needs) & role.permissions for page in pages)]
    assert sorted(tour.ABILITIES) == sorted(playable)


def test_the_guide_costs_few_statements(demo, django_assert_num_queries):
    referral_at("submitted", demo)
    with django_assert_num_queries(2):
        tour.whose_turn(demo.actors.township_doctor)
    with django_assert_num_queries(1):
        tour.places()
