"""A stranger's machine: the product started as `make run` starts it, a real Chromium, var/demo.json.

`visitor(account)` is one person in one browser window (see `visitor.Visitor`); at the end of a test every window must
have been quiet: no console error, no page error, no request that leaves this machine.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.visitor import PICTURES, ROOT, WARD_PC, Visitor

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
START_SECONDS = 180


@dataclass
class Site:
    """The running product: its address, and what `var/demo.json` says."""

    address: str
    var: Path
    demo: dict

    def account(self, username: str) -> dict:
        return next(each for each in self.demo["accounts"] if each["username"] == username)

    def accounts(self, *, role: str, institution: str | None = None) -> list[dict]:
        found = [each for each in self.demo["accounts"] if each["role"] == role]
        return [each for each in found if institution in (None, each["institution"])]

    def client(self, institution: str) -> dict:
        return next(each for each in self.demo["clients"] if each["institution"] == institution)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    var = tmp_path_factory.mktemp("site")
    port = _free_port()
    process, log = _start(var, port)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process, var / "run.log")
        yield Site(address, var, json.loads((var / "demo.json").read_text()))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        log.close()
    assert _left_running(port) is False, "something still answers after Ctrl-C"


def _start(var: Path, port: int):
    environment = os.environ | {
        "VAR_DIR": str(var),
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{var / 'demo.sqlite3'}",
        "CELERY_BROKER_URL": "filesystem://",
    }
    for ours in ("DJANGO_SETTINGS_MODULE", "DEBUG", "DEMO"):  # it is run as it comes, not as a developer's test
        environment.pop(ours, None)
    log = (var / "run.log").open("w")
    command = [sys.executable, str(ROOT / "scripts" / "run.py")]
    return subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT), log


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert path, "no Chromium: set CHROMIUM to its path"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.failed = report.failed or getattr(item, "failed", False)
    return report


@pytest.fixture(scope="session")
def signed_in() -> dict:
    """Cookies of those who have signed in already: nobody signs in anew for every task."""
    return {}


@pytest.fixture
def visitor(site, chromium, request, signed_in):
    """Opens windows; at the end every one of them must have been quiet."""
    windows = []
    shutil.rmtree(PICTURES / request.node.name, ignore_errors=True)

    def open_window(username: str = "", *, screen=WARD_PC) -> Visitor:
        kept = signed_in.get(username)
        options = {"viewport": screen, "locale": "zh-CN", "reduced_motion": "reduce", "storage_state": kept}
        window = Visitor(site, chromium.new_context(**options), request.node.name, username or "visitor")
        windows.append(window)
        if kept:
            window.go("/")
        elif username:
            window.sign_in(site.account(username))
            signed_in[username] = window.context.storage_state()
        return window

    yield open_window
    faults = [fault for window in windows for fault in window.faults]
    for window in windows:
        if getattr(request.node, "failed", False):
            window.look("failed")
        window.context.close()
    assert not faults, "\n".join(faults)


def _wait_for(address: str, process, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(address + "/readyz", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError("the product did not start:\n" + log.read_text()[-3000:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _left_running(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
