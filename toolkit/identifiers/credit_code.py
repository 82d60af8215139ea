"""统一社会信用代码, GB 32100-2015: 1 authority + 1 kind + 6 region + 9 organisation code + 1 check.

31 characters (no I, O, S, V, Z); weights 3^(i-1) mod 31; a remainder of 0 gives "0".
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

from .base import InvalidIdentifier, require_characters, require_length, tidy

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class CreditCode:
    """`kind` is the first two characters: "12" public institutions, "52" private non-enterprise, "91" companies."""

    code: str
    kind: str
    region: str
    organisation_code: str


def parse(value):
    """Text → CreditCode, or InvalidIdentifier with code length, characters, region or check_digit."""
    code = tidy(value)
    require_length(code, (18,), _("统一社会信用代码应为 18 位"))
    require_characters(code, ALPHABET, _("统一社会信用代码只含数字和大写字母，不含 I、O、S、V、Z"))
    if not code[2:8].isdigit():
        raise InvalidIdentifier("region", _("统一社会信用代码第 3 至 8 位应为 6 位行政区划数字"))
    if uscc.calc_check_digit(code[:17]) != code[17]:
        raise InvalidIdentifier("check_digit", _("统一社会信用代码校验不通过，请对照证书逐位核对"))
    return CreditCode(code, code[:2], code[2:8], code[8:17])


def is_valid(value):
    try:
        return bool(parse(value))
    except InvalidIdentifier:
        return False
