"""Is what was entered about a patient true in itself? Everything wrong is said at once."""

import re
import unicodedata
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records import numbers
from records.codes import IdentifierType, InsuranceKind, Owner, Sex
from records.data import PatientData
from records.masking import age_on
from records.numbers import Number
from toolkit.identifiers import InvalidIdentifier
from toolkit.refusals import Findings

OLDEST = 130
MOST_NUMBERS = 10
UNKNOWN_NAME = "无名氏"
_PHONE = re.compile(r"\+?[\d][\d\- ()]{3,22}(转\d{1,6}|[xX]\d{1,6})?", re.ASCII)
_LENGTHS = {"name": 50, "relation": 30, "phone": 30, "address": 200}


@dataclass(frozen=True)
class Checked:
    """`data` cleaned and completed from the resident ID, with its numbers in their one form."""

    data: PatientData
    numbers: tuple[Number, ...]
    removed: tuple[Number, ...] = ()

    @property
    def strong(self) -> list[Number]:
        return [number for number in self.numbers if number.strong]

    @property
    def own(self) -> list[Number]:
        return [number for number in self.numbers if number.owner == Owner.SELF and not number.history]


def check_patient(data: PatientData, *, known_numbers: tuple[Number, ...] = ()) -> Checked:
    """`Refused` with every finding, or the cleaned data. `known_numbers` are those already registered."""
    findings = Findings()
    entered = _numbers(data, findings)
    kept = tuple(number for number, remove in entered if not remove)
    removed = tuple(number for number, remove in entered if remove)
    still = tuple(number for number in known_numbers if (number.type, number.value) not in _keys(removed))
    if any(number.type == IdentifierType.RESIDENT_ID for number in kept if number.owner == Owner.SELF):
        still = tuple(number for number in still if number.type != IdentifierType.RESIDENT_ID)
    data = _cleaned(data, findings)
    data = _completed(data, [*kept, *still], findings)
    _check_age(data, findings)
    if _card_is_wrong(data, findings):
        findings.errors = [error for error in findings.errors if not _follows(error, data)]
    findings.raise_if_any()
    return Checked(data, kept, removed)


def _card_is_wrong(data: PatientData, findings: Findings) -> bool:
    cards = (f"/identifiers/{at}/value" for at, entered in enumerate(data.identifiers) if entered.type == "resident_id")
    return any(_is_wrong(pointer, findings) for pointer in cards)


def _follows(error, data: PatientData) -> bool:
    """What the card would have said is no mistake of its own."""
    return (error.pointer, error.code) == ("/birth_date", "required") or (error.pointer == "/sex" and not data.sex)


def _keys(known) -> set:
    return {(number.type, number.value) for number in known}


def _numbers(data: PatientData, findings: Findings) -> list[tuple[Number, bool]]:
    if len(data.identifiers) > MOST_NUMBERS:
        findings.add("/identifiers", "too_many", _("最多登记 %(most)s 个号码。") % {"most": MOST_NUMBERS})
        return []
    read = []
    for index, entered in enumerate(data.identifiers):
        number = _number(entered, f"/identifiers/{index}", findings)
        if number and not any(number == other for other, _remove in read):
            read.append((number, entered.remove))
    own = {n.value for n, remove in read if n.type == "resident_id" and n.owner == Owner.SELF and not remove}
    if len(own) > 1:
        findings.add("/identifiers", "two_resident_ids", _("一名患者只能有一个居民身份证号。"))
    return read


def _number(entered, pointer: str, findings: Findings) -> Number | None:
    if entered.type not in IdentifierType.values:
        findings.add(f"{pointer}/type", "unknown_type", _("没有这种号码类型，请从列表中选择。"))
        return None
    if entered.owner not in Owner.values:
        findings.add(f"{pointer}/owner", "unknown_owner", _("号码归属应为 self（本人）或 guardian（监护人）。"))
        return None
    try:
        return numbers.read(entered.type, entered.value, entered.owner)
    except InvalidIdentifier as wrong:
        findings.add(f"{pointer}/value", wrong.code, wrong.detail)
        return None


