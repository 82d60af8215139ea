"""A patient's numbers: brought into one form, checked by kind, and hashed so that they are found again."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from records.codes import LOCAL, STRONG, IdentifierType, Owner
from toolkit.crypto import keyed_hash, keyed_hashes
from toolkit.identifiers import InvalidIdentifier, resident_id
from toolkit.identifiers.base import tidy

LONGEST = 40
_BLANKS = re.compile(r"\s+")
_SHAPES = {
    IdentifierType.BIRTH_CERTIFICATE: (r"[A-Z]\d{9}", _("出生医学证明编号应为 1 位字母加 9 位数字。")),
    IdentifierType.HK_MACAO_PERMIT: (
        r"[HM]\d{8}(\d{2})?",
        _("港澳居民来往内地通行证号应为 H 或 M 加 8 位（或 10 位）数字。"),
    ),
    IdentifierType.TAIWAN_PERMIT: (r"\d{8}|\d{10}[A-Z]?", _("台湾居民来往大陆通行证号应为 8 位数字。")),
    IdentifierType.PASSPORT: (r"[A-Z0-9]{5,17}", _("护照号应为 5 至 17 位字母和数字。")),
    IdentifierType.HEALTH_CARD: (r"[A-Z0-9-]{6,40}", _("居民健康卡号应为 6 至 40 位字母和数字。")),
    IdentifierType.INSURANCE: (r"[A-Z0-9-]{6,40}", _("医保编号应为 6 至 40 位字母和数字。")),
    IdentifierType.HEALTH_RECORD: (r"[A-Z0-9-]{6,40}", _("居民健康档案编号应为 6 至 40 位字母和数字。")),
}
_ANY = re.compile(r"[\w./()#-]{1,40}")


@dataclass(frozen=True)
class Number:
    """One checked number in its one form. `birth_date` and `sex` are what the number itself says."""

    type: str
    value: str
    owner: str = Owner.SELF
    birth_date: date | None = None
    sex: str = ""

    @property
    def history(self) -> bool:
        return self.type == IdentifierType.RESIDENT_ID_15

    @property
    def strong(self) -> bool:
        """Says who the patient is, wherever he registers."""
        return self.owner == Owner.SELF and self.type in STRONG

    @property
    def hash(self) -> str:
        return keyed_hash(_purpose(self.type), self.value)

    @property
    def hashes(self) -> list[str]:
        """Under every key in use, for looking up."""
        return keyed_hashes(_purpose(self.type), self.value)

    @property
    def last4(self) -> str:
        return self.value[-4:] if len(self.value) >= 8 else ""


def normalised(value: str) -> str:
    """Full-width to ASCII, upper case, without blanks; a hyphen means something in a hospital's own numbers."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", value)).upper()


def read(type: str, value: str, owner: str = Owner.SELF) -> Number:
    """A checked number, or `InvalidIdentifier` whose words never repeat the number."""
    text = normalised(value) if type in LOCAL else tidy(value)
    if not text:
        raise InvalidIdentifier("required", _("请填写号码。"))
    if len(text) > LONGEST or not text.isprintable():
        raise InvalidIdentifier("bad_number", _("号码最多 40 个字符，不能含有特殊字符。"))
    if type == IdentifierType.RESIDENT_ID:
        return _resident_id(text, owner)
    if type == IdentifierType.RESIDENT_ID_15:
        return _legacy(text, owner)
    pattern, words = _SHAPES.get(type, (_ANY, _("号码只能包含文字、数字和 . / ( ) # -。")))
    if not re.fullmatch(pattern, text, re.ASCII if type in _SHAPES else 0):
        raise InvalidIdentifier("bad_number", words)
    return Number(type, text, owner)


def readable_as(value: str) -> list[Number]:
    """Every kind of number this could be: for looking up a number of unknown kind."""
    found = []
    for type in IdentifierType.values:
        try:
            found.append(read(type, value))
        except InvalidIdentifier:
            continue
    return found


def phone_hash(phone: str) -> str:
    """For finding a registration by telephone; "" for none. Never used to say who somebody is."""
    return keyed_hash("phone", phone_key(phone)) if phone_key(phone) else ""


def phone_hashes(phone: str) -> list[str]:
    return keyed_hashes("phone", phone_key(phone)) if phone_key(phone) else []


def phone_key(phone: str) -> str:
    """The digits, without the country code of the mainland."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone), flags=re.ASCII)
    return digits.removeprefix("0086").removeprefix("86") if len(digits) > 11 else digits


def _purpose(type: str) -> str:
    return f"identifier:{type}"


def _resident_id(text: str, owner: str) -> Number:
    if re.fullmatch(r"\d{15}", text, re.ASCII):
        raise InvalidIdentifier("legacy_number", _("15 位旧身份证号只能作为历史号码登记，请填写 18 位居民身份证号。"))
    parsed = resident_id.parse(text)
    return Number(IdentifierType.RESIDENT_ID, parsed.number, owner, parsed.birth_date, parsed.sex)


def _legacy(text: str, owner: str) -> Number:
    if not resident_id.legacy15(text):
        raise InvalidIdentifier("bad_number", _("15 位旧身份证号应为 15 位数字，且其中的出生日期须真实存在。"))
    return Number(IdentifierType.RESIDENT_ID_15, text, owner)
