"""The facts of a step as people read them: codes become words, ISO moments become dates."""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from referrals import codes
from referrals.facts import FACTS, SPOKEN
from toolkit.words import listed

FIELDS = {
    "kind": _("就诊方式"),
    "urgency": _("紧急程度"),
    "green_channel": _("绿色通道"),
    "direction": _("方向"),
    "receiver": _("转往机构"),
    "department": _("科室"),
    "reason": _("转诊原因"),
    "purpose": _("转诊目的"),
    "diagnoses": _("诊断"),
    "history": _("主要现病史"),
    "past_history": _("主要既往史"),
    "allergies": _("过敏史"),
    "vitals": _("生命体征"),
    "treatment": _("治疗经过"),
    "medications": _("现用药"),
    "plan": _("下一步治疗方案及康复建议"),
    "follow_up_on": _("随访日期"),
    "preferred_from": _("期望就诊时间"),
    "preferred_to": _("期望就诊时间"),
    "signs": _("体征和情形"),
    "declined_indications": _("不适用的指征"),
    "insurance": _("医保"),
    "priority": _("优先照顾"),
    "caller_phone": _("联系电话"),
    "onset_at": _("发病时间"),
    "called_at": _("呼救（来电）时间"),
    "consent": _("知情同意"),
}
"""The names of what is written, as they stand on the page."""

MORE = {
    "date": (_("日期"), None),
    "at": (_("时间"), None),
    "place": (_("地点"), None),
    "bring": (_("请携带"), None),
    "given_back": (_("提前到诊，让出预约"), None),
    "place_lost": (_("预约已被约走"), None),
    "outcome": (_("转归"), codes.OUTCOMES),
    "looked": (_("其间查看过该患者的人员"), None),
    "fields": (_("补充的内容"), FIELDS),
    "attachment": (_("附件编号"), None),
    "attached": (_("附件类别"), codes.ATTACHMENT_KINDS),
    "changed": (_("与原单相比改动"), FIELDS),
}
"""Facts a step carries beyond those its move asks for."""

REASONS = {
    "withdraw_attachment": None,
    "supersede": codes.WITHDRAW_REASONS,
    "patient_declined": codes.PATIENT_REASONS,
}


def facts_in_words(step) -> list[tuple[str, str]]:
    """(label, words) of what was said with this step, in the order of the form."""
    known = {fact.name: (fact.label, fact.choices) for fact in (*FACTS.get(step.verb, ()), *SPOKEN)}
    known = known | {name: entry for name, entry in MORE.items() if name not in known}
    known.pop("number", None)  # shown as a link, to those who may know of it
    if step.verb in REASONS:
        known["reason"] = (_("原因"), REASONS[step.verb])
    return [
        (str(label), _said(step.facts[name], choices))
        for name, (label, choices) in known.items()
        if step.facts.get(name) not in (None, "", [])
    ]


def _said(value, choices) -> str:
    if isinstance(value, list):
        return listed(dict.fromkeys(_said(each, choices) for each in value))
    if choices:
        return str(choices.get(value, value))
    return moment_words(value) if isinstance(value, str) else str(value)


def moment_words(text: str) -> str:
    """An ISO moment, day or time of day as it is written on paper; any other text as it is."""
    for kind, write in _WRITERS:
        try:
            return write(kind.fromisoformat(text))
        except ValueError:
            continue
    return text


def _moment(value: datetime) -> str:
    return date_format(timezone.localtime(value) if timezone.is_aware(value) else value, "Y-m-d H:i")


_WRITERS = (
    (date, lambda value: date_format(value, "Y-m-d")),
    (time, lambda value: value.strftime("%H:%M")),
    (datetime, _moment),
)
