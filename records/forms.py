"""Registering a patient at the desk, on one screen."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.codes import IdentifierType, InsuranceKind, Owner, Sex
from records.data import NumberData, PatientData
from toolkit.refusals import Refusal

_PLACES = {
    "/name": "name",
    "/sex": "sex",
    "/birth_date": "birth_date",
    "/estimated_age": "estimated_age",
    "/phone": "phone",
    "/address": "address",
    "/insurance_kind": "insurance_kind",
    "/next_of_kin/name": "kin_name",
    "/next_of_kin/relation": "kin_relation",
    "/next_of_kin/phone": "kin_phone",
    "/identifiers": "number",
    "/identifiers/0/type": "number_type",
    "/identifiers/0/value": "number",
    "/identifiers/0/owner": "number_owner",
}


_SAID_ON_PAGES = {"unknown_sex": _("请选择性别。")}
"""Where the act speaks of codes, a page speaks of what stands in its list."""


class PatientForm(forms.Form):
    """The fields of one registration with one number. `patient_data()` is what the act takes.

    Only the shape is checked here; the act says what is wrong, and `show(refusal)` puts it beside the field.
    """

    number_type = forms.ChoiceField(
        label=_("证件类型"), choices=IdentifierType.choices, initial=IdentifierType.RESIDENT_ID, required=False
    )
    number = forms.CharField(label=_("证件号码"), max_length=60, required=False)
    number_owner = forms.ChoiceField(label=_("号码归属"), choices=Owner.choices, initial=Owner.SELF, required=False)
    name = forms.CharField(label=_("姓名"), max_length=50, required=False)
    sex = forms.ChoiceField(label=_("性别"), choices=[("", "——"), *Sex.choices], required=False)
    birth_date = forms.DateField(
        label=_("出生日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    unknown = forms.BooleanField(label=_("无名氏（身份不明）"), required=False)
    estimated_age = forms.IntegerField(label=_("估计年龄"), required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    address = forms.CharField(label=_("住址"), max_length=200, required=False)
    kin_name = forms.CharField(label=_("联系人姓名"), max_length=50, required=False)
    kin_relation = forms.CharField(label=_("与患者关系"), max_length=30, required=False)
    kin_phone = forms.CharField(label=_("联系人电话"), max_length=30, required=False)
    insurance_kind = forms.ChoiceField(
        label=_("医保类型"), choices=[("", "——"), *InsuranceKind.choices], required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["birth_date"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.fields["number"].widget.attrs["autocomplete"] = "off"

    def patient_data(self) -> PatientData:
        """What was entered, after `is_valid()`."""
        given = self.cleaned_data
        same = ("name", "sex", "birth_date", "phone", "address", "insurance_kind", "unknown", "estimated_age")
        return PatientData(**{name: given[name] for name in same}, identifiers=self._numbers(), next_of_kin=self._kin())

    def changes(self) -> dict:
        """For `change_patient`: the fields that were altered, in the act's names."""
        data, names = self.patient_data(), set()
        for name in self.changed_data:
            if name.startswith("kin_"):
                names.add("next_of_kin")
            elif name.startswith("number"):
                names.add("identifiers")
            else:
                names.add(name)
        return {name: getattr(data, name) for name in sorted(names)}

    def show(self, refusal: Refusal) -> None:
        """Put the act's findings beside the fields they are about, the rest above the form."""
        for error in refusal.errors:
            self.add_error(_PLACES.get(error.pointer), str(_SAID_ON_PAGES.get(error.code, error.detail)))
        if not refusal.errors:
            self.add_error(None, str(refusal.detail))

    @staticmethod
    def initial_for(patient) -> dict:
        """The registration as initial values. Full values: only for a page that has opened the record."""
        kin = patient.next_of_kin or {}
        same = ("name", "sex", "birth_date", "phone", "address", "insurance_kind", "unknown", "estimated_age")
        given = {name: getattr(patient, name) for name in same}
        return given | {f"kin_{key}": kin.get(key, "") for key in ("name", "relation", "phone")}

    def _numbers(self) -> list[NumberData]:
        given = self.cleaned_data
        if not given["number"]:
            return []
        type = given["number_type"] or IdentifierType.RESIDENT_ID.value
        return [NumberData(type=type, value=given["number"], owner=given["number_owner"] or Owner.SELF.value)]

    def _kin(self) -> dict | None:
        kin = {key: self.cleaned_data[f"kin_{key}"] for key in ("name", "relation", "phone")}
        return kin if any(kin.values()) else None
