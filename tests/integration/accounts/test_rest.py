"""The ground of the REST interface: 401, 403, one effect for each key."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from accounts import actions
from accounts.models import IdempotentRequest
from events.models import Event
from institutions.models import Member
from tests.unit.accounts.builders import SYSTEM, client_of

pytestmark = pytest.mark.urls("tests.integration.accounts.urls")
DEEDS = "/api/v1/deeds/"


def token_for(partner, scope="referrals:read referrals:write", name="t0ken", lasts=timedelta(hours=1)):
    get_access_token_model().objects.create(
        application=partner, token=name, scope=scope, expires=timezone.now() + lasts
    )
    return {"Authorization": f"Bearer {name}"}


@pytest.fixture
def partner(world):
    return client_of(world.hospital)[0]


@pytest.fixture
def bearer(partner):
    return token_for(partner)


def post(client, headers, body=None, address=DEEDS):
    return client.post(address, {} if body is None else body, content_type="application/json", headers=headers)


def deeds():
    return Event.objects.filter(name="deed.done").count()


def problem(answer):
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_a_client_acts_for_its_house(client, bearer):
    answer = client.get(DEEDS, headers=bearer | {"X-Request-ID": "partner-0001"})
    assert answer.json() == {
        "kind": "client",
        "institution": "county-hospital",
        "roles": ["desk", "doctor"],
        "user": None,
        "staff_number": "",
        "request_id": "partner-0001",
    }
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer unknown"},
        {"Authorization": "Bearer 错"},
        {"Authorization": "Basic dDp0"},
    ],
)
def test_without_a_token(client, bearer, headers):
    answer = client.get(DEEDS, headers=headers)
    assert problem(answer) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="api"')


def test_tokens_in_addresses_and_bodies_are_not_read(client, bearer):
    assert client.get(DEEDS + "?access_token=t0ken").status_code == 401
    assert client.post(DEEDS, {"access_token": "t0ken"}).status_code == 401


def test_expired_tokens_and_ended_clients(client, world, partner):
    late = token_for(partner, name="late", lasts=timedelta(seconds=-1))
    assert client.get(DEEDS, headers=late).status_code == 401
    good = token_for(partner, name="good")
    partner.expires_at = timezone.now()
    partner.save()
    assert client.get(DEEDS, headers=good).status_code == 401


def test_a_house_that_left_every_consortium(client, world, bearer):
    Member.objects.filter(institution=world.hospital).update(left_on=timezone.localdate())
    assert problem(client.get(DEEDS, headers=bearer)) == (403, "not_a_member")


def test_scopes(client, partner):
    reader = token_for(partner, "referrals:read", "reader")
    writer = token_for(partner, "referrals:write", "writer")
    stranger = token_for(partner, "records:read records:write", "stranger")
    assert [client.get(DEEDS, headers=each).status_code for each in (reader, writer, stranger)] == [200, 403, 403]
    assert [post(client, each).status_code for each in (reader, writer, stranger)] == [403, 201, 403]
    look = DEEDS + "look/"
    assert [post(client, each, address=look).status_code for each in (reader, writer)] == [200, 403]
    answer = post(client, reader)
    assert problem(answer) == (403, "insufficient_scope")
    assert "referrals:write" in answer.json()["detail"]
    assert deeds() == 1


def test_a_permission_the_role_lacks_is_named(client, world):
    doctor = client_of(world.hospital, roles=("doctor",))[0]
    answer = post(client, token_for(doctor), address=DEEDS + "look/")
    assert problem(answer) == (403, "forbidden")
    assert "双向转诊服务台" in answer.json()["detail"]


def test_on_behalf_of_a_doctor_of_the_house(client, world, bearer):
    answer = client.get(DEEDS, headers=bearer | {"On-Behalf-Of": "D001"}).json()
    assert (answer["kind"], answer["user"], answer["staff_number"], answer["roles"]) == (
        "client",
        world.zhang.user_id,
        "D001",
        ["doctor"],
    )
    post(client, bearer | {"On-Behalf-Of": "D001"})
    event = Event.objects.get(name="deed.done")
    assert (event.actor_kind, event.user_id, event.actor_name) == ("client", world.zhang.user_id, "张三")


@pytest.mark.parametrize("number", ["", " ", "D999", "d001 ", "zhang", "x" * 5000])
def test_on_behalf_of_nobody_here(client, bearer, number):
    answer = client.get(DEEDS, headers=bearer | {"On-Behalf-Of": number})
    assert problem(answer) == (422, "unknown_staff")
    assert [sorted(each) for each in answer.json()["errors"]] == [["code", "detail", "header"]]
    assert [each["header"] for each in answer.json()["errors"]] == ["On-Behalf-Of"]
    assert ("不要发送这个头" in answer.json()["detail"]) is (not number.strip())


def test_the_scope_is_asked_for_before_the_person(client, partner):
    answer = client.get(DEEDS, headers=token_for(partner, "records:read") | {"On-Behalf-Of": "D999"})
    assert problem(answer) == (403, "insufficient_scope")


def test_on_behalf_of_somebody_who_left_or_works_elsewhere(client, world, bearer):
    actions.end_membership(actor=SYSTEM, membership=world.zhang)
    assert client.get(DEEDS, headers=bearer | {"On-Behalf-Of": "D001"}).status_code == 422


def test_the_same_key_again(client, bearer):
    headers = bearer | {"Idempotency-Key": "k-1"}
    first, second = post(client, headers, {"word": "a"}), post(client, headers, {"word": "a"})
    assert (first.status_code, second.status_code, deeds()) == (201, 201, 1)
    assert first.content == second.content
    names = ("ETag", "Location", "Content-Type", "Idempotency-Replayed")
    assert [first.headers.get(name) for name in names] == [
        '"3"',
        "http://testserver/api/v1/deeds/1/",
        "application/json",
        None,
    ]
    assert [second.headers.get(name) for name in names] == [
        '"3"',
        "http://testserver/api/v1/deeds/1/",
        "application/json",
        "true",
    ]


def test_the_same_key_for_something_else(client, bearer):
    headers = bearer | {"Idempotency-Key": "k-1"}
    post(client, headers, {"word": "a"})
    assert problem(post(client, headers, {"word": "b"})) == (422, "idempotency_key_reused")
    assert problem(post(client, headers, {"word": "a"}, DEEDS + "look/")) == (422, "idempotency_key_reused")
    assert problem(post(client, headers | {"On-Behalf-Of": "D001"}, {"word": "a"})) == (422, "idempotency_key_reused")
    assert deeds() == 1


def test_a_refused_request_leaves_nothing_and_frees_its_key(client, bearer):
    headers = bearer | {"Idempotency-Key": "k-1"}
    assert problem(post(client, headers, {"refuse": True})) == (422, "refused")
    assert (deeds(), IdempotentRequest.objects.count()) == (0, 0)
    assert post(client, headers, {"word": "a"}).status_code == 201


def test_a_bad_key_malformed_json_and_no_key(client, bearer):
    assert problem(post(client, bearer | {"Idempotency-Key": "a b"})) == (400, "bad_idempotency_key")
    assert post(client, bearer | {"Idempotency-Key": "k"}, "{nonsense").status_code == 400
    assert [post(client, bearer).status_code, post(client, bearer).status_code, deeds()] == [201, 201, 2]


def test_methods_that_are_not_there(client, bearer):
    assert client.put(DEEDS, headers=bearer).status_code == 405
    assert client.delete(DEEDS, headers=bearer | {"Idempotency-Key": "k"}).status_code == 405


def test_an_oversized_body(client, bearer, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert problem(post(client, bearer, {"word": "x" * 200})) == (413, "too_large")
    assert deeds() == 0


def test_clients_are_slowed_down_and_told_for_how_long(client, bearer, settings):
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] | {"client": "2/day"}
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": rates}
    answers = [client.get(DEEDS, headers=bearer) for _each in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) > 0


def test_what_it_costs_to_know_who_asks(client, bearer, django_assert_num_queries):
    with django_assert_num_queries(2):  # token with client and house; consortia
        client.get(DEEDS, headers=bearer)
    with django_assert_num_queries(3):  # and the person
        client.get(DEEDS, headers=bearer | {"On-Behalf-Of": "D001"})


# --- the pages' own session -------------------------------------------------------------------------------------------


@pytest.fixture
def browser(world):
    """Zhang signed in, with CSRF checks as in real life."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.zhang.user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_a_signed_in_person_reads(browser, world):
    assert browser.get(DEEDS).json()["user"] == world.zhang.user_id


