"""Whoever reads English gets English: every sentence, every date; only names and typed texts stay as they are."""

import re
from contextlib import suppress
from html import unescape

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import NoReverseMatch, URLPattern, reverse
from django.utils import timezone

from consortium import page_urls
from referrals.workflow import LIFE
from tests.walk import referral_at

CHINESE = re.compile("[\u3001-\u303f\u3400-\u9fff\uff01-\uff5e]+")
MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
MONTHS = r"(Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
AMERICAN = re.compile(rf"\b({MONTHS} \d|[ap]\.m\.|noon\b|midnight\b)")
PEOPLE = ("township_doctor", "core_desk", "core_administrator", "consortium_administrator", "auditor")


def in_english(browser):
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def words_of(answer) -> str:
    return unescape(MARKUP.sub(" ", answer.content.decode()))


def typed_by_people() -> str:
    """Everything that stands in the database, for names and texts are Chinese in every language."""
    rows = (row for model in apps.get_models() for row in model._default_manager.all())
    return " ".join(str(getattr(row, field.attname)) for row in rows for field in row._meta.concrete_fields)


def left_in_chinese(answer, typed: str) -> set[str]:
    own_name = dict(settings.LANGUAGES)["zh-hans"]
    page = unescape(answer.content.decode())  # with the attributes: hints, questions, what a screen reader says
    return {run for run in CHINESE.findall(page) if run not in typed and run != own_name}


def addresses() -> list[str]:
    """Every page that needs no argument."""
    found = set()
    for part in page_urls.urlpatterns:
        for name in [part.name] if isinstance(part, URLPattern) else _names_in(part):
            with suppress(NoReverseMatch):
                found.add(reverse(name))
    return sorted(found)


def _names_in(part) -> list[str]:
    return [f"{part.namespace}:{page.name}" for page in part.url_patterns]


def test_the_first_page_speaks_english(client, db):
    page = words_of(in_english(client).get("/login/"))
    assert "Two-way referral: somebody answers on the way up, somebody follows up on the way down." in page
    assert set(CHINESE.findall(page)) == {"简体中文"}


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_is_english(cast, who):
    for status in ("submitted", "scheduled", "concluded"):
        referral_at(status, cast)
    browser, typed = in_english(cast.browser(who)), typed_by_people()
    pages = {address: answer for address in addresses() if (answer := browser.get(address)).status_code in (200, 403)}
    assert {"/calendar/", "/referrals/", "/staff/", "/trail/"} <= pages.keys()
    assert {address: left for address, page in pages.items() if (left := left_in_chinese(page, typed))} == {}
    assert [address for address, page in pages.items() if AMERICAN.search(words_of(page))] == []


@pytest.mark.parametrize("status", ["draft", "submitted", "scheduled", "concluded", "rejected"])
def test_a_referral_is_english_wherever_it_stands(cast, status):
    referral = referral_at(status, cast)
    verbs = [verb for verb, move in LIFE.moves.items() if status in move.sources]
    pages = [reverse(f"referrals:{name}", args=[referral.number]) for name in ("detail", "slip", "consent", "edit")]
    pages += [reverse("referrals:move", args=[referral.number, verb]) for verb in verbs]
    typed = typed_by_people()
    for who in ("township_doctor", "core_desk"):
        browser = in_english(cast.browser(who))
        left = {page: words for page in pages if (words := left_in_chinese(browser.get(page), typed))}
        assert left == {}


def test_dates_are_written_as_in_the_source(cast):
    referral = referral_at("scheduled", cast)
    page = words_of(in_english(cast.browser("core_desk")).get(reverse("referrals:detail", args=[referral.number])))
    assert f"{timezone.localtime(referral.status_since):%Y-%m-%d %H:%M}" in page
    assert AMERICAN.search(page) is None
