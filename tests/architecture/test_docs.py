"""The documentation is true of the code: links, names, variables, words and moves."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from referrals.actions import ACTS
from referrals.facts import FACTS
from referrals.statuses import STATUS_LABELS

from .project import BASE, LAYERS, named, sources, templates

PAGES = sorted([*BASE.glob("*.md"), *BASE.glob("docs/**/*.md")])
READMES = ("README.md", "README.zh-CN.md")
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "PATH"}


@cache
def text(name: str) -> str:
    return (BASE / name).read_text(encoding="utf-8")


def prose(page: str) -> str:
    """The page without its code blocks."""
    return re.sub(r"^```.*?^```$", "", page, flags=re.S | re.M)


def headings(page: str) -> list[tuple[int, str]]:
    return [(len(marks), words.strip()) for marks, words in re.findall(r"^(#+) (.+)$", prose(page), re.M)]


def anchor(heading: str) -> str:
    """The fragment under which a heading is reached, as the usual renderers make it."""
    kept = re.sub(r"[^\w\- ]", "", re.sub(r"\[(.+?)\]\(.+?\)", r"\1", heading).lower())
    return kept.replace(" ", "-")


def table(page: str, under: str) -> list[list[str]]:
    """The cells of every table row below a heading, up to the next heading of any level."""
    section = re.search(rf"^#+ {re.escape(under)}\n(.*?)(?=^#+ |\Z)", prose(page), re.S | re.M)[1]
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows if not set("".join(row)) <= set("-: ")]


# --- links ------------------------------------------------------------------------------------------------------------


def links(path: Path) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", prose(path.read_text(encoding="utf-8")))


def broken(path: Path):
    for link in links(path):
        target, _hash, fragment = link.partition("#")
        if re.match(r"https?:", target):
            yield f"{link}: says what a page of ours does not need to say"
            continue
        reached = (path.parent / target).resolve() if target else path
        if not reached.exists():
            yield f"{link}: no such file"
        elif fragment and fragment not in {anchor(words) for _level, words in headings(reached.read_text("utf-8"))}:
            yield f"{link}: no such heading"


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_links_lead_somewhere(path):
    assert list(broken(path)) == []


def test_every_page_is_reached_from_the_readme():
    reached, waiting = set(), [BASE / "README.md"]
    while waiting:
        path = waiting.pop()
        if path in reached or path.suffix != ".md":
            continue
        reached.add(path)
        waiting += [(path.parent / link.partition("#")[0]).resolve() for link in links(path) if link[0] != "#"]
    assert sorted(map(named, PAGES)) == sorted(map(named, reached))


def test_pictures_stay_small():
    pictures = {path: path.stat().st_size for path in (BASE / "docs" / "images").iterdir()}
    assert {named(path): size for path, size in pictures.items() if size > 150_000} == {}
    shown = {(page.parent / link).resolve() for page in PAGES for link in links(page) if link.endswith(".png")}
    assert sorted(pictures) == sorted(shown)


# --- two languages ----------------------------------------------------------------------------------------------------


def shape(page: str) -> list[str]:
    """Everything that must be the same in both languages: headings, rows, steps, blocks, links."""
    lines = []
    for line in re.sub(r"^```\w+\n(.*?)^```$", _commands, page, flags=re.S | re.M).splitlines():
        if line.startswith("#"):
            lines.append(line.split()[0])
        elif line.startswith("|"):
            lines.append(f"row: {line.split('|')[1].strip()}" if "`" in line.split("|")[1] else "row")
        elif re.match(r"\d+\. |\* |\$ |!\[", line):
            lines.append(line[:2])
    return lines


def _commands(block) -> str:
    """The block's commands without their comments."""
    return "\n".join("$ " + line.split("#")[0].strip() for line in block[1].splitlines())


def _same(line: str) -> str:
    return line.replace("、", ", ")


def test_both_readmes_say_the_same():
    english, chinese = (shape(text(name)) for name in READMES)
    assert list(map(_same, chinese)) == english


def test_both_readmes_lead_to_the_same_pages():
    english, chinese = ([link for link in links(BASE / name) if not link.startswith("#")] for name in READMES)
    assert [link for link in chinese if link != "README.md"] == [link for link in english if link != "README.zh-CN.md"]


# --- what the code has ------------------------------------------------------------------------------------------------


def test_the_architecture_names_every_app_and_no_other():
    house = re.search(r"^## The house\n+```\n(.*?)^```", text("docs/architecture.md"), re.S | re.M)[1]
    assert [line.split()[0] for line in house.splitlines() if line[:1].strip()] == LAYERS


def variables_read() -> set[str]:
    read = set()
    reading = r"(?:env(?:\.\w+)?|_secret|environ\.get|given\.get)\(\s*[\"']([A-Z_]+)[\"']"
    for name in ("consortium/settings.py", "gunicorn.conf.py", *(named(each) for each in BASE.glob("scripts/*.py"))):
        read |= set(re.findall(reading, text(name)))
    return (read | set(re.findall(r"\$\{([A-Z_]+)", text("docker-compose.yml")))) - NOT_OURS


