"""The office's review of a use of the green channel as a form; the act judges."""

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals import codes
from toolkit.pages.forms import ActForm

YES_NO = [("yes", _("符合")), ("no", _("不符合"))]


class ReviewForm(ActForm):
    """`last` is the review that would be corrected; then the reason is asked as well."""

    verdict = forms.ChoiceField(
        label=_("绿色通道使用是否恰当"),
        choices=codes.choices(codes.GREEN_VERDICTS),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择使用是否恰当。")},
    )
    times_kept = forms.TypedChoiceField(
        label=_("各环节时限"),
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择时限是否符合要求。")},
    )
    remark = forms.CharField(
        label=_("评审意见"),
        required=False,
        help_text=_("不是“使用恰当”时必填；双方都能看到，请勿写患者信息。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = forms.CharField(label=_("更正理由"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    corrects = forms.IntegerField(required=False, min_value=1, max_value=32_767, widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data=None, *, referral, last=None):
        super().__init__(data, initial=_initial(referral, last), use_required_attribute=False)
        if last is None:
            del self.fields["reason"], self.fields["corrects"]


def _initial(referral, last) -> dict:
    if last is None:
        return {"version": referral.version}
    return {
        "version": referral.version,
        "corrects": last.version,
        "verdict": last.verdict,
        "times_kept": "yes" if last.times_kept else "no",
        "remark": last.remark or "",
    }
