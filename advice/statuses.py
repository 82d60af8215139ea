"""The statuses of an inquiry; the table of moves is `workflow.py`."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATUS_LABELS = {
    "open": _("待答复"),
    "answered": _("已答复"),
    "closed": pgettext_lazy("inquiry", "已结束"),
    "converted": _("已转为转诊"),
    "withdrawn": _("已撤回"),
}

STATUS_CHOICES = list(STATUS_LABELS.items())

LIVE = ["open", "answered"]
"""In exactly one hand: the asked department's, or the one who asked."""

ENDED = ["closed", "converted", "withdrawn"]
