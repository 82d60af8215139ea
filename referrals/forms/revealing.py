"""Asking for a patient's full data, with the reason."""

from django import forms
from django.utils.translation import gettext_lazy as _

from records.actions.reveal import LONGEST_REASON
from referrals.showing.patients import LABELS


class RevealForm(forms.Form):
    """`records.actions.reveal` judges; this only asks."""

    def __init__(self, data=None):
        super().__init__(data, auto_id="id_reveal_%s", use_required_attribute=False)
        self.fields["fields"] = forms.MultipleChoiceField(
            label=_("要查看的内容"),
            choices=list(LABELS.items()),
            widget=forms.CheckboxSelectMultiple,
            initial=["identifiers"],
            required=False,
        )
        self.fields["reason"] = forms.CharField(
            label=_("理由"),
            max_length=LONGEST_REASON,
            required=False,
            help_text=_("理由会记入查阅记录，例如：入院登记核对身份。"),
        )

    @property
    def fields_field(self):
        return self["fields"]

    @property
    def reason_field(self):
        return self["reason"]

    def take(self, refusal) -> None:
        """Show why the act said no."""
        for error in refusal.errors:
            self.add_error(error.pointer.strip("/"), str(error.detail))
