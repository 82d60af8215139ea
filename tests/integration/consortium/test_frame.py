"""The frame around every page: login, rail, languages, errors; nothing inline, nothing from outside."""

import re

import pytest
from django.urls import reverse
from django.views import defaults
from pytest_django.asserts import assertRedirects, assertTemplateUsed

from accounts.models import User

INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=", re.I)
ADDRESS = re.compile(r'(?:src|href|action|hx-get|hx-post)="([^"]*)"')
OUTSIDE = re.compile(r"^(?!/(?!/)|[#?]|tel:|$)")


def text(response):
    return response.content.decode()


def assert_strict(page):
    assert INLINE.findall(page) == []
    assert [address for address in ADDRESS.findall(page) if OUTSIDE.match(address)] == []


@pytest.fixture
def demo(cast):
    User.objects.update(is_demo=True)
    return cast


def test_the_stranger_is_led_to_the_login(client, db):
    assertRedirects(client.get("/"), reverse("accounts:login"))


def test_the_login_offers_every_demo_account_and_nobody_else(client, demo, settings):
    User.objects.filter(username="outsider-office").update(is_demo=False)
    settings.DEMO = True
    page = text(client.get(reverse("accounts:login")))
    offered = re.findall(r'name="username" value="([^"]+)"', page)
    # who works in two places stands under both; the pharmacist has no pages yet and is not played
    players = User.objects.filter(is_demo=True).exclude(username="pharmacist")
    expected = [*players.values_list("username", flat=True), "travelling-doctor"]
    assert sorted(offered) == sorted(expected)
    assert_strict(page)


def test_outside_the_demo_nobody_is_offered(client, demo, settings):
    settings.DEMO = False
    page = text(client.get(reverse("accounts:login")))
    assert re.findall(r'name="username" value=', page) == []
    browser = demo.browser("core_desk")
    assert "demo-bar" not in text(browser.get(reverse("notifications:inbox")))


def test_a_wrong_password_is_said_in_words_beside_the_form(client, cast):
    response = client.post(reverse("accounts:login"), {"username": "core-desk", "password": "wrong"})
    assert (response.status_code, text(response).count('class="alert alert-danger refusal"')) == (422, 1)


def test_home_is_the_first_page_of_ones_role(cast):
    assertRedirects(cast.browser("pharmacist").get("/"), reverse("notifications:inbox"))


def test_the_frame_says_who_i_am_where_and_what_i_may_open(cast):
    page = text(cast.browser("core_administrator").get(reverse("notifications:inbox")))
    assert_strict(page)
    assert re.findall(r"<strong>(.*?)</strong>\s*<span class=\"roles", page) == ["县人民医院"]
    assert re.findall(r'href="([^"]+)" aria-current="page">\s*<i', page) == [reverse("notifications:inbox")]
    assert [word in page for word in ("孙艳", "机构管理员", reverse("accounts:logout"))] == [True] * 3


def test_who_works_in_two_places_can_switch_in_the_header(cast):
    page = text(cast.browser("travelling_doctor").get(reverse("notifications:inbox")))
    offered = re.findall(r'name="membership" value="(\d+)"', page)
    assert [int(pk) for pk in offered] == [
        cast.memberships.travelling_doctor.pk,
        cast.memberships.travelling_doctor_at_hekou.pk,
    ]
    assert re.findall(r'name="membership"', text(cast.browser("core_desk").get(reverse("notifications:inbox")))) == []


@pytest.mark.parametrize(("language", "shown"), [("zh-hans", "zh-hans"), ("en", "en")])
def test_the_page_names_its_language_and_offers_the_other(client, db, language, shown):
    client.cookies["django_language"] = language
    page = text(client.get(reverse("accounts:login")))
    other = {"zh-hans": "en", "en": "zh-hans"}[language]
    assert re.findall(r'<html lang="([^"]+)"', page) == [shown]
    assert re.findall(r'name="language" value="([^"]+)"', page) == [other]


def test_an_unknown_address_is_a_page_in_words(cast):
    response = cast.browser("core_desk").get("/nowhere/")
    assert response.status_code == 404
    assert_strict(text(response))


@pytest.mark.parametrize(
    ("handler", "status"),
    [("bad_request", 400), ("permission_denied", 403), ("page_not_found", 404), ("server_error", 500)],
)
def test_error_pages_stand_without_context_or_database(rf, handler, status, django_assert_num_queries, db):
    extra = {"exception": Exception()} if status != 500 else {}
    with django_assert_num_queries(0):
        response = getattr(defaults, handler)(rf.get("/"), **extra)
    assert response.status_code == status
    assert_strict(text(response))


def test_a_form_that_has_gone_stale_is_told_so(cast):
    browser = cast.browser("core_desk", enforce_csrf_checks=True)
    response = browser.post(reverse("accounts:switch"), {"membership": "1"})
    assert response.status_code == 403
    assertTemplateUsed(response, "refusal.html")


def test_a_browser_that_looks_for_the_icon_finds_it(client, db):
    assertRedirects(client.get("/favicon.ico"), "/static/favicon.ico", fetch_redirect_response=False)
