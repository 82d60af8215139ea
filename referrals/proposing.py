"""Which indications hold for what is written, and what a referral keeps of them.

They propose: nothing here refuses anything, and nothing here creates a referral.
"""

from django.utils import timezone

from records.masking import age_on
from referrals.content import VITALS
from referrals.indications.matching import Matched, match
from referrals.models import Indication
from referrals.rules import consortium_between
from referrals.values import number_of

ASKED = ("diagnoses", "vitals", "signs", "declined_indications")
"""The content on which the kept indications rest."""


def facts_of(content: dict, patient=None, *, on=None) -> dict:
    """What the rules are asked about: `content` as stored or as typed, `patient` for age and sex.

    A reading no living patient shows is left out; so is everything that is not of its kind.
    """
    vitals = content.get("vitals")
    found = {"diagnoses": content.get("diagnoses") or [], "signs": content.get("signs") or []}
    for name, reading in vitals.items() if isinstance(vitals, dict) else ():
        low, high = VITALS.get(name, (1, 0))
        number = number_of(reading)
        if number is not None and low <= number <= high:
            found[name] = number
    if patient is not None:
        day = on or timezone.localdate()
        found |= {"sex": patient.sex, "age": age_on(patient, day)}
        if patient.birth_date:
            found["age_days"] = (day - patient.birth_date).days
    return found


def rules_for(direction: str, *, on=None, consortium=None) -> list[Indication]:
    """The rules in force for this direction, without those the consortium's office has switched off. One statement.

    `consortium` is its id or a query for it; without one nothing counts as switched off.
    """
    rows = Indication.objects.filter(direction="down" if direction == "down" else "up").told_on_in(consortium)
    return [rule for rule in rows.in_force(on or timezone.localdate()) if rule.is_on]


def found_for(referral, *, on=None) -> list[Matched]:
    """The rules that hold for what is written on it and were not declined."""
    content = {name: getattr(referral, name) for name in ASKED}
    between = consortium_between(referral.sender_id, referral.direction, receiver_id=referral.receiver_id)
    rules = rules_for(referral.direction, on=on, consortium=referral.consortium_id or between)
    found = match(rules, facts_of(content, referral.patient, on=on))
    return [each for each in found if each.rule.code not in referral.declined_indications]


def keep(referral, *, on=None) -> None:
    """Put on it what holds: each rule with its version, its text as it is now, and the evidence. Not saved."""
    referral.indications = [as_kept(each) for each in found_for(referral, on=on)]


def as_kept(matched: Matched) -> dict:
    rule = matched.rule
    return {
        "rule": rule.code,
        "version": rule.version,
        "urgency": rule.urgency,
        "text": rule.text_zh,
        "text_en": rule.text_en,
        "source": rule.source,
        "evidence": [each.as_dict() for each in matched.evidence],
    }


def indications_of(referral) -> list[dict]:
    """What was kept when it was sent; of a draft, what holds now."""
    if referral.status != "draft":
        return referral.indications
    return [as_kept(each) for each in found_for(referral)]
