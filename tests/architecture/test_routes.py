"""Generated from the URL configuration: what every route with an id answers to those it is not for."""

import html

import pytest
from django.test import Client
from django.urls import reverse

from tests.architecture.routes import BY_TOKEN, CODES_ONLY, METHODS, OPEN, ROUTES, STRANGERS, build_world, routes

pytestmark = pytest.mark.django_db

NOT_OFFERED = 405


@pytest.fixture
def world(cast):
    return build_world(cast)


def addresses(world):
    """(name, route, address, headers) of every route with an id."""
    for name, route in ROUTES.items():
        found = {parameter: getattr(world, wanted) for parameter, wanted in route.ids.items()}
        address = reverse(name, kwargs={key: value for key, (value, _version) in found.items()} | route.plain)
        version = list(found.values())[-1][1]
        yield name, route, address, {"If-Match": f'"{version}"'}


def asked(browser, address, headers, methods=METHODS) -> dict[str, object]:
    """Method → answer, of the methods the route offers."""
    answers = {method: ask(browser, method, address, headers) for method in methods}
    return {method: answer for method, answer in answers.items() if answer.status_code != NOT_OFFERED}


def ask(browser, method, address, headers):
    if address.startswith("/api/"):
        return browser.generic(method, address, "{}", content_type="application/json", headers=headers)
    return browser.generic(method, address, headers=headers)


def test_every_route_with_an_id_is_in_the_registry():
    """A new route needs its line in `tests/architecture/routes.py`, or nobody looks whether it is closed."""
    every = {name: parameters for name, parameters in routes().items() if parameters}
    with_ids = {name: parameters for name, parameters in every.items() if name not in CODES_ONLY | BY_TOKEN}
    assert {name: every[name] for name in BY_TOKEN} == BY_TOKEN
    assert {name: set(route.ids) | set(route.plain) for name, route in ROUTES.items()} == with_ids
    assert {name: set(codes) for name, codes in CODES_ONLY.items()} == {
        name: parameters for name, parameters in routes().items() if name in CODES_ONLY
    }


def test_the_stranger_hears_that_there_is_nothing(cast, world):
    """Whatever his role at home: doctor, desk, administrator, office."""
    wrong, offered = [], {}
    for who in STRANGERS:
        browser = cast.browser(who)
        for name, _route, address, headers in addresses(world):
            answers = asked(browser, address, headers, offered.get(name, METHODS))
            found = {method: answer.status_code for method, answer in answers.items()}
            offered[name] = tuple(found)
            if set(found.values()) != {404}:
                wrong.append((who, name, found))
    assert wrong == []


def test_the_colleague_without_the_role_hears_why_not(cast, world):
    wrong, browsers = [], {}
    for name, route, address, headers in addresses(world):
        browser = browsers.setdefault(route.colleague, cast.browser(route.colleague))
        answers = asked(browser, address, headers, route.closed)
        found = {method: answer.status_code for method, answer in answers.items()}
        expected = 404 if personal(route) else 403
        if set(found.values()) != {expected} or not all(reason_of(answer) for answer in answers.values()):
            wrong.append((route.colleague, name, found))
    assert wrong == []


def personal(route) -> bool:
    return "message" in route.ids.values()


def test_what_is_in_ones_own_hands_is_there(cast, world):
    """Otherwise nobody could tell a message that is hidden from one that is not."""
    answer = cast.browser("core_desk").post(reverse("notifications:read", args=[world.message[0]]))
    assert answer.status_code == 302


def reason_of(answer) -> str:
    """The sentence that says why not, as it stands in the body."""
    if answer.headers["Content-Type"].startswith("application/problem+json"):
        return answer.json()["detail"]
    detail = str(answer.context["refusal"].detail)
    assert detail in html.unescape(answer.content.decode())
    return detail


def test_the_neighbour_of_the_same_consortium_gets_no_further(cast, world):
    """404 where it is nothing to him, 403 where he knows of it: nothing is shown and nothing is done."""
    wrong, browsers = [], {}
    for name, route, address, headers in addresses(world):
        browser = browsers.setdefault(route.neighbour, cast.browser(route.neighbour))
        found = {m: answer.status_code for m, answer in asked(browser, address, headers, route.closed).items()}
        allowed = {404} if {"referral", "inquiry", "patient", "message"} & set(route.ids.values()) else {403, 404}
        if not found or not set(found.values()) <= allowed:
            wrong.append((route.neighbour, name, found))
    assert wrong == []


def test_nobody_is_asked_to_sign_in_first(world):
    """Every route that is not open, with an id or without."""
    sample = {name: address for name, _route, address, _headers in addresses(world)}
    sample |= {name: reverse(name, kwargs=codes) for name, codes in CODES_ONLY.items()}
    sample |= {name: reverse(name) for name, parameters in routes().items() if not parameters}
    wrong = []
    for name in sorted(sample.keys() - OPEN):
        for method in ("GET", "POST"):
            answer = ask(Client(), method, sample[name], {})
            if not sent_away(answer):
                wrong.append((name, method, answer.status_code))
    assert wrong == []


def sent_away(answer) -> bool:
    if answer.status_code == 302:
        return answer.headers["Location"].startswith(reverse("accounts:login"))
    return answer.status_code == 401 and bool(answer.json()["detail"])


@pytest.mark.parametrize("name", CODES_ONLY)
def test_what_is_the_consortiums_own_is_its_offices(cast, name):
    address = reverse(name, kwargs=CODES_ONLY[name])
    for who in ("core_administrator", "cardiologist", "outsider_administrator"):
        answers = asked(cast.browser(who), address, {})
        assert {answer.status_code for answer in answers.values()} == {403}


# houses and consortia named in a query: page → role at home
QUERIES = {
    "institution": (
        "county-hospital",
        "outsider_administrator",
        ["accounts:staff", "accounts:staff_add", "accounts:staff_join", "accounts:duty", "accounts:clients",
         "accounts:client_add", "institutions:departments", "institutions:department_add", "institutions:capacity",
         "institutions:profile", "institutions:days"],
    ),
    "consortium": (
        "qingchuan",
        "outsider_office",
        ["institutions:members", "institutions:consortium", "institutions:new", "institutions:admit",
         "institutions:generate", "institutions:consortium_days", "referrals:limits", "referrals:indications"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", QUERIES)
def test_a_house_named_in_the_query_is_closed_as_well(cast, kind):
    code, who, names = QUERIES[kind]
    browser, wrong = cast.browser(who), []
    for name in names:
        answers = asked(browser, f"{reverse(name)}?{kind}={code}", {})
        found = {method: answer.status_code for method, answer in answers.items()}
        if set(found.values()) != {404}:
            wrong.append((name, found))
    assert wrong == []
