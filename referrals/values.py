"""One value as somebody wrote it: what is not of its kind becomes a finding, in words that say what would be right.

Each takes the findings, the pointer to the value and the value; answers the clean value, or its empty one.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from referrals.limits import PLANNED_AT_MOST
from toolkit.identifiers import half_width
from toolkit.words import explained, listed

SKEW = timedelta(minutes=5)
"""So far the clocks of two houses may differ."""
EARLIEST_YEAR = 2000
MOST_LINES = 50


def planned_fault(day, *, since=None) -> tuple | None:
    """(code, words) of what is wrong with a day people agree on: it lies ahead, and not in a year nobody means.

    `since` is the day of the agreement, where that is entered afterwards.
    """
    today = timezone.localdate()
    if day < (since or today):
        return "past", _("该日期已过，请选择今天或以后的日期。")
    if day > today + PLANNED_AT_MOST:
        return "too_far", _("日期过远，请核对年份；最多可约定两年以内的日期。")
    return None


def items_of(findings, pointer, value):
    if value in (None, ""):
        return
    if not isinstance(value, list):
        findings.add(pointer, "list", _("应为列表。"))
        return
    if len(value) > MOST_LINES:
        findings.add(pointer, "too_many", _("最多 %(most)s 行。") % {"most": MOST_LINES})
        return
    for index, row in enumerate(value):
        yield f"{pointer}/{index}", row


def rows_of(findings, pointer, value):
    for at, row in items_of(findings, pointer, value):
        if isinstance(row, dict):
            yield at, row
        else:
            findings.add(at, "object", _("每行应为对象。"))


def text_of(findings, pointer, value, limit) -> str:
    """Without blanks around it; what is no text, too long or cannot be stored becomes a finding."""
    if value is None:
        return ""
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        findings.add(pointer, "text", _("应为文字。"))
        return ""
    text = str(value).strip()
    if "\x00" in text:
        findings.add(pointer, "bad_character", _("含有无法保存的字符，请重新输入。"))
        return ""
    if len(text) > limit:
        findings.add(pointer, "too_long", _("最多 %(limit)s 字。") % {"limit": limit})
    return text


def code_of(findings, pointer, value, code_list, empty_ok=False) -> str:
    if value in (None, "") and empty_ok:
        return ""
    if not isinstance(value, str) or value not in code_list:
        known = listed(explained(slug, words) for slug, words in code_list.items())
        findings.add(pointer, "choice", _("请从以下选择：%(known)s。") % {"known": known})
        return ""
    return value


def date_of(findings, pointer, value):
    if value in (None, ""):
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        findings.add(pointer, "date", _("不是有效日期，应写作 2026-03-31。"))
        return None


def planned_of(findings, pointer, value):
    """A draft may lie until its day has passed; a year nobody means is a slip of the pen at once."""
    day = date_of(findings, pointer, value)
    fault = day and planned_fault(day)
    if fault and (fault[0] != "past" or day.year < EARLIEST_YEAR):
        code, words = fault if fault[0] != "past" else ("too_early", _("日期过早，请核对年份。"))
        findings.add(pointer, code, words)
        return None
    return day


def moment_of(findings, pointer, value):
    """An aware moment that is not ahead of us; without an offset it is said in the platform's own time."""
    if value in (None, ""):
        return None
    moment = value if isinstance(value, datetime) else _parsed(value)
    if moment is None or moment.year < EARLIEST_YEAR:
        findings.add(pointer, "datetime", _("不是有效时间，应写作 2026-03-31T09:30:00+08:00。"))
        return None
    moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    if moment > timezone.now() + SKEW:
        findings.add(pointer, "future", _("不能晚于现在。"))
        return None
    return moment


def _parsed(value) -> datetime | None:
    try:
        return parse_datetime(str(value))
    except ValueError:
        return None


def whole_of(findings, pointer, value, low, high):
    if value in (None, ""):
        return None
    number = number_of(value)
    if number is None or number != int(number) or not low <= number <= high:
        findings.add(pointer, "range", _("应为 %(low)s 至 %(high)s 的整数。") % {"low": low, "high": high})
        return None
    return int(number)


def number_of(value):
    if isinstance(value, bool):
        return None
    try:
        number = float(half_width(value) if isinstance(value, str) else value)
    except (TypeError, ValueError, OverflowError):
        return None
    if number != number or number in (float("inf"), float("-inf")):
        return None
    return int(number) if number == int(number) else number
