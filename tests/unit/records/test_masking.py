from datetime import date
from types import SimpleNamespace

import pytest

from records.masking import age_on, age_words, name_key

DAY = date(2026, 6, 15)


def person(birth_date=None, estimated_age=None, age_estimated_on=None):
    return SimpleNamespace(birth_date=birth_date, estimated_age=estimated_age, age_estimated_on=age_estimated_on)


@pytest.mark.parametrize(
    ("born", "years", "words"),
    [
        (date(1949, 12, 31), 76, "76 岁"),
        (date(1950, 6, 15), 76, "76 岁"),
        (date(1950, 6, 16), 75, "75 岁"),
        (date(2023, 6, 15), 3, "3 岁"),
        (date(2023, 6, 16), 2, "35 个月"),
        (date(2026, 5, 15), 0, "1 个月"),
        (date(2026, 5, 16), 0, "30 天"),
        (date(2026, 6, 15), 0, "0 天"),
    ],
)
def test_ages_are_said_as_people_say_them(born, years, words):
    assert (age_on(person(born), DAY), age_words(person(born), DAY)) == (years, words)


def test_who_was_born_on_29_february_is_a_year_older_on_1_march():
    leap = person(date(2004, 2, 29))
    assert [age_on(leap, date(2026, 2, 28)), age_on(leap, date(2026, 3, 1))] == [21, 22]


def test_an_estimate_grows_with_the_years():
    guessed = person(estimated_age=60, age_estimated_on=date(2024, 6, 15))
    assert (age_on(guessed, DAY), age_words(guessed, DAY)) == (62, "约 62 岁")


def test_of_nobody_no_age_is_said():
    assert (age_on(person(), DAY), age_words(person(), DAY)) == (None, "")


@pytest.mark.parametrize(
    ("name", "key"),
    [("张 三", "张三"), ("阿卜杜拉·买买提", "阿卜杜拉买买提"), ("Ｏ’Brien, Anne-Marie", "obrien,annemarie"), ("", "")],
)
def test_names_have_one_key(name, key):
    assert name_key(name) == key
