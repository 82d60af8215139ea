"""The sheet on which a referral is written: plain fields, two tables of rows, the signature.

Nothing is judged here. What was typed goes to the acts as it is, and `show` puts what they refuse beside its field;
so nothing typed is ever lost.
"""

import re
from dataclasses import dataclass

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from records.codes import Covers, GivenBy, InsuranceKind, Method, Sex
from records.models import ConsentText
from referrals import codes
from referrals.content import CODED, DATES, MOMENTS, TEXTS, VITALS
from referrals.forms.blanks import PaperForm
from referrals.forms.lines import Column, DiagnosisLines, MedicationLines
from referrals.signs import SIGNS
from toolkit.refusals import Refused
from toolkit.words import listed

SEVERAL = ("priority", "signs", "declined_indications")
SEPARATORS = re.compile(r"[、，,；;\n]+")
NONE_CHOSEN = ("", "——")


SIGNED_BY = {
    GivenBy.SELF.value: GivenBy.SELF.label,
    GivenBy.GUARDIAN.value: GivenBy.GUARDIAN.label,
    GivenBy.AGENT.value: GivenBy.AGENT.label,
    GivenBy.INSTITUTION.value: _("紧急批准"),
}


class Picked(forms.ChoiceField):
    """One of the list; whether it may be that one is for the act to say."""

    def valid_value(self, value):
        return True


class Several(forms.MultipleChoiceField):
    def valid_value(self, value):
        return True


def line(label, *, numeric=False, **attrs):
    if numeric:
        attrs["inputmode"] = "decimal"
    return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs={"autocomplete": "off", **attrs}))


def text(label, rows, **attrs):
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": rows, **attrs}))


def _day(label):
    return forms.CharField(label=label, required=False, widget=forms.DateInput(format="%Y-%m-%d"))


def moment(label):
    wrong = {"invalid": _("不是有效时间，应写作 2026-03-31 09:30。")}
    return forms.DateTimeField(label=label, required=False, error_messages=wrong)


def _pick(label, code_list, *, empty=False):
    return Picked(label=label, required=False, choices=[*([NONE_CHOSEN] if empty else []), *code_list.items()])


class ContentForm(forms.Form):
    """The plain fields. `vitals_…` and `insurance_…` are the parts of those two."""

    use_required_attribute = False

    green_channel = Picked(
        label=_("转诊类型"), required=False, choices=[("", _("普通转诊")), *codes.GREEN_CHANNELS.items()],
        widget=forms.RadioSelect,
    )  # fmt: skip
    kind = _pick(_("就诊方式"), codes.KINDS)
    urgency = _pick(_("紧急程度"), codes.URGENCIES)
    reason = _pick(_("转诊原因"), codes.REFERRAL_REASONS, empty=True)
    purpose = line(_("转诊目的"), list="purposes")
    history = text(_("主要现病史（转出原因）"), 3)
    past_history = text(_("主要既往史"), 1)
    allergies = line(_("过敏史"), placeholder=_("无，或用“、”分开"))
    treatment = text(_("治疗经过"), 2)
    plan = text(_("下一步治疗方案及康复建议"), 3)
    follow_up_on = _day(_("随访日期"))
    preferred_from = _day(_("希望就诊日期，从"))
    preferred_to = _day(_("到"))
    caller_phone = line(_("回拨电话"), inputmode="tel")
    onset_at = moment(_("发病时间"))
    called_at = moment(_("呼救（来电）时间"))
    priority = Several(
        label=_("优先照顾"), required=False, choices=list(codes.PRIORITIES.items()), widget=forms.CheckboxSelectMultiple
    )
    signs = Several(
        label=_("体征和情形"), required=False, choices=list(SIGNS.items()), widget=forms.CheckboxSelectMultiple
    )
    declined_indications = Several(label=_("不适用的指征"), required=False)
    vitals_systolic = line(_("收缩压"), numeric=True)
    vitals_diastolic = line(_("舒张压"), numeric=True)
    vitals_heart_rate = line(_("心率"), numeric=True)
    vitals_respiration = line(_("呼吸"), numeric=True)
    vitals_temperature = line(_("体温 ℃"), numeric=True)
    vitals_spo2 = line(_("血氧 %"), numeric=True)
    vitals_glucose = line(_("血糖 mmol/L"), numeric=True)
    vitals_weight = line(_("体重 kg"), numeric=True)
    insurance_kind = Picked(label=_("费别（医保类型）"), required=False, choices=[NONE_CHOSEN, *InsuranceKind.choices])
    insurance_area = line(_("参保地"))
    insurance_certificate_number = line(_("转诊备案号"))
    insurance_valid_from = _day(_("备案有效期，从"))
    insurance_valid_to = _day(_("到"))

    @property
    def vitals(self):
        return [self[f"vitals_{name}"] for name in VITALS]

    def content(self) -> dict:
        """In the shape of `referrals.content`, as typed."""
        given = self.cleaned_data
        found = {name: given[name] for name in (*TEXTS, *CODED, *DATES, *MOMENTS, "caller_phone", *SEVERAL)}
        found["allergies"] = [part.strip() for part in SEPARATORS.split(given["allergies"]) if part.strip()]
        for part in ("vitals", "insurance"):
            start = f"{part}_"
            found[part] = {name.removeprefix(start): value for name, value in given.items() if name.startswith(start)}
        return found

    @staticmethod
    def initial_for(content: dict) -> dict:
        initial = {name: content.get(name) for name in (*TEXTS, *CODED, *DATES, *MOMENTS, "caller_phone", *SEVERAL)}
        initial["allergies"] = listed(content.get("allergies") or [])
        for part in ("vitals", "insurance"):
            initial |= {f"{part}_{name}": value for name, value in (content.get(part) or {}).items()}
        return {name: value for name, value in initial.items() if value not in (None, [])}


