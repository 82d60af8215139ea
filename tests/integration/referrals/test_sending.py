"""What must be there before a referral is sent: destination, paper, the green channel's little, review, medicines."""

from datetime import datetime, timedelta

import pytest

from institutions.actions import change_department, set_relation
from institutions.models import Department, Institution, Relation
from records.actions import register_patient
from records.data import PatientData
from referrals.actions import change_draft
from referrals.models import Referral
from tests.cast import SYSTEM
from tests.integration.referrals.seeing import events_of, everything
from tests.walk import CONTENT, DOWNWARD, draft, referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.refusals import Forbidden, Refused

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

GREEN = {"green_channel": "chest_pain", "caller_phone": "13800000000"}
NOTHING = {"purpose": "", "history": "", "diagnoses": [], "reason": "", "consent": None, "past_history": ""}


def again(referral) -> Referral:
    return Referral.objects.with_parties().get(pk=referral.pk)


def pointers(act) -> list[str]:
    """What the refusal of `act` points at; nothing was written."""
    before = everything()
    with pytest.raises(Refused) as caught:
        act()
    assert everything() == before
    return [error.pointer for error in caught.value.errors]


# --- the destination --------------------------------------------------------------------------------------------------


def test_the_direction_is_that_of_the_relation(cast):
    referral = draft(cast, direction="lateral", department=cast.departments.cardiology)
    assert pointers(lambda: step("submit", referral, cast)) == ["/direction"]


def test_without_a_relation_nothing_is_sent(cast):
    Relation.objects.filter(sender=cast.institutions.chengguan).update(active=False)
    referral = draft(cast)
    assert pointers(lambda: step("submit", referral, cast)) == ["/receiver"]


def test_the_department_belongs_to_the_receiver(cast):
    foreign = {"receiver": cast.institutions.hospital, "department": cast.departments.tcm_cardiology}
    patient = cast.patient()
    assert pointers(lambda: draft(cast, patient=patient, **foreign)) == ["/department"]


def test_nobody_refers_to_his_own_house(cast):
    own, patient = cast.departments.general_chengguan, cast.patient()
    assert pointers(lambda: draft(cast, patient=patient, department=own)) == ["/receiver"]


def test_a_department_that_takes_none_is_named(cast):
    referral = draft(cast)
    department = cast.departments.cardiology
    change_department(actor=SYSTEM, department=department, version=department.version, takes_referrals=False)
    assert pointers(lambda: step("submit", referral, cast)) == ["/department"]


def test_out_of_the_consortium_is_a_direction_of_its_own(cast):
    set_relation(
        actor=SYSTEM, consortium=cast.consortium, sender=cast.institutions.chengguan,
        receiver=cast.institutions.outsider, direction="out",
    )  # fmt: skip
    referral = draft(cast, direction="out", department=cast.departments.outsider_cardiology)
    step("submit", referral, cast)
    assert (referral.status, referral.consortium) == ("submitted", cast.consortium)
    assert step("accept", referral, cast, actor=cast.actors.outsider_desk).status == "accepted"


# --- the paper --------------------------------------------------------------------------------------------------------


def test_everything_that_is_missing_is_said_at_once(cast):
    referral = draft(cast, **NOTHING)
    assert pointers(lambda: step("submit", referral, cast)) == [
        "/history", "/purpose", "/diagnoses", "/reason", "/consent",
    ]  # fmt: skip


def test_words_are_enough_upward_and_codes_may_follow(cast):
    referral = draft(cast, diagnoses=[{"text": "胸闷待查"}])
    assert step("submit", referral, cast).diagnoses == [{"code": "", "system": "", "text": "胸闷待查", "primary": True}]


def test_downward_the_plan_is_settled(cast):
    bare = {"treatment": "", "plan": "", "follow_up_on": None}
    referral = draft(cast, direction="down", **bare)
    assert pointers(lambda: step("submit", referral, cast)) == ["/treatment", "/plan", "/follow_up_on"]


def test_downward_every_long_term_drug_is_to_be_had_there(cast):
    lines = [
        {"name": "阿司匹林肠溶片", "long_term": True},
        {"name": "布洛芬片", "long_term": False},
        {"name": "二甲双胍片", "long_term": True, "supply": "brings_own"},
        {"name": "缬沙坦胶囊", "long_term": True, "supply": ""},
    ]
    referral = draft(cast, direction="down", medications=lines)
    assert pointers(lambda: step("submit", referral, cast)) == ["/medications/0/supply", "/medications/3/supply"]
    settled = [line | {"supply": "confirmed_by_phone"} for line in lines]
    change_draft(referral, actor=cast.actors.cardiologist, medications=settled)
    assert step("submit", referral, cast).status == "submitted"


