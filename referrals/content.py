"""What is written on a referral, cleaned once for forms, REST and late entry.

`clean_content(data)` takes any subset of the content fields and answers plain values ready for
the model, or raises `Refused` with every error at once. Completeness is judged at sending
(`rules.py`): a draft may be half empty.
"""

import re

from django.utils.translation import gettext_lazy as _

from referrals import codes
from referrals.insurance import clean_insurance
from referrals.signs import SIGNS
from referrals.values import code_of, items_of, moment_of, number_of, planned_of, rows_of, text_of, whole_of
from toolkit.refusals import Findings
from toolkit.words import listed

TEXTS = {"purpose": 2000, "history": 8000, "past_history": 4000, "treatment": 8000, "plan": 8000}
CODED = {
    "kind": codes.KINDS,
    "urgency": codes.URGENCIES,
    "green_channel": codes.GREEN_CHANNELS,
    "reason": codes.REFERRAL_REASONS,
}
DATES = ("follow_up_on", "preferred_from", "preferred_to")
MOMENTS = ("onset_at", "called_at")
"""When it began and when help was called: of the green channel alone (`rules.check_times`)."""
OPTIONAL_CODES = {"green_channel", "reason"}

ICD10 = re.compile(r"[A-Z]\d{2}(\.[0-9xX]\d{0,2})?([xX]\d{3})?[+*†]?")
"""ICD-10 国家临床版 2.0 / 医保版 2.0, e.g. I10.x00x002 (domain facts §4.7)."""
PHONE = re.compile(r"[0-9+][0-9 ()-]{2,19}(转[0-9]{1,6})?")

VITALS = {
    "systolic": (30, 320),
    "diastolic": (10, 220),
    "heart_rate": (10, 350),
    "respiration": (2, 120),
    "temperature": (25, 45),
    "spo2": (20, 100),
    "glucose": (0.5, 80),
    "weight": (0.3, 400),
}
"""Vital signs and the range a living patient can show: mmHg, /min, /min, °C, %, mmol/L, kg."""

MEDICATION_TEXTS = {"name": 100, "strength": 60, "dose": 60, "route": 40, "frequency": 60}


def clean_content(data: dict) -> dict:
    """The content fields of `data`, cleaned; unknown keys are left to the caller."""
    findings, found = Findings(), {}
    for name, limit in TEXTS.items():
        if name in data:
            found[name] = text_of(findings, f"/{name}", data[name], limit)
    for name, code_list in CODED.items():
        if name in data:
            found[name] = code_of(findings, f"/{name}", data[name], code_list, empty_ok=name in OPTIONAL_CODES)
    for name in DATES:
        if name in data:
            found[name] = planned_of(findings, f"/{name}", data[name])
    check_wish(findings, found.get("preferred_from"), found.get("preferred_to"))
    for name in MOMENTS:
        if name in data:
            found[name] = moment_of(findings, f"/{name}", data[name])
    check_order(findings, found.get("onset_at"), found.get("called_at"))
    for name, clean in _LISTS.items():
        if name in data:
            found[name] = clean(findings, data[name])
    findings.raise_if_any()
    return found


def check_order(findings: Findings, onset_at, called_at) -> None:
    if onset_at and called_at and called_at < onset_at:
        findings.add("/called_at", "order", _("呼救时间不能早于发病时间。"))


def check_wish(findings: Findings, first, last) -> None:
    if first and last and last < first:
        findings.add("/preferred_to", "order", _("期望时间的止不能早于起。"))


