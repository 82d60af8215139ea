"""Checks of what is typed in. Each takes the findings, a JSON pointer and the value, and returns the value cleaned.

A wrong value adds a finding and never raises, so that one answer names everything that is wrong.
"""

import re
from datetime import time
from itertools import pairwise

from django.utils.translation import gettext as _

from institutions.levels import TYPES, Level
from institutions.specialties import SPECIALTIES
from toolkit.identifiers import InvalidIdentifier, credit_code, licence
from toolkit.words import listed

CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?")
PHONE = re.compile(r"[0-9+()\-（） 转,，、/]{3,30}")
CLOCK_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""Nothing in a name may break its line, be unseen, or turn what stands beside it round."""


def text(findings, pointer, value, *, longest, required=False):
    value = (value or "").strip()
    if required and not value:
        findings.add(pointer, "required", _("不能为空。"))
    if len(value) > longest:
        findings.add(pointer, "too_long", _("最多 %(longest)s 个字。") % {"longest": longest})
    if CONTROL.search(value):
        findings.add(pointer, "invalid", _("不能含有控制字符。"))
    return value


def code(findings, pointer, value):
    value = (value or "").strip()
    if not CODE.fullmatch(value):
        findings.add(pointer, "invalid", _("代码只能用小写字母、数字和连字符，1 到 50 位，例如 county-hospital。"))
    return value


def phone(findings, pointer, value):
    value = (value or "").strip()
    if value and not PHONE.fullmatch(value):
        findings.add(pointer, "invalid", _("电话应为 3 到 30 位数字，可含区号和分机，例如 0571-8765 4321 转 801。"))
    return value


def one_of(findings, pointer, value, *, allowed):
    """`allowed`: the codes in order; the refusal names them all, or the first twenty."""
    if value not in allowed:
        shown = listed(str(each) for each in list(allowed)[:20]) + ("…" if len(allowed) > 20 else "")
        findings.add(pointer, "unknown_code", _("不认识的代码，可用：%(codes)s") % {"codes": shown})
    return value


def flag(findings, pointer, value):
    if not isinstance(value, bool):
        findings.add(pointer, "invalid", _("应为是或否。"))
    return value


def level(findings, pointer, value):
    return one_of(findings, pointer, value, allowed=Level.values)


def institution_type(findings, pointer, value):
    return one_of(findings, pointer, value, allowed=TYPES)


def specialty(findings, pointer, value):
    return one_of(findings, pointer, value, allowed=SPECIALTIES)


def social_credit_code(findings, pointer, value):
    return _identifier(findings, pointer, value, lambda given: credit_code.parse(given).code)


def licence_number(findings, pointer, value):
    return _identifier(findings, pointer, value, lambda given: licence.parse(given).number)


def _identifier(findings, pointer, value, tidied):
    if not (value or "").strip():
        return ""
    try:
        return tidied(value)
    except InvalidIdentifier as invalid:
        findings.add(pointer, invalid.code, invalid.detail)
        return value


def opening_hours(findings, pointer, value):
    """[["08:00", "12:00"], …] in order and apart; [] means the usual hours."""
    if not _is_hours(value):
        findings.add(pointer, "invalid", _("应为若干起止时间，例如 08:00–12:00、14:00–17:30，最多 6 段。"))
        return value
    moments = [time.fromisoformat(moment) for span in value for moment in span]
    if any(later <= earlier for earlier, later in pairwise(moments)):
        findings.add(pointer, "order", _("时间段须从早到晚排列，互不重叠。"))
    return [list(span) for span in value]


def _is_hours(value):
    return (
        isinstance(value, (list, tuple))
        and len(value) <= 6
        and all(isinstance(span, (list, tuple)) and len(span) == 2 for span in value)
        and all(isinstance(moment, str) and CLOCK_TIME.fullmatch(moment) for span in value for moment in span)
    )


def clock_time(findings, pointer, value):
    if not isinstance(value, time):
        findings.add(pointer, "invalid", _("应为时刻，例如 16:00。"))
    return value


def run(findings, table, values):
    """Clean `values` by `table` (field → check); a field the table does not know is the caller's mistake."""
    return {name: table[name](findings, f"/{name}", value) for name, value in values.items()}
