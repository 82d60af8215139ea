"""Blank slips: how many to print, why one is spoilt, and the paper a referral was written on."""

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals.actions.blanks import LONGEST_REASON, MOST_AT_ONCE
from referrals.models.blank import FORMS
from toolkit.pages.forms import ActForm, AskedForm

STATES = {"": _("全部"), "unused": _("未用"), "used": _("已录入"), "spoiled": _("已作废")}
"""What the list can be narrowed to."""


class PrintForm(ActForm):
    count = forms.IntegerField(
        label=_("张数"), initial=10, min_value=1, max_value=MOST_AT_ONCE, help_text=_("一次 1 至 50 张，每张一页 A4。")
    )
    direction = forms.ChoiceField(label=_("单式"), choices=list(FORMS.items()), initial="up", widget=forms.RadioSelect)


class SpoilForm(ActForm):
    pointers = {"/blank_number": "reason"}

    reason = forms.CharField(
        label=_("作废原因"), max_length=LONGEST_REASON, help_text=_("如：填写错误、污损、遗失。请勿写患者信息。")
    )


class BlanksAskedForm(AskedForm):
    state = forms.ChoiceField(label=_("状态"), choices=list(STATES.items()))


class PaperForm(forms.Form):
    """On the writing page: number and time as they stand on the paper. Whether they can be right, the act says."""

    blank_number = forms.CharField(
        label=_("纸质单号"), required=False, max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "R…"}),
    )  # fmt: skip
    occurred_at = forms.DateTimeField(
        label=_("纸质单上的转出时间"), required=False, error_messages={"invalid": _("请填写有效的日期和时间。")}
    )

    def __init__(self, data=None, *, blank=None, number=""):
        initial = {"blank_number": number}
        if blank:
            initial = {"blank_number": blank.number, "occurred_at": blank.written_at}
        super().__init__(data, prefix="paper", initial=initial)
        self.blank = blank

    @property
    def in_use(self) -> bool:
        """Whether there is paper behind this referral, or something typed about it."""
        return bool(self.blank or self["blank_number"].value() or self["occurred_at"].value())

    def entry(self) -> dict:
        """For the acts: `blank_number` and `written_at`; empty where nothing was written on paper."""
        given = self.cleaned_data
        return {"blank_number": given["blank_number"].strip(), "written_at": given["occurred_at"]}
