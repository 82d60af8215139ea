import pytest
from rest_framework.exceptions import ValidationError

from toolkit.rest.choices import CodeField, known_words

DIRECTIONS = [("up", "上转"), ("down", "下转")]


@pytest.mark.parametrize("wrong", ["x", "", "UP", "up ", 0, True, "上转"])
def test_a_wrong_code_is_answered_with_those_there_are(wrong):
    with pytest.raises(ValidationError) as refused:
        CodeField(DIRECTIONS).run_validation(wrong)
    assert [(each.code, str(each)) for each in refused.value.detail] == [
        ("invalid_choice", "请从以下选择：up（上转）、down（下转）。")
    ]


def test_a_right_one_and_other_mistakes_are_as_ever():
    assert CodeField(DIRECTIONS).run_validation("up") == "up"
    assert CodeField(DIRECTIONS, allow_blank=True).run_validation("") == ""
    with pytest.raises(ValidationError) as refused:
        CodeField(DIRECTIONS).run_validation(None)
    assert [each.code for each in refused.value.detail] == ["null"]


def test_a_code_without_words_of_its_own_stands_once():
    assert known_words([("name", "name"), (1, "一")]) == "请从以下选择：name、1（一）。"
