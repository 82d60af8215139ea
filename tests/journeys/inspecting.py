"""What is wrong with the page on the screen, as words a person can act on; an empty list means nothing."""

import ast
import re
from functools import cache
from pathlib import Path

from tests.journeys.visitor import ROOT, Visitor

TITLE_ENDS = {"zh-hans": "医联体协同平台", "en": "Medical Consortium"}
CHINESE = re.compile(r"[\u3400-\u9fff]+")
ENGLISH = re.compile(r"[A-Za-z][a-z]{2,}")
PUNCTUATION = re.compile(r"[\u3000-\u303f\uff00-\uffef]")
NOT_OURS = {
    # units and names of standards, which Chinese pages write like this, too
    "mmol", "mmHg", "NIHSS", "OAuth", "OpenAPI", "English", "HIS", "API", "ICD", "Ctrl",
}  # fmt: skip

INSPECT = r"""
() => {
  const found = { faults: [], words: [], attributes: [] };
  const lang = document.documentElement.lang;
  const foreign = (element) => { const own = element.closest("[lang]"); return own && own.lang !== lang; };
  const shown = (element) => element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: false });
  const short = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 110);
  const headings = [...document.querySelectorAll("h1")].filter(shown);
  if (headings.length !== 1) found.faults.push(`${headings.length} h1: ${headings.map((each) => each.innerText)}`);
  const ids = [...document.querySelectorAll("[id]:not([type=hidden])")].map((element) => element.id);
  for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place))) found.faults.push(`twice the id ${id}`);
  for (const field of document.querySelectorAll("input, select, textarea")) {
    if (field.type === "hidden" || field.hidden) continue;
    const named = [...(field.labels ?? [])].some((label) => label.textContent.trim()) || field.getAttribute("aria-label")
      || document.getElementById(field.getAttribute("aria-labelledby"))?.textContent.trim();
    if (!named) found.faults.push(`no label: ${short(field)}`);
  }
  for (const button of document.querySelectorAll("button, a[href], summary, [role=button]")) {
    const image = button.querySelector("img[alt]:not([alt=''])");
    if (!button.textContent.trim() && !button.getAttribute("aria-label") && !image) found.faults.push(`no name: ${short(button)}`);
  }
  for (const image of document.querySelectorAll("img:not([alt])")) found.faults.push(`no alt: ${short(image)}`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const home = node.parentElement;
    if (home.closest("script, style, template, code, .number, .trail details") || foreign(home)) continue;
    const text = node.textContent.replace(/\s+/g, " ").trim();
    if (text) found.words.push(text);
  }
  for (const element of document.body.querySelectorAll("*")) {
    if (foreign(element) || element.matches("code, .number")) continue;
    for (const { name, value } of element.attributes) {
      if (["placeholder", "title", "alt", "aria-label"].includes(name) || /^data-(confirm|offline|broken|close|logged-out|local|server|failed|draft-mark)$/.test(name)) found.words.push(value);
    }
  }
  found.words.push(document.title);
  return { ...found, title: document.title, lang };
}
"""
WIDE = r"""
() => {
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide <= 0) return "";
  const out = [...document.querySelectorAll("body *")].filter((element) => {
    if (element.getBoundingClientRect().right <= window.innerWidth + 1) return false;
    for (let up = element.parentElement; up; up = up.parentElement) {
      if (getComputedStyle(up).overflowX !== "visible") return false;
    }
    return true;
  });
  return `${wide}px too wide: ${out.slice(0, 3).map((element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 90))}`;
}
"""


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
    wide = visitor.page.evaluate(WIDE)
    return [wide] if wide else []


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
    return "\n".join(text for path in files for text in _texts(path))


def _texts(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
