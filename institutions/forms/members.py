from django import forms
from django.utils.translation import gettext_lazy as _

from institutions import checks
from institutions.models import Consortium, Institution, Member
from toolkit.pages.forms import ActForm, AskedForm


class MembersAskedForm(AskedForm):
    """What the list of members is asked for."""

    q = forms.CharField(label=_("机构"), max_length=60)
    show = forms.ChoiceField(label=_("状态"), choices=[("", _("现有成员")), ("former", _("已退出"))])


class MemberForm(ActForm):
    """How an institution belongs to a consortium."""

    role = forms.ChoiceField(label=_("角色"), choices=Member.Role.choices)
    closeness = forms.ChoiceField(label=_("紧密程度"), choices=Member.Closeness.choices)
    agreement = forms.CharField(label=_("协议文号"), max_length=100, required=False)


class AdmitForm(MemberForm):
    """Admit an institution that is on the platform already, by its code and name."""

    code = forms.CharField(label=_("机构代码"), max_length=50, help_text=_("向对方机构询问，例如 county-hospital。"))
    name = forms.CharField(label=_("机构名称"), max_length=100, help_text=_("用来核对，须与对方登记的全称或简称一致。"))
    joined_on = forms.DateField(label=_("加入日期"))
    left_on = forms.DateField(
        label=_("协议到期日"), required=False, help_text=_("到这一天不再是成员；长期有效时留空。")
    )
    field_order = ("code", "name", "role", "closeness", "joined_on", "left_on", "agreement")

    def clean(self):
        """Both must fit: whoever only guesses a code learns nothing."""
        data = super().clean()
        code, name = data.get("code", "").strip().lower(), data.get("name", "").strip()
        found = Institution.objects.filter(code=code, active=True).first() if code and name else None
        if code and name and (found is None or name not in (found.name, found.short_name)):
            self.add_error("code", _("没有代码和名称都相符的机构，请核对；平台上没有的机构请用“新增机构”。"))
        return data | {"institution": found}


class EndForm(ActForm):
    """The day from which an institution is no longer a member."""

    left_on = forms.DateField(label=_("退出日期"), help_text=_("从这一天起不再是成员，按等级生成的转诊关系随之停用。"))


class ConsortiumForm(ActForm):
    """What is known of a consortium."""

    checks = {"office_phone": checks.phone}

    name = forms.CharField(label=_("医联体名称"), max_length=100)
    kind = forms.ChoiceField(label=_("类型"), choices=Consortium.Kind.choices)
    office_phone = forms.CharField(
        label=_("医联体办公室电话"), max_length=30, required=False, help_text=_("转诊逐级提醒到最后一级时显示给双方。")
    )
    deductible_up = forms.BooleanField(
        label=_("上转单印“起付线连续计算，以参保地政策为准”"),
        required=False,
        help_text=_("只印在同一疾病连续住院的转诊单上；请先与当地医保部门确认。"),
    )
    deductible_down = forms.BooleanField(
        label=_("下转单印“起付线连续计算，以参保地政策为准”"),
        required=False,
        help_text=_("同上，用于转回基层继续住院或康复。"),
    )

    @classmethod
    def filled(cls, consortium, data=None):
        return cls(data, initial={name: getattr(consortium, name) for name in cls.base_fields})
