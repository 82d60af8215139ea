"""private_key_jwt (RFC 7523, as SMART Backend Services uses it): a client proves itself with a signed statement."""

import hashlib
import json
import time
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from jwcrypto import jwk, jws
from jwcrypto.common import JWException

from toolkit.refusals import Findings

from ..models import ApiClient, UsedAssertion

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ["RS384", "ES384"]
LONGEST = 300  # seconds an assertion may live
LEEWAY = 30  # seconds two clocks may differ
SMALLEST_RSA = 2048
PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}


class BadAssertion(Exception):
    """The statement does not prove the client. The text is for our log, not for the caller."""


def client_of(assertion: str, *, audiences: set[str]) -> ApiClient:
    """The client whose key signed this. Each assertion is good for one token; raises BadAssertion."""
    token = _parsed(assertion)
    claims = _claims(token)
    client = _claimed_client(claims)
    _verify(token, client)
    expires = _checked(claims, audiences)
    _use_up(client, claims["jti"], expires)
    return client


def _parsed(assertion: str) -> jws.JWS:
    token = jws.JWS()
    token.allowed_algs = ALGORITHMS
    try:
        token.deserialize(assertion)
    except (JWException, ValueError, TypeError, RecursionError) as error:
        raise BadAssertion("not a signed token") from error
    return token


def _claims(token: jws.JWS) -> dict:
    try:
        claims = json.loads(token.objects["payload"])
    except (ValueError, KeyError, RecursionError) as error:
        raise BadAssertion("no claims") from error
    if not isinstance(claims, dict):
        raise BadAssertion("no claims")
    return claims


def _claimed_client(claims: dict) -> ApiClient:
    name = claims.get("iss")
    if not isinstance(name, str) or name != claims.get("sub") or not name.isprintable():
        raise BadAssertion("iss and sub must both be the client id")
    client = ApiClient.objects.live().filter(client_id=name).first()
    if client is None or not client.jwks:
        raise BadAssertion("no such client with keys")
    return client


def _verify(token: jws.JWS, client: ApiClient) -> None:
    """The header's `kid` picks the key; the algorithm must be one of ours, whatever the header says."""
    header = json.loads(token.objects.get("protected") or "{}")
    keys = [key for key in client.jwks["keys"] if key.get("kid") == header.get("kid")]
    if len(keys) != 1:
        raise BadAssertion("no such key")
    try:
        token.verify(jwk.JWK(**keys[0]))
    except (JWException, ValueError, TypeError) as error:
        raise BadAssertion("wrong signature") from error


def _checked(claims: dict, audiences: set[str]) -> datetime:
    now = time.time()
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    if not any(isinstance(each, str) and each in audiences for each in named):
        raise BadAssertion("aud is not this token address")
    expires = _number(claims.get("exp"))
    if not now - LEEWAY < expires <= now + LONGEST + LEEWAY:
        raise BadAssertion("exp is past or too far away")
    if not _number(claims.get("nbf", 0)) <= now + LEEWAY:
        raise BadAssertion("nbf is in the future")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= 255:
        raise BadAssertion("jti is missing")
    return datetime.fromtimestamp(expires, UTC)


def _number(value) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadAssertion("a time is not a number")
    return value


def _use_up(client: ApiClient, jti: str, expires: datetime) -> None:
    digest = hashlib.sha256(jti.encode("utf-8", "surrogatepass")).hexdigest()
    try:
        with transaction.atomic():
            UsedAssertion.objects.create(client=client, jti_hash=digest, expires_at=expires)
    except IntegrityError as error:
        raise BadAssertion("used before") from error


def check_jwks(jwks) -> dict:
    """A key set fit for a client, or Refused: public RSA (from 2048 bits) or P-384 keys, each with its own `kid`."""
    findings = Findings()
    keys = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(keys, list) or not keys or not all(isinstance(key, dict) for key in keys):
        findings.add("/jwks", "bad_jwks", _('公钥集应为 {"keys": […]} 形式的 JWKS'))
        findings.raise_if_any()
    for index, key in enumerate(keys):
        _check_key(key, f"/jwks/keys/{index}", findings)
    names = [str(key.get("kid")) for key in keys]
    if len(set(names)) != len(names):
        findings.add("/jwks/keys", "duplicate_kid", _("每个公钥的 kid 应各不相同"))
    findings.raise_if_any()
    return {"keys": keys}


def _check_key(key: dict, pointer: str, findings: Findings) -> None:
    if PRIVATE & key.keys():
        findings.add(pointer, "private_key", _("只能登记公钥；请不要提交私钥，并更换这个已泄露的密钥"))
        return
    if not isinstance(key.get("kid"), str) or not key["kid"]:
        findings.add(f"{pointer}/kid", "missing_kid", _("公钥应带有 kid"))
    try:
        public = jwk.JWK(**key)
        kind = public["kty"]
        fit = (kind == "RSA" and public.get_op_key("verify").key_size >= SMALLEST_RSA) or (
            kind == "EC" and public["crv"] == "P-384"
        )
    except (JWException, ValueError, TypeError, KeyError):
        fit = False
    if not fit:
        findings.add(pointer, "bad_key", _("公钥应为 2048 位以上的 RSA（RS384）或 P-384 椭圆曲线（ES384）"))
