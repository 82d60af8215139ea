"""Night watch (值守): the alarm is heard after the sign-in has ended, and nothing else is."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.watching import COOKIE
from tests.integration.referrals.green import sent, statements
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 2, 0, tzinfo=ZONE)
AT_MOST = 3
WATCH, LOGIN, ON, OFF = (reverse(name) for name in (
    "referrals:watch", "accounts:login", "referrals:watch_on", "referrals:watch_off",
))  # fmt: skip
ASKING, ENDED = "值守中：已退出登录，仍会响铃", "值守已结束，不再响铃，请重新登录。"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def watching(cast):
    """The desk's browser, its sound switched on."""
    browser = cast.browser("core_desk")
    assert browser.post(ON).status_code == 204
    return browser


def asked(browser, **more):
    return browser.get(WATCH, headers={"HX-Request": "true", "X-Background": "1", **more})


def heard(browser) -> str:
    answer = asked(browser)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_desk_that_was_idle_for_half_an_hour_still_hears(cast, clock, watching):
    clock.shift(timedelta(minutes=31))
    stroke = sent(cast, patient=cast.patient(name="欧阳雪松"))
    sent(cast, department=cast.departments.tcm_cardiology)  # another house's
    clock.shift(timedelta(minutes=7))
    led = watching.get(reverse("referrals:alarm"), headers={"HX-Request": "true", "X-Background": "1"})
    assert led.headers["HX-Redirect"].startswith(LOGIN)
    assert f'hx-get="{WATCH}"' in watching.get(LOGIN).content.decode()
    words = heard(watching)
    told = ("卒中", "城关镇卫生院", stroke.number, "已等 7 分", "tel:13908390001", "登录后处理", ASKING)
    assert [part for part in told if part not in words] == []
    kept = ("欧阳", "雪松", stroke.history, "神经内科", "我来办", "<form")
    assert [part for part in kept if part in words] == []
    assert words.count("<li>") == 1
    assert statements(lambda: asked(watching)) <= AT_MOST
    for closed in ("/", reverse("referrals:detail", args=[stroke.number]), reverse("referrals:incoming")):
        assert watching.get(closed).headers["Location"].startswith(LOGIN)
    claim = watching.post(reverse("referrals:move", args=[stroke.number, "claim"]))
    assert claim.headers["Location"].startswith(LOGIN)


def test_a_stranger_hears_nothing_and_is_told_nothing(cast):
    sent(cast)
    forged = Client()
    forged.cookies[COOKIE] = "WzEsIngiXQ:1w0000:abc"
    for browser in (Client(), forged, cast.browser("core_desk")):
        answer = asked(browser)
        assert (answer.status_code, answer.content) == (204, b"")
    page = Client().get(LOGIN).content.decode()
    assert [part for part in (WATCH, "值守", "alarm.js") if part in page] == []


def leaves(cast, clock):
    cast.memberships.core_desk.ended_on = timezone.localdate()
    cast.memberships.core_desk.save()


def may_no_more(cast, clock):
    cast.memberships.core_desk.roles = ["auditor"]
    cast.memberships.core_desk.save()


def changes_the_password(cast, clock):
    cast.users.core_desk.set_password("another long password")
    cast.users.core_desk.save()


def twelve_hours(cast, clock):
    clock.shift(timedelta(hours=12, seconds=1))


@pytest.mark.parametrize("end", [leaves, may_no_more, changes_the_password, twelve_hours])
def test_it_ends_with_what_it_rests_on_and_says_so(cast, clock, watching, end):
    stroke = sent(cast)
    assert stroke.number in heard(watching)
    end(cast, clock)
    words = heard(watching)
    assert (ENDED in words, ASKING in words, stroke.number in words) == (True, False, False)
    assert asked(watching).status_code == 204  # the cookie is gone
    assert ENDED in asked(watching, **{"X-On-Watch": "1"}).content.decode()


@pytest.mark.parametrize("address", [reverse("accounts:logout"), OFF])
def test_signing_out_and_switching_off_end_it(cast, watching, address):
    sent(cast)
    watching.post(address)
    assert (asked(watching).status_code, WATCH in Client().get(LOGIN).content.decode()) == (204, False)


def test_the_cookie_is_kept_from_scripts_and_other_sites(cast, watching, settings):
    kept = watching.cookies[COOKIE]
    assert (kept["httponly"], kept["samesite"]) == (True, settings.SESSION_COOKIE_SAMESITE)
    assert bool(kept["secure"]) == settings.SESSION_COOKIE_SECURE


def test_only_who_may_answer_keeps_watch_and_a_page_renews_it_each_hour(cast, clock, watching):
    assert cast.browser("pharmacist").post(ON).status_code == 403
    inbox = reverse("notifications:inbox")
    asks = [f'data-alarm-watch="{ON}"' in watching.get(inbox).content.decode()]
    for _half in range(3):
        clock.shift(timedelta(minutes=25))
        asks.append(f'data-alarm-watch="{ON}"' in watching.get(inbox).content.decode())
    assert asks == [False, False, False, True]


def test_somebody_else_who_signs_in_here_ends_it(cast, watching):
    cast.users.cardiologist.set_password("another long password")
    cast.users.cardiologist.save()
    watching.session.flush()
    signed = {"username": cast.users.cardiologist.username, "password": "another long password"}
    assert watching.post(LOGIN, signed).status_code == 302
    assert watching.cookies[COOKIE].value == ""
