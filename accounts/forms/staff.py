from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.checks import phone
from institutions.models import Department
from toolkit.pages.forms import ActForm, AskedForm

from .. import checks
from ..models import User
from ..roles import ROLES
from .roles import RolesField


class StaffAskedForm(AskedForm):
    """What the list of people is asked for."""

    q = forms.CharField(label=_("查找"), max_length=60)
    role = forms.ChoiceField(label=_("角色"), choices=[("", _("全部")), *((code, r.name) for code, r in ROLES.items())])
    show = forms.ChoiceField(label=_("状态"), choices=[("", _("在职")), ("ended", _("已离职"))])


class JobForm(ActForm):
    """A job at an institution: `institution` limits the departments, `actor` the roles he may give."""

    pointers = {"/phone": "work_phone"}
    checks = {"staff_number": checks.staff_number, "work_phone": phone}

    roles = RolesField(label=_("角色"))
    department = forms.ModelChoiceField(
        label=_("科室"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("不限科室（全院）"),
        help_text=_("医生请选科室；服务台和管理员一般不限科室。"),
    )
    staff_number = forms.CharField(
        label=_("工号"), max_length=32, required=False, help_text=_("接口以工号指明操作的医生。")
    )
    title = forms.CharField(label=_("职务或职称"), max_length=60, required=False)
    work_phone = forms.CharField(
        label=_("工作电话"), max_length=30, required=False, help_text=_("值班时显示给对方；留空时用手机号。")
    )

    def __init__(self, *args, institution, actor, held=(), **kwargs):
        super().__init__(*args, **kwargs)
        stands = self.initial.get("department")
        open_ones = Q(active=True) | Q(pk=stands.pk if stands else None)
        departments = Department.objects.filter(open_ones, institution=institution).order_by("code")
        self.fields["department"].queryset = departments
        self.fields["department"].label_from_instance = lambda department: department.name
        self.fields["roles"].bound_to(actor, held)

    @property
    def role_options(self):
        chosen = self["roles"].value() or []
        return self.fields["roles"].options(chosen)

    @property
    def job(self) -> dict:
        """The fields as the acts call them."""
        names = ("roles", "department", "staff_number", "title")
        return {name: self.cleaned_data[name] for name in names} | {"phone": self.cleaned_data["work_phone"]}


class ChangeJobForm(JobForm):
    """A job as it is changed; `version` is the one shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @classmethod
    def filled(cls, membership, *, actor, data=None):
        initial = {name: getattr(membership, name) for name in ("staff_number", "title", "version", "department")}
        initial |= {"roles": membership.roles, "work_phone": membership.phone}
        return cls(data, initial=initial, institution=membership.institution, actor=actor, held=membership.roles)


class HireForm(JobForm):
    """Somebody new: account and first job."""

    pointers = {
        "/person/username": "username", "/person/name": "name", "/person/phone": "phone", "/person/email": "email",
        "/job/roles": "roles", "/job/department": "department", "/job/staff_number": "staff_number",
        "/job/title": "title", "/job/phone": "work_phone",
    }  # fmt: skip
    checks = JobForm.checks | {"username": checks.username, "phone": phone, "email": checks.email}

    name = forms.CharField(label=_("姓名"), max_length=60)
    username = forms.CharField(
        label=_("用户名"),
        max_length=64,
        help_text=_("登录时用，小写字母、数字或 . _ @ -，例如姓名拼音；建立后不能修改。"),
    )
    phone = forms.CharField(label=_("手机"), max_length=30, required=False)
    email = forms.CharField(
        label=_("电子邮箱"), max_length=254, required=False, help_text=_("填写后，重要通知同时发到邮箱。")
    )
    field_order = ("name", "username", "phone", "email", "title", "staff_number", "department", "work_phone", "roles")

    @property
    def person(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("username", "name", "phone", "email")}


class JoinForm(JobForm):
    """Somebody who works elsewhere and has an account already; user name and name must fit together."""

    username = forms.CharField(label=_("用户名"), max_length=64, help_text=_("请向本人询问他登录平台用的用户名。"))
    name = forms.CharField(label=_("姓名"), max_length=60, help_text=_("用来核对，须与账号登记的一致。"))
    field_order = ("username", "name", "title", "staff_number", "department", "work_phone", "roles")

    def clean(self):
        data = super().clean()
        username, name = data.get("username", ""), data.get("name", "")
        if not username or not name:
            return data
        wanted = User.objects.normalize_username(username)
        self.user = User.objects.filter(username=wanted, name=name, is_active=True).first()
        if self.user is None:
            self.add_error("username", _("没有用户名和姓名都相符的账号，请核对；没有账号的人员请用“新增人员”。"))
        return data


class PersonForm(ActForm):
    """Who somebody is, at every house he works for."""

    checks = {"phone": phone, "email": checks.email}

    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(label=_("手机"), max_length=30, required=False)
    email = forms.CharField(label=_("电子邮箱"), max_length=254, required=False)

    @classmethod
    def filled(cls, user, data=None):
        return cls(data, initial={name: getattr(user, name) for name in cls.base_fields})


class LeaveForm(ActForm):
    """The day from which somebody no longer works here."""

    pointers = {"/ended_on": "on"}

    on = forms.DateField(label=_("离职日期"), help_text=_("从这一天起不能再以本机构身份登录，之后的值班自动取消。"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
