"""Why letters came back, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referrals import codes
from referrals.figures.definitions import FIGURES

DEEDS = {
    "returned": gettext_lazy("退回补充"),
    "rejected": gettext_lazy("不予接收"),
    "cancelled": gettext_lazy("取消接收"),
    "withdrawn": gettext_lazy("撤回"),
}
"""Figures that have reasons, and what was done."""


def deed_words(figure: str) -> str:
    return str(DEEDS[figure])


def reason_words(figure: str, code: str) -> str:
    """The reason by its code; nobody had to say one for every move, and lists once were shorter."""
    return str(codes.CODED_REASONS[FIGURES[figure].verbs[0]].get(code, code)) if code else _("未注明")
