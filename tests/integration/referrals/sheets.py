"""A sheet as a person fills it in: the POST of the writing page."""

import re

from django.urls import reverse

NEW = reverse("referrals:new")
SENT = {
    "direction": "up",
    "receiver": "county-hospital",
    "department": "cardiology",
    "green_channel": "",
    "kind": "outpatient",
    "urgency": "routine",
    "reason": "beyond_capability",
    "diagnoses-0-text": "心绞痛",
    "diagnoses-0-code": "I20.900",
    "history": "反复胸闷 3 个月，活动后加重",
    "purpose": "进一步明确诊断",
    "past_history": "高血压病 10 年",
    "allergies": "青霉素、磺胺",
    "vitals_systolic": "156",
    "vitals_diastolic": "94",
    "insurance_kind": "resident",
    "priority": ["elderly"],
    "consent-given_by": "self",
    "consent-method": "signed_paper",
    "consent-covers": ["referral", "sharing"],
    "act": "submit",
}
GREEN = {
    "green_channel": "chest_pain",
    "channel": "green",
    "direction": "up",
    "receiver": "county-hospital",
    "history": "突发胸痛 1 小时",
    "caller_phone": "13908390001",
    "act": "submit",
}


def sheet(patient=None, **changes) -> dict:
    """Complete unless `changes` take something away (None)."""
    return _without_none(SENT | ({"patient": patient.public_id} if patient else {}) | changes)


def green_sheet(patient=None, **changes) -> dict:
    return _without_none(GREEN | ({"patient": patient.public_id} if patient else {}) | changes)


def _without_none(given: dict) -> dict:
    return {name: value for name, value in given.items() if value is not None}


def edit_of(referral) -> str:
    return reverse("referrals:edit", args=[referral.number])


def field_in(answer, name: str) -> str:
    """What stands in the field of that name: an input's value or a textarea's text."""
    page = answer.content.decode()
    tag = re.search(rf'<(?:input|textarea)[^>]*\bname="{re.escape(name)}"[^>]*>([^<]*)', page)
    value = re.search(r'\bvalue="([^"]*)"', tag[0].split(">")[0])
    return value[1] if value else tag[1].strip()


def errors_in(answer) -> list[str]:
    """The sentences the summary above the form leads to; what belongs to no field stands there itself."""
    summary = re.search(r'<ul class="field-links">(.*?)</ul>', answer.content.decode(), re.S)
    items = re.findall(r"<li>(.*?)</li>", summary[1], re.S) if summary else []
    return [(re.search(r'title="(.*?)"', item) or [item, item])[1] for item in items]
