from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from institutions import checks
from institutions.forms.hours import HoursField
from institutions.levels import TYPES, Level
from institutions.models import Institution, Member
from toolkit.pages.forms import ActForm

NUMBERS = {"credit_code": checks.social_credit_code, "licence_number": checks.licence_number}


def _types():
    return [("", _("请选择")), *TYPES.items()]


class ProfileForm(ActForm):
    """What an institution's own administrator keeps up to date."""

    checks = {"desk_phone": checks.phone, "duty_phone": checks.phone, "opening_hours": checks.opening_hours}

    short_name = forms.CharField(
        label=_("简称"), max_length=30, required=False, help_text=_("列表和消息里使用，留空时用全称。")
    )
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    desk_phone = forms.CharField(
        label=_("双向转诊服务台电话"), max_length=30, required=False, help_text=_("转诊单和进展页上显示给对方。")
    )
    duty_phone = forms.CharField(
        label=_("总值班电话"), max_length=30, required=False, help_text=_("服务台超时未答复时，平台请对方拨打。")
    )
    opening_hours = HoursField(
        label=_("门诊时间"),
        required=False,
        help_text=_("例如 08:00–12:00、14:00–17:30；平诊的答复时限只计这些时间。留空按此例计算。"),
    )
    release_time = forms.TimeField(
        label=_("号源释放时间"), help_text=_("就诊前一日到这个时刻，未用完的转诊预留号放回公共号池。")
    )
    reviews_outgoing = forms.BooleanField(
        label=_("转出前须经院内审核"), required=False, help_text=_("急诊和绿色通道不受影响，直接发出。")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @classmethod
    def filled(cls, institution, data=None):
        return cls(data, initial={name: getattr(institution, name) for name in cls.base_fields})


class FullProfileForm(ProfileForm):
    """The whole, for the administrator of the consortium that looks after the institution."""

    checks = ProfileForm.checks | NUMBERS

    name = forms.CharField(label=_("机构名称"), max_length=100)
    level = forms.ChoiceField(label=_("等级"), choices=Level.choices)
    type = forms.ChoiceField(label=_("机构类别"), choices=lazy(_types, list))
    credit_code = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False)
    licence_number = forms.CharField(label=_("执业许可证登记号"), max_length=22, required=False)
    handles_on = forms.ChoiceField(
        label=_("办理方式"),
        choices=Institution.HandlesOn.choices,
        help_text=_("电话联系的机构，由转出方或医联体办公室代录答复。"),
    )
    active = forms.BooleanField(
        label=_("启用"), required=False, help_text=_("停用后不能登录、不能收发转诊；进行中的转诊请先办结。")
    )
    field_order = (
        "name", "short_name", "level", "type", "credit_code", "licence_number", "address", "desk_phone", "duty_phone",
        "opening_hours", "release_time", "handles_on", "reviews_outgoing", "active",
    )  # fmt: skip


class NewInstitutionForm(ActForm):
    """A house that comes onto the platform as a member."""

    checks = NUMBERS | {"code": checks.code, "desk_phone": checks.phone, "duty_phone": checks.phone}

    code = forms.CharField(
        label=_("机构代码"),
        max_length=50,
        help_text=_("小写字母、数字和连字符，例如 county-hospital；接口和导出使用，建立后不能修改。"),
    )
    name = forms.CharField(label=_("机构名称"), max_length=100, help_text=_("与执业许可证一致的全称。"))
    short_name = forms.CharField(label=_("简称"), max_length=30, required=False)
    level = forms.ChoiceField(
        label=_("等级"), choices=Level.choices, initial=Level.UNRATED, help_text=_("等级和类别决定转诊的方向。")
    )
    type = forms.ChoiceField(label=_("机构类别"), choices=lazy(_types, list))
    handles_on = forms.ChoiceField(
        label=_("办理方式"),
        choices=Institution.HandlesOn.choices,
        initial=Institution.HandlesOn.PLATFORM,
        help_text=_("电话联系的机构，由转出方或医联体办公室代录答复。"),
    )
    credit_code = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False)
    licence_number = forms.CharField(label=_("执业许可证登记号"), max_length=22, required=False)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    desk_phone = forms.CharField(label=_("双向转诊服务台电话"), max_length=30, required=False)
    duty_phone = forms.CharField(label=_("总值班电话"), max_length=30, required=False)
    role = forms.ChoiceField(label=_("在医联体中的角色"), choices=Member.Role.choices, initial=Member.Role.MEMBER)
    joined_on = forms.DateField(label=_("加入日期"), widget=forms.DateInput)
    agreement = forms.CharField(label=_("协议文号"), max_length=100, required=False)
