"""组织机构代码, GB 11714: 8 characters + 1 check; weights 3 7 9 10 5 8 4 2, 11 − Σ mod 11, 10 → X, 11 → 0."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .base import InvalidIdentifier, require_characters, require_length, tidy

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class OrganisationCode:
    """`code` has 9 characters without the hyphen."""

    code: str

    def __str__(self):
        return f"{self.code[:8]}-{self.code[8]}"


def check_digit(body):
    """The ninth character for eight."""
    rest = 11 - sum(ALPHABET.index(each) * weight for each, weight in zip(body, WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def parse(value):
    """Text with or without hyphen → OrganisationCode, or InvalidIdentifier (length, characters, check_digit)."""
    code = tidy(value)
    require_length(code, (9,), _("组织机构代码应为 8 位本体代码加 1 位校验码"))
    require_characters(code, ALPHABET, _("组织机构代码只含数字和大写字母"))
    if check_digit(code[:8]) != code[8]:
        raise InvalidIdentifier("check_digit", _("组织机构代码校验不通过，请对照证书逐位核对"))
    return OrganisationCode(code)


def is_valid(value):
    try:
        return bool(parse(value))
    except InvalidIdentifier:
        return False
