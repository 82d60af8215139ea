"""The village doctor's sheet: who, what is wrong, how urgent, the patient agrees, a photograph. No codes.

What stands on no field of it is proposed. As on the other sheet nothing is judged here, and nothing typed is lost.
"""

from django import forms
from django.utils.translation import gettext_lazy as _

from records.codes import GivenBy
from referrals import codes
from referrals.content import MOMENTS
from referrals.forms.writing import ConsentForm, Picked, UnknownForm, Wrong, line, moment, text
from toolkit.refusals import Refused

URGENCIES = {"routine": _("不急"), "urgent": _("今天要看"), "emergency": _("危急")}
AGREED_BY = {
    GivenBy.SELF.value: _("本人同意"),
    GivenBy.GUARDIAN.value: _("监护人同意"),
    GivenBy.AGENT.value: _("受托家属同意"),
}
PROPOSED = {
    False: {"kind": "outpatient", "reason": "beyond_capability"},
    True: {"kind": "emergency", "reason": "critical"},
}
"""By whether it is an emergency; a doctor who knows better says so on the full form."""

PURPOSE = _("请进一步诊治")
FIXED_ONCE_SENT = ("urgency", "kind", "green_channel")


class VillageForm(forms.Form):
    use_required_attribute = False

    urgency = Picked(
        label=_("急不急"), required=False, choices=list(URGENCIES.items()), initial="routine", widget=forms.RadioSelect
    )
    green_channel = Picked(
        label=_("哪一种危急"), required=False, choices=list(codes.GREEN_CHANNELS.items()), widget=forms.RadioSelect
    )
    history = text(_("怎么不好、多久了"), 3)
    impression = line(_("您看像什么病"))
    caller_phone = line(_("回拨您的电话"), inputmode="tel")
    onset_at = moment(_("发病时间"))
    called_at = moment(_("呼救（来电）时间"))
    photo = forms.FileField(
        label=_("拍照（化验单、心电图、伤处）"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment"}),
    )


class VillageConsent(ConsentForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["given_by"].choices = list(AGREED_BY.items())
        for name in ("method", "given_at", "approved_by", "approved_title", "covers", "refused"):
            del self.fields[name]

    def facts(self) -> dict | None:
        given = self.cleaned_data
        return dict(given) if given["given_by"] else None


class VillageSheet:
    """All parts of the page's form. `data` and `files` are what was sent; else what stands in `referral`."""

    def __init__(self, *, data=None, files=None, referral=None, phone=""):
        self.referral = referral
        self.form = VillageForm(data, files, initial=_initial(referral) | ({"caller_phone": phone} if phone else {}))
        self.consent = VillageConsent(data)
        self.unknown = UnknownForm(data)
        self.general, self.patient_errors, self.receiver_errors = [], [], []

    @property
    def green(self) -> bool:
        return self.form["urgency"].value() == "emergency"

    @property
    def photo(self):
        return self.form.cleaned_data.get("photo")

    def read(self) -> None:
        """Raise `Refused` where a part cannot even be read (a character no text may hold)."""
        if [form for form in (self.form, self.consent, self.unknown) if not form.is_valid()]:
            raise Refused(_("请改正下面标出的各项，已填内容没有丢失。"))

    def content(self) -> dict:
        """In the shape of `referrals.content`: what was typed, and what is proposed where nothing stands yet."""
        given, mine = self.form.cleaned_data, self.referral
        found = {name: given[name] for name in ("history", "urgency", "caller_phone", *MOMENTS)}
        found["green_channel"] = given["green_channel"] if self.green else ""
        if _impression_of(mine) != given["impression"].strip():
            found["diagnoses"] = [{"text": given["impression"], "primary": True}] if given["impression"] else []
        for name, value in (PROPOSED[self.green] | {"purpose": str(PURPOSE)}).items():
            if mine is None or getattr(mine, name) in ("", PROPOSED[not self.green].get(name)):
                found[name] = value
        if mine is not None and mine.submitted_at:
            found = {name: value for name, value in found.items() if name not in FIXED_ONCE_SENT}
        return found

    def show(self, refusal) -> None:
        """Put every finding at its field; what belongs to none stands above the form."""
        for error in refusal.errors:
            path = error.pointer.removeprefix("/consent").strip("/").split("/")
            self._place(path[0], str(error.detail), error.pointer)
        if not refusal.errors:
            self.general.append(str(refusal.detail))

    def _place(self, name: str, detail: str, pointer: str) -> None:
        name = PLACES.get(name, name)
        if name == "patient":
            self.patient_errors.append(detail)
        elif name == "receiver":
            self.receiver_errors.append(detail)
        elif pointer.startswith("/consent") and name not in self.consent.fields:
            self.consent.add_error("given_by", detail)
        else:
            parts = (self.form, self.consent, self.unknown)
            form = next((part for part in parts if name in part.fields), None)
            if form is None or not pointer:
                self.general.append(detail)
            elif detail not in form.errors.get(name, []):
                form.add_error(name, detail)

    @property
    def errors(self) -> list[Wrong]:
        """Everything that is wrong, for the summary above the form, each with the way to its field."""
        found = [Wrong(words) for words in self.general]
        found += [Wrong(words, _("患者"), "patient") for words in self.patient_errors]
        found += [Wrong(words, _("转到哪里"), "village-destination") for words in self.receiver_errors]
        for part in (self.form, self.consent, self.unknown):
            for name in part.fields if part.is_bound else ():
                found += [Wrong(str(each), part[name].label, _anchor(part, name)) for each in part.errors.get(name, [])]
        return found


PLACES = {
    "diagnoses": "impression", "purpose": "history", "direction": "receiver", "department": "receiver",
    "file": "photo", "estimated_age": "age", "birth_date": "age",
}  # fmt: skip
"""Where a finding is shown that is about something not on this sheet."""


def _anchor(form, name: str) -> str:
    return {"given_by": "consent", "urgency": "urgency", "green_channel": "green"}.get(name) or form[name].auto_id


def _initial(referral) -> dict:
    if referral is None:
        return {}
    kept = ("history", "urgency", "green_channel", "caller_phone", *MOMENTS)
    return {name: getattr(referral, name) for name in kept} | {"impression": _impression_of(referral)}


def _impression_of(referral) -> str:
    rows = referral.diagnoses if referral else []
    return next((row["text"] for row in rows if row["primary"]), "")
