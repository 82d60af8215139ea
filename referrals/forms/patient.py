"""What is asked on the patient's page. The acts judge; these only say it in plain words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals import codes
from referrals.actions.patient_words import LONGEST
from referrals.models.patient_link import SCORES
from referrals.proving import LONGEST as LONGEST_ANSWER
from toolkit.pages.forms import ActForm

PICK = {"required": _("请选一个。"), "invalid_choice": _("请选一个。")}
UNKEPT = {"autocomplete": "off"}
SCALE = [(score, str(score)) for score in SCORES]


class ProofForm(forms.Form):
    answer = forms.CharField(
        label=_("身份证号最后四位，或出生日期"),
        max_length=LONGEST_ANSWER,
        widget=forms.TextInput(attrs=UNKEPT | {"autofocus": True, "spellcheck": "false", "autocapitalize": "off"}),
        help_text=_("例如 123X，或 19570418。登记时没有身份信息的，填登记电话的最后四位。"),
        error_messages={"required": _("请先填写。")},
    )


class DeclineForm(ActForm):
    reason = forms.ChoiceField(
        label=_("为什么不能来？"),
        choices=codes.choices(codes.PATIENT_REASONS),
        widget=forms.RadioSelect,
        error_messages=PICK,
    )
    text = forms.CharField(
        label=_("还想说什么"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs=UNKEPT | {"rows": 2}),
    )


class RatingForm(ActForm):
    """1 is worst, 5 is best."""

    waiting = forms.TypedChoiceField(
        label=_("等待的时间合理吗？"), choices=SCALE, coerce=int, widget=forms.RadioSelect, error_messages=PICK
    )
    handover = forms.TypedChoiceField(
        label=_("两边医院的对接，您满意吗？"), choices=SCALE, coerce=int, widget=forms.RadioSelect, error_messages=PICK
    )
    clear = forms.TypedChoiceField(
        label=_("回来以后该怎么做，您清楚吗？"),
        choices=SCALE,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=PICK,
    )
    text = forms.CharField(
        label=_("还想说什么"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs=UNKEPT | {"rows": 2}),
        help_text=_("不要写姓名、电话和病情；这段话只有医联体办公室看得到。"),
    )
