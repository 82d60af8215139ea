import pytest

from institutions import actions
from institutions.models import Department
from toolkit.refusals import Conflict, Forbidden, Refused, Stale

from .builders import events_of

STROKE = {"code": "stroke", "name": "卒中单元", "specialty": "neurology"}


def test_adding_and_changing_are_recorded(world):
    department = actions.add_department(
        actor=world.administrator, institution=world.hospital, phone="0839-7205555 转 12", **STROKE
    )
    actions.change_department(actor=world.administrator, department=department, version=1, takes_referrals=False)
    assert (department.version, department.takes_referrals, department.specialty_name) == (2, False, "神经内科")
    assert events_of(department) == ["department.added", "department.changed"]


def test_wrong_values_are_named(world):
    with pytest.raises(Refused) as refused:
        actions.add_department(
            actor=world.administrator, institution=world.hospital, code="-x", name="x" * 51, specialty="magic"
        )
    assert [(error.pointer, error.code) for error in refused.value.errors] == [
        ("/code", "invalid"),
        ("/name", "too_long"),
        ("/specialty", "unknown_code"),
    ]


def test_a_code_is_used_once_in_an_institution_but_again_elsewhere(world):
    with pytest.raises(Conflict):
        actions.add_department(
            actor=world.administrator, institution=world.hospital, code="cardiology", name="x", specialty="cardiology"
        )
    actions.add_department(
        actor=world.office, institution=world.east, code="cardiology", name="心内", specialty="cardiology"
    )
    assert Department.objects.filter(code="cardiology").count() == 2


@pytest.mark.parametrize("who", ["stranger", "nurse", "east_administrator"])
def test_only_administrators_of_the_institution_or_its_consortium(world, who):
    actor = getattr(world, who)
    with pytest.raises(Forbidden):
        actions.add_department(actor=actor, institution=world.hospital, **STROKE)
    with pytest.raises(Forbidden):
        actions.change_department(actor=actor, department=world.cardiology, name="x")


def test_a_stale_change_is_refused(world):
    copy = Department.objects.get(pk=world.cardiology.pk)
    actions.change_department(actor=world.office, department=world.cardiology, name="心血管内科")
    with pytest.raises(Stale):
        actions.change_department(actor=world.office, department=copy, version=1, name="心脏科")


def test_receiving_departments_are_open_at_an_open_institution(world):
    assert list(Department.objects.receiving()) == [world.cardiology]
    actions.change_department(actor=world.office, department=world.cardiology, takes_referrals=False)
    assert list(Department.objects.receiving()) == []
    actions.change_department(actor=world.office, department=world.cardiology, takes_referrals=True)
    actions.change_institution(actor=world.office, institution=world.hospital, active=False)
    assert list(Department.objects.receiving()) == []


def test_departments_are_seen_with_their_institution(world):
    assert list(Department.objects.visible_to(world.east_administrator)) == [world.cardiology]
    assert list(Department.objects.visible_to(world.stranger)) == []


@pytest.mark.parametrize(
    "name", ["心内\n科", "心内\t科", "\u202e科内心", "心\u2066内\u2069科", "心\u200b内科", "心\x00科", "\ufeff心内科"]
)
def test_a_name_neither_breaks_its_line_nor_turns_its_neighbours_round(world, name):
    with pytest.raises(Refused) as refused:
        actions.change_department(actor=world.administrator, department=world.cardiology, name=name)
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/name", "invalid")]
