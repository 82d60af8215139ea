"""What a referral says about the patient's insurance: kind, place, the certificate of the referral and its validity.

No settlement: what is paid is reckoned by the insurance of the place (domain facts §1.7).
"""

import re

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.codes import InsuranceKind
from referrals.values import EARLIEST_YEAR, code_of, date_of, text_of

KINDS = dict(InsuranceKind.choices)
LONGEST = 60
TEXTS, DAYS = ("area", "certificate_number"), ("valid_from", "valid_to")
OF_THE_PATIENT = ("kind", "area")
"""What goes on to the next referral of the patient; a certificate is of one referral alone."""
AHEAD = 10
"""So many years at most a certificate is valid ahead; what is further is a slip of the pen."""
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]")


def clean_insurance(findings, value) -> dict:
    """`{"kind", "area", "certificate_number", "valid_from", "valid_to"}` without what is empty; days as ISO text."""
    if not value:
        return {}
    if not isinstance(value, dict):
        findings.add("/insurance", "object", _("医保信息应为对象。"))
        return {}
    found = {"kind": code_of(findings, "/insurance/kind", value.get("kind"), KINDS, empty_ok=True)}
    found |= {key: _line(findings, f"/insurance/{key}", value.get(key)) for key in TEXTS}
    found |= {key: _day(findings, f"/insurance/{key}", value.get(key)) for key in DAYS}
    if found["valid_from"] and found["valid_to"] and found["valid_to"] < found["valid_from"]:
        findings.add("/insurance/valid_to", "order", _("有效期止不能早于有效期起。"))
    return {key: item for key, item in found.items() if item}


def carried(insurance: dict) -> dict:
    """What a further referral of the same patient takes over."""
    return {key: insurance[key] for key in OF_THE_PATIENT if insurance.get(key)}


def _line(findings, pointer, value) -> str:
    text = text_of(findings, pointer, value, LONGEST)
    if UNSEEN.search(text):
        findings.add(pointer, "bad_character", _("不能换行，也不能含有看不见的字符。"))
        return ""
    return text


def _day(findings, pointer, value) -> str:
    day = date_of(findings, pointer, value)
    if day and not EARLIEST_YEAR <= day.year <= timezone.localdate().year + AHEAD:
        findings.add(pointer, "year", _("请核对年份。"))
        return ""
    return day.isoformat() if day else ""
