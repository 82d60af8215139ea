"""Why an indication is switched off or on."""

from django import forms
from django.utils.translation import gettext_lazy as _

from toolkit.pages.forms import ActForm


class SwitchForm(ActForm):
    """The act judges."""

    reason = forms.CharField(label=_("理由"), max_length=200, help_text=_("会记入历史，本医联体的人员都能看到。"))
