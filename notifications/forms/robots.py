from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.models import Department
from notifications.models import Robot
from notifications.robots import LONGEST_ADDRESS
from toolkit.pages.forms import ActForm

UNCHANGED = _("已保存，不再显示；留空则不改。")


class QuietFields(forms.Form):
    """From when to when what does not press waits."""

    quiet_from = forms.TimeField(
        label=_("免打扰开始"), required=False, help_text=_("例如 22:00；此时段内只发紧急事项。")
    )
    quiet_to = forms.TimeField(label=_("免打扰结束"), required=False, help_text=_("例如 07:00；其余通知等到这时再发。"))


class RobotForm(QuietFields, ActForm):
    """A group robot of a house; `institution` limits the departments."""

    name = forms.CharField(label=_("名称"), max_length=30, help_text=_("例如“服务台群”，只在本页和发送记录里显示。"))
    kind = forms.ChoiceField(label=_("类型"), choices=Robot.Kind.choices, widget=forms.RadioSelect)
    department = forms.ModelChoiceField(
        label=_("科室"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("全机构"),
        help_text=_("选科室则只接收通知该科室的事项；全机构接收通知服务台、各科室和总值班的事项。"),
    )
    address = forms.CharField(
        label=_("Webhook 地址"),
        max_length=LONGEST_ADDRESS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
        help_text=_("在群里添加机器人后得到。知道地址的人都能往群里发消息，请勿外传；保存后只显示末尾几位。"),
    )
    secret = forms.CharField(
        label=_("加签密钥"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("钉钉机器人“安全设置”选“加签”时给出，以 SEC 开头；企业微信不用填。"),
    )
    field_order = ("name", "kind", "address", "secret", "department", "quiet_from", "quiet_to")

    def __init__(self, *args, institution, **kwargs):
        super().__init__(*args, **kwargs)
        stands = self.initial.get("department")
        open_ones = Q(active=True) | Q(pk=stands.pk if stands else None)
        departments = Department.objects.filter(open_ones, institution=institution).order_by("code")
        self.fields["department"].queryset = departments
        self.fields["department"].label_from_instance = lambda department: department.name


class ChangeRobotForm(RobotForm):
    """What is left empty of address and secret stays as it is."""

    kind = None

    @classmethod
    def filled(cls, robot, data=None):
        names = ("name", "department", "quiet_from", "quiet_to")
        form = cls(data, institution=robot.institution, initial={name: getattr(robot, name) for name in names})
        if robot.kind != Robot.Kind.DINGTALK:
            del form.fields["secret"]
        for name in form.fields.keys() & {"address", "secret"}:
            form.fields[name].required = False
            if getattr(robot, name):
                form.fields[name].help_text = UNCHANGED
        return form
