from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.forms.robots import QuietFields
from notifications.models import Preference
from toolkit.pages.forms import ActForm

NAMES = ("urgent_email", "urgent_sms", "ordinary_email", "ordinary_sms", "quiet_from", "quiet_to")


class PreferenceForm(QuietFields, ActForm):
    """How one is told beside the inbox."""

    urgent_email = forms.BooleanField(label=_("电子邮件"), required=False)
    urgent_sms = forms.BooleanField(label=_("短信"), required=False)
    ordinary_email = forms.BooleanField(label=_("电子邮件"), required=False)
    ordinary_sms = forms.BooleanField(label=_("短信"), required=False)

    @classmethod
    def filled(cls, user, data=None):
        stands = Preference.objects.filter(user=user).first() or Preference()
        return cls(data, initial={name: getattr(stands, name) for name in NAMES})