def test_upward_nobody_asks_where_the_drugs_come_from(cast):
    referral = draft(cast, medications=[{"name": "阿司匹林肠溶片", "long_term": True}])
    assert step("submit", referral, cast).status == "submitted"


def test_a_wish_for_a_date_ends_after_it_begins(cast):
    patient = cast.patient()
    wish = {"preferred_from": "2026-03-20", "preferred_to": "2026-03-19"}
    assert pointers(lambda: draft(cast, patient=patient, **wish)) == ["/preferred_to"]
    referral = draft(cast, patient=patient, preferred_from="2026-03-20")
    change_draft(referral, actor=cast.actors.township_doctor, preferred_to="2026-03-19")
    assert pointers(lambda: step("submit", referral, cast)) == ["/preferred_to"]


# --- the green channel ------------------------------------------------------------------------------------------------


def test_the_green_channel_needs_a_complaint_and_a_number(cast):
    referral = draft(cast, **NOTHING | {"green_channel": "stroke"})
    assert pointers(lambda: step("submit", referral, cast)) == ["/history", "/caller_phone"]


def test_somebody_unknown_goes_by_the_green_channel_and_the_rest_follows(cast):
    doctor = cast.actors.township_doctor
    unknown, _known = register_patient(actor=doctor, data=PatientData(unknown=True, sex="1", estimated_age=60))
    referral = draft(cast, patient=unknown, **NOTHING | GREEN | {"history": "路边昏迷"})
    step("submit", referral, cast)
    assert (referral.status, referral.completion_due) == ("submitted", MOMENT + timedelta(hours=24))
    step("dispatch", referral, cast, confirmed_by="急诊科 陈医生")
    assert referral.status == "in_transit"

    change_draft(referral, actor=doctor, purpose="抢救", diagnoses=[{"text": "昏迷待查"}], reason="critical")
    assert again(referral).completion_due is not None
    approval = {"given_by": "institution", "method": "emergency", "approved_by": "陈静", "approved_title": "副院长"}
    change_draft(again(referral), actor=doctor, consent=approval)
    referral = again(referral)
    assert (referral.completion_due, referral.status) == (None, "in_transit")
    assert events_of(referral, "completed") == ["completed"]
    with pytest.raises(Refused) as refused:
        change_draft(referral, actor=doctor, purpose="再改")
    assert refused.value.code == "wrong_status"


def test_what_was_complete_owes_nothing(cast):
    assert referral_at("submitted", cast, **GREEN).completion_due is None


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"urgency": "routine"}, "/urgency"),
        ({"green_channel": ""}, "/green_channel"),
        ({"direction": "lateral"}, "/direction"),
        ({"receiver": "tcm", "department": "tcm_cardiology"}, "/department"),
        ({"department": "neurology"}, "/department"),
    ],
)
def test_completing_changes_neither_where_nor_how_urgently(cast, change, pointer):
    referral = step("submit", draft(cast, **NOTHING | GREEN | {"history": "胸痛"}), cast)
    for name, houses in (("receiver", cast.institutions), ("department", cast.departments)):
        if name in change:
            change = change | {name: getattr(houses, change[name])}
    assert pointers(lambda: change_draft(referral, actor=cast.actors.township_doctor, **change)) == [pointer]


@pytest.mark.parametrize("verb", ["withdraw", "void", "forward"])
def test_what_was_ended_is_not_completed_any_more(cast, verb):
    referral = step("submit", draft(cast, **NOTHING | GREEN | {"history": "胸痛"}), cast)
    step(verb, referral, cast, **{"agreed_by": "急诊科"} if verb == "forward" else {})
    with pytest.raises(Refused):
        change_draft(again(referral), actor=cast.actors.township_doctor, purpose="补写")


@pytest.mark.parametrize("verb", ["return", "reject"])
def test_the_green_channel_is_neither_asked_back_nor_simply_refused(cast, verb):
    referral = referral_at("submitted", cast, **GREEN)
    before = everything()
    with pytest.raises(Refused) as refused:
        step(verb, referral, cast)
    assert refused.value.code == "green_channel"
    assert everything() == before


