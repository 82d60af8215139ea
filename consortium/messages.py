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
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
LEFT_OUT = {".venv", "node_modules", "tests", "var", "scripts", "migrations"}
_TEXT = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATES = re.compile(rf"\b(n?gettext|pgettext|_)\(\s*{_TEXT}(?:\s*,\s*{_TEXT})?")


class Message(NamedTuple):
    """A msgid, its plural where there is one, and the context where the same Chinese has two Englishes."""

    text: str
    plural: str = ""
    context: str = ""


def collect(root: Path) -> dict[Message, list[str]]:
    """Every message of every Python file and template below `root`, with the files that say it."""
    found: dict[Message, list[str]] = {}
    for message, file in [*_in_python(root), *_in_templates(root)]:
        files = found.setdefault(message, [])
        if file not in files:
            files.append(file)
    return found


def _files(root: Path, pattern: str) -> Iterator[Path]:
    for path in sorted(root.rglob(pattern)):
        if not LEFT_OUT & set(path.relative_to(root).parts):
            yield path


def _in_python(root: Path) -> Iterator[tuple[Message, str]]:
    for path in _files(root, "*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and name_of(node.func) in FUNCTIONS | IN_CONTEXT):
                continue
            texts = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            message = _message(name_of(node.func), *texts)
            if message.text:
                yield message, str(path.relative_to(root))


def _message(function: str, first: str = "", second: str = "") -> Message:
    if function in IN_CONTEXT:
        return Message(second, context=first)
    return Message(first, second if "ngettext" in function else "")


def name_of(func: ast.expr) -> str:
    """The last part of what is called: "gettext" of `translation.gettext`."""
    return func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")


def _in_templates(root: Path) -> Iterator[tuple[Message, str]]:
    for path in _files(root, "*.html"):
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for function, *quoted in _IN_TEMPLATES.findall(code):
            texts = [ast.literal_eval(text) for text in quoted if text]
            yield _message(function, *texts), str(path.relative_to(root))
