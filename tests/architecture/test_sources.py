"""Facts about the source that a reviewer should not have to look for."""

import ast
import re
from functools import cache

import pytest
from django.apps import apps

from .project import BASE, LAYERS, named, sources, suite_sources, templates, tree

LONGEST_FILE = 350  # lines
SPEAKERS = re.compile(r"/(views|api|pages)(/|\.py$|_)")


def test_files_stay_readable():
    too_long = {
        named(path): lines
        for path in [*sources(), *suite_sources()]
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert too_long == {}


def test_what_starts_processes_stands_in_the_folders_that_are_run_apart():
    """`make test` goes by folder, a developer who leaves them out by marker."""
    marked = re.compile(r"pytest\.mark\.(journey|faults|races)\b")
    apart = {"journey": "tests/journeys/", "faults": "tests/faults/", "races": "tests/races/"}
    for path in suite_sources():
        markers = set(marked.findall(path.read_text(encoding="utf-8")))
        homes = {marker for marker, folder in apart.items() if named(path).startswith(folder)}
        assert markers <= homes, named(path)
        assert markers or not (homes and path.name.startswith("test_")), named(path)


def test_nothing_is_left_open():
    left = re.compile(r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError|pragma: no cover")
    found = [
        f"{named(path)}:{number}"
        for path in [*sources(migrations=True), *templates()]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if left.search(line)
    ]
    assert found == []


def test_cross_site_protection_is_never_lifted_by_hand():
    """REST is exempt through DRF, which checks sessions itself; no page and no view of ours is."""
    found = [
        named(path)
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name | ast.Attribute)
        and "csrf_exempt" in (getattr(node, "id", ""), getattr(node, "attr", ""))
    ]
    assert sorted(set(found)) == []


# place → why the question needs no scope of its own
SCOPED_OTHERWISE = {
    "referrals/api.py:_whole": "handed to find_referral, which adds visible_to",
    "referrals/api.py:_with_sides": "handed to find_referral, which adds visible_to",
    "referrals/views/loading.py:for_page": "handed to find_referral, which adds visible_to",
    "referrals/views/printing.py:_whole": "handed to find_referral, which adds visible_to",
    "referrals/views/writing.py:whole": "handed to find_referral, which adds visible_to",
}


def unscoped(path):
    """Functions in which a statement starts at `Model.objects` and never says visible_to."""
    for function in ast.walk(tree(path)):
        if isinstance(function, ast.FunctionDef) and any(map(_asks_for_everything, _simple_statements(function))):
            yield f"{named(path)}:{function.name}"


def _simple_statements(function):
    return (node for node in ast.walk(function) if isinstance(node, ast.stmt) and not hasattr(node, "body"))


def _asks_for_everything(statement) -> bool:
    attributes = [node for node in ast.walk(statement) if isinstance(node, ast.Attribute)]
    asked = {node.value.id for node in attributes if node.attr == "objects" and isinstance(node.value, ast.Name)}
    return bool(asked & _scoped_models()) and not {node.attr for node in attributes} & {"visible_to", "none"}


@cache
def _scoped_models() -> set[str]:
    """Names of the models that know whom they may be shown to."""
    return {model.__name__ for model in apps.get_models() if hasattr(model._default_manager, "visible_to")}


def test_views_ask_only_for_what_the_actor_may_see():
    speakers = [path for path in sources() if SPEAKERS.search(f"/{named(path)}")]
    assert sorted({place for path in speakers for place in unscoped(path)}) == sorted(SCOPED_OTHERWISE)


def imports_of(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.split(".")[0]


def test_apps_never_import_the_tests():
    assert [named(path) for path in sources(migrations=True) if "tests" in imports_of(path)] == []


@pytest.mark.parametrize("app", LAYERS)
def test_no_signals_between_apps(app):
    """What another app must learn is an event; save signals hide the road."""
    found = [
        named(path)
        for path in sources()
        if path.parts[len(BASE.parts)] == app
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == "django.db.models.signals"
        for alias in node.names
        if alias.name in ("pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed")
    ]
    assert found == []


def test_templates_carry_no_inline_script_or_style():
    """The content security policy would refuse them silently."""
    comment = re.compile(r"{#.*?#}")
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=\"|javascript:|\bhx-on\b|https?://[^\"' ]*\.(js|css)",
        re.I,
    )
    found = [
        f"{named(path)}:{number}"
        for path in templates()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if inline.search(comment.sub("", line)) and 'type="application/json"' not in line
    ]
    assert found == []


@pytest.mark.parametrize("name", ["new.html", "parts/move_form.html", "parts/reveal_form.html"])
def test_a_shared_computer_remembers_nothing_typed_about_a_patient(name):
    """Browsers offer what was typed into a form before, to whoever sits there next."""
    page = (BASE / "referrals/templates/referrals" / name).read_text(encoding="utf-8")
    assert [form for form in re.findall(r"<form[^>]*>", page) if 'autocomplete="off"' not in form] == []
