"""医疗机构执业许可证登记号.

22 characters (9 organisation code + 6 region + 2 economic type + 4 institution type of WS 218 + 1 class),
or the 12-digit code of clinics and village rooms (6 region + 4 serial + 2 attribute).
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .base import InvalidIdentifier, require_characters, require_length, tidy
from .organisation_code import ALPHABET
from .resident_id import DIGITS


@dataclass(frozen=True)
class Licence:
    """`type_code` is the WS 218 institution type of the long form, "" in the short one."""

    number: str
    region: str
    type_code: str


def parse(value):
    """Text → Licence, or InvalidIdentifier (length, characters, region)."""
    number = tidy(value)
    require_length(number, (12, 22), _("医疗机构登记号应为 22 位；诊所、村卫生室为 12 位数字"))
    if len(number) == 12:
        require_characters(number, DIGITS, _("12 位登记号应全部为数字"))
        return Licence(number, number[:6], "")
    require_characters(number, ALPHABET, _("医疗机构登记号只含数字和大写字母"))
    if not number[9:15].isdigit():
        raise InvalidIdentifier("region", _("22 位登记号第 10 至 15 位应为 6 位行政区划数字"))
    return Licence(number, number[9:15], number[17:21])


def is_valid(value):
    try:
        return bool(parse(value))
    except InvalidIdentifier:
        return False
