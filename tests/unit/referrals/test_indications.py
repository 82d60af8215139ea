"""The rules as data: each holds for its example and not for its near miss; the language is exact, and total."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.indications.conditions import Reading, evidence_for
from referrals.indications.loading import DATA, BadRule, read, shipped
from referrals.indications.matching import match, signs_asked_by

RULES = {rule.code: rule for rule in shipped()}
SHARED = {name: json.loads((DATA / f"{name}.json").read_text(encoding="utf-8")) for name in ("sources", "diseases")}


def holding(facts) -> list[str]:
    return [each.rule.code for each in match(RULES.values(), facts)]


def test_each_rule_fires_for_its_example_and_not_for_its_near_miss():
    wrong = [
        (code, kind)
        for code, rule in RULES.items()
        for kind, expected in (("fires", 1), ("misses", 0))
        if len(match([rule], rule.examples[kind])) != expected
    ]
    assert wrong == []
    assert {rule.topic for rule in RULES.values()} == {"general", "hypertension", "diabetes", "maternal", "children"}
    assert {rule.direction for rule in RULES.values()} == {"up", "down"}


@pytest.mark.parametrize(
    ("reading", "fires"),
    [(180, True), (179, False), (179.9, False), ("180", True), (Reading(24, "kPa"), True),
     (Reading(23.9, "kPa"), False), (Reading(180, "feet"), False), (None, False), (True, False), ("高", False)],
)  # fmt: skip
def test_systolic_pressure_at_its_limit(reading, fires):
    assert ("htn-urgent-pressure" in holding({"systolic": reading})) is fires


@pytest.mark.parametrize(
    ("glucose", "fires"),
    [
        (16.7, True),
        (16.6, False),
        (3.9, True),
        (4, False),
        (Reading(301, "mg/dL"), True),
        (Reading(300, "mg/dL"), False),
    ],
)
def test_glucose_at_its_limits(glucose, fires):
    assert ("dm-urgent-glucose" in holding({"glucose": glucose, "age": 60})) is fires


def test_the_gravest_first_with_what_spoke_for_it():
    facts = {"diagnoses": [{"text": "高血压病 3 级", "code": "I10.x05"}], "systolic": 186, "signs": ["speech_or_limb"]}
    found = match(RULES.values(), facts)
    assert [each.rule.code for each in found] == ["htn-stroke", "htn-urgent-pressure"]
    assert [each.as_dict() for each in found[0].evidence] == [
        {"field": "diagnosis", "value": "高血压病 3 级 I10.x05", "unit": "", "condition": ""},
        {"field": "systolic", "value": 186, "unit": "mmHg", "condition": "≥180"},
        {"field": "sign", "value": "speech_or_limb", "unit": "", "condition": ""},
    ]


def test_only_what_rules_about_somebody_like_this_ask_for_is_to_be_ticked():
    up = [rule for rule in RULES.values() if rule.direction == "up"]
    general = [rule.holds["sign"] for rule in up if rule.topic == "general"]
    assert sorted(signs_asked_by(up, {"age": 70, "sex": "1"})) == sorted(general)
    assert "severe_jaundice" in signs_asked_by(up, {"age": 0, "age_days": 3})
    assert "ketotic_breath" not in signs_asked_by(up, {"age": 70, "systolic": 150})


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["systolic", "glucose", "age", "age_days", "sex", "signs", "diagnoses", "temperature"])


@settings(max_examples=60, deadline=None, database=None)
@given(facts=st.dictionaries(NAMES, JUNK, max_size=8) | JUNK)
def test_whatever_is_given_nothing_raises(facts):
    for each in match(RULES.values(), facts):
        assert each.evidence


def test_a_condition_nobody_knows_does_not_hold():
    assert evidence_for({"weather": "rain"}, {"weather": "rain"}) is None


GOOD = {
    "id": "x", "version": 1, "valid_from": "2026-01-01", "valid_to": None, "direction": "up", "urgency": "urgent",
    "reason": "critical", "text": "甲", "text_en": "a", "source": "imci", "clause": "乙",
    "holds": {"field": "systolic", "op": ">=", "value": 180, "unit": "mmHg"}, "examples": {"fires": {}, "misses": {}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"holds": {"sign": "sneezes"}}, "unknown sign sneezes"),
        ({"holds": GOOD["holds"] | {"unit": "feet"}}, "systolic: unknown unit feet"),
        ({"holds": GOOD["holds"] | {"op": "~"}}, "operator must be one of >= > <= <"),
        ({"holds": {"any": []}}, "any needs conditions"),
        ({"source": "hearsay"}, "source must be one of"),
        ({"valid_to": "2025-01-01"}, "valid_to lies before valid_from"),
        ({"text": ""}, "text must be text of 1 to 300 letters"),
        ({"version": "1"}, "version must be a whole number from 1"),
        ({"valid_from": None}, ""),
    ],
)
def test_a_wrong_rule_is_named_with_its_file(tmp_path, change, words):
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"topic": "general", "rules": [GOOD, GOOD | change]}), encoding="utf-8")
    with pytest.raises(BadRule) as wrong:
        read(path, **SHARED)
    assert str(wrong.value).startswith("mine.json, rule 2 (x): ") and words in str(wrong.value)


def test_a_file_that_is_no_rules_is_named(tmp_path):
    path = tmp_path / "mine.json"
    for text in ("{", "[]", '{"topic": "weather", "rules": []}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(BadRule, match="mine.json"):
            read(path, **SHARED)
