"""From an audience to the people: who is on duty, else whose role it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions as staff
from accounts.models import Membership
from institutions import actions as houses
from institutions.models import Member
from notifications.audience import people_of
from tests.unit.accounts.builders import SYSTEM, department, house, job, person

from .builders import to, unit

pytestmark = pytest.mark.django_db


def named(audience):
    return [each.user.username for each in people_of(audience)]


def on_duty(membership, kind, *, begins=-1, ends=1, department=None):
    """A shift from `begins` to `ends`, in hours from now."""
    now = timezone.now()
    staff.add_shift(
        actor=SYSTEM,
        institution=membership.institution,
        kind=kind,
        membership=membership,
        starts_at=now + timedelta(hours=begins),
        ends_at=now + timedelta(hours=ends),
        department=department,
    )


@pytest.fixture
def desk(world):
    """Two people of the hospital's desk."""
    return [job(person(name, name), world.hospital, "desk") for name in ("desk-a", "desk-b")]


class TestDesk:
    def test_who_is_on_duty(self, world, desk):
        on_duty(desk[1], "desk")
        assert named(unit(world.hospital, "desk")) == ["desk-b"]

    def test_without_a_roster_everybody_of_the_desk(self, world, desk):
        assert named(unit(world.hospital, "desk")) == ["desk-a", "desk-b"]

    def test_a_shift_that_is_over_or_to_come_is_no_duty(self, world, desk):
        on_duty(desk[0], "desk", begins=-5, ends=-4)
        on_duty(desk[1], "desk", begins=4, ends=5)
        on_duty(world.wang, "duty_line")
        assert named(unit(world.hospital, "desk")) == ["desk-a", "desk-b"]

    def test_a_house_without_a_desk_is_its_doctors(self, world):
        assert named(unit(world.hospital, "desk")) == ["zhang", "li"]

    def test_a_clinic_may_have_a_family_doctor_only(self, world):
        clinic = house("clinic", "柳树村卫生室", consortium=world.consortium)
        job(person("sun", "孙八"), clinic, "family_doctor")
        assert named(unit(clinic, "desk")) == ["sun"]

    def test_who_has_left_is_not_the_desk(self, world, desk):
        Membership.objects.filter(pk=desk[0].pk).update(
            started_on=timezone.localdate() - timedelta(days=9), ended_on=timezone.localdate()
        )
        assert named(unit(world.hospital, "desk")) == ["desk-b"]

    def test_who_is_on_duty_but_blocked_is_not_told(self, world, desk):
        on_duty(desk[0], "desk")
        desk[0].user.is_active = False
        desk[0].user.save()
        assert named(unit(world.hospital, "desk")) == ["desk-b"]


class TestDepartment:
    @pytest.fixture
    def neurology(self, world):
        return department(world.hospital, "neurology", "神经内科")

    def test_who_is_on_duty_there(self, world, neurology):
        on_duty(world.li, "department", department=world.cardiology)
        assert named(unit(world.hospital, "department", department_id=world.cardiology.pk)) == ["li"]

    def test_duty_of_another_department_is_another_matter(self, world, neurology):
        on_duty(world.li, "department", department=neurology)
        assert named(unit(world.hospital, "department", department_id=world.cardiology.pk)) == ["zhang", "li"]

    def test_its_doctors_and_those_of_the_whole_house(self, world, neurology):
        job(person("zhou", "周九"), world.hospital, "doctor", department=neurology)
        job(person("desk", "desk"), world.hospital, "desk", department=neurology)
        assert named(unit(world.hospital, "department", department_id=neurology.pk)) == ["li", "zhou"]

    def test_without_doctors_of_its_own_all_doctors_of_the_house(self, world, neurology):
        world.li.department = world.cardiology
        world.li.save()
        assert named(unit(world.hospital, "department", department_id=neurology.pk)) == ["zhang", "li"]

    def test_in_a_house_without_doctors_the_desk(self, world, neurology, desk):
        Membership.objects.at(world.hospital.pk).with_role("doctor", "family_doctor").update(
            started_on=timezone.localdate() - timedelta(days=9), ended_on=timezone.localdate()
        )
        assert named(unit(world.hospital, "department", department_id=neurology.pk)) == ["desk-a", "desk-b"]


class TestDutyLine:
    def test_who_is_on_duty(self, world, desk):
        on_duty(world.zhang, "duty_line")
        assert named(unit(world.hospital, "duty_line")) == ["zhang"]

    def test_else_administrators_and_desk(self, world, desk):
        assert named(unit(world.hospital, "duty_line")) == ["wang", "desk-a", "desk-b"]


class TestOffice:
    def test_the_consortiums_administrators_wherever_they_sit(self, world):
        assert named(unit(world.township, "office")) == ["zhao"]

    def test_who_has_office_duty_at_any_member(self, world):
        on_duty(world.li_township, "office")
        assert named(unit(world.hospital, "office")) == ["li"]

    def test_duty_at_an_outside_house_is_another_office(self, world):
        on_duty(world.qian, "office")
        assert named(unit(world.hospital, "office")) == ["zhao"]

    def test_a_house_outside_of_any_consortium_has_no_office(self, world):
        assert named(unit(house("alone", "独立诊所"), "office")) == []

    def test_a_house_that_has_left_is_no_longer_looked_after(self, world):
        member = Member.objects.get(institution=world.township)
        Member.objects.filter(pk=member.pk).update(joined_on=timezone.localdate() - timedelta(days=9))
        member.refresh_from_db()
        houses.end_membership(actor=SYSTEM, member=member)
        assert named(unit(world.township, "office")) == []


class TestUser:
    def test_the_person_in_that_job(self, world):
        assert people_of(to(world.li_township)) == [world.li_township]

    def test_who_no_longer_works_there_is_not_told(self, world):
        staff.end_membership(actor=SYSTEM, membership=world.li_township)
        assert (named(to(world.li_township)), named(to(world.li))) == ([], ["li"])


def test_a_closed_house_has_nobody(world, desk):
    world.hospital.active = False
    world.hospital.save()
    kinds = ("desk", "duty_line")
    assert [named(unit(world.hospital, kind)) for kind in kinds] == [[], []]


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow_with_the_people(world, django_assert_max_num_queries, count):
    for number in range(count):
        job(person(f"desk-{number}", "desk"), world.hospital, "desk")
    with django_assert_max_num_queries(3):
        assert len(people_of(unit(world.hospital, "desk"))) == count
