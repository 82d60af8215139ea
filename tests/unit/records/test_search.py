from dataclasses import asdict
from datetime import date

import pytest
from django.db import connection

from events.models import AccessEntry
from records import search
from records.actions import grant_access, register_patient
from records.data import PatientData
from records.models import Patient
from toolkit.refusals import Forbidden, Refused

from .builders import WOMAN, number, woman


def names(who, text):
    return sorted(row.id for row in search.find_by_name(who, text))


@pytest.mark.parametrize("text", ["张", "张秀", "张秀兰", "zhangxiu", "ZXL", "zx", "ｚｘｌ", " zhang xiu lan "])
def test_found_by_name_pinyin_and_initials(world, patient, text):
    assert names(world.doctor, text) == [patient.public_id]


@pytest.mark.parametrize("text", ["", " ", "秀兰", "兰", "xl", "%", "_", "z%", "张_", "zhangxiulanx", "李", "\\"])
def test_only_the_beginning_counts_and_signs_mean_nothing(world, patient, text):
    assert names(world.doctor, text) == []


def test_rare_characters_sort_behind_the_rest_and_are_found(world):
    data = PatientData(name="张𠮷", sex="1", birth_date=date(1990, 1, 1))
    rare, _outcome = register_patient(actor=world.doctor, data=data)
    assert names(world.doctor, "张") == [rare.public_id]


def test_names_are_searched_among_visible_persons_only(world, patient):
    assert names(world.surgeon, "zxl") == []
    grant_access(
        actor=world.doctor, institution=world.hospital, person=patient.person, basis="referral", source="referral:R1"
    )
    assert names(world.surgeon, "zxl") == [patient.public_id]
    own, _outcome = register_patient(actor=world.surgeon, data=woman())
    assert names(world.surgeon, "zxl") == [own.public_id]


def test_a_row_tells_who_it_is_and_no_more(world, patient):
    (row,) = search.find(world.doctor, "zxl").rows
    assert asdict(row) == {
        "id": patient.public_id,
        "name": "张**",
        "sex": "2",
        "age": patient.age,
        "age_words": f"{patient.age} 岁",
        "last4": "002X",
        "own": True,
        "institution": "township",
    }
    assert AccessEntry.objects.count() == 0


@pytest.mark.parametrize("typed", [WOMAN, WOMAN.lower(), "110105 19491231 002x", "13800001234", "+86 138-0000-1234"])
def test_found_by_the_exact_number_or_telephone(world, patient, typed):
    assert [row.id for row in search.find(world.doctor, typed).rows] == [patient.public_id]


@pytest.mark.parametrize("typed", [WOMAN[:-1], WOMAN[:6], "1380000123", "110105194912310021"])
def test_part_of_a_number_finds_nobody(world, patient, typed):
    assert search.find(world.doctor, typed) == search.Found()


def test_a_number_known_elsewhere_is_confirmed_masked_and_noted(world, patient):
    found = search.find(world.surgeon, WOMAN, route="r")
    assert found.rows == []
    assert (found.elsewhere.id, found.elsewhere.name, found.elsewhere.last4, found.elsewhere.own) == (
        None,
        "张**",
        "002X",
        False,
    )
    entry = AccessEntry.objects.get()
    assert (entry.basis, entry.patient_id, entry.route) == ("number", patient.pk, "r")


def test_outside_the_consortium_nothing_is_said(world, patient):
    assert search.find(world.stranger, WOMAN) == search.Found()
    assert search.find(world.surgeon, "13800001234") == search.Found()


def test_a_newborn_is_found_under_the_guardians_number(world, patient):
    data = PatientData(name="李某之女", sex="2", birth_date=date(2026, 1, 5), identifiers=[number(owner="guardian")])
    child, _outcome = register_patient(actor=world.doctor, data=data)
    found = search.find_by_number(world.doctor, WOMAN, "resident_id")
    assert sorted(row.id for row in found.rows) == sorted([patient.public_id, child.public_id])


def test_a_number_of_a_named_kind_must_be_one(world):
    with pytest.raises(Refused) as refused:
        search.find_by_number(world.doctor, "110105194912310021", "resident_id")
    assert refused.value.code == "check_digit"
    with pytest.raises(Refused) as refused:
        search.find_by_number(world.doctor, WOMAN, "tattoo")
    assert refused.value.code == "unknown_type"


def test_looking_needs_the_permission(world):
    with pytest.raises(Forbidden):
        search.find(world.administrator, "zxl")


def test_found_by_a_number_hashed_under_the_old_key(world, patient, settings):
    settings.HASH_KEYS = ["a-new-key-of-the-tests", *settings.HASH_KEYS]
    assert [row.id for row in search.find(world.doctor, WOMAN).rows] == [patient.public_id]


def test_the_name_keys_are_searched_by_index(world):
    rows = Patient.objects.filter(name_pinyin__prefix="zhang").order_by()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            plan = rows.explain()
    else:
        plan = rows.explain()
    assert "records_patient_pinyin" in plan
