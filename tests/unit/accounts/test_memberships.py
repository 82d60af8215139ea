from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import actions
from accounts.models import DutyShift, Membership
from toolkit.refusals import Conflict, Forbidden, Refused, Stale

from .builders import SYSTEM, acting, department, job, last_event, person


def codes(refused):
    return [(error.pointer, error.code) for error in refused.value.errors]


def test_somebody_begins_to_work(world):
    user = person("sun", "孙八")
    membership = actions.add_membership(
        actor=acting(world.wang),
        user=user,
        institution=world.hospital,
        roles=["desk", "doctor", "desk"],
        department=world.cardiology,
        staff_number=" D009 ",
        title="主治医师",
        phone="0839-720 1234",
    )
    membership.refresh_from_db()
    assert membership.roles == ["doctor", "desk"]
    assert (membership.staff_number, membership.contact_phone, membership.is_current) == ("D009", "0839-720 1234", True)
    assert last_event() == (
        "membership.added",
        f"membership:{membership.pk}",
        {"user": user.pk, "roles": ["doctor", "desk"]},
    )


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        ([], "required"),
        ("doctor", "required"),
        (["emperor"], "unknown_role"),
        (["security_auditor", "institution_administrator"], "roles_apart"),
    ],
)
def test_roles_that_cannot_be(world, roles, code):
    with pytest.raises(Refused) as refused:
        actions.add_membership(actor=SYSTEM, user=person("sun", "孙八"), institution=world.hospital, roles=roles)
    assert codes(refused) == [("/roles", code)]


def test_roles_of_the_consortium_are_not_the_houses_to_give_or_take(world):
    administrator = acting(world.wang)
    with pytest.raises(Forbidden) as refused:
        actions.change_membership(
            actor=administrator, membership=world.wang, roles=["institution_administrator", "consortium_administrator"]
        )
    assert refused.value.code == "role_not_yours"
    with pytest.raises(Forbidden):
        actions.change_membership(actor=administrator, membership=world.zhao, roles=["doctor"])
    with pytest.raises(Forbidden):
        actions.end_membership(actor=administrator, membership=world.zhao)
    actions.change_membership(actor=acting(world.zhao), membership=world.zhang, roles=["security_auditor"])
    assert Membership.objects.get(pk=world.zhang.pk).roles == ["security_auditor"]


def test_nobody_gives_himself_a_role(world):
    """An administrator sees no patients; with one click he would."""
    wang = acting(world.wang)
    for roles in (["institution_administrator", "doctor"], ["doctor"]):
        with pytest.raises(Forbidden) as refused:
            actions.change_membership(actor=wang, membership=world.wang, roles=roles)
        assert refused.value.code == "own_roles"
    with pytest.raises(Forbidden) as refused:
        actions.add_membership(
            actor=acting(world.zhao), user=world.zhao.user, institution=world.township, roles=["desk"]
        )
    assert refused.value.code == "own_roles"
    actions.change_membership(actor=wang, membership=world.wang, roles=["institution_administrator"], title="信息科长")
    assert Membership.objects.get(pk=world.wang.pk).roles == ["institution_administrator"]


def test_who_audits_does_not_administer_in_another_house_either(world):
    zhao = acting(world.zhao)
    actions.change_membership(actor=zhao, membership=world.li, roles=["security_auditor"])
    with pytest.raises(Refused) as refused:
        actions.change_membership(actor=zhao, membership=world.li_township, roles=["institution_administrator"])
    assert codes(refused) == [("/roles", "roles_apart")]
    actions.change_membership(actor=zhao, membership=world.li, roles=["doctor"])
    actions.change_membership(actor=zhao, membership=world.li_township, roles=["institution_administrator"])
    with pytest.raises(Refused) as refused:
        actions.change_membership(actor=zhao, membership=world.li, roles=["security_auditor"])
    assert codes(refused) == [("/roles", "roles_apart")]


