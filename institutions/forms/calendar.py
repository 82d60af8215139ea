from django import forms
from django.utils.translation import gettext_lazy as _

from institutions.forms.dates import NearDateField
from institutions.models import Capacity
from toolkit.pages.forms import AskedForm


class CalendarAskedForm(AskedForm):
    """Whose calendar, from which day, slots or beds, of which department alone."""

    institution = forms.CharField(label=_("机构"), max_length=50)
    kind = forms.ChoiceField(label=_("种类"), choices=[("", ""), *Capacity.Kind.choices])
    department = forms.CharField(label=_("科室"), max_length=50)
    start = NearDateField(label=_("起始日期"))
