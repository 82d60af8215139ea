"""公民身份号码, GB 11643-1999: 6 region + 8 birth date + 3 sequence (odd: male) + 1 check (ISO 7064 MOD 11-2).

The same rule covers 港澳台居民居住证 (region 81, 82, 83) and the 18-digit 外国人永久居留身份证 (starts with 9).
The region says where the number was issued, never where somebody lives.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.iso7064 import mod_11_2

from .base import InvalidIdentifier, require_characters, require_length, tidy

DIGITS = "0123456789"
OLDEST = 130
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class ResidentId:
    """`number` has 18 characters; `sex` is "1" male or "2" female (GB/T 2261.1); `region` has 6 digits."""

    number: str
    birth_date: date
    sex: str
    region: str

    @property
    def kind(self):
        """ "resident", "residence_permit" (Hong Kong, Macao, Taiwan residents) or "foreigner"."""
        if self.number[0] == "9":
            return "foreigner"
        return "residence_permit" if self.number[:2] in ("81", "82", "83") else "resident"


def parse(value):
    """Typed or scanned text → ResidentId, or InvalidIdentifier.

    Codes: length, characters, region, birth_date, future, age, check_digit.
    """
    number = tidy(value)
    require_length(number, (18,), _("身份证号码应为 18 位"))
    require_characters(number[:17], DIGITS, _("身份证号码前 17 位应为数字"))
    require_characters(number[17], DIGITS + "X", _("身份证号码最后一位应为数字或 X"))
    _check_region(number)
    born = _birth_date(number[6:14])
    if mod_11_2.calc_check_digit(number[:17]) != number[17]:
        # the right digit is not told: it would make a valid number of any slip of the finger
        raise InvalidIdentifier("check_digit", _("身份证号码校验不通过，请对照证件逐位核对"))
    return ResidentId(number, born, _sex(number[16]), number[:6])


def is_valid(value):
    try:
        return bool(parse(value))
    except InvalidIdentifier:
        return False


def legacy15(value):
    """Whether this reads as an old 15-digit number (invalid since 2013, kept as history only)."""
    number = tidy(value)
    if len(number) != 15 or any(each not in DIGITS for each in number) or number[:2] not in PROVINCES:
        return False
    try:
        _real_date("19" + number[6:12])
    except ValueError:
        return False
    return True


def _check_region(number):
    if number[0] != "9" and number[:2] not in PROVINCES:
        raise InvalidIdentifier("region", _("身份证号码前两位不是有效的省级代码"))


def _birth_date(text):
    try:
        born = _real_date(text)
    except ValueError:
        detail = _("身份证号码第 7 至 14 位应为真实日期，如 19550314")
        raise InvalidIdentifier("birth_date", detail) from None
    today = timezone.localdate()
    if born > today:
        raise InvalidIdentifier("future", _("身份证号码中的出生日期晚于今天"))
    if today.year - born.year - ((today.month, today.day) < (born.month, born.day)) > OLDEST:
        detail = _("身份证号码中的出生日期距今超过 %(years)s 年") % {"years": OLDEST}
        raise InvalidIdentifier("age", detail)
    return born


def _real_date(text):
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _sex(digit):
    return "1" if int(digit) % 2 else "2"
