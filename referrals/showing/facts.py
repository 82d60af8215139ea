"""The facts of a step as people read them: codes become words, ISO moments become dates."""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from referrals import codes
from referrals.facts import FACTS, SPOKEN
from toolkit.words import listed

MORE = {
    "date": (_("日期"), None),
    "at": (_("时间"), None),
    "place": (_("地点"), None),
    "bring": (_("请携带"), None),
    "outcome": (_("转归"), codes.OUTCOMES),
    "looked": (_("其间查看过该患者的机构"), None),
}
"""Facts a step carries beyond those its move asks for."""

REASONS = {"supersede": codes.WITHDRAW_REASONS}


def facts_in_words(step) -> list[tuple[str, str]]:
    """(label, words) of what was said with this step, in the order of the form."""
    known = {fact.name: (fact.label, fact.choices) for fact in (*FACTS.get(step.verb, ()), *SPOKEN)}
    known = known | {name: entry for name, entry in MORE.items() if name not in known}
    if step.verb in REASONS:
        known["reason"] = (_("原因"), REASONS[step.verb])
    return [
        (str(label), _said(step.facts[name], choices))
        for name, (label, choices) in known.items()
        if step.facts.get(name) not in (None, "", [])
    ]


def _said(value, choices) -> str:
    if choices:
        return str(choices.get(value, value))
    if isinstance(value, list):
        return listed(str(each) for each in value)
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
