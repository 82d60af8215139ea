"""The rules of indications as a page shows them: by topic, with sources, versions and what offices switched."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from institutions.houses import office_query
from institutions.models import Consortium
from records.codes import Sex
from referrals import codes
from referrals.indications.conditions import SHOWN
from referrals.models import Indication, IndicationSwitch
from referrals.showing.indications import FIELD_WORDS, TOPICS, UNIT_WORDS, source_words
from referrals.signs import SIGNS
from toolkit.pages.forms import asked
from toolkit.refusals import Missing
from toolkit.words import explained, listed


@dataclass(frozen=True)
class Choice:
    """The consortium whose switches are shown; a reader of several may turn to another."""

    consortium: Consortium | None
    consortia: list[Consortium]
    query: str

    @property
    def context(self) -> dict:
        return {"consortium": self.consortium, "consortia": self.consortia, "office_query": self.query}


@dataclass(frozen=True)
class Shown:
    """One rule on the page: `about` whom, what `holds`, and the switches of its consortium, newest first."""

    code: str
    text: str
    topic: str
    direction: str
    urgency: str
    urgency_label: str
    source: str
    version: int
    valid_from: date
    on: bool
    about: str
    holds: str
    history: list[IndicationSwitch]


def consortia_for(request) -> Choice:
    """The first of the reader's consortia, or that of `?consortium=code`; None where he is in none."""
    known = list(Consortium.objects.visible_to(request.actor).order_by("id"))
    code = asked(request, "consortium")
    chosen = next((each for each in known if code in ("", each.code)), None)
    if chosen is None and code:
        raise Missing(_("没有这个医联体，或本机构不是它的成员。"))
    return Choice(chosen, known, office_query(known, chosen) if chosen else "")


def table_of(consortium) -> list[tuple[str, list[Shown]]]:
    """(topic, rules in force today). Two statements."""
    rules = Indication.objects.told_on_in(consortium.pk if consortium else None).in_force(timezone.localdate())
    rules.sort(key=lambda each: each.direction != "up")
    history = defaultdict(list)
    for switch in IndicationSwitch.objects.filter(consortium=consortium).order_by("-id") if consortium else ():
        history[switch.code].append(switch)
    found = [
        (str(words), [_shown(each, history[each.code]) for each in rules if each.topic == topic])
        for topic, words in TOPICS.items()
    ]
    return [(words, rows) for words, rows in found if rows]


def rule_in(consortium, code: str) -> Shown:
    """One rule as it is in force today in this consortium; `Missing` where there is none."""
    found = Indication.objects.told_on_in(consortium.pk).filter(code=code).in_force(timezone.localdate())
    if not found:
        raise Missing(_("没有这条转诊指征。"))
    return _shown(found[0], IndicationSwitch.objects.filter(consortium=consortium, code=code).order_by("-id"))


def _shown(rule, history) -> Shown:
    return Shown(
        code=rule.code,
        text=rule.text,
        topic=str(TOPICS.get(rule.topic, rule.topic)),
        direction=str(codes.DIRECTIONS[rule.direction]),
        urgency=rule.urgency,
        urgency_label=str(rule.get_urgency_display()),
        source=source_words(rule.source),
        version=rule.version,
        valid_from=rule.valid_from,
        on=rule.is_on,
        about=condition_words(rule.applies),
        holds=condition_words(rule.holds),
        history=list(history),
    )


def condition_words(condition: dict) -> str:
    """A condition as a sentence part: 收缩压 ≥180 mmHg 或 舒张压 ≥110 mmHg."""
    if not condition:
        return ""
    if "sign" in condition:
        return str(SIGNS.get(condition["sign"], condition["sign"]))
    if "diagnosis" in condition:
        wanted = condition["diagnosis"]
        return explained(_("诊断含“%(words)s”") % {"words": listed(wanted["words"])}, listed(wanted["codes"]))
    if "field" in condition:
        return _comparison(condition)
    every = "all" in condition
    parts = [_nested(part) for part in condition["all" if every else "any"]]
    return (_(" 且 ") if every else _(" 或 ")).join(parts)


def _nested(condition: dict) -> str:
    words = condition_words(condition)
    return f"[{words}]" if "all" in condition or "any" in condition else words


def _comparison(condition: dict) -> str:
    if condition["field"] == "sex":
        return str(Sex(condition["value"]).label)
    unit = UNIT_WORDS.get(condition["unit"], condition["unit"])
    return f"{FIELD_WORDS[condition['field']]} {SHOWN[condition['op']]}{condition['value']} {unit}".strip()
