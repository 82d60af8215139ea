"""The project as files: what the architecture tests look at."""

import ast
from functools import cache
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]

# from the roof down; an app may know what stands after it
LAYERS = [
    "consortium", "advice", "referrals", "records", "notifications", "accounts", "institutions", "events", "toolkit",
]  # fmt: skip


def sources(*, migrations: bool = False) -> list[Path]:
    """Python files of the apps, in a stable order."""
    found = (path for app in LAYERS for path in (BASE / app).rglob("*.py"))
    return sorted(path for path in found if migrations or "migrations" not in path.parts)


def suite_sources() -> list[Path]:
    return sorted((BASE / "tests").rglob("*.py"))


def templates() -> list[Path]:
    return sorted(path for app in LAYERS for path in (BASE / app).rglob("*.html"))


def named(path: Path) -> str:
    return str(path.relative_to(BASE))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
