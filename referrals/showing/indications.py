"""Indications as people read them: on the writing page, on a referral, on the slip."""

from dataclasses import dataclass, field

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.codes import Sex
from referrals import codes
from referrals.indications.matching import match, signs_asked_by
from referrals.proposing import as_kept, facts_of, rules_for
from referrals.signs import GROUPS, SIGNS
from toolkit.words import explained, listed, phrased

TOPICS = {
    "general": gettext_lazy("通用"),
    "hypertension": gettext_lazy("高血压"),
    "diabetes": gettext_lazy("糖尿病"),
    "maternal": gettext_lazy("孕产妇"),
    "children": gettext_lazy("新生儿和儿童"),
}
FIELD_WORDS = {
    "systolic": gettext_lazy("收缩压"),
    "diastolic": gettext_lazy("舒张压"),
    "heart_rate": gettext_lazy("心率"),
    "respiration": gettext_lazy("呼吸"),
    "temperature": gettext_lazy("体温"),
    "spo2": gettext_lazy("血氧饱和度"),
    "glucose": gettext_lazy("血糖"),
    "weight": gettext_lazy("体重"),
    "age": gettext_lazy("年龄"),
    "age_days": gettext_lazy("日龄"),
    "sex": gettext_lazy("性别"),
}
UNIT_WORDS = {"/min": gettext_lazy("次/分"), "a": gettext_lazy("岁"), "d": gettext_lazy("天")}
ON_SLIP = 3


@dataclass(frozen=True)
class Proposal:
    """A rule that holds; `urgency` and `reason` are what one click takes over."""

    code: str
    text: str
    evidence: str
    source: str
    urgency: str
    urgency_label: str
    reason: str = ""
    declined: bool = False


@dataclass(frozen=True)
class Ticks:
    """One group of signs worth asking for: (code, words, ticked)."""

    label: str
    signs: list[tuple[str, str, bool]]


@dataclass(frozen=True)
class Box:
    """What the writing page shows; `stay` are the facts of the stay a downward referral answers."""

    found: list[Proposal] = field(default_factory=list)
    groups: list[Ticks] = field(default_factory=list)
    ticked: int = 0
    down: bool = False
    stay: list[tuple[str, str]] = field(default_factory=list)


def box_for(content: dict, *, direction: str, patient, consortium, parent=None) -> Box:
    """What holds for what is written so far, and what else could be ticked. One statement, and one for the stay."""
    rules = rules_for(direction, consortium=consortium)
    facts = facts_of(content, patient)
    asked, ticked = signs_asked_by(rules, facts), content.get("signs") or []
    declined = content.get("declined_indications") or []
    groups = [
        Ticks(
            str(label),
            [(code, str(words), code in ticked) for code, words in signs.items() if code in {*asked, *ticked}],
        )
        for label, signs in GROUPS.values()
    ]
    return Box(
        found=[
            _proposal(as_kept(each), reason=each.rule.reason, declined=each.rule.code in declined)
            for each in match(rules, facts)
        ],
        groups=[group for group in groups if group.signs],
        ticked=sum(ticked_one for group in groups for _code, _words, ticked_one in group.signs),
        down=direction == "down",
        stay=stay_of(parent) if direction == "down" and parent else [],
    )


def shown(kept: list[dict]) -> list[Proposal]:
    """What a referral keeps, for its page."""
    return [_proposal(each) for each in kept]


def slip_words(kept: list[dict]) -> str:
    """A short line: the gravest few, and how many more there are."""
    words = phrased(_text(each) for each in kept[:ON_SLIP])
    more = len(kept) - ON_SLIP
    return words if more <= 0 else _("%(words)s；另 %(more)s 项") % {"words": words, "more": more}


def stay_of(parent) -> list[tuple[str, str]]:
    """What is known of the stay, beside the conditions for going back."""
    summary = getattr(parent, "summary", None)
    lines = [
        (_("到诊"), _moment(parent.arrived_at)),
        (_("出院"), _moment(parent.discharged_at)),
        (_("转归"), str(summary.get_outcome_display()) if summary else ""),
        (_("诊断"), listed(row["text"] for row in (summary.diagnoses if summary else parent.diagnoses))),
    ]
    return [line for line in lines if line[1]]


def source_words(source: dict) -> str:
    """Name with its year, unless the name says it, and the clause."""
    name, year = source["name"], str(source.get("year") or "")
    return " ".join(filter(None, [explained(name, year) if year and year not in name else name, source.get("clause")]))


def evidence_words(evidence: dict) -> str:
    """收缩压 186 mmHg（≥180）; a sign or a diagnosis by its words."""
    name, value = evidence["field"], evidence["value"]
    if name == "sign":
        return str(SIGNS.get(value, value))
    if name == "diagnosis":
        return _("诊断 %(words)s") % {"words": value}
    if name == "sex":
        return str(Sex(value).label) if value in Sex.values else str(value)
    reading = f"{FIELD_WORDS.get(name, name)} {value} {UNIT_WORDS.get(evidence['unit'], evidence['unit'])}".strip()
    return explained(reading, evidence["condition"]) if evidence["condition"] else reading


def _proposal(kept: dict, **more) -> Proposal:
    return Proposal(
        code=kept["rule"],
        text=_text(kept),
        evidence=listed(evidence_words(each) for each in kept["evidence"]),
        source=source_words(kept["source"]),
        urgency=kept["urgency"],
        urgency_label=str(codes.URGENCIES.get(kept["urgency"], kept["urgency"])),
        **more,
    )


def _text(kept: dict) -> str:
    return kept["text_en"] if (translation.get_language() or "").startswith("en") else kept["text"]


def _moment(moment) -> str:
    return date_format(timezone.localtime(moment), "Y-m-d") if moment else ""
