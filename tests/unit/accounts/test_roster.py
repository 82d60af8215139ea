from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import actions
from accounts.models import DutyShift
from toolkit.refusals import Conflict, Forbidden, Refused

from .builders import SYSTEM, acting, department, last_event

START = datetime(2030, 6, 3, 0, 0, tzinfo=UTC)
END = START + timedelta(hours=8)


def put(world, membership, kind="desk", actor=SYSTEM, start=START, end=END, **details):
    return actions.add_shift(
        actor=actor,
        institution=details.pop("institution", world.hospital),
        kind=kind,
        membership=membership,
        starts_at=start,
        ends_at=end,
        **details,
    )


def on_duty(world, kind="desk", at=START, department_id=None):
    return list(DutyShift.objects.on_duty(world.hospital.pk, kind, department_id, at=at))


def codes(refused):
    return [(error.pointer, error.code) for error in refused.value.errors]


def test_who_is_on_duty_from_the_first_moment_to_before_the_last(world):
    shift = put(world, world.zhang, actor=acting(world.wang), phone="0839-120")
    second = timedelta(seconds=1)
    found = [on_duty(world, at=moment) for moment in (START - second, START, END - second, END)]
    assert found == [[], [shift], [shift], []]
    assert shift.contact_phone == "0839-120"
    assert last_event() == ("shift.added", f"shift:{shift.pk}", {"kind": "desk", "membership": world.zhang.pk})


def test_kinds_and_departments_do_not_answer_for_each_other(world):
    desk = put(world, world.zhang)
    ward = put(world, world.zhang, kind="department", department=world.cardiology)
    other = department(world.hospital, "surgery", "外科")
    assert on_duty(world) == [desk]
    assert on_duty(world, "department", department_id=world.cardiology.pk) == [ward]
    assert on_duty(world, "department", department_id=other.pk) == []
    assert on_duty(world, "duty_line") == []


def test_who_left_or_cannot_sign_in_is_not_on_duty(world):
    put(world, world.zhang)
    put(world, world.li)
    world.zhang.ended_on = START.date()
    world.zhang.save()
    world.li.user.is_active = False
    world.li.user.save()
    assert on_duty(world) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"kind": "night"}, [("/kind", "unknown_code")]),
        ({"kind": "department"}, [("/department", "required")]),
        ({"end": START}, [("/ends_at", "order")]),
        ({"end": START + timedelta(days=8)}, [("/ends_at", "too_long")]),
        ({"phone": "call me"}, [("/phone", "invalid")]),
    ],
)
def test_shifts_that_cannot_be(world, changes, found):
    with pytest.raises(Refused) as refused:
        put(world, world.zhang, **changes)
    assert codes(refused) == found


def test_people_and_departments_of_other_houses(world):
    with pytest.raises(Refused) as refused:
        put(world, world.qian, department=department(world.outsider))
    assert codes(refused) == [
        ("/department", "not_allowed"),
        ("/department", "other_institution"),
        ("/membership", "other_institution"),
    ]


def test_the_database_pairs_kind_and_department(world):
    shift = put(world, world.zhang)
    for wrong in ({"kind": "department"}, {"department": world.cardiology}, {"ends_at": START}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DutyShift.objects.filter(pk=shift.pk).update(**wrong)


def test_nobody_is_on_the_same_duty_twice_at_a_time(world):
    put(world, world.zhang)
    with pytest.raises(Conflict) as refused:
        put(world, world.zhang, start=END - timedelta(hours=1), end=END + timedelta(hours=1))
    assert codes(refused) == [("/starts_at", "overlap")]
    put(world, world.zhang, start=END, end=END + timedelta(hours=8))
    put(world, world.zhang, kind="duty_line")
    assert DutyShift.objects.count() == 3


def test_the_house_keeps_its_own_roster_and_the_consortium_the_offices(world):
    with pytest.raises(Forbidden):
        put(world, world.zhang, actor=acting(world.zhang))
    with pytest.raises(Forbidden):
        put(world, world.zhang, actor=acting(world.qian))
    with pytest.raises(Forbidden):
        put(world, world.zhao, kind="office", actor=acting(world.wang))
    office = put(world, world.zhao, kind="office", actor=acting(world.zhao))
    assert on_duty(world, "office") == [office]


def test_removing(world, time_machine):
    shift = put(world, world.zhang)
    time_machine.move_to(END)
    with pytest.raises(Conflict):
        actions.remove_shift(actor=SYSTEM, shift=shift)
    time_machine.move_to(END - timedelta(minutes=1))
    actions.remove_shift(actor=acting(world.wang), shift=shift)
    assert on_duty(world) == []
    assert last_event() == ("shift.removed", f"shift:{shift.pk}", {"kind": "desk", "membership": world.zhang.pk})
