"""The statuses of a referral and the groups the database and the lists speak of.

The table of states and moves is `workflow.py`; these plain names are what models, constraints
and migrations need.
"""

from django.utils.translation import gettext_lazy as _

STATUS_LABELS = {
    "draft": _("草稿"),
    "in_review": _("院内审核"),
    "submitted": _("待接收"),
    "returned": _("退回补充"),
    "accepted": _("已接收"),
    "scheduled": _("已预约"),
    "in_transit": _("转运中"),
    "arrived": _("已到诊"),
    "concluded": _("待基层签收"),
    "following_up": _("待随访"),
    "rejected": _("不予接收"),
    "cancelled": _("已取消"),
    "no_show": _("未到诊"),
    "expired": _("已过期"),
    "closed": _("已办结"),
    "settled": _("已登记去向"),
    "withdrawn": _("已撤回"),
    "forwarded": _("已转他院"),
    "died": _("已死亡"),
    "void": _("登记错误作废"),
}

STATUS_CHOICES = list(STATUS_LABELS.items())

ENDED = ["closed", "settled", "withdrawn", "forwarded", "died", "void"]
"""Nothing is left to do; in nobody's hand."""

LIVE = [status for status in STATUS_LABELS if status not in ENDED]
"""In exactly one hand. Bad endings are live: the patient is still somewhere."""

HOLDING = ["in_review", "submitted", "returned", "accepted", "scheduled", "in_transit", "arrived"]
"""Stand in the way of a second referral for the same person, specialty and direction."""

UNSETTLED = ["rejected", "cancelled", "no_show", "expired"]
"""Bad endings: the sender must say what became of the patient."""

BEFORE_ARRIVAL = ["draft", "in_review", "submitted", "returned", "accepted", "scheduled", "in_transit"]

UNSENT = ["draft", "in_review", "withdrawn", "died", "void"]
"""May have no time of sending; the receiver does not see them until they have."""

DECLINABLE = ["in_review", "submitted", "returned", "accepted", "scheduled"]
"""While the patient is awaited: here he can say that he cannot come."""

RATEABLE = ["concluded", "following_up", "closed"]
"""Seen, treated and on the way home: here he is asked how it was."""

PAPERLESS = ["draft", "in_review", "withdrawn", "forwarded", "void"]
"""Owe no paper of the green channel: not sent yet, taken back, or owed by the successor."""

REVIEWABLE = ["arrived", "concluded", "following_up", *(code for code in ENDED if code != "void")]
"""Where a referral can stand while the office's review of its green channel is due."""
