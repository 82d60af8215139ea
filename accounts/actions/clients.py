"""Partner systems: registration and its end."""

import secrets
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from oauth2_provider.models import get_access_token_model

from events.log import record
from institutions.checks import text
from institutions.scope import require_manager
from toolkit.refusals import Conflict, Findings
from toolkit.words import listed

from .. import checks
from ..models import ApiClient
from ..oauth.assertions import check_jwks
from ..roles import FOR_CLIENTS, ROLES
from .memberships import require_grants

_name = partial(text, longest=60, required=True)


@transaction.atomic
def register_client(
    *, actor, institution, name, roles, scopes, jwks=None, expires_at=None, client_id=None, secret=None
) -> tuple[ApiClient, str | None]:
    """Let a system of `institution` call the interfaces. Returns (client, secret); the secret is shown this once.

    A client with `jwks` signs its token requests and has no secret: None. `client_id` and `secret` (itself or its
    hash) are given by who has them from elsewhere; otherwise they are made here.
    """
    require_manager(actor, institution, "institution.manage")
    findings = Findings()
    values = {"name": _name(findings, "/name", name), "roles": checks.roles(findings, "/roles", roles)}
    _check_for_clients(findings, values["roles"])
    values["allowed_scopes"] = _check_scopes(findings, scopes)
    if expires_at is not None and expires_at <= timezone.now():
        findings.add("/expires_at", "past", _("有效期须晚于现在。"))
    findings.raise_if_any()
    require_grants(actor, values["roles"])
    secret = secret or secrets.token_urlsafe(48)
    client = ApiClient(
        institution=institution,
        jwks=None if jwks is None else check_jwks(jwks),
        expires_at=expires_at,
        client_id=client_id or f"{institution.code}-{secrets.token_hex(8)}",
        client_secret=secret,
        client_type=ApiClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=ApiClient.GRANT_CLIENT_CREDENTIALS,
        **values,
    )
    client.save()
    record("client.registered", actor=actor, subject=client, roles=client.roles, scopes=client.allowed_scopes)
    return client, secret if jwks is None else None


@transaction.atomic
def revoke_client(*, actor, client) -> None:
    """From now on the client gets no token, and those it has are void."""
    require_manager(actor, client.institution, "institution.manage")
    ended = ApiClient.objects.filter(pk=client.pk, ended_at=None).update(ended_at=timezone.now())
    if not ended:
        raise Conflict(_("该客户端已停用。"), code="ended")
    client.refresh_from_db(fields=["ended_at"])
    get_access_token_model().objects.filter(application=client).delete()
    record("client.revoked", actor=actor, subject=client)


def _check_for_clients(findings, roles) -> None:
    """A system may not hold what only a person can answer for."""
    for code in roles:
        if code in ROLES and not ROLES[code].for_clients:
            words = {"role": ROLES[code].name, "codes": listed(FOR_CLIENTS)}
            detail = _("“%(role)s”只能由人担任，不能授予接口客户端，可用：%(codes)s") % words
            findings.add("/roles", "not_for_clients", detail)


def _check_scopes(findings, scopes) -> list[str]:
    known = settings.OAUTH2_PROVIDER["SCOPES"]
    wanted = [str(scope) for scope in scopes or []]
    unknown = [scope for scope in wanted if scope not in known]
    if not wanted:
        findings.add("/scopes", "required", _("至少选择一个权限范围。"))
    if unknown:
        words = {"unknown": listed(unknown), "codes": listed(known)}
        findings.add("/scopes", "unknown_scope", _("不认识的权限范围 %(unknown)s，可用：%(codes)s") % words)
    return [scope for scope in known if scope in wanted]
