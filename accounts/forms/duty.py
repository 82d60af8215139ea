from datetime import time

from django import forms
from django.utils.translation import gettext_lazy as _

from institutions.forms.dates import NearDateField
from toolkit.pages.forms import ActForm, AskedForm

from ..models import DutyShift, Membership

Kind = DutyShift.Kind


class WeekAskedForm(AskedForm):
    """The week shown, and what the form below it starts from."""

    week = NearDateField(label=_("日期"))
    unit = forms.CharField(label=_("岗位"), max_length=30)
    day = NearDateField(label=_("值班日"))


class ShiftForm(ActForm):
    """The same shift on several days. A unit is "desk", "duty_line", "office" or "department:<id>"."""

    pointers = {
        "/kind": "unit", "/department": "unit", "/membership": "person", "/starts_at": "begins", "/ends_at": "ends",
        "/phone": "phone", "/dates": "dates",
    }  # fmt: skip

    unit = forms.ChoiceField(label=_("岗位"))
    person = forms.ModelChoiceField(label=_("值班人员"), queryset=Membership.objects.none(), empty_label=_("请选择"))
    dates = forms.TypedMultipleChoiceField(
        label=_("哪几天"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("请至少选择一天。")}
    )
    begins = forms.TimeField(label=_("开始"), initial=time(8))
    ends = forms.TimeField(label=_("结束"), initial=time(17, 30), help_text=_("不晚于开始时间的，算到次日。"))
    phone = forms.CharField(
        label=_("值班电话"), max_length=30, required=False, help_text=_("留空时显示本人的工作电话。")
    )

    def __init__(self, *args, units, days, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.units = {unit.code: unit for unit in units}
        self.fields["unit"].choices = [("", _("请选择")), *((unit.code, unit.name) for unit in units)]
        dates = {day.date.isoformat(): day.date for day in days}
        self.fields["dates"].choices = [(day.date.isoformat(), f"{day.weekday} {day.date:%m-%d}") for day in days]
        self.fields["dates"].coerce = dates.get
        self.fields["person"].queryset = people
        self.fields["person"].label_from_instance = person_words

    @property
    def shift(self) -> dict:
        """The fields as `add_shifts` calls them."""
        data = self.cleaned_data
        unit = self.units[data["unit"]]
        named = {name: data[name] for name in ("dates", "begins", "ends", "phone")}
        return {"kind": unit.kind, "department": unit.department, "membership": data["person"], **named}


def person_words(job) -> str:
    return " · ".join(filter(None, [job.user.name, job.title, job.department and job.department.name]))
