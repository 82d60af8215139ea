from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from institutions import actions
from institutions.models import Consortium, Member, Relation
from toolkit.refusals import Conflict, Forbidden, Refused

from .builders import OFFICE, SYSTEM, actor_at, events_of, institution


def test_founding_admits_the_core_hospital_and_is_recorded(world):
    alliance = actions.found_consortium(
        actor=world.office, code="stroke", name="卒中专科联盟", kind="specialist_alliance", office_phone="0839-7200001"
    )
    member = alliance.members.get()
    assert (member.institution, member.role, member.joined_on) == (world.hospital, "core", timezone.localdate())
    assert events_of(alliance) == ["consortium.founded"]


def test_founding_names_every_wrong_value_at_once(world):
    with pytest.raises(Refused) as refused:
        actions.found_consortium(actor=SYSTEM, code="Bad Code", name=" ", kind="club", office_phone="call me")
    assert [(error.pointer, error.code) for error in refused.value.errors] == [
        ("/code", "invalid"),
        ("/name", "required"),
        ("/kind", "unknown_code"),
        ("/office_phone", "invalid"),
    ]
    assert Consortium.objects.count() == 2


def test_a_code_is_used_once(world):
    with pytest.raises(Conflict) as conflict:
        actions.found_consortium(actor=SYSTEM, code="qingchuan", name="另一个", kind="county")
    assert conflict.value.errors[0].pointer == "/code"


def test_nobody_founds_over_the_head_of_another_hospital(world):
    with pytest.raises(Forbidden):
        actions.found_consortium(actor=world.office, code="x", name="x", kind="county", core=world.outsider)
    with pytest.raises(Forbidden):
        actions.found_consortium(actor=world.nurse, code="x", name="x", kind="county")


def test_a_member_is_current_from_joining_until_the_day_it_leaves(world):
    member = Member.objects.get(institution=world.east)
    today = timezone.localdate()
    actions.end_membership(actor=world.office, member=member, left_on=today + timedelta(days=10))
    days = [-1, 0, 9, 10]
    current = [Member.objects.current(today + timedelta(days=day)).filter(pk=member.pk).exists() for day in days]
    assert current == [False, True, True, False]


def test_one_open_membership_per_institution_holds_in_the_act_and_in_the_database(world):
    with pytest.raises(Conflict):
        actions.admit_member(actor=world.office, consortium=world.consortium, institution=world.east)
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(
            consortium=world.consortium, institution=world.east, role="member", joined_on=date(2020, 1, 1)
        )


def test_memberships_may_follow_but_not_overlap(world):
    member = Member.objects.get(institution=world.east)
    leaves = timezone.localdate() + timedelta(days=10)
    actions.end_membership(actor=world.office, member=member, left_on=leaves)
    again = {"actor": world.office, "consortium": world.consortium, "institution": world.east}
    with pytest.raises(Conflict) as conflict:
        actions.admit_member(**again, joined_on=leaves - timedelta(days=1))
    assert conflict.value.code == "member_already"
    actions.admit_member(**again, joined_on=leaves)
    assert Member.objects.filter(institution=world.east).count() == 2


def test_a_full_member_of_another_consortium_cannot_be_taken_over(world):
    invite = {"actor": world.office, "consortium": world.consortium, "institution": world.outsider}
    with pytest.raises(Refused) as refused:
        actions.admit_member(**invite, role="member")
    assert refused.value.code == "member_elsewhere"
    member = actions.admit_member(**invite, role="collaborating", agreement="协〔2026〕1号")
    with pytest.raises(Refused):
        actions.change_member(actor=world.office, member=member, role="core")
    with pytest.raises(Forbidden):
        actions.change_institution(actor=world.office, institution=world.outsider, name="被改名")


def test_only_its_own_administrators_change_a_consortium(world):
    with pytest.raises(Forbidden):
        actions.change_consortium(actor=world.stranger, consortium=world.consortium, name="x")
    with pytest.raises(Forbidden):
        actions.change_consortium(actor=world.administrator, consortium=world.consortium, name="x")
    actions.change_consortium(actor=world.office, consortium=world.consortium, office_phone="0839-7200002")
    actions.change_consortium(actor=world.office, consortium=world.consortium, office_phone="0839-7200002")
    assert events_of(world.consortium) == ["consortium.founded", "consortium.changed"]


def test_leaving_ends_generated_relations_and_keeps_those_of_a_shared_consortium(world):
    actions.generate_relations(actor=world.office, consortium=world.consortium)
    group = actions.found_consortium(actor=SYSTEM, code="group", name="集团", kind="city_group", core=world.hospital)
    actions.admit_member(actor=SYSTEM, consortium=group, institution=world.east, role="member")
    actions.end_membership(actor=world.office, member=world.consortium.members.get(institution=world.east))
    permits = Relation.objects.permits
    assert permits(world.east, world.hospital, "up") is True
    assert permits(world.hospital, world.east, "down") is True
    assert permits(world.east, world.clinic, "down") is False
    assert permits(world.west, world.hospital, "up") is True


def test_a_membership_ends_once(world):
    member = Member.objects.get(institution=world.east)
    actions.end_membership(actor=world.office, member=member)
    with pytest.raises(Conflict):
        actions.end_membership(actor=world.office, member=member)
    assert events_of(world.east) == ["institution.added", "member.admitted", "member.left"]


def test_leaving_before_joining_is_refused(world):
    member = Member.objects.get(institution=world.east)
    with pytest.raises(Refused) as refused:
        actions.end_membership(actor=world.office, member=member, left_on=member.joined_on - timedelta(days=1))
    assert refused.value.errors[0].pointer == "/left_on"


def test_visible_consortia_and_members_are_the_own_ones(world):
    assert list(Consortium.objects.visible_to(world.office)) == [world.consortium]
    assert set(Member.objects.visible_to(world.stranger)) == set(world.other.members.all())
    lonely = actor_at(institution("lonely", "独立诊所", type="D200"), *OFFICE)
    assert list(Consortium.objects.visible_to(lonely)) == []
