"""POST /oauth2/token as a partner's programmer meets it."""

import base64
import json
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from jwcrypto import jwk, jwt
from oauth2_provider.models import get_access_token_model

from accounts import actions
from accounts.tasks import purge
from tests.unit.accounts.builders import PASSWORD, SYSTEM, client_of

TOKEN = "/oauth2/token"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
EC = jwk.JWK.generate(kty="EC", crv="P-384", kid="ec")
RSA = jwk.JWK.generate(kty="RSA", size=2048, kid="rsa")
STRANGER = jwk.JWK.generate(kty="EC", crv="P-384", kid="ec")


def basic(name, secret):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


def ask(client, headers=None, **body):
    return client.post(TOKEN, {"grant_type": "client_credentials"} | body, headers=headers or {})


@pytest.fixture
def partner(world):
    """(client, secret) of the hospital."""
    return client_of(world.hospital)


@pytest.fixture
def signer(world):
    keys = {"keys": [key.export_public(as_dict=True) for key in (EC, RSA)]}
    return client_of(world.hospital, jwks=keys)[0]


def assertion(signer, key=EC, algorithm="ES384", header=None, **changes):
    now = int(time.time())
    claims = {
        "iss": signer.client_id,
        "sub": signer.client_id,
        "aud": "http://testserver/oauth2/token",
        "exp": now + 240,
        "jti": "once",
    }
    given = {name: value for name, value in (claims | changes).items() if value is not None}
    token = jwt.JWT(header={"alg": algorithm, "kid": key["kid"], "typ": "JWT"} | (header or {}), claims=given)
    token.make_signed_token(key)
    return token.serialize()


def prove(client, text, **body):
    return ask(client, client_assertion_type=ASSERTION, client_assertion=text, **body)


def test_secret_in_the_header(client, partner):
    answer = ask(client, basic(partner[0].client_id, partner[1]))
    assert answer.status_code == 200
    given = answer.json()
    assert {name: given[name] for name in ("token_type", "expires_in", "scope")} == {
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": "referrals:read referrals:write",
    }
    assert set(given) == {"access_token", "token_type", "expires_in", "scope"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_secret_in_the_body(client, partner):
    answer = ask(client, client_id=partner[0].client_id, client_secret=partner[1], scope="referrals:read")
    assert (answer.status_code, answer.json()["scope"]) == (200, "referrals:read")


def test_the_token_itself_is_not_in_the_table(client, partner):
    given = ask(client, basic(partner[0].client_id, partner[1])).json()["access_token"]
    stored = get_access_token_model().objects.get()
    assert (stored.token, given in json.dumps(list(vars(stored).values()), default=str)) == ("", False)
    assert stored.application == partner[0]


def refused(answer):
    return answer.status_code, answer.json()["error"]


def test_wrong_or_unknown(client, partner):
    name, secret = partner[0].client_id, partner[1]
    assert refused(ask(client, basic(name, "wrong"))) == (401, "invalid_client")
    assert refused(ask(client, basic("nobody", secret))) == (401, "invalid_client")
    assert refused(ask(client, {"Authorization": "Basic !!!"})) == (401, "invalid_client")
    assert refused(ask(client, client_id=name)) == (401, "invalid_client")
    assert refused(ask(client, client_id="a\0b", client_secret="x")) == (401, "invalid_client")
    assert refused(ask(client)) == (401, "invalid_client")


def test_other_ways_of_asking(client, partner):
    header = basic(partner[0].client_id, partner[1])
    assert refused(client.post(TOKEN, {}, headers=header)) == (400, "invalid_request")
    assert refused(client.post(TOKEN, {"grant_type": "password"}, headers=header)) == (400, "unsupported_grant_type")
    assert refused(client.post(TOKEN, "{}", content_type="application/json", headers=header)) == (
        400,
        "invalid_request",
    )
    assert refused(client.post(TOKEN + "?client_secret=x", {"grant_type": "client_credentials"})) == (
        400,
        "invalid_request",
    )
    got = client.get(TOKEN)
    assert (*refused(got), got.headers["Allow"]) == (405, "invalid_request", "POST")


def test_scopes_beyond_what_was_granted(client, partner):
    header = basic(partner[0].client_id, partner[1])
    assert refused(ask(client, header, scope="referrals:read records:read")) == (400, "invalid_scope")
    assert refused(ask(client, header, scope="everything")) == (400, "invalid_scope")


def test_ended_and_expired_clients(client, world, partner, time_machine):
    actions.revoke_client(actor=SYSTEM, client=partner[0])
    assert refused(ask(client, basic(partner[0].client_id, partner[1]))) == (401, "invalid_client")
    short, secret = client_of(world.hospital, expires_at=timezone.now() + timedelta(days=1))
    assert ask(client, basic(short.client_id, secret)).status_code == 200
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert refused(ask(client, basic(short.client_id, secret))) == (401, "invalid_client")


@pytest.mark.parametrize(("key", "algorithm"), [(EC, "ES384"), (RSA, "RS384")])
def test_a_signed_assertion(client, signer, key, algorithm):
    answer = prove(client, assertion(signer, key, algorithm), scope="referrals:read")
    assert (answer.status_code, answer.json()["scope"]) == (200, "referrals:read")


def test_the_public_address_is_an_audience_too(client, signer, settings):
    settings.PUBLIC_URL = "https://hospital.example"
    text = assertion(signer, aud=["https://other.example", "https://hospital.example/oauth2/token"])
    assert prove(client, text).status_code == 200


def test_an_assertion_is_good_for_one_token(client, signer):
    text = assertion(signer)
    assert [prove(client, text).status_code, *refused(prove(client, text))] == [200, 401, "invalid_client"]
    assert prove(client, assertion(signer, jti="twice")).status_code == 200


NOW = int(time.time())


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"},
        {"sub": "somebody"},
        {"iss": "nobody", "sub": "nobody"},
        {"aud": "http://testserver/"},
        {"aud": None},
        {"exp": None},
        {"exp": "soon"},
        {"exp": NOW - 3600},
        {"exp": NOW + 86400},
        {"exp": True},
        {"nbf": NOW + 3600},
        {"jti": None},
        {"jti": 7},
        {"jti": ""},
        {"header": {"kid": "other"}},
        {"key": STRANGER},
        {"key": RSA, "algorithm": "RS256"},
        {"key": RSA, "algorithm": "PS384"},
    ],
)
def test_assertions_that_prove_nothing(client, signer, changes):
    assert refused(prove(client, assertion(signer, **changes))) == (401, "invalid_client")


