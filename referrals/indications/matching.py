"""Which rules hold for the facts. Pure: no database, no clock."""

from dataclasses import dataclass, field

from referrals.indications.conditions import Evidence, evidence_for, signs_in

GRAVITY = {"emergency": 0, "urgent": 1, "routine": 2}

SAYING = ("diagnosis",)
"""Of what makes a rule apply, what is said as evidence; that somebody is a child, or a woman, is known anyway."""


@dataclass(frozen=True)
class Matched:
    """A rule that holds (anything with `code`, `version`, `applies`, `holds`…), and what spoke for it."""

    rule: object
    evidence: list[Evidence] = field(default_factory=list)


def match(rules, facts) -> list[Matched]:
    """The rules that hold, the gravest first, otherwise in the given order."""
    found = []
    for rule in rules:
        about = _applies(rule, facts)
        evidence = evidence_for(rule.holds, facts) if about is not None else None
        if evidence is not None:
            found.append(Matched(rule, _once([*(each for each in about if each.field in SAYING), *evidence])))
    return sorted(found, key=lambda each: GRAVITY[each.rule.urgency])


def signs_asked_by(rules, facts) -> list[str]:
    """The signs worth ticking: those of rules that are about somebody like this."""
    asked = [sign for rule in rules if _applies(rule, facts) is not None for sign in signs_in(rule.holds)]
    return list(dict.fromkeys(asked))


def _applies(rule, facts) -> list[Evidence] | None:
    return evidence_for(rule.applies, facts) if rule.applies else []


def _once(evidence: list[Evidence]) -> list[Evidence]:
    """One line for each value; where several conditions speak of it, the last, which is the rule's own."""
    return list({(each.field, str(each.value)): each for each in evidence}.values())
