from datetime import date

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from toolkit.identifiers import InvalidIdentifier, credit_code, licence, numbers, organisation_code, resident_id
from toolkit.identifiers.resident_id import ResidentId

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def today():
    with time_machine.travel("2026-02-13T09:00:00+08:00", tick=False):
        yield


def _code(parse, value):
    with pytest.raises(InvalidIdentifier) as caught:
        parse(value)
    assert str(caught.value.detail)
    return caught.value.code


def _numbered(first17):
    return first17 + mod_11_2.calc_check_digit(first17)


class TestResidentId:
    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ("11010519491231002X", ResidentId("11010519491231002X", date(1949, 12, 31), "2", "110105")),
            ("370101190102039973", ResidentId("370101190102039973", date(1901, 2, 3), "1", "370101")),
            ("11010519491231002x", ResidentId("11010519491231002X", date(1949, 12, 31), "2", "110105")),
            (
                "１１０１０５１９４９１２３１００２Ｘ",
                ResidentId("11010519491231002X", date(1949, 12, 31), "2", "110105"),
            ),
            (" 110105 19491231-002X\n", ResidentId("11010519491231002X", date(1949, 12, 31), "2", "110105")),
        ],
    )
    def test_valid(self, typed, expected):
        assert resident_id.parse(typed) == expected

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("", "length"),
            (None, "length"),
            (110105194912310021, "length"),
            ("1101051949123100", "length"),
            ("11010519491231002XX", "length"),
            ("110105194912310O2X", "characters"),
            ("11010519491231002Y", "characters"),
            ("1101051949123100²X", "characters"),
            ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "characters"),
            (_numbered("00010519491231002"), "region"),
            (_numbered("16010519491231002"), "region"),
            (_numbered("11010519490229002"), "birth_date"),
            (_numbered("11010500001231002"), "birth_date"),
            (_numbered("11010519491331002"), "birth_date"),
            (_numbered("11010520260214002"), "future"),
            (_numbered("11010518950213002"), "age"),
            ("110105194912310021", "check_digit"),
            ("110105194912310020", "check_digit"),
        ],
    )
    def test_invalid(self, typed, code):
        assert _code(resident_id.parse, typed) == code
        assert resident_id.is_valid(typed) is False

    def test_the_bounds_of_the_birth_date_are_inside(self):
        assert resident_id.parse(_numbered("11010520260213002")).birth_date == date(2026, 2, 13)
        assert resident_id.parse(_numbered("11010518950214002")).birth_date == date(1895, 2, 14)

    @pytest.mark.parametrize(
        ("first17", "kind"),
        [
            ("11010519491231002", "resident"),
            ("81000019900101001", "residence_permit"),
            ("83000019900101001", "residence_permit"),
            ("91115619900101001", "foreigner"),
        ],
    )
    def test_kinds(self, first17, kind):
        assert resident_id.parse(_numbered(first17)).kind == kind

    def test_the_refusal_never_repeats_the_number(self):
        with pytest.raises(InvalidIdentifier) as caught:
            resident_id.parse("110105194912310021")
        assert "19491231" not in f"{caught.value} {caught.value.detail}"

    @given(
        st.sampled_from(sorted(resident_id.PROVINCES)),
        st.dates(date(1900, 1, 1), date(2026, 2, 12)),
        st.integers(0, 9999),
        st.integers(0, 999),
        st.integers(0, 17),
        st.sampled_from("0123456789X"),
    )
    def test_any_single_wrong_character_is_noticed(self, province, born, county, sequence, at, other):
        number = _numbered(f"{province}{county:04}{born:%Y%m%d}{sequence:03}")
        assert resident_id.parse(number) == ResidentId(number, born, "1" if sequence % 2 else "2", number[:6])
        wrong = number[:at] + other + number[at + 1 :]
        assert resident_id.is_valid(wrong) is (wrong == number)

    @pytest.mark.parametrize(
        ("typed", "old"),
        [
            ("110105491231002", True),
            ("110105 491231 002", True),
            ("110105491331002", False),
            ("160105491231002", False),
            ("11010549123100X", False),
            ("11010519491231002X", False),
            ("", False),
            (None, False),
        ],
    )
    def test_fifteen_digits_are_history(self, typed, old):
        assert resident_id.legacy15(typed) is old


