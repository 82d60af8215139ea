"""One person at one screen, as the journeys speak of it: `clicks`, `fills in`, `sees`.

Fields are named by their labels and buttons by their words, so that a journey reads as what a person does and a
field without a label cannot be used. Nothing sleeps: every wait is for something to be there.
"""

import re
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "var" / "test" / "screenshots"
WARD_PC = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
PATIENCE = 20_000
"""Milliseconds until something that should be there is missed; a busy machine is slow, not broken."""

POLLING = 20_000
"""Milliseconds after which a page asks by itself what is new. Nobody waits for them: the window's clock is put on."""

QUIET = "() => document.readyState === 'complete' && !document.querySelector('.htmx-request, form[aria-busy=true]')"
expect.set_options(timeout=PATIENCE)
REFUSED = re.compile(r"status of (\d{3})")


class Visitor:
    """Counts `interactions` (a click, a key, a filled field), keeps pictures, and collects `faults`."""

    def __init__(self, site, context, story: str, name: str = "visitor"):
        self.site, self.context, self.story, self.name = site, context, story, name
        context.set_default_timeout(PATIENCE)
        context.clock.install()
        self.page: Page = context.new_page()
        self.interactions = 0
        self.faults: list[str] = []
        self._pictures = 0
        self._expected: set[str] = set()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self._where()}: page error: {error}"))
        self.page.on("request", self._asked)

    # --- going about ---------------------------------------------------------------------------------------------

    def sign_in(self, account: dict) -> None:
        """By the login form of the start page; who has several jobs is asked next where he is."""
        self.name = account["username"]
        self.go("/")
        self.page.locator("input[name=username]").fill(account["username"])
        self.page.locator("input[name=password]").fill(account["password"])
        self.page.locator("input[name=password]").press("Enter")
        self.page.wait_for_url(lambda address: "/login/" not in address)
        self.settle()

    def go(self, path: str):
        """Type an address: only the start page, or what a person would bookmark. Answers the response."""
        response = self.page.goto(self.site.address + path)
        self.settle()
        return response

    def reads(self, entry: str) -> None:
        """Open a page by its entry in the rail; on a phone that opens from the top."""
        if self.page.locator(".rail-toggle").is_visible():
            self.clicks(self.page.locator(".rail-toggle"))
        self.clicks(self.page.locator("#rail-menu").get_by_role("link", name=entry, exact=True))
        expect(self.page.locator("#rail-menu [aria-current=page]")).to_have_text(re.compile(rf"\s*{entry}\s*"))

    def opens(self, number: str) -> None:
        """Open a referral from the list on the screen."""
        self.clicks(self.page.locator(f"#see-{number}"))
        expect(self.page.locator("h1")).to_contain_text(number)
        self.look("referral")

    # --- doing ---------------------------------------------------------------------------------------------------

    def clicks(self, target: str | Locator) -> None:
        """A button or link by its words, or a place on the page."""
        self.interactions += 1
        self._find(target).click()
        self.settle()

    def presses(self, key: str) -> None:
        self.interactions += 1
        self.page.keyboard.press(key)
        self.settle()

    def fills(self, label: str, text: str, *, within: str = "#work") -> None:
        """Type into the field of that label, or choose in it."""
        self.interactions += 1
        field = self.field(label, within=within)
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(label=text)
        else:
            field.fill(text)
        self.settle()

    def ticks(self, label: str, *, within: str = "#work") -> None:
        """A box or a button of a choice."""
        self.interactions += 1
        self.field(label, within=within).check()
        self.settle()

    def field(self, label: str, *, within: str = "#work") -> Locator:
        named = self.page.locator(within).get_by_label(label).and_(self.page.locator("input, select, textarea"))
        return named.locator("visible=true").first

    def makes(self, move: str, *, place: bool = False, **answers: str) -> None:
        """One move of the referral on the screen: its button, what its form asks, and its button again.

        `answers`: label → words; a label alone that is a choice has the value "✓". `place`: the first one free.
        """
        self.page.evaluate("document.getElementById('messages').replaceChildren()")
        self._choose_move(move)
        form = self.page.locator("#move .move-form")
        if answers or place or form.count():
            form.wait_for()
            if place:
                self.clicks(form.locator(".slot-day input").first)
            for label, words in answers.items():
                self.ticks(label, within="#move") if words == "✓" else self.fills(label, words, within="#move")
            self.look(f"form-{move}")
            self.clicks(form.locator(".move-actions .btn").first)
        expect(self.page.locator("#messages .alert-success")).to_contain_text(re.compile(r"R\d{11}：已.+；.+。"))

    def _choose_move(self, move: str) -> None:
        button = self.page.locator("#moves .moves .btn").filter(has_text=re.compile(rf"^\s*{re.escape(move)}\s*$"))
        button.first.wait_for(state="attached")
        if not button.first.is_visible():
            self.clicks("其他操作")
        self.clicks(button.first)

    # --- seeing --------------------------------------------------------------------------------------------------

    def sees(self, words: str | re.Pattern, *, within: str = "body") -> None:
        place = self.page.locator(within).get_by_text(words).locator("visible=true").first
        expect(place).to_be_visible(timeout=PATIENCE)

    def sees_not(self, words: str, *, within: str = "#work") -> None:
        expect(self.page.locator(within)).not_to_contain_text(words)

    def sees_status(self, status: str) -> None:
        expect(self.page.locator(".referral-marks .state").first).to_have_text(re.compile(rf"\s*{status}\s*"))

    @property
    def number(self) -> str:
        """Of the referral on the screen."""
        heading = self.page.locator("h1").inner_text()
        return re.search(r"R\d{11}", heading)[0]

    def unread(self) -> int:
        """What the bell says now."""
        self.page.wait_for_function(
            "() => document.querySelector('#unread.htmx-settling, #unread.htmx-request') === null"
        )
        return int(re.sub(r"\D", "", self.page.locator("#unread").inner_text()) or 0)

    def hears_of(self, number: str, notice: str, *, above: int) -> None:
        """The bell rises above a count by itself, without reload; then the inbox says what about the referral."""
        end = time.monotonic() + PATIENCE / 1000
        while self.unread() <= above:
            assert time.monotonic() < end, f"{self.name} heard nothing of {number}: {notice}"
            with self.page.expect_response(lambda response: response.url.endswith("/inbox/unread/")):
                self.page.clock.fast_forward(POLLING)
        self._opens_inbox()
        while not self._notices(number, notice).count():  # what came first was about something else
            assert time.monotonic() < end, f"{self.name} finds nothing of {number}: {notice}"
            self._opens_inbox()
        self.look("inbox")

    def finds_notice(self, number: str, notice: str) -> None:
        """In the inbox on the screen."""
        expect(self._notices(number, notice).first).to_be_visible()

    def _opens_inbox(self) -> None:
        self.clicks(self.page.locator("header.topbar").get_by_role("link", name="消息"))

    def _notices(self, number: str, notice: str) -> Locator:
        return self.page.locator("#work li").filter(has_text=number).filter(has_text=notice)

    def look(self, name: str) -> None:
        """Keep a picture of what is on the screen, the whole page."""
        self._pictures += 1
        folder = PICTURES / self.story
        folder.mkdir(parents=True, exist_ok=True)
        self.page.evaluate("scrollTo(0, 0)")  # what sticks to the top stands at the top of the picture
        path = folder / f"{self.name}-{self._pictures:02}-{name}.jpg"  # drawn in half the time of a PNG
        self.page.screenshot(path=path, type="jpeg", quality=80, full_page=True)

    def settle(self) -> None:
        """The page is whole and asks the server nothing."""
        self.page.wait_for_load_state()
        self.page.wait_for_function(QUIET)

    @contextmanager
    def refused(self, *statuses: int):
        """Inside, the browser may report these answers to the console as it always does; nothing of ours may."""
        self._expected = {str(status) for status in statuses}
        yield
        self.settle()
        self._expected = set()

    # --- watching ------------------------------------------------------------------------------------------------

    def _find(self, target: str | Locator) -> Locator:
        if not isinstance(target, str):
            return target
        words = re.compile(rf"^\s*{re.escape(target)}\s*$")
        named = self.page.get_by_role("button", name=words).or_(self.page.get_by_role("link", name=words))
        return named.or_(self.page.locator("summary").filter(has_text=words)).locator("visible=true").first

    def _heard(self, message) -> None:
        if message.type not in ("error", "warning"):
            return
        refused = REFUSED.search(message.text)
        if refused and refused[1] in self._expected:
            return
        self.faults.append(f"{self._where()}: console: {message.text}")

    def _asked(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and not request.url.startswith(self.site.address):
            self.faults.append(f"{self._where()}: outside request: {parts.hostname}")

    def _where(self) -> str:
        return f"{self.name} at {urlsplit(self.page.url).path}"
