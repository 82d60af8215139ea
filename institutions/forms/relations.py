from django import forms
from django.utils.translation import gettext_lazy as _

from institutions.models import Institution, Relation
from toolkit.pages.forms import ActForm, AskedForm


class HouseChoice(forms.ModelChoiceField):
    """An institution, by its code."""

    def __init__(self, **kwargs):
        super().__init__(queryset=Institution.objects.none(), to_field_name="code", **kwargs)

    def label_from_instance(self, obj):
        return obj.label


class RelationsAskedForm(AskedForm):
    """What the list of relations is asked for."""

    sender = forms.ChoiceField(label=_("转出机构"))
    receiver = forms.ChoiceField(label=_("转入机构"))
    direction = forms.ChoiceField(label=_("方向"), choices=[("", _("全部")), *Relation.Direction.choices])
    show = forms.ChoiceField(
        label=_("状态"), choices=[("", _("启用")), ("manual", _("手工设置的例外")), ("ended", _("已停用"))]
    )

    def __init__(self, *args, houses, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("sender", "receiver"):
            self.fields[name].choices = [("", _("全部")), *((each.code, each.label) for each in houses)]


class TravelForm(ActForm):
    """How long the road takes."""

    pointers = {"/travel_minutes": "minutes"}

    minutes = forms.IntegerField(
        label=_("路程（分钟）"),
        required=False,
        min_value=1,
        max_value=1440,
        help_text=_("救护车通常用时；转运超过它的 1.5 倍平台会提醒。不清楚时留空。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class RelationForm(ActForm):
    """An exception by hand."""

    active = forms.TypedChoiceField(
        label=_("这条关系"),
        choices=[("1", _("允许转诊")), ("0", _("不允许转诊"))],
        coerce=lambda value: value == "1",
        initial="1",
        widget=forms.RadioSelect,
    )
    sender = HouseChoice(label=_("转出机构"), empty_label=_("请选择"))
    direction = forms.ChoiceField(
        label=_("方向"),
        choices=[("", _("请选择")), *Relation.Direction.choices],
        help_text=_("转往医联体以外的医院用“外转”。"),
    )
    receiver = HouseChoice(label=_("转入机构"), empty_label=_("请选择"), required=False)
    outside_code = forms.CharField(
        label=_("医联体外的转入机构代码"),
        max_length=50,
        required=False,
        help_text=_("只在外转且上面选不到时填写，例如 city-second。"),
    )
    travel_minutes = forms.IntegerField(label=_("路程（分钟）"), required=False, min_value=1, max_value=1440)

    def __init__(self, *args, houses, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("sender", "receiver"):
            self.fields[name].queryset = houses

    def clean(self):
        """One receiver: chosen, or for a referral out of the consortium named by its code."""
        data = super().clean()
        code = data.pop("outside_code", "").strip().lower()
        if code and data.get("receiver"):
            self.add_error("outside_code", _("转入机构请只填一处：从列表选择，或填写代码。"))
        elif code:
            data["receiver"] = Institution.objects.filter(code=code, active=True).first()
            if data["receiver"] is None:
                self.add_error("outside_code", _("平台上没有代码为 %(code)s 的机构。") % {"code": code})
        elif not data.get("receiver") and "receiver" not in self.errors:
            self.add_error("receiver", _("请选择转入机构。"))
        return data
