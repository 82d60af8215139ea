from datetime import timedelta

import pytest
from django.utils import timezone
from jwcrypto import jwk
from oauth2_provider.models import get_access_token_model

from accounts import actions
from accounts.models import ApiClient
from toolkit.refusals import Conflict, Forbidden, Refused

from .builders import acting, client_of, last_event


def public(kid="k1", **kind):
    return jwk.JWK.generate(kid=kid, **kind).export_public(as_dict=True)


EC = {"kty": "EC", "crv": "P-384"}


def codes(refused):
    return [(error.pointer, error.code) for error in refused.value.errors]


def test_a_registered_client(world):
    client, secret = actions.register_client(
        actor=acting(world.wang),
        institution=world.hospital,
        name="HIS",
        roles=["desk", "doctor"],
        scopes=["referrals:write", "referrals:read"],
    )
    client.refresh_from_db()
    assert (client.roles, client.allowed_scopes) == (["doctor", "desk"], ["referrals:read", "referrals:write"])
    assert len(secret) >= 43
    assert secret not in client.client_secret
    assert last_event() == (
        "client.registered",
        f"client:{client.pk}",
        {"roles": ["doctor", "desk"], "scopes": ["referrals:read", "referrals:write"]},
    )


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"name": ""}, [("/name", "required")]),
        ({"roles": ["emperor"]}, [("/roles", "unknown_role")]),
        ({"roles": ["doctor", "security_auditor"]}, [("/roles", "not_for_clients")]),
        ({"roles": ["assessor", "regulator"]}, [("/roles", "not_for_clients")] * 2),
        ({"scopes": []}, [("/scopes", "required")]),
        ({"scopes": ["referrals:read", "everything"]}, [("/scopes", "unknown_scope")]),
        ({"expires_at": timezone.now() - timedelta(days=1)}, [("/expires_at", "past")]),
        ({"jwks": []}, [("/jwks", "bad_jwks")]),
        ({"jwks": {"keys": [{"kty": "EC"}]}}, [("/jwks/keys/0/kid", "missing_kid"), ("/jwks/keys/0", "bad_key")]),
        ({"jwks": {"keys": [public(kty="RSA", size=1024)]}}, [("/jwks/keys/0", "bad_key")]),
        ({"jwks": {"keys": [public(kty="EC", crv="P-256")]}}, [("/jwks/keys/0", "bad_key")]),
        ({"jwks": {"keys": [public(**EC), public(**EC)]}}, [("/jwks/keys", "duplicate_kid")]),
        (
            {"jwks": {"keys": [jwk.JWK.generate(kid="k1", **EC).export_private(as_dict=True)]}},
            [("/jwks/keys/0", "private_key")],
        ),
    ],
)
def test_clients_that_cannot_be(world, given, found):
    details = {"name": "HIS", "roles": ["doctor"], "scopes": ["referrals:read"]} | given
    with pytest.raises(Refused) as refused:
        actions.register_client(actor=acting(world.wang), institution=world.hospital, **details)
    assert codes(refused) == found
    assert ApiClient.objects.count() == 0


def test_a_client_with_keys_has_no_secret_to_lose(world):
    client, secret = client_of(world.hospital, jwks={"keys": [public(**EC)]})
    assert (secret, len(client.jwks["keys"])) == (None, 1)


def test_only_who_manages_the_house_registers_and_revokes(world):
    for membership in (world.zhang, world.qian):
        with pytest.raises(Forbidden):
            actions.register_client(
                actor=acting(membership),
                institution=world.hospital,
                name="HIS",
                roles=["doctor"],
                scopes=["referrals:read"],
            )
    client, _secret = client_of(world.hospital)
    with pytest.raises(Forbidden):
        actions.revoke_client(actor=acting(world.qian), client=client)
    assert list(ApiClient.objects.live()) == [client]


def test_no_client_has_rights_its_registrar_may_not_give(world):
    with pytest.raises(Forbidden) as refused:
        actions.register_client(
            actor=acting(world.wang),
            institution=world.hospital,
            name="HIS",
            roles=["consortium_administrator"],
            scopes=["referrals:read"],
        )
    assert refused.value.code == "role_not_yours"


def test_a_revoked_client_loses_its_tokens(world):
    client, _secret = client_of(world.hospital)
    tokens = get_access_token_model().objects
    tokens.create(application=client, token="t", expires=timezone.now() + timedelta(hours=1))
    actions.revoke_client(actor=acting(world.wang), client=client)
    assert (client.is_live, tokens.count(), ApiClient.objects.live().count()) == (False, 0, 0)
    with pytest.raises(Conflict):
        actions.revoke_client(actor=acting(world.wang), client=client)
