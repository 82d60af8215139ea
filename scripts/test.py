"""`make test`: lint, import contracts, the suite on SQLite and on PostgreSQL with Redis, the browser journeys.

What the machine lacks is skipped with one loud line; with CI=true it fails instead.
Everything started here is stopped here.
"""

import os
import subprocess
import sys
import time
from contextlib import ExitStack

from prepare import BASE, VAR, binary, prepare, say
from services import chromium, postgresql, redis

CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
TOGETHER = "not journey and not faults and not races and not bench"
ALONE = "(faults or races or bench) and not journey"
NO_TESTS = 5  # pytest's exit code when nothing matches


class Round:
    """One run over everything: what passed, what failed, what could not be tried."""

    def __init__(self):
        self.rows: list[tuple[str, str, float]] = []

    def step(
        self, name: str, command: list[str], environment: dict | None = None, *, may_be_empty: bool = False
    ) -> None:
        say(name)
        began = time.monotonic()
        code = subprocess.run(command, cwd=BASE, env=os.environ | (environment or {})).returncode
        fine = code == 0 or (may_be_empty and code == NO_TESTS)
        self.rows.append((name, "passed" if fine else "FAILED", time.monotonic() - began))

    def lacking(self, name: str, what: str) -> None:
        print(f"\n*** SKIPPED {name}: {what}\n", flush=True)
        self.rows.append((name, "FAILED (missing, and CI=true)" if CI else "SKIPPED", 0))

    def report(self) -> int:
        print("\n=== make test " + "=" * 60)
        for name, result, seconds in self.rows:
            print(f"{result:8} {seconds:6.1f} s  {name}")
        return int(any(result.startswith("FAILED") for _, result, _ in self.rows))


def lint(checks: Round) -> None:
    checks.step("ruff check", [binary("ruff"), "check", "."])
    checks.step("ruff format", [binary("ruff"), "format", "--check", "."])
    checks.step("import contracts", [binary("lint-imports"), "--no-cache"])
    migrations = [binary("python"), "manage.py", "makemigrations", "--check", "--dry-run"]
    checks.step("no missing migration", migrations, {"DJANGO_SETTINGS_MODULE": "tests.settings"})


def suite(checks: Round, engine: str, environment: dict) -> None:
    """The whole suite on one engine: most of it on two cores, what starts processes by itself alone."""
    pytest = [binary("python"), "-m", "pytest", "--create-db", "-q"]
    checks.step(f"suite on {engine}", [*pytest, "-n", "2", "-m", TOGETHER], environment)
    checks.step(f"processes on {engine}", [*pytest, "-m", ALONE], environment, may_be_empty=True)


def on_sqlite(checks: Round) -> None:
    database = VAR / "test" / "suite.sqlite3"
    suite(checks, "SQLite", {"DATABASE_URL": f"sqlite:///{database}"})


def on_postgresql(checks: Round, stack: ExitStack) -> None:
    address = os.environ.get("TEST_DATABASE_URL") or stack.enter_context(postgresql())
    if not address:
        checks.lacking("suite on PostgreSQL", "no TEST_DATABASE_URL and no PostgreSQL on this machine")
        return
    environment = {"DATABASE_URL": address}
    broker = stack.enter_context(redis())
    if broker:
        environment["CELERY_BROKER_URL"] = broker
    else:
        checks.lacking("Redis as broker", "no redis-server on this machine")
    suite(checks, "PostgreSQL", environment)


def journeys(checks: Round) -> None:
    browser = chromium()
    if not browser:
        checks.lacking("browser journeys", "no Chromium on this machine; set CHROMIUM to its path")
        return
    database = VAR / "test" / "journeys.sqlite3"
    environment = {"CHROMIUM": browser, "DATABASE_URL": f"sqlite:///{database}"}
    command = [binary("python"), "-m", "pytest", "--create-db", "-q", "-m", "journey"]
    checks.step("browser journeys", command, environment, may_be_empty=True)


def main() -> int:
    prepare(dev=True)
    checks = Round()
    lint(checks)
    if "--lint" not in sys.argv[1:]:
        (VAR / "test").mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            on_sqlite(checks)
            on_postgresql(checks, stack)
            journeys(checks)
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
