"""How the two ways to sign in are described in the OpenAPI document."""

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension

from .rest import ScopePermission


class ClientScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.rest.ClientAuthentication"
    name = "client"

    def get_security_definition(self, auto_schema):
        scopes = {name: str(words) for name, words in settings.OAUTH2_PROVIDER["SCOPES"].items()}
        return {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/oauth2/token", "scopes": scopes}}}

    def get_security_requirement(self, auto_schema):
        scope = ScopePermission.needed(auto_schema.view, auto_schema.method)
        return {self.name: [scope] if scope else []}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.rest.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
