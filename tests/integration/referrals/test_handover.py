"""Who was brought is handed over by both sides, by name."""

from datetime import datetime

import pytest

from referrals.models import Referral
from referrals.presenting import needs_of
from tests.integration.referrals.pages import move_of, page_of, typed, words_in
from tests.integration.referrals.seeing import everything
from tests.integration.referrals.speaking import Side, address, pointers, untouched
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.refusals import Refused

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)
NAMES = {"handed_over_by": "王芳", "received_by": "周强"}
NOBODY = {"handed_over_by": "", "received_by": "", "handover": ""}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({}, ["/handed_over_by", "/received_by"]),
        ({"handed_over_by": "王芳"}, ["/received_by"]),
        ({"received_by": "周强", "handed_over_by": "  "}, ["/handed_over_by"]),
    ],
)
def test_from_the_ambulance_both_sign(cast, facts, missing):
    referral = referral_at("in_transit", cast)
    before = everything()
    with pytest.raises(Refused) as refused:
        step("arrive", referral, cast, **NOBODY | facts)
    assert [error.pointer for error in refused.value.errors] == missing
    said = [str(error.detail) for error in refused.value.errors]
    assert all(words.startswith("患者在转运中，请写明") for words in said)
    assert everything() == before


def test_both_names_stand_in_the_step_and_on_the_page(cast):
    referral = step("arrive", referral_at("in_transit", cast), cast, **NAMES, handover="神志清楚")
    made = referral.steps.get(verb="arrive")
    assert {name: made.facts[name] for name in (*NAMES, "handover")} == {**NAMES, "handover": "神志清楚"}
    words = words_in(cast.browser("township_doctor").get(page_of(referral)))
    assert words.index("送达人（转出方）") < words.index("接诊人（接收方）") < words.index("交接时患者情况")
    assert "王芳" in words


@pytest.mark.parametrize("status", ["submitted", "accepted", "scheduled", "no_show"])
def test_who_comes_by_himself_needs_no_hands(cast, status):
    assert step("arrive", referral_at(status, cast), cast, **NOBODY).status == "arrived"


@pytest.mark.parametrize(("status", "needed"), [("in_transit", sorted(NAMES)), ("scheduled", [])])
def test_the_form_marks_them_where_they_are_needed(cast, status, needed):
    referral = referral_at(status, cast)
    form = cast.browser("core_desk").get(move_of(referral, "arrive")).context["form"]
    assert sorted(name for name in NAMES if form.fields[name].required) == needed
    assert (form["received_by"].value(), form["handed_over_by"].value()) == (cast.actors.core_desk.name, None)
    assert sorted(needs_of("arrive", referral, cast.actors.core_desk)) == needed


def test_what_is_missing_stands_beside_its_field(cast):
    referral = referral_at("in_transit", cast)
    sent = typed("arrive", referral, cast, handed_over_by="", handover="神志清楚")
    answer = cast.browser("core_desk").post(move_of(referral, "arrive"), sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["handed_over_by"])
    assert "神志清楚" in words_in(answer)


def test_over_rest_the_same(cast):
    referral = referral_at("in_transit", cast)
    side, path = Side.of(cast, "core_desk"), address(referral.number, "arrive")
    answer = untouched(lambda: side.post(path, {"handover": "神志清楚"}, version=referral.version))
    assert pointers(answer, 422) == ["/handed_over_by", "/received_by"]
    assert side.post(path, NAMES, version=referral.version).status_code == 200


def test_who_writes_down_a_telephone_call_has_received_nobody(cast):
    ends = {"sender": cast.institutions.chengguan, "receiver": cast.institutions.clinic}
    referral = referral_at("in_transit", cast, direction="down", **ends)
    browser = cast.browser("township_doctor")
    form = browser.get(move_of(referral, "arrive")).context["form"]
    assert (form["received_by"].value(), form.fields["received_by"].required) == (None, True)
    assert browser.post(move_of(referral, "arrive"), typed("arrive", referral, cast)).status_code == 422
    spoken = {"told_by": "村医 老李", "told_phone": "13800000001"}
    assert browser.post(move_of(referral, "arrive"), typed("arrive", referral, cast, **spoken)).status_code == 302
    assert Referral.objects.get(pk=referral.pk).steps.get(verb="arrive").on_behalf
