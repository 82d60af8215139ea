"""A session ends half an hour after the last thing a person did, whatever the page does by itself."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from consortium.middleware import BACKGROUND_HEADER

HALF_AN_HOUR = timedelta(seconds=settings.SESSION_COOKIE_AGE)
PAGE = "notifications:inbox"


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def signed_in(browser) -> bool:
    return browser.get(reverse(PAGE)).status_code == 200


def test_who_keeps_working_stays(clock, cast):
    browser = cast.browser("core_desk")
    for _ in range(4):
        assert signed_in(browser)
        clock.shift(HALF_AN_HOUR - timedelta(minutes=1))
    assert signed_in(browser)


def test_who_goes_away_is_signed_out(clock, cast):
    browser = cast.browser("core_desk")
    assert signed_in(browser)
    clock.shift(HALF_AN_HOUR + timedelta(seconds=1))
    assert not signed_in(browser)


def test_what_the_page_asks_by_itself_does_not_count(clock, cast):
    browser = cast.browser("core_desk")
    assert signed_in(browser)
    for _ in range(3):
        clock.shift(HALF_AN_HOUR / 3 + timedelta(seconds=1))
        browser.get(reverse(PAGE), headers={BACKGROUND_HEADER: "1"})
    assert not signed_in(browser)


def test_presence_is_written_once_a_minute_at_most(clock, cast):
    browser = cast.browser("core_desk")
    assert signed_in(browser)
    before = browser.session["seen_at"]
    clock.shift(timedelta(seconds=59))
    assert signed_in(browser)
    assert browser.session["seen_at"] == before
    clock.shift(timedelta(seconds=1))
    assert signed_in(browser)
    assert browser.session["seen_at"] == before + 60
