"""The words for what was done beside those for what can be done."""

import pytest
from django.utils import translation

from referrals.done import DONE, done
from referrals.workflow import LIFE


def test_each_verb_is_one_of_the_table_and_in_chinese_called_the_same():
    assert {verb: str(words) for verb, words in DONE.items()} == {verb: str(LIFE.moves[verb].label) for verb in DONE}


@pytest.mark.parametrize("verb", sorted(DONE))
def test_in_english_what_was_done_is_no_button(verb):
    with translation.override("en"):
        assert done(verb) != str(LIFE.moves[verb].label)


def test_what_has_no_button_tells_it_already():
    with translation.override("en"):
        assert (done("accept"), done("escalate")) == ("Accepted", "Escalated when overdue")