@pytest.mark.parametrize(("name", "under"), [(READMES[0], "Environment variables"), (READMES[1], "环境变量")])
def test_every_variable_is_explained_and_no_other(name, under):
    explained = {row[0].strip("`") for row in table(text(name), under)[1:]}
    assert sorted(explained) == sorted(variables_read())


def test_operations_knows_what_the_clock_does():
    told = {row[0].strip("`") for row in table(text("docs/operations.md"), "Processes") if "." in row[0]}
    assert told == set(settings.CELERY_BEAT_SCHEDULE)


def test_operations_knows_every_metric():
    measured = set(re.findall(r'"(consortium_\w+)"', text("consortium/health.py")))
    assert measured == {row[0].strip("`") for row in table(text("docs/operations.md"), "Is it well?") if "_" in row[0]}


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_commands_that_are_named_exist(path):
    page = path.read_text(encoding="utf-8")
    django = set(re.findall(r"manage\.py ([a-z_]+)", page))
    make = set(re.findall(r"`make ([a-z]+)|^make ([a-z]+)", page, re.M))
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.M))
    assert django - set(get_commands()) == set()
    assert {first or second for first, second in make} - targets == set()


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_files_that_are_named_exist(path):
    folders = "|".join([*LAYERS, "tests", "docs", "scripts"])
    names = re.findall(rf"`((?:{folders})/[\w./-]+)`", path.read_text(encoding="utf-8"))
    assert [name for name in names if not (BASE / name).exists()] == PLANNED.get(named(path), [])


# page → folders it speaks of as not being there yet
PLANNED = {"docs/operations.md": ["tests/bench/"]} if not (BASE / "tests" / "bench").exists() else {}


# --- integration guide ------------------------------------------------------------------------------------------------


def test_the_guide_lists_every_move_with_its_facts():
    rows = {row[0].strip("`"): row[3] for row in table(text("docs/integration.md"), "The moves")[1:]}
    assert sorted(rows) == sorted(ACTS)
    for verb, facts in FACTS.items():
        told = re.findall(r"\*\*(\w+)\*\*|`(\w+)`", rows[verb])
        bold, plain = {first for first, _ in told if first}, {second for _, second in told if second}
        assert {fact.name for fact in facts if fact.required} <= bold, verb
        assert {fact.name for fact in facts if not fact.required} <= plain, verb


def test_the_guide_calls_only_addresses_that_exist():
    calls = set(re.findall(r"\$BASE(/[\w/${}-]+)", text("docs/integration.md")))
    assert sorted(address for address in calls if not _exists(address)) == []
    assert len(calls) > 10


def _exists(address: str) -> bool:
    try:
        resolve(re.sub(r"\$\{?[A-Z]+\}?", "R1", address).replace("$3", "R1").replace("$4", "accept"))
    except Resolver404:
        return False
    return True


# --- words ------------------------------------------------------------------------------------------------------------


@cache
def everything_said() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in [*sources(migrations=True), *templates()]).lower()


def terms():
    for heading in ("Institutions 机构", "People 人员", "Patients 患者", "Referral 转诊"):
        for chinese, english, *about in table(text("docs/glossary.md"), heading)[1:]:
            if "Reserved" not in "".join(about):
                yield pytest.param(chinese, english, id=english)


@pytest.mark.parametrize(("chinese", "english"), list(terms()))
def test_terms_of_the_glossary_are_used(chinese, english):
    words = [*re.split(r"[,，（）]", chinese), *english.split(", ")]
    assert [word for word in words if word and word.lower().strip() in everything_said()] != []


def test_the_glossary_has_every_status():
    cells = [cell for row in table(text("docs/glossary.md"), "Statuses 状态")[1:] for cell in row]
    told = dict(zip([cell.strip("`") for cell in cells[1::2]], cells[::2], strict=True))
    assert told == {code: str(label) for code, label in STATUS_LABELS.items()}


# --- decisions --------------------------------------------------------------------------------------------------------

DECISIONS = sorted(BASE.glob("docs/adr/[0-9]*.md"))


def test_decisions_are_numbered_and_listed():
    listed = re.findall(r"^\| \[(\d{4})\]\(([^)]+)\)", text("docs/adr/README.md"), re.M)
    assert listed == [(path.name[:4], path.name) for path in DECISIONS]
    numbers = [path.name[:4] for path in DECISIONS]
    assert numbers == sorted(set(numbers))  # a number is given when work begins, and some come to nothing


@pytest.mark.parametrize("path", DECISIONS, ids=named)
def test_decisions_have_their_three_parts(path):
    page = path.read_text(encoding="utf-8")
    assert headings(page)[0][1].startswith(f"{path.name[:4]} ")
    assert [words for level, words in headings(page) if level == 2] == ["Context", "Decision", "Consequences"]
    assert re.search(r"^Status: (accepted|replaced by \[\d{4}\]), \d{4}-\d{2}$", page, re.M)


def test_the_list_of_libraries_is_the_list_of_requirements():
    required = {re.split(r"[=\[]", line)[0].lower() for line in text("requirements.txt").splitlines() if "==" in line}
    rows = table(text("docs/adr/0018-libraries-we-lean-on.md"), "Decision")[1:]
    told = {name.split()[0].lower() for row in rows for name in row[0].split(", ")}
    assert told == required
