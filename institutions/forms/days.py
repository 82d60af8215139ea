from django import forms
from django.utils.translation import gettext_lazy as _

from toolkit.pages.forms import ActForm


class DayForm(ActForm):
    """A day on which a house, or a whole consortium, departs from the national calendar."""

    date = forms.DateField(label=_("日期"), widget=forms.DateInput)
    working = forms.TypedChoiceField(
        label=_("这一天"),
        choices=[("0", _("停诊")), ("1", _("上班"))],
        coerce=lambda value: value == "1",
        initial="0",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("说明"), max_length=50, required=False, help_text=_("例如“院庆停诊”“春节调休上班”，显示在预约日历上。")
    )