class ConsentForm(forms.Form):
    """A signature, a refusal, or in an emergency the approval of the institution. Empty as long as nobody gave it."""

    given_by = Picked(label=_("知情同意"), required=False, choices=list(SIGNED_BY.items()), widget=forms.RadioSelect)
    method = Picked(
        label=_("方式"), required=False, initial=Method.SIGNED_PAPER.value,
        choices=[(m.value, m.label) for m in (Method.SIGNED_PAPER, Method.ELECTRONIC)],
    )  # fmt: skip
    given_at = forms.DateTimeField(label=_("时间"), required=False, help_text=_("留空即现在"))
    giver_name = line(_("签字人姓名"))
    giver_relation = line(_("与患者关系"))
    own_income = forms.BooleanField(label=_("已满 16 周岁，以自己的劳动收入为主要生活来源，可本人同意"), required=False)
    approved_by = line(_("批准人姓名"))
    approved_title = line(_("批准人职务"), placeholder=_("如：院长、总值班"))
    covers = Several(label=_("同意范围"), required=False, widget=forms.CheckboxSelectMultiple)
    refused = forms.BooleanField(label=_("患方不同意转诊（可打印拒绝转诊告知书）"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="consent", **kwargs)
        text = ConsentText.objects.current()
        offered = text.covers if text else Covers.values
        self.fields["covers"].choices = [(value, Covers(value).label) for value in offered]
        self.fields["covers"].initial = offered

    def facts(self) -> dict | None:
        """For `give_consent`, or None while nobody has been chosen."""
        given = dict(self.cleaned_data)
        if not given["given_by"]:
            return None
        if given["given_by"] == GivenBy.INSTITUTION:
            given["method"] = Method.EMERGENCY.value
        return given


class UnknownForm(forms.Form):
    """无名氏, in one go: what one sees without asking anybody."""

    sex = Picked(
        label=_("性别"), required=False, choices=[("1", Sex.MALE.label), ("2", Sex.FEMALE.label), ("0", _("不详"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    age = line(_("估计年龄"), numeric=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="unknown", **kwargs)

    @property
    def given(self) -> bool:
        return bool(self.cleaned_data.get("sex") or self.cleaned_data.get("age"))


class ImpressionLines(DiagnosisLines):
    """The first thing asked of the illness, so it carries the name of the whole."""

    columns = (Column("text", _("初步印象（诊断）"), limit=200, wide=True), *DiagnosisLines.columns[1:])


class Sheet:
    """All parts of the page's form. `data` is the POST that was sent; else `content` is what stands there.

    `blank` is the paper the referral was written on, `number` that of the paper it is to be entered from.
    """

    def __init__(self, *, data=None, content=None, blank=None, number=""):
        content = content or {}
        self.paper = PaperForm(data, blank=blank, number=number)
        self.form = ContentForm(data, initial=ContentForm.initial_for(content))
        self.consent = ConsentForm(data)
        self.unknown = UnknownForm(data)
        self.diagnoses = ImpressionLines("diagnoses", _("初步印象"), data=data, initial=content.get("diagnoses") or [])
        self.medications = MedicationLines(
            "medications", _("用药"), data=data, initial=content.get("medications") or []
        )
        self.general, self.patient_errors, self.wrong_ends = [], [], {}

    def read(self) -> None:
        """Raise `Refused` where a part cannot even be read (a character no text may hold, a time that is none)."""
        parts = [form for form in (self.form, self.consent, self.unknown, self.paper) if not form.is_valid()]
        if parts:
            raise Refused(_("请改正下面标出的各项，已填内容没有丢失。"))

    def content(self) -> dict:
        return self.form.content() | {"diagnoses": self.diagnoses.values, "medications": self.medications.values}

    def facts(self) -> dict:
        """What indications ask about, as typed; of a POST also where other parts of it cannot be read."""
        vitals = {name: self.form[f"vitals_{name}"].value() for name in VITALS}
        ticked = {name: self.form[name].value() or [] for name in ("signs", "declined_indications")}
        return {"diagnoses": self.diagnoses.values, "vitals": vitals} | ticked

    def show(self, refusal) -> None:
        """Put every finding at its field; what belongs to none stands above the form."""
        for error in refusal.errors:
            self._place(error.pointer.removeprefix("/consent").strip("/").split("/"), str(error.detail), error.pointer)
        if not refusal.errors:
            self.general.append(str(refusal.detail))

    @cached_property
    def _by_name(self) -> dict:
        names = {name: (self.form, name) for name in self.form.fields}
        names |= {name: (part, name) for part in (self.consent, self.paper) for name in part.fields}
        return names | {
            "": (self.consent, "given_by"),
            "sex": (self.unknown, "sex"),
            "estimated_age": (self.unknown, "age"),
            "birth_date": (self.unknown, "age"),
        }

    def _place(self, path: list[str], detail: str, pointer: str) -> None:
        name, *rest = path
        if name in ("diagnoses", "medications"):
            getattr(self, name).take_error(rest, detail)
        elif name in ("direction", "receiver", "department"):
            self.wrong_ends.setdefault(name, []).append(detail)
        elif name == "patient" or not pointer:
            (self.patient_errors if name == "patient" else self.general).append(detail)
        else:
            whole = f"{name}_{rest[0]}" if name in ("vitals", "insurance") and rest else name
            form, field = self._by_name.get(whole, (None, None))
            if form is None:
                self.general.append(detail)
            elif detail not in form.errors.get(field, []):
                form.add_error(field, detail)

    @property
    def errors(self) -> list["Wrong"]:
        """Everything that is wrong, for the summary above the form; the words themselves stand at their fields."""
        found = [Wrong(words) for words in self.general]
        found += [Wrong(words, _("患者"), "patient") for words in self.patient_errors]
        found += [Wrong(words, ENDS[name], name) for name, several in self.wrong_ends.items() for words in several]
        for lines in (self.diagnoses, self.medications):
            cells = [(cell, error) for row in lines.rows for cell in row.cells for error in cell.errors]
            found += [Wrong(error, lines.label, cell.id, named=True) for cell, error in cells]
            found += [Wrong(error, lines.label, f"lines-{lines.name}") for error in lines.errors]
        for form in (self.form, self.consent, self.unknown, self.paper):
            found += _wrong_in(form) if form.is_bound else []
        return list({wrong.sentence: wrong for wrong in found}.values())


ENDS = {"direction": _("转诊方向"), "receiver": _("转往机构"), "department": _("转往科室")}


@dataclass(frozen=True)
class Wrong:
    """One mistake: `label` and `anchor` of its field, empty where it is of none; `named`: says little without it."""

    words: str
    label: str = ""
    anchor: str = ""
    named: bool = False

    @property
    def sentence(self) -> str:
        return str(_("%(field)s：%(error)s") % {"field": self.label, "error": self.words} if self.named else self.words)


def _wrong_in(form) -> list[Wrong]:
    """In the order of the fields."""
    found = []
    for name in form.fields:
        named = name.partition("_")[0] in ("vitals", "insurance") or name in (*DATES, *MOMENTS)
        anchor = "consent" if name == "given_by" else form[name].auto_id
        found += [Wrong(str(error), form[name].label, anchor, named) for error in form.errors.get(name, [])]
    return found
