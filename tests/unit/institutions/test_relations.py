import pytest
from django.db import IntegrityError, transaction

from institutions import actions
from institutions.models import Institution, Relation
from toolkit.refusals import Forbidden, Missing, Refused, Stale

from .builders import SYSTEM, events_of, institution


def generate(world):
    return actions.generate_relations(actor=world.office, consortium=world.consortium)


def directions(consortium):
    rows = Relation.objects.filter(consortium=consortium, active=True)
    return set(rows.values_list("sender__code", "receiver__code", "direction"))


def test_generating_follows_the_tiers_of_every_pair(world):
    assert generate(world) == {"created": 12, "reactivated": 0, "ended": 0, "kept": 0}
    assert directions(world.consortium) == {
        ("east-township", "county-hospital", "up"),
        ("west-township", "county-hospital", "up"),
        ("clinic", "county-hospital", "up"),
        ("clinic", "east-township", "up"),
        ("clinic", "west-township", "up"),
        ("county-hospital", "east-township", "down"),
        ("county-hospital", "west-township", "down"),
        ("county-hospital", "clinic", "down"),
        ("east-township", "clinic", "down"),
        ("west-township", "clinic", "down"),
        ("east-township", "west-township", "lateral"),
        ("west-township", "east-township", "lateral"),
    }


def test_generating_twice_changes_nothing(world):
    generate(world)
    before = list(Relation.objects.order_by("id").values())
    assert generate(world) == {"created": 0, "reactivated": 0, "ended": 0, "kept": 12}
    assert list(Relation.objects.order_by("id").values()) == before


def test_a_new_level_turns_the_generated_relations(world):
    generate(world)
    actions.change_institution(actor=world.office, institution=world.east, level="2c")
    # with the hospital up and down become lateral (2), with the other township lateral becomes down and up (2)
    assert generate(world) == {"created": 4, "reactivated": 0, "ended": 4, "kept": 8}
    assert Relation.objects.permits(world.west, world.east, "up") is True
    assert Relation.objects.permits(world.east, world.hospital, "up") is False
    actions.change_institution(actor=world.office, institution=world.east, level="unrated")
    assert generate(world) == {"created": 0, "reactivated": 4, "ended": 4, "kept": 8}


def test_exceptions_by_hand_survive_generating(world):
    generate(world)
    forbidden = Relation.objects.get(sender=world.clinic, receiver=world.hospital)
    actions.end_relation(actor=world.office, relation=forbidden, version=1)
    actions.set_relation(
        actor=world.office, consortium=world.consortium, sender=world.east, receiver=world.west, direction="up"
    )
    assert generate(world) == {"created": 0, "reactivated": 0, "ended": 0, "kept": 12}
    assert Relation.objects.permits(world.clinic, world.hospital, "up") is False
    assert Relation.objects.permits(world.east, world.west, "up") is True


def test_a_member_that_left_loses_its_relations_and_gets_them_back(world):
    generate(world)
    actions.end_membership(actor=world.office, member=world.consortium.members.get(institution=world.east))
    assert len(directions(world.consortium)) == 6
    assert generate(world) == {"created": 0, "reactivated": 0, "ended": 0, "kept": 6}
    actions.admit_member(actor=world.office, consortium=world.consortium, institution=world.east)
    assert generate(world) == {"created": 0, "reactivated": 6, "ended": 0, "kept": 6}
    assert Relation.objects.permits(world.east, world.hospital, "up") is True


def test_a_consortium_takes_over_what_another_one_left_behind(world):
    generate(world)
    group = actions.found_consortium(actor=SYSTEM, code="group", name="集团", kind="city_group", core=world.hospital)
    actions.end_membership(actor=world.office, member=world.consortium.members.get(institution=world.east))
    actions.admit_member(actor=SYSTEM, consortium=group, institution=world.east, role="member")
    assert Relation.objects.permits(world.east, world.hospital, "up") is False
    assert actions.generate_relations(actor=SYSTEM, consortium=group) == {
        "created": 0,
        "reactivated": 2,
        "ended": 0,
        "kept": 0,
    }
    assert Relation.objects.permits(world.east, world.hospital, "up") is True


def test_institutions_out_of_use_neither_send_nor_receive(world):
    generate(world)
    actions.change_institution(actor=world.office, institution=world.east, active=False)
    assert Relation.objects.permits(world.east, world.hospital, "up") is False
    assert Relation.objects.permits(world.hospital, world.east, "down") is False
    assert generate(world)["ended"] == 6


