"""Suggested destinations in the words of a busy doctor: every reason a figure of its own."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from institutions.calendars import WEEKDAYS
from referrals import codes
from referrals.suggesting import DAYS_AHEAD, Suggestion, order_for, suggest
from referrals.waiting import WINDOW
from referrals.ways import Ways
from toolkit.words import explained, listed

RELATIONS = {
    "up": gettext_lazy("上级机构"),
    "lateral": gettext_lazy("同级协作"),
    "down": gettext_lazy("下级机构"),
    "out": gettext_lazy("医联体外"),
}
DIRECT = {"up": gettext_lazy("直接上级"), "down": gettext_lazy("直接下级")}
HOUR, DAY = 60, 24 * 60
FEW = 2


@dataclass(frozen=True)
class Figure:
    """One reason: what it is, what it says, and in which tone (good, low, unknown or "")."""

    label: str
    words: str
    tone: str = ""


class Line:
    """One destination of the list."""

    def __init__(self, suggestion: Suggestion):
        self._one = suggestion
        self.receiver, self.department, self.core = suggestion.receiver, suggestion.department, suggestion.way.core

    @property
    def standing(self) -> str:
        """How the two houses stand to one another, and its level."""
        way = self._one.way
        relation = DIRECT.get(way.direction) if way.direct else None
        return f"{relation or RELATIONS[way.direction]} · {self.receiver.get_level_display()}"

    @property
    def figures(self) -> list[Figure]:
        found = [self._places(), self._wait(), self._travel(), self._presence()]
        return [figure for figure in found if figure]

    @property
    def calendar(self) -> str:
        """The booking calendar of this department, where it publishes."""
        if not self._one.places.published:
            return ""
        asked = {"institution": self.receiver.code, "kind": self._one.places.kind, "department": self.department.code}
        return f"{reverse('institutions:calendar')}?{urlencode(asked)}"

    def _places(self) -> Figure | None:
        places = self._one.places
        if not places.kind:
            return None
        label = _("空床") if places.kind == "bed" else _("空号")
        if not places.published:
            return Figure(label, _("未发布，请电话询问"), "unknown")
        if places.first is None:
            return Figure(label, _("%(days)s 天内已满") % {"days": DAYS_AHEAD}, "low")
        words = {"day": _day_words(places.first), "free": places.free}
        return Figure(label, _("最早 %(day)s，余 %(free)s") % words, "low" if places.free <= FEW else "good")

    def _wait(self) -> Figure | None:
        wait = self._one.wait
        if wait.state == "none":
            return None
        if wait.state == "too_few":
            return Figure(_("等候"), _("样本不足"), "unknown")
        words = _about(wait.minutes)
        if wait.stale:
            at = date_format(timezone.localtime(wait.computed_at), "m-d H:i")
            return Figure(_("等候"), explained(words, _("%(at)s 的数据") % {"at": at}), "unknown")
        return Figure(_("等候"), words)

    def _travel(self) -> Figure:
        minutes = self._one.way.minutes
        if minutes is None:
            return Figure(_("路程"), _("未填写"), "unknown")
        return Figure(_("路程"), ngettext("%(count)s 分钟", "%(count)s 分钟", minutes) % {"count": minutes})

    def _presence(self) -> Figure:
        presence = self._one.presence
        if presence.at_work:
            words, tone = _("有人值守"), "good"
        else:
            back = timezone.localtime(presence.back_at)
            words, tone = _("%(at)s 上班") % {"at": f"{_day_words(back.date())} {back:%H:%M}"}, "low"
        if not self.receiver.on_platform:
            words = listed([_("电话联系 %(phone)s") % {"phone": self._one.phone}, words])
        return Figure(_("现在"), words, tone)


@dataclass(frozen=True)
class Shown:
    """The list for a specialty, and one sentence on its order."""

    lines: list[Line]
    order: str

    @property
    def note(self) -> str:
        words = {"order": self.order, "ahead": DAYS_AHEAD, "days": WINDOW.days}
        return (
            _("按%(order)s先后排列。余数是 %(ahead)s 天内转诊可约的；等候是近 %(days)s 天已到诊患者的中位数。") % words
        )


def shown_for(ways: Ways, *, direction: str, specialty: str, kind: str, urgency: str) -> Shown:
    """What was posted as it came: an unknown kind or urgency counts as the usual one, an unknown specialty has none."""
    kind = kind if kind in codes.KINDS else "outpatient"
    urgency = urgency if urgency in codes.URGENCIES else "routine"
    found = suggest(ways, specialty=specialty, direction=direction, kind=kind, urgency=urgency)
    order = [reason.words for reason in order_for(urgency) if reason.code != "direction"]
    return Shown([Line(one) for one in found], listed(order))


def _day_words(day: date) -> str:
    """今天, 明天, or 11-24 周二."""
    today = timezone.localdate()
    near = {today: _("今天"), today + timedelta(days=1): _("明天")}
    return near.get(day) or f"{date_format(day, 'm-d')} {WEEKDAYS[day.weekday()]}"


def _about(minutes: int) -> str:
    """A wait as people say it: hours within a day, then whole days."""
    if minutes < HOUR:
        return _("不到 1 小时")
    if minutes < DAY:
        hours = (minutes + HOUR // 2) // HOUR
        return ngettext("约 %(count)s 小时", "约 %(count)s 小时", hours) % {"count": hours}
    days = (minutes + DAY // 2) // DAY
    return ngettext("约 %(count)s 天", "约 %(count)s 天", days) % {"count": days}
