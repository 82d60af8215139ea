"""Who an unknown patient is, as a form; `records.actions.change_patient` judges."""

from django import forms
from django.utils.translation import gettext_lazy as _

from records.codes import IdentifierType, Sex
from records.data import NumberData
from toolkit.pages.forms import ActForm


class IdentifyForm(ActForm):
    """Name and number say who he is. What is left empty stays as it was."""

    pointers = {
        "/identifiers": "number", "/identifiers/0/value": "number", "/identifiers/0/type": "number_type",
    }  # fmt: skip

    name = forms.CharField(label=_("姓名"), max_length=50, error_messages={"required": _("请填写姓名。")})
    number_type = forms.ChoiceField(
        label=_("证件类型"), choices=IdentifierType.choices, initial=IdentifierType.RESIDENT_ID
    )
    number = forms.CharField(
        label=_("证件号码"), max_length=60, required=False,
        help_text=_("已在平台登记过的号码，会把这次转诊接到该患者名下；没有证件可先只填姓名。"),
    )  # fmt: skip
    sex = forms.ChoiceField(
        label=_("性别"),
        choices=[("", "——"), *Sex.choices],
        required=False,
        help_text=_("填居民身份证号的，以证件为准。"),
    )
    birth_date = forms.DateField(
        label=_("出生日期"), required=False, error_messages={"invalid": _("不是有效日期，应写作 2026-03-31。")}
    )
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data=None, *, patient):
        super().__init__(data, initial={"version": patient.version}, use_required_attribute=False)
        for name in ("name", "number"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def changes(self) -> dict:
        """For `change_patient`."""
        given = self.cleaned_data
        changes = {name: given[name] for name in ("name", "sex", "birth_date", "phone") if given[name]}
        return changes | ({"identifiers": self.numbers()} if given["number"] else {})

    def numbers(self) -> list[NumberData]:
        return [NumberData(type=self.cleaned_data["number_type"], value=self.cleaned_data["number"])]
