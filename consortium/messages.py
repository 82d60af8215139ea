"""The words people read: found in the source without gettext's tools.

The source language is Chinese; `locale/en` holds the English twin. `manage.py messages` collects
what is new and compiles; a test fails while a word is untranslated.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

FUNCTIONS = {"_", "gettext", "gettext_lazy", "gettext_noop", "noop", "ngettext", "ngettext_lazy"}
LEFT_OUT = {".venv", "node_modules", "tests", "var", "scripts", "migrations"}
_IN_TEMPLATES = re.compile(r"""\b(n?gettext|_)\(\s*u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?:\s*,\s*u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))?""")  # fmt: skip # noqa: E501


class Message(NamedTuple):
    """A msgid (with its plural, where there is one) and the file that says it."""

    text: str
    plural: str
    file: str


def collect(root: Path) -> dict[tuple[str, str], list[str]]:
    """{(msgid, plural): files} of every Python file and template below `root`."""
    found: dict[tuple[str, str], list[str]] = {}
    for message in [*_in_python(root), *_in_templates(root)]:
        files = found.setdefault((message.text, message.plural), [])
        if message.file not in files:
            files.append(message.file)
    return found


def _files(root: Path, pattern: str) -> Iterator[Path]:
    for path in sorted(root.rglob(pattern)):
        if not LEFT_OUT & set(path.relative_to(root).parts):
            yield path


def _in_python(root: Path) -> Iterator[Message]:
    for path in _files(root, "*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and _name(node.func) in FUNCTIONS):
                continue
            texts = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if texts and texts[0]:
                plural = texts[1] if "ngettext" in _name(node.func) and len(texts) == 2 else ""
                yield Message(texts[0], plural, str(path.relative_to(root)))


def _name(func) -> str:
    return func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")


def _in_templates(root: Path) -> Iterator[Message]:
    for path in _files(root, "*.html"):
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for call, text, plural in _IN_TEMPLATES.findall(code):
            several = ast.literal_eval(plural) if call == "ngettext" and plural else ""
            yield Message(ast.literal_eval(text), several, str(path.relative_to(root)))
