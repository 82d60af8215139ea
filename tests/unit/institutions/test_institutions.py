import pytest

from events.models import Event
from institutions import actions
from institutions.models import Institution
from toolkit.refusals import Conflict, Forbidden, Refused, Stale

from .builders import ADMINISTRATOR, OFFICE, SYSTEM, actor_at, events_of, institution

CREDIT_CODE = "12330109470123456J"


def test_adding_normalises_and_keeps_search_keys(world):
    added = institution("qiaotou", "桥头镇卫生院", credit_code=" 12330109470123456j ", licence_number="330109000131")
    assert (added.credit_code, added.licence_number, added.version) == (CREDIT_CODE, "330109000131", 1)
    for text in ["桥头", "QTZWSY", "qiaotou", "qiaotouzhen"]:
        assert list(Institution.objects.search(text)) == [added]


def test_every_wrong_value_is_named_at_once(world):
    with pytest.raises(Refused) as refused:
        institution(
            "Ä",
            "",
            "4a",
            "Z999",
            credit_code="12330109470123456A",
            licence_number="123",
            desk_phone="none",
            handles_on="fax",
            opening_hours=[["08:00", "12:00"], ["11:00", "17:00"]],
        )
    assert [(error.pointer, error.code) for error in refused.value.errors] == [
        ("/code", "invalid"),
        ("/name", "required"),
        ("/level", "unknown_code"),
        ("/type", "unknown_code"),
        ("/credit_code", "check_digit"),
        ("/licence_number", "length"),
        ("/desk_phone", "invalid"),
        ("/handles_on", "unknown_code"),
        ("/opening_hours", "order"),
    ]


@pytest.mark.parametrize(
    "hours", ["08:00", [["08:00"]], [["8:00", "12:00"]], [["08:00", "24:00"]], [[8, 12]], [["08:00", "12:00"]] * 7]
)
def test_opening_hours_must_be_spans_of_clock_times(world, hours):
    with pytest.raises(Refused) as refused:
        actions.change_institution(actor=SYSTEM, institution=world.east, opening_hours=hours)
    assert [error.pointer for error in refused.value.errors] == ["/opening_hours"]


def test_codes_and_licences_belong_to_one_institution(world):
    institution("first", "甲医院", licence_number="330109000131")
    with pytest.raises(Conflict) as conflict:
        institution("first", "乙医院")
    assert conflict.value.errors[0].pointer == "/code"
    with pytest.raises(Conflict) as conflict:
        institution("second", "乙医院", licence_number="330109000131")
    assert conflict.value.errors[0].pointer == "/licence_number"
    institution("third", "丙医院")
    assert Institution.objects.filter(licence_number="").count() > 1


def test_the_own_administrator_keeps_contacts_and_the_consortium_the_rest(world):
    own = world.east_administrator
    actions.change_institution(actor=own, institution=world.east, desk_phone="0839-7201234", reviews_outgoing=True)
    with pytest.raises(Forbidden) as forbidden:
        actions.change_institution(actor=own, institution=world.east, level="3a", address="新址")
    assert "等级" in str(forbidden.value.detail)
    actions.change_institution(actor=world.office, institution=world.east, level="2b")
    world.east.refresh_from_db()
    assert (world.east.desk_phone, world.east.level, world.east.version) == ("0839-7201234", "2b", 3)
    assert list(
        Event.objects.filter(subject="institution:east-township", name="institution.changed")
        .order_by("id")
        .values_list("facts", flat=True)
    ) == [{"fields": ["desk_phone", "reviews_outgoing"]}, {"fields": ["level"]}]


@pytest.mark.parametrize("who", ["stranger", "nurse", "east_administrator"])
def test_others_change_nothing(world, who):
    with pytest.raises(Forbidden):
        actions.change_institution(actor=getattr(world, who), institution=world.hospital, desk_phone="0839-1")
    world.hospital.refresh_from_db()
    assert (world.hospital.desk_phone, world.hospital.version) == ("", 1)


def test_of_two_changes_made_from_one_version_the_second_is_stale(world):
    copy = Institution.objects.get(pk=world.east.pk)
    actions.change_institution(actor=SYSTEM, institution=world.east, version=1, desk_phone="0839-1111")
    with pytest.raises(Stale):
        actions.change_institution(actor=SYSTEM, institution=copy, version=1, desk_phone="0839-2222")
    with pytest.raises(Stale):
        actions.change_institution(actor=SYSTEM, institution=world.east, version=1, desk_phone="0839-2222")
    assert Institution.objects.get(pk=world.east.pk).desk_phone == "0839-1111"


def test_saying_the_same_again_changes_nothing(world):
    actions.change_institution(actor=SYSTEM, institution=world.east, name="东河镇卫生院")
    assert (world.east.version, events_of(world.east)) == (1, ["institution.added", "member.admitted"])


def test_renaming_moves_the_search_keys(world):
    actions.change_institution(actor=SYSTEM, institution=world.east, name="新桥镇卫生院")
    assert list(Institution.objects.search("xqzwsy")) == [world.east]
    assert list(Institution.objects.search("dhzwsy")) == []


def test_one_sees_the_own_consortium_and_partners_of_relations(world):
    inside = {world.hospital, world.east, world.west, world.clinic}
    assert set(Institution.objects.visible_to(world.nurse)) == inside
    assert set(Institution.objects.visible_to(world.stranger)) == {world.outsider}
    actions.set_relation(
        actor=world.office, consortium=world.consortium, sender=world.hospital, receiver=world.outsider, direction="out"
    )
    assert set(Institution.objects.visible_to(world.nurse)) == inside | {world.outsider}
    assert set(Institution.objects.visible_to(world.stranger)) == {world.outsider, world.hospital}
    assert set(Institution.objects.visible_to(world.east_administrator)) == inside
    assert Institution.objects.visible_to(SYSTEM).count() == 5


def test_who_left_is_no_longer_seen(world):
    actions.end_membership(actor=world.office, member=world.east.members.get())
    assert set(Institution.objects.visible_to(world.nurse)) == {world.hospital, world.west, world.clinic}
    assert set(Institution.objects.visible_to(actor_at(world.east))) == {world.east}


def test_a_hospital_that_is_a_member_nowhere_is_kept_by_whoever_works_with_it(world):
    city = institution("city", "省立医院", "3a", "A100")
    actions.set_relation(
        actor=world.office, consortium=world.consortium, sender=world.hospital, receiver=city, direction="out"
    )
    actions.change_institution(actor=world.office, institution=city, desk_phone="028-87654321")
    with pytest.raises(Forbidden):
        actions.change_institution(actor=world.stranger, institution=city, desk_phone="028-1")


def test_adding_needs_the_office_of_that_consortium(world):
    wanted = {"code": "new", "name": "新院", "level": "1a", "type": "C220"}
    for actor in (world.administrator, world.stranger, actor_at(world.east, *ADMINISTRATOR)):
        with pytest.raises(Forbidden):
            actions.add_institution(actor=actor, consortium=world.consortium, **wanted)
    added = actions.add_institution(actor=actor_at(world.west, *OFFICE), consortium=world.consortium, **wanted)
    assert added.members.get().role == "member"


def test_a_refused_membership_leaves_no_institution(world):
    with pytest.raises(Refused):
        institution("new", "新院", "1a", "C220", consortium=world.consortium, role="king")
    assert Institution.objects.filter(code="new").count() == 0
