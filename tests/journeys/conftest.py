"""A stranger's machine: the product started as `make run` starts it, a real Chromium, var/demo.json.

`visitor("township doctor …")` is one person in one browser window; it counts interactions (a click
or a filled field is one), keeps a screenshot of every page it was shown, and fails the test for a
console error, a page error, or a request that leaves this machine.
"""

import json
import os
import re
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
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "var" / "test" / "screenshots"
WARD_PC = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
START_SECONDS = 120


@dataclass
class Site:
    """The running product: its address, and what `var/demo.json` says."""

    address: str
    var: Path
    demo: dict

    def accounts(self, *, role: str, institution: str | None = None) -> list[dict]:
        found = [each for each in self.demo["accounts"] if each["role"] == role]
        return [each for each in found if institution in (None, each["institution"])]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    var = tmp_path_factory.mktemp("site")
    port = _free_port()
    environment = os.environ | {
        "VAR_DIR": str(var),
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{var / 'demo.sqlite3'}",
        "CELERY_BROKER_URL": "filesystem://",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    log = (var / "run.log").open("w")
    command = [sys.executable, str(ROOT / "scripts" / "run.py")]
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process, var / "run.log")
        yield Site(address, var, json.loads((var / "demo.json").read_text()))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        log.close()
    assert _left_running(port) is False, "something still answers after Ctrl-C"


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert path, "no Chromium: set CHROMIUM to its path"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(site, chromium, request):
    """Opens windows; at the end every one of them must have been quiet."""
    windows = []

    def open_window(account: dict | None = None, *, screen=WARD_PC) -> "Visitor":
        window = Visitor(site, chromium.new_context(viewport=screen, locale="zh-CN"), request.node.name)
        windows.append(window)
        if account:
            window.sign_in(account)
        return window

    yield open_window
    faults = [fault for window in windows for fault in window.faults]
    for window in windows:
        window.context.close()
    assert faults == []


class Visitor:
    """One person at one screen."""

    def __init__(self, site, context, story):
        self.site, self.context, self.story = site, context, story
        self.page = context.new_page()
        self.interactions = 0
        self.faults = []
        self._pictures = 0
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        self.page.on("request", self._asked)

    def sign_in(self, account: dict) -> None:
        self.go("/login/")
        self.page.locator("input[name=username]").fill(account["username"])
        self.page.locator("input[name=password]").fill(account["password"])
        self.page.locator("form:has(input[name=password]) button[type=submit]").click()
        self.page.wait_for_load_state()
        self.name = account["username"]
        self.look("signed-in")

    def go(self, path: str) -> None:
        self.page.goto(self.site.address + path)
        self.look(re.sub(r"R\d{10,}\w*", "R", path).strip("/").replace("/", "-") or "home")

    def click(self, target) -> None:
        self.interactions += 1
        self._find(target).click()
        self.page.wait_for_load_state("networkidle")

    def fill(self, selector: str, text: str) -> None:
        self.interactions += 1
        self.page.locator(selector).fill(text)

    def choose(self, selector: str, value: str) -> None:
        self.interactions += 1
        self.page.locator(selector).select_option(value)
        self.page.wait_for_load_state("networkidle")

    def count_from_here(self) -> None:
        self.interactions = 0

    def look(self, name: str) -> None:
        """Keep a picture of what is on the screen, whole page."""
        self._pictures += 1
        folder = PICTURES / self.story
        folder.mkdir(parents=True, exist_ok=True)
        who = getattr(self, "name", "visitor")
        self.page.screenshot(path=folder / f"{who}-{self._pictures:02}-{name}.png", full_page=True)

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for(timeout=10_000)

    def _find(self, target):
        return self.page.locator(target).first if isinstance(target, str) else target

    def _heard(self, message) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} at {urlsplit(self.page.url).path}")

    def _asked(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and not request.url.startswith(self.site.address):
            self.faults.append(f"outside request: {parts.hostname}")


def _wait_for(address: str, process, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(address + "/readyz", timeout=2).close()
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
