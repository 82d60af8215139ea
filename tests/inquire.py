"""Inquiries of the cast, made through the real acts: `inquiry_at("answered", cast)`, `said("add", inquiry, cast)`."""

from advice import actions
from advice.models import Inquiry
from tests.cast import Cast

SHARING = {"covers": ["referral", "sharing"], "given_by": "self", "method": "signed_paper"}
QUESTION = {
    "question": "活动后胸闷三月，心电图 ST-T 改变，需要造影吗？",
    "done": "阿司匹林 100mg 每日一次，两周",
    "vitals": "血压 152/94，心率 86",
    "medications": "氨氯地平 5mg 每日一次",
    "urgency": "routine",
}
ANSWER = {"outcome": "treat_here", "text": "先加用他汀，两周后复查心电图。"}
REFER = {"outcome": "refer", "text": "建议门诊造影评估。", "kind": "outpatient", "urgency": "urgent"}


def ask(cast: Cast, *, by=None, department=None, patient=True, **content) -> Inquiry:
    """A question of the township's doctor to cardiology; `patient` True a new one, None nobody named."""
    by = by or cast.actors.township_doctor
    department = department or cast.departments.cardiology
    if patient is True:
        patient = cast.patient(by)
    about = {"patient": patient, "consent": SHARING} if patient else {"age": 54, "sex": "1"}
    given = QUESTION | about | content
    return again(actions.ask(actor=by, receiver=department.institution, department=department, **given))


def inquiry_at(status: str, cast: Cast, *, answer=ANSWER, **content) -> Inquiry:
    inquiry = ask(cast, **content)
    if status in ("answered", "closed", "converted"):
        said("answer", inquiry, cast, **answer)
    verb = {"closed": "close", "converted": "convert", "withdrawn": "withdraw"}.get(status)
    if verb:
        facts = {"text": "已电话沟通"} if verb == "withdraw" else {}
        facts |= {"patient": cast.patient()} if verb == "convert" and inquiry.patient is None else {}
        said(verb, inquiry, cast, **facts)
    return again(inquiry)


def said(verb: str, inquiry: Inquiry, cast: Cast, *, actor=None, **facts):
    """One move by the right person of the cast; answers what the act answers."""
    who = "cardiologist" if verb == "answer" else "township_doctor"
    result = actions.perform(verb, inquiry, actor=actor or getattr(cast.actors, who), **facts)
    inquiry.refresh_from_db()
    return result


def again(inquiry: Inquiry) -> Inquiry:
    return Inquiry.objects.with_parties().get(pk=inquiry.pk)
