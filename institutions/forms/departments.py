from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from institutions import checks
from institutions.specialties import SPECIALTIES
from toolkit.pages.forms import ActForm


def _specialties():
    return [("", _("请选择")), *SPECIALTIES.items()]


class DepartmentForm(ActForm):
    """A department as it is changed; `version` is the one shown."""

    checks = {"phone": checks.phone}

    name = forms.CharField(label=_("科室名称"), max_length=50)
    specialty = forms.ChoiceField(
        label=_("诊疗科目"), choices=lazy(_specialties, list), help_text=_("转诊按诊疗科目找到科室，请选最接近的一项。")
    )
    phone = forms.CharField(
        label=_("科室电话"), max_length=30, required=False, help_text=_("对方医生联系不上值班人员时拨打。")
    )
    takes_referrals = forms.BooleanField(label=_("接收转诊"), required=False, initial=True)
    active = forms.BooleanField(
        label=_("启用"), required=False, initial=True, help_text=_("停用后不再出现在任何选择里，历史转诊不受影响。")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @classmethod
    def filled(cls, department, data=None):
        names = ("name", "specialty", "phone", "takes_referrals", "active", "version")
        return cls(data, initial={name: getattr(department, name) for name in names})


class NewDepartmentForm(DepartmentForm):
    """A department as it is added."""

    checks = DepartmentForm.checks | {"code": checks.code}

    code = forms.CharField(
        label=_("科室代码"),
        max_length=50,
        help_text=_("小写字母、数字和连字符，例如 cardiology；与医院信息系统对接时使用，建立后不能修改。"),
    )
    active = version = None
    field_order = ("name", "code", "specialty", "phone", "takes_referrals")


class OpeningForm(ActForm):
    """Open or close a department for referrals with one click."""

    takes_referrals = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1")
    version = forms.IntegerField(min_value=0)
