import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import pinyin


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("张三", "zhangsan", "zs"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("曾国藩", "zengguofan", "zgf"),
        ("解晓东", "xiexiaodong", "xxd"),
        ("仇英", "qiuying", "qy"),
        ("区小红", "ouxiaohong", "oxh"),
        ("查良镛", "zhaliangyong", "zly"),
        ("乐嘉", "yuejia", "yj"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("尉健", "weijian", "wj"),
        ("万俟雄", "moqixiong", "mqx"),
        ("长孙无忌", "zhangsunwuji", "zswj"),
        ("单于建", "chanyujian", "cyj"),
        ("欧阳娜娜", "ouyangnana", "oynn"),
        ("吕布", "lvbu", "lb"),
        ("小单", "xiaodan", "xd"),
        ("阿卜杜拉·买买提", "abudulamaimaiti", "abdlmmt"),
        ("Müller Jörg", "mullerjorg", "mj"),
        ("JOHN", "john", "j"),
        ("无名氏2", "wumingshi2", "wms2"),
        ("李", "li", "l"),
        ("、。!", "", ""),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_keys(name, full, initials):
    assert pinyin.search_keys(name) == (pinyin.full(name), pinyin.initials(name)) == (full, initials)


@given(st.text())
def test_keys_are_lower_case_ascii(name):
    for key in pinyin.search_keys(name):
        assert re.fullmatch("[a-z0-9]*", key)
