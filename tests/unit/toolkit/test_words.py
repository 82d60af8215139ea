"""Words stand together as the reader's language has it."""

import pytest
from django.utils.translation import gettext_lazy, override

from toolkit.words import explained, labelled, listed, phrased

SAID = {
    "zh-hans": ("上转、下转", "上转、下转；平转", "日期：已过", "高血压（I10）"),
    "en": ("上转, 下转", "上转、下转; 平转", "日期: 已过", "高血压 (I10)"),
}


@pytest.mark.parametrize("language", SAID)
def test_marks_follow_the_language(language):
    with override(language):
        said = (
            listed(["上转", "下转"]),
            phrased(["上转、下转", "平转"]),
            labelled("日期", "已过"),
            explained("高血压", "I10"),
        )
    assert said == SAID[language]


def test_anything_can_be_listed():
    assert (listed([]), listed(["一"]), listed(iter([1, gettext_lazy("紧急")]))) == ("", "一", "1、紧急")
