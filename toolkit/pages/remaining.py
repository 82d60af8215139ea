"""Deadlines and durations in words."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SOON = timedelta(hours=2)
MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Remaining:
    """`words` for people, `level` (ok, soon, late) for the colour, `seconds` left (negative when late)."""

    words: str
    level: str
    seconds: int

    def __str__(self):
        return self.words


def remaining(deadline, *, now=None, soon=SOON):
    """Aware datetime → Remaining; None → None."""
    if deadline is None:
        return None
    left = deadline - (now or timezone.now())
    seconds = int(left.total_seconds())
    if left <= timedelta():
        return Remaining(_("已超时 %(span)s") % {"span": duration_words(-left)}, "late", seconds)
    return Remaining(_("剩 %(span)s") % {"span": duration_words(left)}, "soon" if left <= soon else "ok", seconds)


def duration_words(span):
    """timedelta → its two largest units: "1 小时 20 分", "2 天", "不到 1 分"."""
    seconds = int(abs(span).total_seconds())
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // MINUTE
    parts = [_days(days), _hours(hours)] if days else [_hours(hours), _minutes(minutes)]
    return " ".join(part for part in parts if part) or _("不到 1 分")


def _days(count):
    return ngettext("%(count)s 天", "%(count)s 天", count) % {"count": count} if count else ""


def _hours(count):
    return ngettext("%(count)s 小时", "%(count)s 小时", count) % {"count": count} if count else ""


def _minutes(count):
    return ngettext("%(count)s 分", "%(count)s 分", count) % {"count": count} if count else ""