def test_before_acceptance_only_the_green_channel_sets_out_and_says_who_confirmed(cast):
    slow, quick = referral_at("submitted", cast, urgency="emergency"), referral_at("submitted", cast, **GREEN)
    with pytest.raises(Refused) as refused:
        step("dispatch", slow, cast, confirmed_by="急诊科")
    assert refused.value.code == "not_accepted"
    assert pointers(lambda: step("dispatch", quick, cast)) == ["/confirmed_by"]


# --- what was asked back ----------------------------------------------------------------------------------------------


def test_a_returned_one_is_completed_and_may_go_to_another_department_there(cast):
    referral = referral_at("returned", cast)
    change_draft(
        referral, actor=cast.actors.township_doctor, history="补充：心电图 ST 段压低",
        receiver=cast.institutions.hospital, department=cast.departments.neurology, direction="up", urgency="routine",
    )  # fmt: skip
    assert step("submit", referral, cast).specialty == "neurology"


def test_but_not_to_another_house(cast):
    referral = referral_at("returned", cast)
    change = {"receiver": cast.institutions.tcm, "department": cast.departments.tcm_cardiology}
    act = lambda: change_draft(referral, actor=cast.actors.township_doctor, **change)  # noqa: E731
    assert pointers(act) == ["/receiver"]


def test_nor_where_the_person_is_already_referred(cast):
    live = referral_at("submitted", cast, department=cast.departments.neurology)
    referral = referral_at("returned", cast, patient=live.patient)
    before = everything()
    with pytest.raises(Exception) as caught:
        change_draft(referral, actor=cast.actors.township_doctor, department=cast.departments.neurology)
    assert (caught.value.status, caught.value.code) == (409, "duplicate")
    assert everything() == before


# --- review -----------------------------------------------------------------------------------------------------------


def test_the_house_that_asks_for_it_reviews_from_draft_only(cast):
    hekou = cast.institutions.hekou
    referral = draft(cast, sender=hekou)
    assert step("submit", referral, cast).status == "in_review"
    step("approve", referral, cast)
    step("return", referral, cast)
    assert step("submit", referral, cast).status == "submitted"


@pytest.mark.parametrize("content", [{"urgency": "emergency"}, GREEN])
def test_review_never_holds_an_emergency(cast, content):
    referral = draft(cast, sender=cast.institutions.hekou, **content)
    assert step("submit", referral, cast).status == "submitted"


@pytest.mark.parametrize(("verb", "status"), [("approve", "in_review"), ("send_back", "in_review"), ("void", "closed")])
def test_a_second_person_does_it(cast, verb, status):
    """The travelling doctor is doctor and desk at Hekou: his own he cannot let go."""
    author = cast.actors.travelling_doctor_at_hekou
    referral = referral_at(status, cast, sender=cast.institutions.hekou, by=author)
    before = everything()
    with pytest.raises(Forbidden) as refused:
        step(verb, referral, cast, actor=author)
    assert refused.value.code == "second_person"
    assert everything() == before
    step(verb, referral, cast, actor=cast.actors.hekou_desk)


def test_the_receiver_does_not_know_of_what_is_not_sent(cast):
    for status in ("draft", "in_review"):
        referral = referral_at(status, cast)
        assert not Referral.objects.visible_to(cast.actors.core_desk).filter(pk=referral.pk).exists()
        assert not Referral.objects.visible_to(cast.actors.consortium_administrator).filter(pk=referral.pk).exists()


def test_the_letter_is_what_was_written(cast):
    """Nothing of what was entered is lost on the way."""
    referral = again(referral_at("submitted", cast, direction="down"))
    written = CONTENT | DOWNWARD
    for name in ("kind", "reason", "purpose", "history", "past_history", "allergies", "vitals", "treatment", "plan"):
        assert getattr(referral, name) == written[name], name


def test_names_as_long_as_they_may_be_find_room(cast):
    """On PostgreSQL a column is as wide as it says."""
    Institution.objects.filter(pk=cast.institutions.hospital.pk).update(
        name="院" * 100, short_name="", address="路" * 200
    )
    Department.objects.filter(pk=cast.departments.cardiology.pk).update(name="科" * 50)
    referral = again(referral_at("submitted", cast))
    step("accept", referral, cast, slot=cast.slot())
    step("arrive", again(referral), cast)
    step("conclude", again(referral), cast)
    assert again(referral).bookings.get().place.startswith("院" * 100)
