"""无名氏 gets a name: by whoever learns it first, of either party, and he may turn out to be somebody known."""

from datetime import date

import pytest
from django.urls import reverse

from events.models import AccessEntry, Event
from records.access import bases_for
from records.data import NumberData
from records.models import Patient
from referrals.models import Referral
from tests.cast import resident_number
from tests.integration.referrals.pages import page_of, words_in
from tests.integration.referrals.sheets import NEW, edit_of, green_sheet
from tests.integration.referrals.speaking import Side, problem

pytestmark = pytest.mark.django_db

BORN = date(1961, 5, 1)
NUMBER = resident_number(BORN, 901)


@pytest.fixture
def referral(cast) -> Referral:
    """Sent on the green channel by the township; all that is known is a man of about sixty."""
    given = green_sheet(None, receiver=None) | {"unknown-sex": "1", "unknown-age": "60"}
    assert cast.browser("township_doctor").post(NEW, given).status_code == 302
    return Referral.objects.select_related("patient__person").get()


def page(referral) -> str:
    return reverse("referrals:identify", args=[referral.number])


def name(cast, referral, who="cardiologist", **changes):
    given = {"name": "陈大山", "number_type": "resident_id", "number": NUMBER, "version": 1} | changes
    return cast.browser(who).post(page(referral), given)


def now_is(referral) -> tuple:
    patient = Patient.objects.get(pk=referral.patient_id)
    return patient.name, patient.unknown, patient.birth_date


NOBODY = ("无名氏", True, None)


@pytest.mark.parametrize(
    ("who", "may"), [("township_doctor", True), ("core_desk", True), ("consortium_administrator", False)]
)
def test_both_parties_are_offered_to_say_who_he_is(cast, referral, who, may):
    seen = words_in(cast.browser(who).get(page_of(referral)))
    assert (page(referral) in seen) == may


def test_so_is_whoever_completes_the_paper(cast, referral):
    assert page(referral) in words_in(cast.browser("township_doctor").get(edit_of(referral)))


@pytest.mark.parametrize("who", ["township_doctor", "cardiologist", "core_desk"])
def test_somebody_new_is_named(cast, referral, who):
    answer = cast.browser(who).get(page(referral))
    assert answer.context["form"]["version"].value() == 1
    answer = name(cast, referral, who)
    assert (answer.status_code, answer.url) == (302, page_of(referral))
    assert now_is(referral) == ("陈大山", False, BORN)
    patient = Patient.objects.get(pk=referral.patient_id)
    assert (patient.institution, patient.person) == (cast.institutions.chengguan, referral.patient.person)
    told = Event.objects.get(name="patient.identified")
    uuid = str(patient.person.uuid)
    assert (told.subject, told.facts) == (patient.event_ref, {"person": uuid, "was_person": uuid})
    assert "陈大山" in words_in(cast.browser("township_doctor").get(page_of(referral)))


def test_a_name_alone_is_enough_to_begin_with(cast, referral):
    assert name(cast, referral, number="", phone="13800009999").status_code == 302
    assert now_is(referral) == ("陈大山", False, None)


def test_he_turns_out_to_be_somebody_the_hospital_knows(cast, referral):
    """The referral is his then, and so are the grounds to see him; what nobody was is history."""
    known = cast.patient(cast.actors.cardiologist, name="陈大山", born=BORN, identifiers=[_number()])
    assert name(cast, referral).status_code == 302
    patient = Patient.objects.get(pk=referral.patient_id)
    assert patient.person == known.person
    assert bases_for(cast.actors.core_desk, known.person) == ["registration", "referral"]
    assert bases_for(cast.actors.township_doctor, known.person) == ["registration"]
    assert bases_for(cast.actors.core_desk, referral.patient.person) == []
    told = Event.objects.get(name="patient.identified")
    assert told.facts == {"person": str(known.person.uuid), "was_person": str(referral.patient.person.uuid)}
    assert cast.browser("cardiologist").get(page_of(referral)).status_code == 200


def test_the_number_of_somebody_else_is_refused_beside_it(cast, referral):
    cast.patient(cast.actors.hekou_doctor, name="赵刚", born=BORN, identifiers=[_number()])
    looks = AccessEntry.objects.filter(basis="number").count()
    answer = name(cast, referral)
    assert (answer.status_code, now_is(referral)) == (409, NOBODY)
    (words,) = answer.context["form"].errors["number"]
    assert "另一姓名" in words and "赵刚" not in words_in(answer)
    assert AccessEntry.objects.filter(basis="number").count() == looks + 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "***"}, "name"),
        ({"number": "123"}, "number"),
        ({"birth_date": "1990-01-01"}, "birth_date"),
        ({"number": "", "birth_date": "2999-01-01"}, "birth_date"),
        ({"number_type": "x"}, "number_type"),
        ({"phone": "abc"}, "phone"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(cast, referral, changes, field):
    answer = name(cast, referral, **changes)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert now_is(referral) == NOBODY


def test_who_has_been_named_is_named_once(cast, referral):
    name(cast, referral)
    assert name(cast, referral, name="李四", version=2).status_code == 422
    assert page(referral) not in words_in(cast.browser("cardiologist").get(page_of(referral)))


def test_meanwhile_named_by_the_other_side(cast, referral):
    side = Side.of(cast, "township_doctor")
    side.patch(f"/api/v1/patients/{referral.patient.public_id}/", {"phone": "13800001111"}, version=1)
    answer = name(cast, referral)
    assert (answer.status_code, now_is(referral)) == (412, NOBODY)


def test_over_rest_by_the_hospital_and_no_more_than_who_he_is(cast, referral):
    side, where = Side.of(cast, "core_desk"), f"/api/v1/patients/{referral.patient.public_id}/"
    assert problem(side.patch(where, {"address": "东街"}, version=1), 403)["code"] == "not_custodian"
    assert problem(side.patch(where, {"sex": "1"}, version=1), 403)["code"] == "not_custodian"
    numbers = [{"type": "resident_id", "value": NUMBER}]
    answer = side.patch(where, {"name": "陈大山", "identifiers": numbers}, version=1)
    assert (answer.status_code, answer.json()["unknown"], answer.json()["version"]) == (200, False, 2)
    assert problem(side.patch(where, {"name": "李四"}, version=2), 403)["code"] == "not_custodian"


def test_who_was_referred_elsewhere_is_named_by_nobody_else(cast, referral):
    where = f"/api/v1/patients/{referral.patient.public_id}/"
    assert Side.of(cast, "hekou_doctor").patch(where, {"name": "陈大山"}, version=1).status_code == 404
    assert cast.browser("hekou_doctor").get(page(referral)).status_code == 404
    assert cast.browser("consortium_administrator").get(page(referral)).status_code == 403


def _number():
    return NumberData(type="resident_id", value=NUMBER)
