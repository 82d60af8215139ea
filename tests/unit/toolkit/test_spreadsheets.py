"""CSV for a spreadsheet: read as UTF-8, and nothing in it starts a formula."""

import pytest

from toolkit.spreadsheets import csv_response, csv_text


def test_rows_with_a_byte_order_mark():
    assert csv_text(
        [["到诊率", 3, None, 75.5], ["甲，乙", 'say "hi"']]
    ) == '\ufeff到诊率,3,,75.5\r\n"甲，乙","say ""hi"""\r\n'.replace('"甲，乙"', "甲，乙")


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\tx", " =cmd", "\u3000=1"])
def test_what_starts_a_formula_becomes_text(text):
    assert csv_text([[text]]).lstrip("\ufeff").strip("\r\n").strip('"').startswith("'")


def test_a_number_below_zero_stays_a_number():
    assert csv_text([[-5]]) == "\ufeff-5\r\n"


def test_a_file_to_save():
    answer = csv_response("overview.csv", [["a"]])
    assert (answer["Content-Disposition"], answer["Cache-Control"]) == (
        'attachment; filename="overview.csv"',
        "no-store",
    )