def test_other_peoples_houses_are_out_of_reach(world):
    with pytest.raises(Forbidden):
        job_at = world.outsider
        actions.add_membership(
            actor=acting(world.wang), user=world.wang.user, institution=job_at, roles=["institution_administrator"]
        )
    with pytest.raises(Forbidden):
        actions.change_membership(actor=acting(world.qian), membership=world.zhang, title="院长")
    with pytest.raises(Forbidden):
        actions.change_membership(actor=acting(world.zhang), membership=world.zhang, title="院长")
    assert Membership.objects.filter(title="院长").count() == 0


def test_a_department_of_another_house(world):
    elsewhere = department(world.outsider)
    with pytest.raises(Refused) as refused:
        actions.change_membership(actor=acting(world.wang), membership=world.zhang, department=elsewhere)
    assert codes(refused) == [("/department", "other_institution")]


def test_a_staff_number_belongs_to_one_person_at_a_time(world):
    with pytest.raises(Conflict) as refused:
        actions.change_membership(actor=acting(world.wang), membership=world.li, staff_number="D001")
    assert codes(refused) == [("/staff_number", "taken")]
    actions.end_membership(actor=acting(world.wang), membership=world.zhang)
    actions.change_membership(actor=acting(world.wang), membership=world.li, staff_number="D001")
    assert Membership.objects.get(pk=world.li.pk).staff_number == "D001"


def test_the_database_holds_it_too(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=world.li.pk).update(staff_number="D001")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=world.zhang.user, institution=world.hospital, roles=["doctor"])


def test_changing_from_a_stale_copy(world):
    first = Membership.objects.get(pk=world.zhang.pk)
    second = Membership.objects.get(pk=world.zhang.pk)
    actions.change_membership(actor=acting(world.wang), membership=first, version=1, title="主任医师")
    with pytest.raises(Stale):
        actions.change_membership(actor=acting(world.wang), membership=second, version=1, title="副主任医师")
    stored = Membership.objects.get(pk=world.zhang.pk)
    assert (stored.title, stored.version) == ("主任医师", 2)


def test_changed_roles_are_searchable_at_once(world):
    actions.change_membership(actor=acting(world.wang), membership=world.zhang, roles=["desk"])
    assert list(Membership.objects.at(world.hospital.pk).with_role("desk")) == [world.zhang]
    assert last_event() == (
        "membership.changed",
        f"membership:{world.zhang.pk}",
        {"fields": ["roles"], "roles": ["desk"]},
    )


def test_leaving_takes_the_person_off_the_roster(world):
    now = timezone.now()
    for start in (now - timedelta(hours=1), now + timedelta(days=2)):
        actions.add_shift(
            actor=SYSTEM,
            institution=world.hospital,
            kind="desk",
            membership=world.zhang,
            starts_at=start,
            ends_at=start + timedelta(hours=8),
        )
    actions.end_membership(actor=acting(world.wang), membership=world.zhang)
    assert not Membership.objects.current().filter(pk=world.zhang.pk).exists()
    assert DutyShift.objects.filter(membership=world.zhang).count() == 1
    assert list(DutyShift.objects.on_duty(world.hospital.pk, "desk")) == []
    assert last_event() == (
        "membership.ended",
        f"membership:{world.zhang.pk}",
        {"user": world.zhang.user_id, "shifts_removed": 1},
    )


def test_ending_twice_the_own_or_before_the_start(world):
    actor = acting(world.wang)
    with pytest.raises(Forbidden):
        actions.end_membership(actor=actor, membership=world.wang)
    with pytest.raises(Refused):
        actions.end_membership(actor=actor, membership=world.zhang, on=world.zhang.started_on - timedelta(days=1))
    actions.end_membership(actor=actor, membership=world.zhang)
    with pytest.raises(Conflict):
        actions.end_membership(actor=actor, membership=world.zhang)


def test_coming_back_reopens_the_same_row(world):
    actions.end_membership(actor=acting(world.wang), membership=world.zhang)
    with pytest.raises(Conflict):
        job(world.li.user, world.hospital, "doctor")
    again = job(world.zhang.user, world.hospital, "desk")
    again.refresh_from_db()
    assert (again.pk, again.ended_on, again.roles, again.version) == (world.zhang.pk, None, ["desk"], 3)