def clean_diagnoses(findings: Findings, value, pointer="/diagnoses") -> list:
    """`[{"code", "system", "text", "primary"}]`; free text is enough, a code must be well-formed."""
    cleaned = []
    for at, row in rows_of(findings, pointer, value):
        text = text_of(findings, f"{at}/text", row.get("text"), 200)
        code = text_of(findings, f"{at}/code", row.get("code"), 20)
        if code and not ICD10.fullmatch(code):
            findings.add(f"{at}/code", "icd10", _("不是有效的ICD-10编码，例如 I10.x00x002。"))
        if not text:
            findings.add(f"{at}/text", "required", _("请写明诊断。"))
        system = code_of(findings, f"{at}/system", row.get("system"), codes.DIAGNOSIS_SYSTEMS, empty_ok=True)
        system = system or (codes.USUAL_SYSTEM if code else "")
        cleaned.append({"code": code, "system": system, "text": text, "primary": bool(row.get("primary"))})
    if cleaned and not any(row["primary"] for row in cleaned):
        cleaned[0]["primary"] = True
    if sum(row["primary"] for row in cleaned) > 1:
        findings.add(pointer, "primary", _("只能有一个主要诊断。"))
    return cleaned


def clean_medications(findings: Findings, value, pointer="/medications") -> list:
    """`[{"name", "strength", "dose", "route", "frequency", "days", "long_term", "supply"}]`."""
    cleaned = []
    for at, row in rows_of(findings, pointer, value):
        line = {key: text_of(findings, f"{at}/{key}", row.get(key), limit) for key, limit in MEDICATION_TEXTS.items()}
        if not line["name"]:
            findings.add(f"{at}/name", "required", _("请写明药品通用名。"))
        line["days"] = whole_of(findings, f"{at}/days", row.get("days"), 1, 365)
        line["long_term"] = bool(row.get("long_term"))
        line["supply"] = code_of(findings, f"{at}/supply", row.get("supply"), codes.SUPPLIES, empty_ok=True)
        cleaned.append(line)
    return cleaned


def _priority(findings, value):
    found = [code_of(findings, f"{at}", row, codes.PRIORITIES) for at, row in items_of(findings, "/priority", value)]
    return list(dict.fromkeys(found))


def _signs(findings, value):
    found = [code_of(findings, at, row, SIGNS) for at, row in items_of(findings, "/signs", value)]
    return list(dict.fromkeys(found))


def _declined(findings, value):
    """Codes of rules the doctor judged not to fit; one that does not hold anyway is no mistake."""
    rows = items_of(findings, "/declined_indications", value)
    return list(dict.fromkeys(filter(None, (text_of(findings, at, row, 40) for at, row in rows))))


def _allergies(findings, value):
    return [
        text_of(findings, at, row, 200) for at, row in items_of(findings, "/allergies", value) if row not in ("", None)
    ]


def _vitals(findings, value):
    if value in (None, ""):
        return {}
    if not isinstance(value, dict):
        findings.add("/vitals", "object", _("生命体征应为“名称：数值”的对象。"))
        return {}
    found = {}
    for name, reading in value.items():
        if name not in VITALS:
            known = listed(VITALS)
            findings.add(f"/vitals/{name[:30]}", "unknown", _("未知的生命体征；可用：%(known)s。") % {"known": known})
        elif reading not in (None, ""):
            low, high = VITALS[name]
            number = number_of(reading)
            if number is None or not low <= number <= high:
                words = _("应为 %(low)s 至 %(high)s 之间的数值。") % {"low": low, "high": high}
                findings.add(f"/vitals/{name}", "range", words)
            else:
                found[name] = number
    _check_pressure(findings, found)
    return found


def _check_pressure(findings, vitals) -> None:
    upper, lower = vitals.get("systolic"), vitals.get("diastolic")
    if upper is not None and lower is not None and upper <= lower:
        findings.add("/vitals/systolic", "order", _("收缩压应高于舒张压，请核对是否填反。"))


def _caller_phone(findings, value):
    text = text_of(findings, "/caller_phone", value, 40)
    if text and not PHONE.fullmatch(text):
        findings.add("/caller_phone", "phone", _("请填写可回拨的电话号码。"))
    return text


_LISTS = {
    "priority": _priority,
    "allergies": _allergies,
    "diagnoses": clean_diagnoses,
    "medications": clean_medications,
    "vitals": _vitals,
    "insurance": clean_insurance,
    "caller_phone": _caller_phone,
    "signs": _signs,
    "declined_indications": _declined,
}

CONTENT_FIELDS = (*TEXTS, *CODED, *DATES, *MOMENTS, *_LISTS)
