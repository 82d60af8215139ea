import re

import pytest

from records import numbers
from records.codes import STRONG, IdentifierType
from toolkit.identifiers import InvalidIdentifier

from .builders import WOMAN


def code_of(type, value):
    with pytest.raises(InvalidIdentifier) as refused:
        numbers.read(type, value)
    digits = re.sub(r"\D", "", value)
    assert len(digits) < 5 or digits not in str(refused.value.detail)
    return refused.value.code


@pytest.mark.parametrize(
    "typed",
    ["11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", " 110105 19491231 002X ", "110105-19491231-002X"],
)
def test_a_resident_id_has_one_form_however_it_was_typed(typed):
    assert numbers.read("resident_id", typed).value == WOMAN


@pytest.mark.parametrize(
    ("type", "value", "code"),
    [
        ("resident_id", "110105194912310021", "check_digit"),
        ("resident_id", "110105194902310020", "birth_date"),
        ("resident_id", "990105", "length"),
        ("resident_id", "110105491231002", "legacy_number"),
        ("resident_id", "", "required"),
        ("resident_id_15", "110105491331002", "bad_number"),
        ("passport", "G12", "bad_number"),
        ("passport", "护照一二三四", "bad_number"),
        ("hk_macao_permit", "X12345678", "bad_number"),
        ("taiwan_permit", "1234567", "bad_number"),
        ("birth_certificate", "1234567890", "bad_number"),
        ("mrn", "a\x00b", "bad_number"),
        ("mrn", "x" * 41, "bad_number"),
        ("mrn", "<script>", "bad_number"),
    ],
)
def test_wrong_numbers_are_refused_without_being_repeated(type, value, code):
    assert code_of(type, value) == code


@pytest.mark.parametrize(
    ("type", "value", "kept"),
    [
        ("resident_id_15", "110105491231002", "110105491231002"),
        ("passport", "g1234 5678", "G12345678"),
        ("hk_macao_permit", "h12345678", "H12345678"),
        ("taiwan_permit", "12345678", "12345678"),
        ("birth_certificate", "p330001234", "P330001234"),
        ("mrn", "00-1234", "00-1234"),
        ("military", "军字第1234567号", "军字第1234567号"),
    ],
)
def test_other_numbers_keep_their_meaning(type, value, kept):
    assert numbers.read(type, value).value == kept


def test_which_numbers_say_who_somebody_is():
    strong = {type for type in IdentifierType.values if numbers.Number(type, "x").strong}
    assert strong == {type.value for type in STRONG}
    assert not numbers.Number("resident_id", WOMAN, owner="guardian").strong


def test_a_number_is_found_again_after_the_key_was_changed(settings):
    settings.HASH_KEYS = ["old-key-of-the-tests"]
    old = numbers.read("resident_id", WOMAN).hash
    settings.HASH_KEYS = ["new-key-of-the-tests", "old-key-of-the-tests"]
    number = numbers.read("resident_id", WOMAN)
    assert number.hash != old
    assert number.hashes == [number.hash, old]


def test_the_same_digits_of_another_kind_hash_differently():
    assert numbers.read("passport", "12345678").hash != numbers.read("taiwan_permit", "12345678").hash


@pytest.mark.parametrize("phone", ["13800001234", "138 0000 1234", "+86 138-0000-1234", "１３８００００１２３４"])
def test_a_telephone_has_one_key(phone):
    assert numbers.phone_key(phone) == "13800001234"
