"""The rule files: read, checked with the file and the rule named, and brought into every database after migrating.

A rule that was in force is not edited: a new version follows with its own `valid_from`; one that is to end gets a new
version with `valid_to`. Rows are added, never changed, never deleted.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from django.db import connections

from referrals import codes
from referrals.indications.conditions import CONVERSIONS, OPERATORS, UNITS
from referrals.signs import SIGNS

DATA = Path(__file__).parent / "data"
TOPICS = ("general", "hypertension", "diabetes", "maternal", "children")
DIRECTIONS = ("up", "down")
TEXTS = {"id": 40, "text": 300, "text_en": 400, "clause": 100}


class BadRule(Exception):
    """A rule file cannot be used; the message names the file, the rule and what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One version of one rule as the file has it; `source` is {"name", "year" or None, "clause"}."""

    code: str
    version: int
    topic: str
    direction: str
    urgency: str
    reason: str
    text_zh: str
    text_en: str
    source: dict
    applies: dict
    holds: dict
    valid_from: date
    valid_to: date | None
    examples: dict = field(default_factory=dict)


@cache
def shipped() -> tuple[Rule, ...]:
    """Every version of every rule in the package, in the order of files and rules."""
    shared = {name: _json(DATA / f"{name}.json") for name in ("sources", "diseases")}
    files = sorted(path for path in DATA.glob("*.json") if path.stem not in shared)
    found = [rule for path in files for rule in read(path, **shared)]
    seen = set()
    for rule in found:
        if (rule.code, rule.version) in seen:
            raise BadRule(f"{rule.code} version {rule.version}: stands twice")
        seen.add((rule.code, rule.version))
    return tuple(found)


def read(path: Path, *, sources: dict, diseases: dict) -> list[Rule]:
    """The rules of one file; `BadRule` where anything in it is not as it must be."""
    content = _json(path)
    topic, rows = (content.get(name) for name in ("topic", "rules")) if isinstance(content, dict) else (None, None)
    if topic not in TOPICS or not isinstance(rows, list):
        raise BadRule(f"{path.name}: needs a topic of {', '.join(TOPICS)} and a list of rules")
    found = []
    for place, row in enumerate(rows, 1):
        name = row.get("id") if isinstance(row, dict) else None
        try:
            found.append(_rule(row, topic, sources, diseases))
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            missing = f"{wrong} is missing" if isinstance(wrong, KeyError) else wrong
            raise BadRule(f"{path.name}, rule {place} ({name}): {missing}") from wrong
    return found


def _json(path: Path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as wrong:
        raise BadRule(f"{path.name}: no JSON, {wrong}") from wrong


def _rule(row: dict, topic: str, sources: dict, diseases: dict) -> Rule:
    for name, most in TEXTS.items():
        _need(isinstance(row[name], str) and 0 < len(row[name]) <= most, f"{name} must be text of 1 to {most} letters")
    _need(type(row["version"]) is int and row["version"] > 0, "version must be a whole number from 1")
    _need(row["direction"] in DIRECTIONS, f"direction must be one of {', '.join(DIRECTIONS)}")
    _need(row["urgency"] in codes.URGENCIES, f"urgency must be one of {', '.join(codes.URGENCIES)}")
    _need(row["reason"] in codes.REFERRAL_REASONS, f"reason must be one of {', '.join(codes.REFERRAL_REASONS)}")
    _need(row["source"] in sources, f"source must be one of {', '.join(sources)}")
    valid_from = date.fromisoformat(row["valid_from"])
    valid_to = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    _need(valid_to is None or valid_to >= valid_from, "valid_to lies before valid_from")
    _need(set(row["examples"]) == {"fires", "misses"}, "examples must be fires and misses")
    return Rule(
        code=row["id"],
        version=row["version"],
        topic=topic,
        direction=row["direction"],
        urgency=row["urgency"],
        reason=row["reason"],
        text_zh=row["text"],
        text_en=row["text_en"],
        source=sources[row["source"]] | {"clause": row["clause"]},
        applies=_condition(row["applies"], diseases) if "applies" in row else {},
        holds=_condition(row["holds"], diseases),
        valid_from=valid_from,
        valid_to=valid_to,
        examples=row["examples"],
    )


def _condition(given: dict, diseases: dict) -> dict:
    """Checked, and a disease replaced by its codes and words as they are in this version."""
    kind = next((kind for kind in ("all", "any", "sign", "disease", "field") if kind in given), None)
    _need(kind is not None, f"no condition: {given}")
    _need(kind == "field" or set(given) == {kind}, f"{kind} stands alone: {given}")
    if kind in ("all", "any"):
        _need(isinstance(given[kind], list) and given[kind], f"{kind} needs conditions")
        return {kind: [_condition(part, diseases) for part in given[kind]]}
    if kind == "sign":
        _need(given["sign"] in SIGNS, f"unknown sign {given['sign']}")
        return given
    if kind == "disease":
        _need(given["disease"] in diseases, f"unknown disease {given['disease']}")
        return {"diagnosis": diseases[given["disease"]]}
    return _comparison(given)


def _comparison(given: dict) -> dict:
    name, op, value, unit = (given[each] for each in ("field", "op", "value", "unit"))
    if name == "sex":
        _need(op == "=" and isinstance(value, str), "sex is compared with = and a code")
        return given
    _need(name in UNITS, f"unknown field {name}")
    _need(op in OPERATORS, f"operator must be one of {' '.join(OPERATORS)}")
    _need(type(value) in (int, float), f"{name}: value must be a number")
    _need(unit == UNITS[name] or (unit, UNITS[name]) in CONVERSIONS, f"{name}: unknown unit {unit}")
    return given


def _need(holds: bool, words: str) -> None:
    if not holds:
        raise ValueError(words)


def write_missing(using="default", **signal):
    """Put the versions the database does not have yet into it: after every migrate and flush (ADR 0026)."""
    from referrals.models import Indication

    if Indication._meta.db_table not in connections[using].introspection.table_names():
        return
    known = set(Indication.objects.using(using).values_list("code", "version"))
    names = [each.name for each in Indication._meta.concrete_fields if each.name != "id"]
    new = [
        Indication(**{name: getattr(rule, name) for name in names})
        for rule in shipped()
        if (rule.code, rule.version) not in known
    ]
    Indication.objects.using(using).bulk_create(new, ignore_conflicts=True)
