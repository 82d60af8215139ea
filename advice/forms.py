"""The forms of inquiries: the question, the answer, one word. The acts judge; nothing typed is lost."""

from django import forms
from django.utils.translation import gettext_lazy as _

from advice import codes
from advice.content import LONGEST_WORD, SEXES, TEXTS
from referrals import codes as referral_codes
from referrals.forms.writing import ConsentForm, Picked
from toolkit.pages.forms import ActForm

NAMED, NAMELESS = "patient", "nobody"


def _text(label, rows, most, *, required=False, help_text="", **attrs):
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows, "maxlength": most, **attrs}),
        error_messages={"required": _("此项必填。")},
    )


class QuestionForm(ActForm):
    """What is asked, of whom and about whom. `department` is "house code/department code"."""

    use_required_attribute = False
    pointers = {"/receiver": "department", "/patient": "about"}

    about = forms.ChoiceField(
        label=_("患者"),
        choices=[(NAMED, _("写明患者（须其同意）")), (NAMELESS, _("不具名，只写年龄性别"))],
        widget=forms.RadioSelect,
    )
    age = forms.CharField(
        label=_("年龄（岁）"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 3, "autocomplete": "off"}),
    )
    sex = Picked(label=_("性别"), required=False, choices=list(SEXES.items()), widget=forms.RadioSelect)
    department = Picked(label=_("咨询科室"), required=False)
    urgency = Picked(
        label=_("答复要求"),
        required=False,
        initial="routine",
        choices=codes.choices(codes.URGENCIES),
        widget=forms.RadioSelect,
    )
    question = _text(_("要咨询的问题"), 4, TEXTS["question"], required=True)
    done = _text(_("已做的处理"), 2, TEXTS["done"])
    vitals = _text(_("生命体征"), 1, TEXTS["vitals"])
    medications = _text(_("用药"), 1, TEXTS["medications"])

    def __init__(self, *args, departments=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [("", _("请选择科室")), *departments]

    @property
    def nameless(self) -> bool:
        return self["about"].value() == NAMELESS

    def content(self) -> dict:
        """The fields of `advice.content`; of somebody named neither age nor sex."""
        given = self.cleaned_data
        names = (*TEXTS, "urgency", *(("age", "sex") if self.nameless else ()))
        return {name: given[name] for name in names}

    def add_refusal(self, refusal) -> None:
        """What is wrong with the signature stands at the signature."""
        self.signature_errors = [str(error.detail) for error in refusal.errors if error.pointer.startswith("/consent")]
        super().add_refusal(refusal)

    def _field_of(self, pointer):
        return None if pointer.startswith("/consent") else super()._field_of(pointer)


class SignatureForm(ConsentForm):
    """The same signature as a referral's; nobody approves it in the patient's place."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["given_by"].choices = [each for each in self.fields["given_by"].choices if each[0] != "institution"]

    def facts(self) -> dict | None:
        facts = super().facts()
        return facts and {name: value for name, value in facts.items() if name != "refused"}


class AnswerForm(ActForm):
    use_required_attribute = False

    outcome = forms.ChoiceField(
        label=_("结论"),
        choices=codes.choices(codes.OUTCOMES),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择结论。")},
    )
    kind = Picked(label=_("就诊方式"), required=False, initial="outpatient", choices=list(referral_codes.KINDS.items()))
    urgency = Picked(
        label=_("紧急程度"), required=False, initial="routine", choices=list(referral_codes.URGENCIES.items())
    )
    department = Picked(label=_("建议科室"), required=False)
    text = _text(_("答复内容"), 4, LONGEST_WORD, required=True)

    def __init__(self, inquiry, *args, **kwargs):
        super().__init__(*args, auto_id="id_answer_%s", **kwargs)
        rooms = inquiry.receiver.departments.receiving().order_by("name", "pk")
        self.fields["department"].choices = [(room.code, room.name) for room in rooms]
        self.fields["department"].initial = inquiry.department.code

    def facts(self) -> dict:
        given = self.cleaned_data
        if given["outcome"] != "refer":
            return {name: given[name] for name in ("outcome", "text")}
        return given


class WordForm(ActForm):
    """One word of the thread."""

    use_required_attribute = False
    LABELS = {
        "ask_again": (_("追问"), _("还想问什么，或对方要求补充的内容")),
        "add": (_("补充说明"), _("答复前又有新情况，可以写在这里；时限不变")),
        "withdraw": (_("撤回原因"), ""),
        "close": (_("结果（选填）"), ""),
    }

    def __init__(self, verb, *args, **kwargs):
        super().__init__(*args, auto_id=f"id_{verb}_%s", **kwargs)
        label, help_text = self.LABELS[verb]
        self.fields["text"] = _text(label, 2, LONGEST_WORD, required=verb != "close", help_text=help_text)

    def facts(self) -> dict:
        return self.cleaned_data
