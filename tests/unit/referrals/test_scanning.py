"""What a desk scanner may send, and what each is taken for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.scanning import Scan, read_scan
from toolkit.refusals import Refused

OWN = "https://zhuanzhen.example.cn"
NUMBER, OTHER = "R26123456782", "R26000000010"
TOKEN = "aB3dE5gH7jK9mN1pQ3sT5v"


def wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


@pytest.mark.parametrize(
    "text",
    [NUMBER, NUMBER.lower(), f"  {NUMBER}\r\n", f"{NUMBER}\t", NUMBER[1:], wide(NUMBER), f"{NUMBER[:3]} {NUMBER[3:]}",
     NUMBER * 2, f"{NUMBER}\r\n{NUMBER}\r\n", "r'26123456782", f"\x02{NUMBER}\x03", "R2612345678２"],
)  # fmt: skip
def test_a_number_however_it_comes(text):
    assert read_scan(text, own=OWN) == Scan(number=NUMBER)


@pytest.mark.parametrize(
    "text",
    [f"{OWN}/p/{TOKEN}", f"{OWN}/p/{TOKEN}\r\n", f"HTTPS://Zhuanzhen.Example.cn/p/{TOKEN}", wide(f"{OWN}/p/") + TOKEN,
     f"https：、、zhuanzhen。example。cn、p、{TOKEN}", f"http://zhuanzhen.example.cn/p/{TOKEN}/"],
)  # fmt: skip
def test_the_address_of_a_link(text):
    assert read_scan(text, own=OWN) == Scan(token=TOKEN)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "empty", "再扫一次"),
        (" \r\n", "empty", "再扫一次"),
        (None, "empty", "再扫一次"),
        ("R26123", "half", "只收到 5 位数字"),
        ("2612345678", "half", "R 加 11 位数字"),
        ("R", "other_system", "R 加 11 位数字"),
        ("R26123456783", "check_digit", "校验位不符"),
        (NUMBER + OTHER, "several", "一张一张地扫"),
        ("6901234567892", "other_system", "这不是转诊单上的码"),
        ("110101199003070011", "other_system", "这不是转诊单上的码"),
        ("王秀英", "other_system", "这不是转诊单上的码"),
        (f"https://elsewhere.cn/p/{TOKEN}", "other_system", "不是本平台"),
        (f"{OWN}/q/{TOKEN}", "other_system", "不是本平台"),
        ("weixin://wxpay/bizpayurl?pr=1", "other_system", "不是本平台"),
        ("http://[", "other_system", "不是本平台"),
        ("9" * 600, "too_long", "内容过长"),
    ],
)
def test_anything_else_is_told_what_would_be_right(text, code, words):
    with pytest.raises(Refused) as refused:
        read_scan(text, own=OWN)
    error = refused.value.errors[0]
    assert (error.pointer, error.code) == ("/code", code) and words in str(error.detail)


def test_without_links_of_its_own_no_address_is_known():
    with pytest.raises(Refused):
        read_scan(f"https://zhuanzhen.example.cn/p/{TOKEN}", own="")


@given(st.text(max_size=40) | st.from_regex(r"[rR0-9:/.]{0,40}"))
def test_it_answers_or_refuses_whatever_comes(text):
    try:
        found = read_scan(text, own=OWN)
    except Refused as refusal:
        assert str(refusal.errors[0].detail)
    else:
        assert bool(found.number) != bool(found.token)