def test_generating_is_recorded_with_its_counts(world):
    generate(world)
    assert events_of(world.consortium) == ["consortium.founded", "relations.generated"]


def test_a_relation_out_of_the_consortium_goes_to_a_stranger_only(world):
    actions.set_relation(
        actor=world.office,
        consortium=world.consortium,
        sender=world.hospital,
        receiver=world.outsider,
        direction="out",
        travel_minutes=90,
    )
    assert Relation.objects.permits(world.hospital, world.outsider, "out") is True
    generate(world)
    assert Relation.objects.permits(world.hospital, world.outsider, "out") is True


@pytest.mark.parametrize(
    ("sender", "receiver", "direction", "minutes", "errors"),
    [
        ("hospital", "hospital", "up", None, [("/receiver", "same_institution")]),
        ("hospital", "east", "up", None, [("/direction", "against_level")]),
        ("east", "hospital", "down", None, [("/direction", "against_level")]),
        ("east", "hospital", "sideways", None, [("/direction", "unknown_code")]),
        ("hospital", "east", "out", None, [("/direction", "inside")]),
        ("hospital", "outsider", "lateral", None, [("/receiver", "not_a_member")]),
        ("outsider", "hospital", "out", None, [("/sender", "not_a_member"), ("/direction", "inside")]),
        ("east", "hospital", "up", 0, [("/travel_minutes", "out_of_range")]),
        ("east", "hospital", "up", 1441, [("/travel_minutes", "out_of_range")]),
    ],
)
def test_relations_that_cannot_be(world, sender, receiver, direction, minutes, errors):
    with pytest.raises(Refused) as refused:
        actions.set_relation(
            actor=world.office,
            consortium=world.consortium,
            sender=getattr(world, sender),
            receiver=getattr(world, receiver),
            direction=direction,
            travel_minutes=minutes,
        )
    assert [(error.pointer, error.code) for error in refused.value.errors] == errors
    assert Relation.objects.count() == 0


def test_travel_time_may_also_come_from_the_sender(world):
    generate(world)
    relation = Relation.objects.get(sender=world.east, receiver=world.hospital)
    actions.set_travel_time(actor=world.east_administrator, relation=relation, minutes=35, version=1)
    relation.refresh_from_db()
    assert (relation.travel_minutes, relation.source, relation.version) == (35, "generated", 2)
    for actor in (world.administrator, world.stranger, world.nurse):
        with pytest.raises(Forbidden):
            actions.set_travel_time(actor=actor, relation=relation, minutes=1)
    with pytest.raises(Stale):
        actions.set_travel_time(actor=world.office, relation=relation, minutes=1, version=1)


def test_a_relation_ends_once(world):
    generate(world)
    relation = Relation.objects.get(sender=world.east, receiver=world.hospital)
    actions.end_relation(actor=world.office, relation=relation)
    with pytest.raises(Missing):
        actions.end_relation(actor=world.office, relation=relation)
    assert events_of(relation) == ["relation.ended"]


def test_only_the_office_of_the_consortium_decides(world):
    for actor in (world.stranger, world.administrator, world.nurse):
        with pytest.raises(Forbidden):
            actions.generate_relations(actor=actor, consortium=world.consortium)
        with pytest.raises(Forbidden):
            actions.set_relation(
                actor=actor,
                consortium=world.consortium,
                sender=world.east,
                receiver=world.hospital,
                direction="up",
            )
    assert Relation.objects.count() == 0


def test_no_relation_with_oneself_and_none_twice_in_the_database(world):
    generate(world)
    for receiver in (world.east, world.hospital):
        with pytest.raises(IntegrityError), transaction.atomic():
            Relation.objects.create(
                consortium=world.consortium, sender=world.east, receiver=receiver, direction="up", source="manual"
            )


def test_relations_are_seen_by_their_consortium_and_both_sides(world):
    generate(world)
    actions.set_relation(
        actor=world.office, consortium=world.consortium, sender=world.hospital, receiver=world.outsider, direction="out"
    )
    assert Relation.objects.visible_to(world.nurse).count() == 13
    assert Relation.objects.visible_to(world.stranger).get().direction == "out"


def test_thirty_members_take_as_many_queries_as_three(world, django_assert_max_num_queries):
    for number in range(26):
        institution(f"village-{number}", f"{number}号村卫生室", type="D600", consortium=world.consortium)
    with django_assert_max_num_queries(20):
        assert generate(world)["created"] == 30 * 29
    assert Institution.objects.members_of(world.consortium).count() == 30
