"""What is written on a referral, in the order of the national paper form (双向转诊单)."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.codes import Covers, GivenBy, Method
from referrals import codes
from referrals.showing.insurance import deductible_words, insurance_words
from toolkit.words import listed

VITAL_WORDS = {
    "heart_rate": (gettext_lazy("心率"), gettext_lazy("次/分")),
    "respiration": (gettext_lazy("呼吸"), gettext_lazy("次/分")),
    "temperature": (gettext_lazy("体温"), "℃"),
    "spo2": (gettext_lazy("血氧饱和度"), "%"),
    "glucose": (gettext_lazy("血糖"), "mmol/L"),
    "weight": (gettext_lazy("体重"), "kg"),
}


@dataclass(frozen=True)
class Line:
    """One field of the form; `wide` takes the whole row."""

    label: str
    words: str
    wide: bool = True


@dataclass(frozen=True)
class Sheet:
    """The letter: its lines, diagnoses, vital signs and medication rows."""

    diagnoses_label: str
    diagnoses: list[dict]
    before: list[Line]
    vitals: list[tuple[str, str]]
    after: list[Line]
    medications: list[dict]


def sheet_of(referral) -> Sheet:
    down = referral.direction == "down"
    return Sheet(
        diagnoses_label=_("诊断结果") if down else _("初步印象"),
        diagnoses=referral.diagnoses,
        before=_kept(
            Line(_("转诊原因"), referral.get_reason_display(), wide=False),
            Line(_("转诊目的"), referral.purpose, wide=False),
            Line(_("主要现病史"), referral.history),
            Line(_("主要既往史"), referral.past_history),
            Line(_("过敏史"), listed(referral.allergies) or _("未记录")),
        ),
        vitals=vitals_words(referral.vitals),
        after=_kept(
            Line(_("主要检查结果和治疗经过") if down else _("治疗经过"), referral.treatment),
            Line(_("下一步治疗方案及康复建议"), referral.plan),
            Line(_("随访日期"), _day(referral.follow_up_on) if down else "", wide=False),
            Line(_("期望就诊时间"), _window(referral.preferred_from, referral.preferred_to), wide=False),
            Line(_("联系电话"), referral.caller_phone, wide=False),
            Line(_("医保"), insurance_words(referral.insurance), wide=False),
            Line(_("医保说明"), deductible_words(referral), wide=False),
        ),
        medications=medication_rows(referral.medications),
    )


def _kept(*lines: Line) -> list[Line]:
    return [line for line in lines if line.words]


def vitals_words(vitals: dict) -> list[tuple[str, str]]:
    """[(name, reading with unit)], the blood pressure as one."""
    found = []
    if vitals.get("systolic") or vitals.get("diastolic"):
        reading = f"{vitals.get('systolic', '—')}/{vitals.get('diastolic', '—')} mmHg"
        found.append((_("血压"), reading))
    found += [(str(label), f"{vitals[key]} {unit}") for key, (label, unit) in VITAL_WORDS.items() if key in vitals]
    return found


def medication_rows(medications: list) -> list[dict]:
    """Rows of the medication table, the declared supply in words."""
    return [row | {"supply_words": str(codes.SUPPLIES.get(row.get("supply"), ""))} for row in medications]


def consent_words(consent) -> str:
    """Who agreed to what, how and when; or that nobody has."""
    if consent is None:
        return ""
    if consent.refused:
        return _("已拒绝（%(at)s）") % {"at": date_format(timezone.localtime(consent.given_at), "Y-m-d H:i")}
    said = {
        "by": GivenBy(consent.given_by).label,
        "method": Method(consent.method).label,
        "covers": listed(str(Covers(each).label) for each in consent.covers if each in Covers.values),
    }
    words = _("%(by)s同意%(covers)s（%(method)s）") % said
    if consent.method == "emergency":
        words += " " + _("批准人：%(name)s %(title)s") % {"name": consent.approved_by, "title": consent.approved_title}
    return words if consent.in_force else words + " " + _("已撤回")


def _day(day: date | None) -> str:
    return date_format(day, "Y-m-d") if day else ""


def _window(first: date | None, last: date | None) -> str:
    return "—".join(_day(day) for day in (first, last) if day)
