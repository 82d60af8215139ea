"""What is typed on a referral becomes plain values, or a refusal that points at every fault."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.content import CONTENT_FIELDS, VITALS, clean_content
from toolkit.refusals import Refused

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)


def faults(**content) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        clean_content(content)
    return [(error.pointer, error.code) for error in refused.value.errors]


def test_a_draft_may_be_half_empty():
    assert clean_content({}) == {}
    assert clean_content({"history": "", "diagnoses": [], "vitals": None, "green_channel": None, "priority": ""}) == {
        "history": "", "diagnoses": [], "vitals": {}, "green_channel": "", "priority": [],
    }  # fmt: skip


def test_unknown_names_are_left_to_the_caller():
    assert clean_content({"colour": "red"}) == {}


def test_texts_are_trimmed_and_bounded():
    assert clean_content({"purpose": "  请会诊 "}) == {"purpose": "请会诊"}
    assert faults(purpose="长" * 2001, history=["x"], plan=True) == [
        ("/purpose", "too_long"), ("/history", "text"), ("/plan", "text"),
    ]  # fmt: skip


def test_codes_are_those_of_the_lists():
    assert faults(kind="", urgency=None, reason="mood", green_channel=7) == [
        ("/kind", "choice"), ("/urgency", "choice"), ("/green_channel", "choice"), ("/reason", "choice"),
    ]  # fmt: skip


def test_dates_are_real():
    assert clean_content({"follow_up_on": "2028-02-29"}) == {"follow_up_on": date(2028, 2, 29)}
    assert faults(follow_up_on="2026-02-29", preferred_from="tomorrow", preferred_to=["2026-01-01"]) == [
        ("/follow_up_on", "date"), ("/preferred_from", "date"), ("/preferred_to", "date"),
    ]  # fmt: skip


def test_the_first_diagnosis_is_the_primary_one_unless_another_is():
    one, two = {"text": "心绞痛"}, {"text": "高血压", "primary": True, "code": "I10.x00x002"}
    cleaned = clean_content({"diagnoses": [one, two]})["diagnoses"]
    assert [row["primary"] for row in cleaned] == [False, True]
    assert clean_content({"diagnoses": [one]})["diagnoses"][0]["primary"] is True
    assert [row["system"] for row in cleaned] == ["", "icd10-cn-2.0"]


@pytest.mark.parametrize("code", ["I10", "I20.900", "I10.x00x002", "S72.000x001", "A16.200+", "B90.901"])
def test_codes_of_the_clinical_edition(code):
    assert clean_content({"diagnoses": [{"text": "x", "code": code}]})["diagnoses"][0]["code"] == code


@pytest.mark.parametrize("code", ["10", "I1", "i10", "I10.", "心绞痛", "I10.x00x002; DROP", "I10 ", "I20.9000"])
def test_what_is_none(code):
    expected = [] if code.strip() == "I10" else [("/diagnoses/0/code", "icd10")]
    if expected:
        assert faults(diagnoses=[{"text": "x", "code": code}]) == expected
    else:
        assert clean_content({"diagnoses": [{"text": "x", "code": code}]})["diagnoses"][0]["code"] == "I10"


def test_lists_are_lists_of_objects_and_not_endless():
    assert faults(diagnoses={"text": "x"}, medications=["x"], allergies="青霉素") == [
        ("/allergies", "list"), ("/diagnoses", "list"), ("/medications/0", "object"),
    ]  # fmt: skip
    assert faults(medications=[{"name": "x"}] * 51) == [("/medications", "too_many")]


def test_a_drug_has_a_name_and_days_are_whole():
    assert faults(medications=[{"days": 7}, {"name": "x", "days": 0}, {"name": "x", "days": 1.5}]) == [
        ("/medications/0/name", "required"), ("/medications/1/days", "range"), ("/medications/2/days", "range"),
    ]  # fmt: skip
    assert clean_content({"medications": [{"name": "x", "days": "28"}]})["medications"][0]["days"] == 28


@pytest.mark.parametrize("name", VITALS)
def test_vital_signs_are_those_of_the_living(name):
    low, high = VITALS[name]
    assert clean_content({"vitals": {name: low}}) == {"vitals": {name: low}}
    assert clean_content({"vitals": {name: str(high)}}) == {"vitals": {name: high}}
    for reading in (low - 0.1, high + 1, "high", float("nan"), float("inf"), 10**400, True, [low]):
        assert faults(vitals={name: reading}) == [(f"/vitals/{name}", "range")]


def test_a_number_to_call_back():
    for phone in ("13800001234", "0839-7210800", "+86 138 0000 1234", "0839-7210800转123"):
        assert clean_content({"caller_phone": phone}) == {"caller_phone": phone}
    for phone in ("1", "隔壁老王", "1380000123413800001234"):
        assert faults(caller_phone=phone) == [("/caller_phone", "phone")]


def test_insurance_ends_after_it_begins():
    assert clean_content({"insurance": {"kind": "resident", "valid_from": "2026-01-01"}}) == {
        "insurance": {"kind": "resident", "valid_from": "2026-01-01"}
    }
    backwards = {"valid_from": "2026-01-02", "valid_to": "2026-01-01"}
    assert faults(insurance=backwards) == [("/insurance/valid_to", "order")]
    assert faults(insurance="resident") == [("/insurance", "object")]


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(content=st.dictionaries(st.sampled_from(CONTENT_FIELDS), JUNK, max_size=6))
def test_anything_is_cleaned_or_refused(content):
    """And what has been cleaned once is clean."""
    try:
        cleaned = clean_content(content)
    except Refused as refused:
        names = {error.pointer.split("/")[1] for error in refused.errors}
        assert names <= set(content)
    else:
        assert set(cleaned) == set(content)
        assert clean_content(cleaned) == cleaned


def test_numbers_typed_full_width_are_numbers():
    assert clean_content({"vitals": {"temperature": "３６．８"}}) == {"vitals": {"temperature": 36.8}}


def test_the_upper_pressure_is_higher_than_the_lower():
    assert faults(vitals={"systolic": 140, "diastolic": 150}) == [("/vitals/systolic", "order")]
    assert faults(vitals={"systolic": 120, "diastolic": 120}) == [("/vitals/systolic", "order")]
    assert clean_content({"vitals": {"systolic": 120, "diastolic": 80}})["vitals"] == {"systolic": 120, "diastolic": 80}
