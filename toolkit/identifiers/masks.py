"""How names, numbers, telephones and addresses look to those who need not see them whole.

Every function takes anything, gives "" for nothing, and never shows a short value at all.
"""

import re

from . import surnames
from .base import tidy

STAR = "*"
REST = "***"
_NAME_BREAKS = "·•‧・. -"
_HAN = r"[\u3400-\u9fff〇]"
# up to the district (GB/T 2260), never further: streets, villages and estates stay hidden
_PROVINCE = rf"(?:{_HAN}{{2,7}}?(?:省|自治区|特别行政区))"
_CITY = rf"(?:{_HAN}{{1,9}}?(?<![超菜夜门城])(?:市|自治州|地区|盟))"
_DISTRICT = r"(?:[\u3400-\u9fff]{1,12}?(?<![小社园校院厂库街])(?:市区|区|自治县|县|自治旗|旗|市))"
_DETAIL = re.compile(r"[村镇乡街路号巷弄组队寨屯道]|超市|小区|社区|花园|大厦")
_ADDRESS = re.compile(rf"(?P<province>{_PROVINCE})?(?P<city>{_CITY})?(?P<district>{_DISTRICT})?")


def mask_name(name):
    """张三 → 张*, 欧阳娜娜 → 欧阳**, 阿卜杜拉·买买提 → 阿***·***; a single character is hidden."""
    text = _text(name)
    if len(text) < 2:
        return STAR * len(text)
    broken = any(each in _NAME_BREAKS for each in text)
    kept, hidden = (text[:1], text[1:]) if broken else surnames.split(text)
    return kept + "".join(each if each in _NAME_BREAKS else STAR for each in hidden)


def mask_phone(phone):
    """13812341234 → 138****1234; shorter ones keep the last four; under seven digits nothing is shown."""
    text = _text(phone)
    digits = [at for at, each in enumerate(text) if each.isdigit()]
    if len(digits) < 7:
        return STAR * len(text)
    shown = {*digits[-4:], *(digits[-11:-8] if len(digits) >= 11 else ())}
    return "".join(STAR if each.isalnum() and at not in shown else each for at, each in enumerate(text))


def mask_number(number):
    """18-digit resident numbers keep the first 6 and the last 4, others the last 4; up to six nothing is shown."""
    text = _text(number)
    if len(text) <= 6:
        return STAR * len(text)
    plain = tidy(text)
    if len(plain) == 18 and plain[:17].isdigit():
        return plain[:6] + STAR * 8 + plain[-4:]
    return STAR * (len(text) - 4) + text[-4:]


def mask_number_strictly(number):
    """Only the first and the last character: 1****************X."""
    text = tidy(_text(number))
    return STAR * len(text) if len(text) <= 6 else text[0] + STAR * (len(text) - 2) + text[-1]


def mask_username(name):
    """zhangsan → zh***; up to four characters nothing is shown."""
    text = _text(name)
    if not text:
        return ""
    return REST if len(text) <= 4 else text[:2] + REST


def mask_address(address):
    """Down to the district: 浙江省丽水市莲都区*** ; *** where no district can be recognised."""
    text = "".join(_text(address).split())
    if not text:
        return ""
    kept = _recognised(_ADDRESS.match(text))
    return kept if kept == text else kept + REST


def _recognised(match):
    """The parts before the first one that may hold a street, a village or an estate."""
    kept = ""
    for part in ("province", "city", "district"):
        found = match[part] or ""
        if part == "district" and _DETAIL.search(found[:-1]):
            break
        if part == "city" and not kept and _DETAIL.search(found[:-3]):
            break
        kept += found
    return kept


def _text(value):
    return "" if value is None else str(value).strip()