class TestCreditCode:
    @pytest.mark.parametrize(
        "code",
        ["9144030071526726XG", "91330100716105852F", "91110000100011743X", "91440300708461136T", "91350100M000100Y43"],
    )
    def test_valid(self, code):
        expected = credit_code.CreditCode(code, "91", code[2:8], code[8:17])
        assert credit_code.parse(code) == expected
        assert credit_code.parse(f" {code.lower()} ") == expected

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("91350100M000100Y4Z", "characters"),
            ("91350100M000100Y44", "check_digit"),
            ("91350100M000100Y4", "length"),
            ("9135010OM000100Y43", "characters"),
            ("913501A0M000100Y43", "region"),
            ("", "length"),
            (None, "length"),
        ],
    )
    def test_invalid(self, typed, code):
        assert _code(credit_code.parse, typed) == code
        assert credit_code.is_valid(typed) is False

    @given(st.integers(8, 16), st.sampled_from(credit_code.ALPHABET))
    def test_any_single_wrong_character_is_noticed(self, at, other):
        code = "91440300708461136T"
        wrong = code[:at] + other + code[at + 1 :]
        assert credit_code.is_valid(wrong) is (wrong == code)


class TestOrganisationCode:
    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("71526726X", "71526726-X"),
            ("71610585-2", "71610585-2"),
            ("M000100Y4", "M000100Y-4"),
            ("d2143569-x", "D2143569-X"),
        ],
    )
    def test_valid(self, typed, shown):
        assert str(organisation_code.parse(typed)) == shown
        assert organisation_code.parse(typed).code == shown.replace("-", "")

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("715267260", "check_digit"),
            ("7152672", "length"),
            ("71526726é", "characters"),
            ("", "length"),
            (None, "length"),
        ],
    )
    def test_invalid(self, typed, code):
        assert _code(organisation_code.parse, typed) == code
        assert organisation_code.is_valid(typed) is False

    @pytest.mark.parametrize(("body", "digit"), [("00000000", "0"), ("00000001", "9"), ("00000006", "X")])
    def test_the_two_special_remainders(self, body, digit):
        assert organisation_code.check_digit(body) == digit


class TestLicence:
    LONG = "71526726X" + "330100" + "12" + "A100" + "1"

    def test_long(self):
        assert licence.parse(self.LONG.lower()) == licence.Licence(self.LONG, "330100", "A100")

    def test_short(self):
        assert licence.parse("330102 0001 31") == licence.Licence("330102000131", "330102", "")

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("", "length"),
            (None, "length"),
            ("3301020001311", "length"),
            ("33010200013A", "characters"),
            (LONG[:-1] + "é", "characters"),
            ("71526726X" + "33O100" + "12A1001", "region"),
        ],
    )
    def test_invalid(self, typed, code):
        assert _code(licence.parse, typed) == code
        assert licence.is_valid(typed) is False


class TestReferralNumber:
    def test_form(self):
        number = numbers.referral_number(2026)
        assert (number[:3], len(number), number[1:].isdigit()) == ("R26", 12, True)
        assert numbers.is_referral_number(number)

    def test_they_do_not_run_in_sequence(self):
        assert len({numbers.referral_number(2026) for _ in range(200)}) == 200

    @given(st.integers(0, 99), st.integers(1, 11), st.sampled_from("0123456789"))
    def test_any_single_wrong_digit_is_noticed(self, year, at, other):
        number = numbers.referral_number(2000 + year)
        wrong = number[:at] + other + number[at + 1 :]
        assert numbers.is_referral_number(wrong) is (wrong == number)

    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            (" r26 8124 6716 7 ", "R26812467167"),
            ("R26-81246716-7", "R26812467167"),
            ("R26812467167", "R26812467167"),
            ("R268I246716O", "R26812467160"),
            ("268 1246 716O", "R26812467160"),
            ("", ""),
            (None, ""),
        ],
    )
    def test_normalised(self, typed, stored):
        assert numbers.normalise(typed) == stored

    @pytest.mark.parametrize("typed", ["", None, "R", "2681246716", "P26812467167", "R268124671670", "R٢٦٨١٢٤٦٧١٦٧"])
    def test_other_texts_are_no_numbers(self, typed):
        assert numbers.is_referral_number(typed) is False