def test_a_signed_in_person_writes_only_with_the_csrf_token(browser):
    assert problem(post(browser, {})) == (403, "csrf")
    browser.get(reverse("accounts:password"))
    token = browser.cookies["consortium_csrf"].value
    assert post(browser, {"X-CSRFToken": token}).status_code == 201
    assert deeds() == 1


def test_a_person_speaks_for_himself(browser):
    assert problem(browser.get(DEEDS, headers={"On-Behalf-Of": "D002"})) == (400, "malformed")


def test_first_the_password_and_the_job(browser, world):
    both = Client()
    both.force_login(world.li.user, backend="django.contrib.auth.backends.ModelBackend")
    assert problem(both.get(DEEDS)) == (403, "no_membership")
    world.zhang.user.must_change_password = True
    world.zhang.user.save()
    assert problem(browser.get(DEEDS)) == (403, "must_change_password")


def test_guessing_tokens_is_held_back(client, bearer, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
        "DEFAULT_THROTTLE_RATES": settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] | {"token": "3/d"}
    }
    answers = [client.get(DEEDS, headers={"Authorization": f"Bearer guess-{number}"}) for number in range(5)]
    assert [each.status_code for each in answers] == [401, 401, 401, 429, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert client.get(DEEDS, headers=bearer).status_code == 200
