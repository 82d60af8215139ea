"""The language of conditions: what a rule asks of the facts.

    {"all": [...]}, {"any": [...]}                                            nested as deep as wanted
    {"field": "systolic", "op": ">=", "value": 180, "unit": "mmHg"}           a number, compared exactly
    {"field": "sex", "op": "=", "value": "2", "unit": ""}
    {"sign": "severe_headache"}                                               ticked
    {"diagnosis": {"codes": ["I10"], "words": ["高血压"]}}                     by code or by word

Facts are a dict: numbers under the names of fields (in the field's own unit, or as `Reading`), `sex`, `signs` as codes,
`diagnoses` as `[{"code", "text"}]`. Whatever is missing or strange does not hold; nothing raises.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import ge, gt, le, lt

from referrals.values import number_of

UNITS = {
    "systolic": "mmHg",
    "diastolic": "mmHg",
    "heart_rate": "/min",
    "respiration": "/min",
    "temperature": "℃",
    "spo2": "%",
    "glucose": "mmol/L",
    "weight": "kg",
    "age": "a",
    "age_days": "d",
}
"""Fields that hold a number, each with the unit in which the platform keeps it."""

CONVERSIONS = {
    ("kPa", "mmHg"): (Fraction(760_000, 101_325), Fraction(0)),
    ("mg/dL", "mmol/L"): (Fraction(10_000, 180_182), Fraction(0)),
    ("℉", "℃"): (Fraction(5, 9), Fraction(-160, 9)),
    ("g", "kg"): (Fraction(1, 1000), Fraction(0)),
}
"""(from, to): factor and what is added afterwards; glucose by its molar mass of 180.182 g/mol."""

OPERATORS = {">=": ge, ">": gt, "<=": le, "<": lt}
SHOWN = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}


@dataclass(frozen=True)
class Reading:
    """A number with another unit than its field's own."""

    value: object
    unit: str


@dataclass(frozen=True)
class Evidence:
    """What spoke for a rule: the value as it was given, and the condition it fulfilled."""

    field: str
    value: object
    unit: str = ""
    condition: str = ""

    def as_dict(self) -> dict:
        return {"field": self.field, "value": self.value, "unit": self.unit, "condition": self.condition}


def evidence_for(condition, facts) -> list[Evidence] | None:
    """What fulfils the condition, or None where it does not hold."""
    if not isinstance(condition, Mapping) or not isinstance(facts, Mapping):
        return None
    for kind, look in _KINDS.items():
        if kind in condition:
            return look(condition, facts)
    return None


def signs_in(condition) -> list[str]:
    """The signs a condition can ask for, in its order."""
    if "sign" in condition:
        return [condition["sign"]]
    return [sign for part in condition.get("any", condition.get("all", [])) for sign in signs_in(part)]


def _all(condition, facts):
    found = []
    for part in condition["all"]:
        evidence = evidence_for(part, facts)
        if evidence is None:
            return None
        found += evidence
    return found


def _any(condition, facts):
    each = [evidence_for(part, facts) for part in condition["any"]]
    held = [evidence for evidence in each if evidence is not None]
    return [one for evidence in held for one in evidence] if held else None


def _sign(condition, facts):
    ticked = facts.get("signs")
    sign = condition["sign"]
    return [Evidence("sign", sign)] if isinstance(ticked, (list, tuple)) and sign in ticked else None


def _diagnosis(condition, facts):
    wanted, rows = condition["diagnosis"], facts.get("diagnoses")
    for row in rows if isinstance(rows, (list, tuple)) else ():
        code, text = (_text(row.get(name)) for name in ("code", "text")) if isinstance(row, Mapping) else ("", "")
        coded = any(code.upper().startswith(prefix) for prefix in wanted["codes"])
        if coded or any(word in text for word in wanted["words"]):
            return [Evidence("diagnosis", " ".join(filter(None, [text, code])))]
    return None


def _field(condition, facts):
    name, value = condition["field"], facts.get(condition["field"])
    if name not in UNITS:
        return [Evidence(name, value)] if isinstance(value, str) and value == condition["value"] else None
    reading = value if isinstance(value, Reading) else Reading(value, UNITS[name])
    known, limit = (
        exact(reading.value, reading.unit, UNITS[name]),
        exact(condition["value"], condition["unit"], UNITS[name]),
    )
    if known is None or limit is None or not OPERATORS[condition["op"]](known, limit):
        return None
    words = f"{SHOWN[condition['op']]}{condition['value']}"
    words += f" {condition['unit']}" if condition["unit"] != reading.unit else ""
    return [Evidence(name, number_of(reading.value), reading.unit, words)]


_KINDS = {"all": _all, "any": _any, "sign": _sign, "diagnosis": _diagnosis, "field": _field}


def exact(value, unit: str, wanted: str) -> Fraction | None:
    """The number in the unit `wanted`, without rounding; None where it is no number or the unit is unknown."""
    number = number_of(value)
    if number is None:
        return None
    if unit == wanted:
        return Fraction(str(number))
    if (unit, wanted) not in CONVERSIONS:
        return None
    factor, added = CONVERSIONS[unit, wanted]
    return Fraction(str(number)) * factor + added


def _text(value) -> str:
    return value if isinstance(value, str) else ""
