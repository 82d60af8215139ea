"""API clients: registering with a secret shown once, and revoking."""

import json
import re

import pytest
from django.urls import reverse
from jwcrypto import jwk
from oauth2_provider.models import get_access_token_model

from accounts.models import ApiClient
from tests.integration.pages import at_most, refused

pytestmark = pytest.mark.django_db
GIVEN = {"name": "县医院 HIS", "roles": ["doctor"], "scopes": ["referrals:read", "referrals:write"]}


def address(name, *args, **query):
    return reverse(f"accounts:{name}", args=args, query=query or None)


def register(cast, who="core_administrator", **changes):
    browser = cast.browser(who)
    return browser, browser.post(address("client_add"), GIVEN | changes)


def test_the_secret_is_shown_once_and_works(cast, client):
    browser, response = register(cast)
    made = ApiClient.objects.get()
    assert (response.url, made.roles, made.allowed_scopes) == (address("client", made.pk), ["doctor"], GIVEN["scopes"])
    page = browser.get(response.url)
    secret = re.search(r'<output class="secret-words">(.*?)</output>', page.text)[1]
    assert "secret-words" not in browser.get(response.url).text
    asked = {"grant_type": "client_credentials", "client_id": made.client_id, "client_secret": secret}
    assert client.post("/oauth2/token", asked).status_code == 200


def test_a_client_with_keys_has_no_secret(cast):
    key = jwk.JWK.generate(kty="EC", crv="P-384", kid="k1")
    keys = json.dumps({"keys": [json.loads(key.export_public())]})
    browser, response = register(cast, jwks=keys)
    assert ("secret-words" in browser.get(response.url).text, ApiClient.objects.get().jwks["keys"][0]["kid"]) == (
        False, "k1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": ""}, ["name"]),
        ({"roles": []}, ["roles"]),
        ({"roles": ["doctor", "security_auditor"]}, ["roles"]),
        ({"scopes": []}, ["scopes"]),
        ({"scopes": ["everything"]}, ["scopes"]),
        ({"expires_at": "2020-01-01T00:00"}, ["expires_at"]),
        ({"jwks": "{"}, ["jwks"]),
        ({"jwks": "[" * 5000}, ["jwks"]),
        ({"jwks": "[]"}, ["jwks"]),
        ({"jwks": '{"keys": [{"kty": "RSA"}]}'}, ["jwks"]),
    ],
)
def test_mistakes_stand_at_their_fields(cast, changes, fields):
    _browser, response = register(cast, **changes)
    assert (response.status_code, list(response.context["form"].errors)) == (422, fields)
    assert ApiClient.objects.count() == 0


def test_a_double_click_registers_one(cast):
    register(cast, idempotency_key="k")
    register(cast, idempotency_key="k")
    assert ApiClient.objects.count() == 1


def test_revoking_ends_its_tokens(cast):
    partner = cast.client("county-hospital")
    assert partner.token != ""
    browser = cast.browser("core_administrator")
    assert browser.post(address("client_revoke", partner.client.pk)).url == address("clients")
    assert get_access_token_model().objects.count() == 0
    assert browser.post(address("client_revoke", partner.client.pk)).status_code == 409
    assert address("client_revoke", partner.client.pk) not in browser.get(address("client", partner.client.pk)).text


def test_who_may(cast):
    pk = cast.client("county-hospital").client.pk
    colleague, office = cast.browser("cardiologist"), cast.browser("consortium_administrator")
    answers = [colleague.get(address(name)) for name in ("clients", "client_add")]
    answers += [colleague.get(address("client", pk)), colleague.post(address("client_revoke", pk))]
    assert [(each.status_code, "维护本机构资料、科室和接口客户端" in refused(each)) for each in answers] == [
        (403, True)
    ] * 4
    for who in ("township_administrator", "outsider_office"):
        stranger = cast.browser(who)
        answers = [stranger.get(address("client", pk)), stranger.post(address("client_revoke", pk))]
        assert [each.status_code for each in answers] == [404, 404]
    assert office.get(address("clients", institution="chengguan")).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_statements(cast, count):
    for _number in range(count):
        cast.client("county-hospital")
    browser = cast.browser("consortium_administrator")
    with at_most():
        assert len(browser.get(address("clients")).context["page"].results) == count
