"""What is wrong with the page on the screen, as words a person can act on; an empty list means nothing."""

import ast
import re
from functools import cache
from pathlib import Path

from playwright.sync_api import TimeoutError

from tests.journeys.visitor import ROOT, Visitor

CHINESE = re.compile(r"[\u3400-\u9fff]+")
ENGLISH = re.compile(r"[A-Za-z][a-z]{2,}")
PUNCTUATION = re.compile(r"[\u3000-\u303f\uff00-\uffef]")
NOT_OURS = {
    # units and names of standards, which Chinese pages write like this, too
    "mmol", "mmHg", "NIHSS", "OAuth", "OpenAPI", "English", "HIS", "API", "ICD", "Ctrl", "Alt", "Webhook",
}  # fmt: skip

INSPECT = (Path(__file__).parent / "inspect.js").read_text(encoding="utf-8")
PROPOSED = ("继续治疗、康复和随访", "身份证、医保卡、既往病历和检查资料")
"""What forms propose to write into a letter: from then on it is the letter's."""

IN_SIGHT = "() => document.documentElement.scrollWidth <= window.innerWidth"
SETTLING = 3000
WIDE = (Path(__file__).parent / "wide.js").read_text(encoding="utf-8")


def faults_of(visitor: Visitor, language: str) -> list[str]:
    """Headings, labels, names, language and width of the page as it is."""
    seen = visitor.page.evaluate(INSPECT)
    faults = list(seen["faults"])
    if seen["lang"] != language:
        faults.append(f"lang is {seen['lang']}")
    if not re.match(r".+ · .+", seen["title"]):
        faults.append(f"title is {seen['title']!r}")
    faults += untranslated(seen["words"]) if language == "en" else english(seen["words"], visitor)
    return faults + width_faults(visitor)


def width_faults(visitor: Visitor) -> list[str]:
    """A page that was just turned to another width needs a moment."""
    try:
        visitor.page.wait_for_function(IN_SIGHT, timeout=SETTLING)
    except TimeoutError:
        return [visitor.page.evaluate(WIDE)]
    return []


def untranslated(words: list[str]) -> list[str]:
    """Chinese in an English page that nobody of the demo has typed."""
    typed = typed_words()
    found = {words for line in words for words in CHINESE.findall(line) if words not in typed}
    marks = {line for line in words if PUNCTUATION.search(line) and not CHINESE.search(line)}
    return [f"untranslated: {sorted(found)}"] * bool(found) + [f"Chinese marks: {sorted(marks)}"] * bool(marks)


def english(words: list[str], visitor: Visitor) -> list[str]:
    """English in a Chinese page that is neither a unit nor a name of the demo."""
    known = NOT_OURS | names_of(visitor.site.demo)
    found = {word for line in words for word in ENGLISH.findall(re.sub(r"\S*[@/_.]\S*|\S*-\S*", " ", line))}
    return [f"English: {sorted(found - known)}"] * bool(found - known)


def names_of(demo: dict) -> set[str]:
    """User names, codes of houses and departments, scopes of the demo."""
    names = [each["username"] for each in demo["accounts"]]
    names += [scope for each in demo["clients"] for scope in each["scopes"]]
    names += _texts(ROOT / "consortium" / "demo" / "places.py")
    return {word for name in names for word in ENGLISH.findall(name)}


@cache
def typed_words() -> str:
    """Everything the demo's people are called, live in, and write; and what these journeys type themselves."""
    files = [*(ROOT / "consortium" / "demo").rglob("*.py"), *Path(__file__).parent.glob("*.py")]
    return "\n".join([*PROPOSED, *(text for path in files for text in _texts(path))])


def _texts(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
