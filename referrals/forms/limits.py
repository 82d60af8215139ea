"""One cell of the table of time limits."""

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals.actions.limiting import UNITS
from toolkit.pages.forms import ActForm


class LimitForm(ActForm):
    """How long a step may take; the act judges."""

    amount = forms.IntegerField(label=_("时限"), min_value=0, max_value=99_999)
    unit = forms.ChoiceField(label=_("单位"), choices=list(UNITS.items()))
