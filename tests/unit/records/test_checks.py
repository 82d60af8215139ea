from datetime import date

import pytest

from records.checks import check_patient
from records.data import PatientData
from toolkit.refusals import Refused

from .builders import MAN, WOMAN, number, resident_number, woman

pytestmark = pytest.mark.django_db


def findings(data):
    with pytest.raises(Refused) as refused:
        check_patient(data)
    texts = [str(refused.value.detail), *(str(error.detail) for error in refused.value.errors)]
    assert all(WOMAN not in text for text in texts)
    return [(error.pointer, error.code) for error in refused.value.errors]


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-06-15T12:00:00+08:00")


def test_what_is_right_passes_unchanged():
    checked = check_patient(woman())
    assert checked.data == woman()
    assert [(n.type, n.value, n.birth_date, n.sex) for n in checked.numbers] == [
        ("resident_id", WOMAN, date(1949, 12, 31), "2")
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": ""}, [("/name", "required")]),
        ({"name": "123"}, [("/name", "bad_name")]),
        ({"name": "张\x00三"}, [("/name", "bad_character")]),
        ({"name": "张\u202e三"}, [("/name", "bad_character")]),
        ({"name": "张" * 51}, [("/name", "too_long")]),
        ({"name": "张*"}, [("/name", "masked")]),
        ({"phone": "电话"}, [("/phone", "bad_phone")]),
        ({"phone": "138****1234"}, [("/phone", "masked")]),
        ({"address": "x" * 201}, [("/address", "too_long")]),
        ({"insurance_kind": "free"}, [("/insurance_kind", "unknown_kind")]),
        ({"next_of_kin": {"relation": "儿子", "phone": "13900005678"}}, [("/next_of_kin/name", "required")]),
        ({"next_of_kin": {"name": "李", "phone": "x"}}, [("/next_of_kin/phone", "bad_phone")]),
        ({"birth_date": date(1950, 1, 1)}, [("/birth_date", "contradicts_number")]),
        ({"sex": "1"}, [("/sex", "contradicts_number")]),
        ({"identifiers": [number(), number(MAN)]}, [("/identifiers", "two_resident_ids")]),
        ({"identifiers": [number(type="tattoo")]}, [("/identifiers/0/type", "unknown_type")]),
        ({"identifiers": [number(owner="friend")]}, [("/identifiers/0/owner", "unknown_owner")]),
        ({"identifiers": [number(f"M{at}", "mrn") for at in range(11)]}, [("/identifiers", "too_many")]),
    ],
)
def test_each_wrong_value_is_named(changes, expected):
    assert findings(woman(**changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"birth_date": date(2026, 6, 16)}, [("/birth_date", "future")]),
        ({"birth_date": date(1895, 6, 15)}, [("/birth_date", "too_old")]),
        ({"birth_date": None}, [("/birth_date", "required")]),
        ({"birth_date": None, "estimated_age": 131}, [("/estimated_age", "out_of_range")]),
        ({"birth_date": None, "estimated_age": -1}, [("/estimated_age", "out_of_range")]),
        ({"sex": "3"}, [("/sex", "unknown_sex")]),
        ({"sex": ""}, [("/sex", "unknown_sex")]),
    ],
)
def test_without_a_resident_id_what_is_entered_must_be_possible(changes, expected):
    assert findings(woman(identifiers=[], **changes)) == expected


@pytest.mark.parametrize("born", [date(2026, 6, 15), date(1895, 6, 16), date(1896, 2, 29)])
def test_the_first_and_the_last_possible_birth_date(born):
    assert check_patient(woman(identifiers=[], birth_date=born)).data.birth_date == born


def test_everything_wrong_is_said_at_once():
    wrong = PatientData(name="", sex="7", phone="x", identifiers=[number("1" * 18)])
    assert [pointer for pointer, _code in findings(wrong)] == [
        "/identifiers/0/value",
        "/name",
        "/phone",
        "/sex",
    ]


def test_what_a_wrong_resident_id_would_have_said_is_not_asked_for():
    assert findings(PatientData(name="张秀兰", identifiers=[number("1" * 18)])) == [
        ("/identifiers/0/value", "age"),
    ]


@pytest.mark.parametrize("sex", ["", "0", "9"])
def test_the_resident_id_fills_what_was_not_entered(sex):
    data = check_patient(PatientData(name="张秀兰", sex=sex, identifiers=[number()])).data
    assert (data.birth_date, data.sex) == (date(1949, 12, 31), "2")


def test_a_guardians_number_says_nothing_about_the_child():
    child = PatientData(name="李小明", sex="1", birth_date=date(2026, 6, 1), identifiers=[number(owner="guardian")])
    assert check_patient(child).data.birth_date == date(2026, 6, 1)


def test_the_unknown_patient_needs_only_an_age():
    data = check_patient(PatientData(unknown=True, estimated_age=60)).data
    assert (data.name, data.sex, data.estimated_age) == ("无名氏", "0", 60)


def test_a_birth_date_makes_an_estimate_superfluous():
    data = check_patient(woman(identifiers=[], estimated_age=70)).data
    assert (data.birth_date, data.estimated_age) == (date(1949, 12, 31), None)


def test_the_same_number_twice_is_one_number():
    same = [number(), number(WOMAN.lower())]
    assert len(check_patient(woman(identifiers=same)).numbers) == 1


def test_a_number_of_the_day_is_no_future():
    today = resident_number(date(2026, 6, 15))
    assert check_patient(PatientData(name="李某之子", identifiers=[number(today)])).data.sex == "1"
