"""Impression and finding by their codes: category, chapter, neither, or nothing to compare."""

import pytest

from referrals.agreement import CHAPTER, OTHER, SAME, UNCODED, agreement


def lines(*codes):
    return [{"text": "诊断", "code": code, "primary": place == 0} for place, code in enumerate(codes)]


@pytest.mark.parametrize(
    ("thought", "found", "expected"),
    [
        (["I20.900"], ["I20.000"], SAME),
        (["I20.900"], ["I10.x05"], CHAPTER),
        (["I20.900"], ["J18.900"], OTHER),
        (["I20.900"], ["J18.900", "I20.100"], SAME),
        (["I20.900"], ["J18.900", "I10.x05"], CHAPTER),
        (["J18.900", "I20.900"], ["I20.900"], OTHER),
        (["D48.900"], ["C16.900"], CHAPTER),
        (["D50.000"], ["D48.900"], OTHER),
        (["H59.900"], ["H60.000"], OTHER),
        (["T14.900"], ["S06.000"], CHAPTER),
        (["U07.100"], ["V01.000"], OTHER),
        (["U07.100"], ["T98.000"], OTHER),
        ([""], ["I20.900"], UNCODED),
        (["I20.900"], [""], UNCODED),
        (["", "I20.900"], ["I20.900"], UNCODED),
        ([], [], UNCODED),
    ],
)
def test_how_they_compare(thought, found, expected):
    assert agreement(lines(*thought), lines(*found)) == expected
