"""What is written on an inquiry and in its thread, cleaned once for forms and REST."""

from django.utils.translation import gettext_lazy as _

from advice import codes
from records.codes import Sex
from referrals import codes as referral_codes
from referrals.values import code_of, text_of, whole_of
from toolkit.refusals import Findings, Refused

TEXTS = {"question": 2000, "done": 4000, "vitals": 500, "medications": 1000}
LONGEST_WORD = 2000
OLDEST = 130
SEXES = {Sex.MALE.value: Sex.MALE.label, Sex.FEMALE.value: Sex.FEMALE.label, Sex.UNKNOWN.value: Sex.UNKNOWN.label}


def emergency_words():
    return _("危急情况请走绿色通道或直接打电话，不要在这里等答复：请用“发起转诊”里的绿色通道，或拨打对方总值班电话。")


def clean_question(data: dict) -> dict:
    """question, done, vitals, medications, urgency and, of nobody named, age and sex; everything wrong at once."""
    findings, found = Findings(), {}
    if data.get("urgency") == "emergency":
        raise Refused.of("/urgency", "emergency", emergency_words())
    for name, limit in TEXTS.items():
        found[name] = text_of(findings, f"/{name}", data.get(name), limit)
    if not found["question"] and not any(error.pointer == "/question" for error in findings.errors):
        findings.add("/question", "required", _("请写明要咨询的问题。"))
    found["urgency"] = code_of(findings, "/urgency", data.get("urgency") or "routine", codes.URGENCIES)
    if data.get("patient"):
        found |= {"patient": data["patient"], "age": None, "sex": ""}
        for name in ("age", "sex"):
            if data.get(name) not in (None, ""):
                findings.add(f"/{name}", "named", _("已选择患者，不用另填年龄和性别。"))
    else:
        found |= _nobody_named(findings, data)
    findings.raise_if_any()
    return found


def _nobody_named(findings, data) -> dict:
    age = whole_of(findings, "/age", data.get("age"), 0, OLDEST)
    if data.get("age") in (None, ""):
        findings.add("/age", "required", _("请选择患者；不具名咨询请填写年龄。"))
    sex = code_of(findings, "/sex", data.get("sex") or "", SEXES)
    if data.get("consent"):
        findings.add("/consent", "nobody", _("不具名的咨询不登记知情同意；请先选择患者。"))
    return {"patient": None, "age": age, "sex": sex}


def clean_word(text) -> str:
    """One word of the thread; whether it may be empty the table says."""
    findings = Findings()
    cleaned = text_of(findings, "/text", text, LONGEST_WORD)
    findings.raise_if_any()
    return cleaned


def clean_answer(*, outcome, kind, urgency, department, inquiry) -> dict:
    """The outcome, with kind, urgency and department where it is to refer, and nothing of these where it is not."""
    findings = Findings()
    found = {"outcome": code_of(findings, "/outcome", outcome, codes.OUTCOMES)}
    if outcome != "refer":
        findings.raise_if_any()
        return found
    found["kind"] = code_of(findings, "/kind", kind, referral_codes.KINDS)
    found["urgency"] = code_of(findings, "/urgency", urgency, referral_codes.URGENCIES)
    found["department"] = department or inquiry.department
    if found["department"].institution_id != inquiry.receiver_id:
        findings.add("/department", "foreign", _("只能建议转到本机构的科室。"))
    elif not (found["department"].active and found["department"].takes_referrals):
        findings.add("/department", "closed", _("该科室目前不接收转诊，请选择其他科室。"))
    findings.raise_if_any()
    return found
