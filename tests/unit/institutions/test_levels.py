import pytest

from institutions.codes import CODES
from institutions.levels import tier


@pytest.mark.parametrize(
    ("level", "type_code", "expected"),
    [
        ("3_special", "A100", 3),
        ("3a", "A100", 3),
        ("2c", "A210", 2),
        ("2b", "C220", 2),  # a township hospital that won level two
        ("1c", "B100", 1),
        ("unrated", "C220", 1),
        ("unrated", "C100", 1),
        ("unrated", "B100", 1),
        ("unrated", "B200", 0),
        ("unrated", "D600", 0),
    ],
)
def test_the_tier_follows_the_level_and_then_the_type(level, type_code, expected):
    assert tier(level, type_code) == expected


def test_every_code_list_has_labels_and_distinct_codes():
    assert sorted(CODES) == [
        "capacity_kinds",
        "capacity_sessions",
        "consortium_kinds",
        "directions",
        "handles_on",
        "institution_levels",
        "institution_types",
        "member_closeness",
        "member_roles",
        "specialties",
    ]
    assert [code for codes in CODES.values() for code, label in codes.items() if not str(label).strip()] == []
    assert list(CODES["directions"]) == ["up", "down", "lateral", "out"]
    assert len({str(label) for label in CODES["specialties"].values()}) == len(CODES["specialties"])
