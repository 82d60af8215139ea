"""What a desk scanner types: the barcode of a slip, or the address in its QR code. Pure; says what would be right.

A scanner is a keyboard: an input method may make its letters full-width and its marks Chinese, a hasty hand may let it
send half a code, or the same one twice.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from toolkit.identifiers import half_width
from toolkit.identifiers.numbers import is_referral_number, normalise
from toolkit.refusals import Refused

LONGEST = 500
_MARKS = {0x3002: ".", 0x3001: "/", 0x2018: None, 0x2019: None, 0x27: None}
"""What a Chinese input method makes of a full stop and a slash; the apostrophes with which it parts syllables go."""
_UNSEEN = re.compile(r"[\s\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060\u3000\ufeff]+")
_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*://", re.I)
_TOKEN = re.compile(r"/p/([A-Za-z0-9]+)/?")
_NUMBER = re.compile(r"R\d{11}", re.ASCII)
_SEVERAL = re.compile(r"(?:R\d{11}){2,}", re.ASCII)
_BEGUN = re.compile(r"R?\d+", re.ASCII)


@dataclass(frozen=True)
class Scan:
    """Either the number of a slip, or the token of a patient's link."""

    number: str = ""
    token: str = ""


def read_scan(text, *, own: str) -> Scan:
    """What was scanned, or `Refused` at /code. `own` is the address patients' links begin with, "" for none."""
    code = half_width(text if isinstance(text, str) else "").translate(_MARKS)
    code = _UNSEEN.sub("", code)
    if not code:
        raise _refused("empty", _("没有收到内容，请把光标放在框里再扫一次。"))
    if len(code) > LONGEST:
        raise _refused("too_long", _("内容过长，不是转诊单上的码；请扫转诊单上方的条形码。"))
    return _link_in(code, own) if _ADDRESS.match(code) else Scan(number=_number_in(code))


def _link_in(code: str, own: str) -> Scan:
    here, found = urlsplit(own), _split(code)
    token = found and _TOKEN.fullmatch(found.path)
    if found is None or not own or found.netloc.lower() != here.netloc.lower() or not token:
        raise _refused("other_system", _("这不是本平台转诊单的二维码；请扫转诊单上的条形码，或手工输入转诊单号。"))
    return Scan(token=token[1])


def _split(code: str):
    try:
        return urlsplit(code)
    except ValueError:
        return None


def _number_in(code: str) -> str:
    if is_referral_number(code):
        return normalise(code)
    shown = code.upper()
    whole = _SEVERAL.fullmatch(shown) and set(_NUMBER.findall(shown))
    if whole and len(whole) == 1:
        return _number_in(whole.pop())
    if whole:
        raise _refused("several", _("一次扫到了不止一个单号，请清空后一张一张地扫。"))
    digits = sum(letter.isdigit() for letter in shown)
    if _BEGUN.fullmatch(shown) and digits < 11:
        words = _("只收到 %(digits)s 位数字，转诊单号应为 R 加 11 位数字；请再扫一次，或手工补全。")
        raise _refused("half", words % {"digits": digits})
    if _BEGUN.fullmatch(shown) and digits == 11:
        raise _refused("check_digit", _("单号的校验位不符，可能扫错或抄错；请再扫一次，或核对后手工输入。"))
    raise _refused("other_system", _("这不是转诊单上的码；转诊单号是 R 加 11 位数字，请扫转诊单上方的条形码。"))


def _refused(code: str, words: str) -> Refused:
    return Refused.of("/code", code, words)
