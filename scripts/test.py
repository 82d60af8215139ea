"""`make test`: lint, import contracts, the suite on SQLite and on PostgreSQL with Redis, the browser journeys.

What the machine lacks is skipped with one loud line; with CI=true it fails instead.
Everything started here is stopped here.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

from prepare import BASE, VAR, binary, prepare, say
from services import chromium, end, postgresql, redis

CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
PYTEST = [binary("python"), "-m", "pytest", "--create-db", "-q"]
FAULTS, RACES, JOURNEYS = "tests/faults", "tests/races", "tests/journeys"  # they start processes by themselves
SPREAD = ["-n", "2"]
SUITE = [*PYTEST, *SPREAD, "--dist", "worksteal", *(f"--ignore={folder}" for folder in (FAULTS, RACES, JOURNEYS))]


class Round:
    """One run over everything: what passed, what failed, what could not be tried."""

    def __init__(self):
        self.rows: list[tuple[str, str, float]] = []

    def step(self, name: str, command: list[str], environment: dict | None = None) -> None:
        say(name)
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=BASE, env=os.environ | (environment or {}))
        try:
            self._judge(name, process.wait(), began)
        finally:
            end(process, signal.SIGINT)  # pytest then clears up behind itself

    def side_by_side(self, steps: list[tuple[str, list[str], dict]]) -> None:
        """Steps that mostly wait, all at once; what each of them prints comes when it has ended."""
        say(" and ".join(name for name, _, _ in steps))
        began = time.monotonic()
        with ExitStack() as stack:
            running = []
            for name, command, environment in steps:
                output = stack.enter_context(tempfile.TemporaryFile())
                options = {"cwd": BASE, "env": os.environ | environment, "stdout": output, "stderr": subprocess.STDOUT}
                process = subprocess.Popen(command, **options)
                stack.callback(end, process, signal.SIGINT)
                running.append((name, process, output))
            while running:
                time.sleep(0.2)
                for each in [each for each in running if each[1].poll() is not None]:
                    running.remove(each)
                    self._ended(*each, began)

    def _ended(self, name: str, process, output, began: float) -> None:
        self._judge(name, process.returncode, began)
        say(name)
        output.seek(0)
        print(output.read().decode(errors="replace"), flush=True)

    def _judge(self, name: str, code: int, began: float) -> None:
        self.rows.append((name, "FAILED" if code else "passed", time.monotonic() - began))

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


def engines_of(checks: Round, stack: ExitStack) -> dict[str, dict]:
    """Engine → the environment of a run on it."""
    engines = {"SQLite": {"DATABASE_URL": f"sqlite:///{VAR / 'test' / 'suite.sqlite3'}"}}
    address = os.environ.get("TEST_DATABASE_URL") or stack.enter_context(postgresql())
    if address:
        engines["PostgreSQL"] = {"DATABASE_URL": address} | _broker(checks, stack)
    else:
        checks.lacking("suite on PostgreSQL", "no TEST_DATABASE_URL and no PostgreSQL on this machine")
    return engines


def _broker(checks: Round, stack: ExitStack) -> dict:
    address = stack.enter_context(redis())
    if address:
        return {"CELERY_BROKER_URL": address}
    checks.lacking("Redis as broker", "no redis-server on this machine")
    return {}


def faults(engines: dict) -> list[tuple]:
    return [(f"faults on {engine}", [*PYTEST, FAULTS], environment) for engine, environment in engines.items()]


def races(engines: dict) -> list[tuple]:
    """On PostgreSQL, in a test database of their own: the faults are beside them."""
    if "PostgreSQL" not in engines:
        return []
    given = engines["PostgreSQL"]
    address = urlsplit(given["DATABASE_URL"])._replace(path="/races").geturl()
    return [("races on PostgreSQL", [*PYTEST, RACES], given | {"DATABASE_URL": address})]


def journeys(checks: Round) -> list[tuple]:
    """Two people at two platforms: a person at a browser waits for the page half of the time."""
    browser = chromium()
    if not browser:
        checks.lacking("browser journeys", "no Chromium on this machine; set CHROMIUM to its path")
        return []
    environment = {"CHROMIUM": browser, "DATABASE_URL": f"sqlite:///{VAR / 'test' / 'journeys.sqlite3'}"}
    return [("browser journeys", [*PYTEST, *SPREAD, "--dist", "loadfile", JOURNEYS], environment)]


def main() -> int:
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda number, _: sys.exit(128 + number))  # so that the services are stopped
    prepare(dev=True)
    checks = Round()
    lint(checks)
    if "--lint" not in sys.argv[1:]:
        (VAR / "test").mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            engines = engines_of(checks, stack)
            for engine, environment in engines.items():
                checks.step(f"suite on {engine}", SUITE, environment)
            checks.side_by_side([*faults(engines), *races(engines), *journeys(checks)])
    return checks.report()


if __name__ == "__main__":
    sys.exit(main())