@pytest.mark.parametrize("text", ["x", "a.b.c", "e30.e30.", "eyJhbGciOiJub25lIn0.e30.", "[]", "{}", '{"payload": "x"}'])
def test_what_is_no_assertion(client, signer, text):
    assert refused(prove(client, text)) == (401, "invalid_client")


@pytest.mark.parametrize(
    "payload",
    [b"[" * 100_000, b'{"iss": "\\ud800", "sub": "\\ud800"}', b'{"iss": "a\\u0000", "sub": "a\\u0000"}', b"\xff"],
    ids=["a tower of brackets", "half a character", "NUL", "no text"],
)
def test_claims_nobody_can_look_up(client, signer, payload):
    """Refused before the signature is looked at: a stranger writes them."""
    parts = [base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (b'{"alg":"ES384"}', payload, b"x")]
    assert refused(prove(client, ".".join(parts))) == (401, "invalid_client")


def test_neither_a_public_key_as_secret_nor_a_foreign_client_id(client, signer, partner):
    shared = jwk.JWK(kty="oct", kid="ec", k=EC.export_public(as_dict=True)["x"])
    assert refused(prove(client, assertion(signer, shared, "HS384"))) == (401, "invalid_client")
    assert refused(prove(client, assertion(signer), client_id=partner[0].client_id)) == (401, "invalid_client")
    assert refused(ask(client, client_assertion=assertion(signer, jti="2"), client_assertion_type="x")) == (
        401,
        "invalid_client",
    )


def test_used_assertions_and_tokens_are_forgotten_in_time(client, signer, time_machine):
    assert prove(client, assertion(signer)).status_code == 200
    time_machine.move_to(timezone.now() + timedelta(minutes=11))
    assert forgotten() == {"assertions": 1}
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert forgotten() == {"tokens": 1}


def test_sessions_that_are_over_and_old_sign_ins_are_forgotten(world, time_machine):
    start = timezone.now()
    time_machine.move_to(start)
    for name, password in (("zhang", PASSWORD), ("li", "wrong")):
        Client().post("/login/", {"username": name, "password": password})
    time_machine.move_to(start + timedelta(minutes=29))
    assert forgotten() == {}
    time_machine.move_to(start + timedelta(minutes=31))
    assert forgotten() == {"sessions": 1}
    time_machine.move_to(start + timedelta(days=182))
    assert forgotten() == {}
    time_machine.move_to(start + timedelta(days=184))
    assert forgotten() == {"failures": 1, "sign_ins": 1}


def forgotten() -> dict:
    """What a night's run forgot, without what there was none of."""
    return {name: count for name, count in purge().items() if count}


def test_asking_too_often(client, partner, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": {"token": "2/min"}}
    header = basic(partner[0].client_id, "wrong")
    answers = [ask(client, header) for _each in range(3)]
    if [each.status_code for each in answers] == [401, 401, 401]:  # a minute began in between
        answers = [ask(client, header) for _each in range(3)]
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert ask(client, basic("another", "wrong")).status_code == 401


def test_another_name_in_the_body_counts_for_nothing(client, partner, settings):
    """The name that is judged is the one in the header, so it is the one that is counted."""
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": {"token": "2/min"}}
    header = basic(partner[0].client_id, "wrong")
    answers = [ask(client, header, client_id=f"name-{number}").status_code for number in range(6)]
    assert answers[-1] == 429


def test_two_names_are_refused_whatever_the_secret(client, partner):
    both = [ask(client, basic(partner[0].client_id, secret), client_id="another") for secret in (partner[1], "wrong")]
    assert [each.status_code for each in both] == [401, 401]
    assert both[0].json() == both[1].json() == {
        "error": "invalid_client", "error_description": "the header and the body name different clients",
    }  # fmt: skip
    assert ask(client, basic(partner[0].client_id, partner[1]), client_id=partner[0].client_id).status_code == 200