def _cleaned(data: PatientData, findings: Findings) -> PatientData:
    name = _text(data.name, "/name", "name", findings)
    if not name and data.unknown:
        name = UNKNOWN_NAME
    if not name and not _is_wrong("/name", findings):
        findings.add("/name", "required", _("请填写姓名；身份不明的患者请勾选“无名氏（身份不明）”。"))
    elif name and not any(letter.isalpha() for letter in name):
        findings.add("/name", "bad_name", _("姓名应为文字。"))
    if data.insurance_kind and data.insurance_kind not in InsuranceKind.values:
        findings.add("/insurance_kind", "unknown_kind", _("没有这种医保类型，请从列表中选择。"))
    return replace(
        data,
        name=name,
        phone=_phone(data.phone, "/phone", findings),
        address=_text(data.address, "/address", "address", findings),
        next_of_kin=_kin(data.next_of_kin, findings),
        estimated_age=None if data.birth_date else data.estimated_age,
    )


def _is_wrong(pointer: str, findings: Findings) -> bool:
    return any(error.pointer == pointer for error in findings.errors)


def _text(value, pointer: str, kind: str, findings: Findings) -> str:
    """One line of text: blanks collapsed, nothing invisible, not too long."""
    text = " ".join(unicodedata.normalize("NFC", value or "").split())
    if not text.isprintable() or any(unicodedata.category(letter) in ("Cs", "Cc", "Co") for letter in text):
        findings.add(pointer, "bad_character", _("含有无法显示的字符，请重新输入。"))
        return ""
    if "*" in text:
        findings.add(pointer, "masked", _("这是遮蔽后的内容，不能用来保存；请填写完整内容，或不提交这一项。"))
        return ""
    if len(text) > _LENGTHS[kind]:
        findings.add(pointer, "too_long", _("最多 %(most)s 个字。") % {"most": _LENGTHS[kind]})
        return ""
    return text


def _phone(value, pointer: str, findings: Findings) -> str:
    text = unicodedata.normalize("NFKC", _text(value, pointer, "phone", findings))
    if text and not _PHONE.fullmatch(text):
        findings.add(pointer, "bad_phone", _("电话号码应为数字，可含区号、短横线和分机，例如 0537-1234567转801。"))
        return ""
    return text


def _kin(kin: dict | None, findings: Findings) -> dict | None:
    if not kin or not any(kin.get(key) for key in ("name", "relation", "phone")):
        return None
    cleaned = {
        "name": _text(kin.get("name"), "/next_of_kin/name", "name", findings),
        "relation": _text(kin.get("relation"), "/next_of_kin/relation", "relation", findings),
        "phone": _phone(kin.get("phone"), "/next_of_kin/phone", findings),
    }
    if not cleaned["name"] and not _is_wrong("/next_of_kin/name", findings):
        findings.add("/next_of_kin/name", "required", _("请填写联系人姓名。"))
    return cleaned


def _completed(data: PatientData, known: list[Number], findings: Findings) -> PatientData:
    """The resident ID is the truth about birth date and sex: it fills gaps and refuses contradictions."""
    card = next((n for n in known if n.type == IdentifierType.RESIDENT_ID and n.owner == Owner.SELF), None)
    if card is not None:
        if data.birth_date and data.birth_date != card.birth_date:
            findings.add("/birth_date", "contradicts_number", _("出生日期与居民身份证号不符，请核对。"))
        if data.sex in (Sex.MALE, Sex.FEMALE) and data.sex != card.sex:
            findings.add("/sex", "contradicts_number", _("性别与居民身份证号不符，请核对。"))
        return replace(data, birth_date=card.birth_date, sex=card.sex, estimated_age=None)
    if not data.sex and data.unknown:
        return replace(data, sex=Sex.UNKNOWN)
    if data.sex not in Sex.values:
        findings.add("/sex", "unknown_sex", _("性别应为 0（未知）、1（男）、2（女）或 9（未说明）。"))
    return data


def _check_age(data: PatientData, findings: Findings) -> None:
    today = timezone.localdate()
    if data.birth_date:
        if data.birth_date > today:
            findings.add("/birth_date", "future", _("出生日期不能晚于今天。"))
        elif age_on(data, today) > OLDEST:
            findings.add("/birth_date", "too_old", _("年龄不能超过 %(most)s 岁。") % {"most": OLDEST})
    elif data.estimated_age is None:
        findings.add("/birth_date", "required", _("请填写出生日期；确实不详时填写估计年龄。"))
    elif not 0 <= data.estimated_age <= OLDEST:
        words = _("估计年龄应在 0 至 %(most)s 岁之间。") % {"most": OLDEST}
        findings.add("/estimated_age", "out_of_range", words)
