"""How the two ways to sign in, and the headers every call understands, are described in the OpenAPI document."""

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from toolkit.rest.problems import MEDIA_TYPE
from toolkit.rest.schemas import ProblemSerializer

from .scopes import scope_needed

ON_BEHALF_OF = OpenApiParameter(
    "On-Behalf-Of",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Staff number of the person who acted; somebody who works at the client's own institution.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="1 to 255 visible ASCII characters. The same key and body have one effect and one answer for 7 days.",
)


def _answered(name, description, *codes, kind=OpenApiTypes.STR) -> OpenApiParameter:
    """A header of the answers with these status codes."""
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, description=description, response=list(codes))


ETAG = _answered("ETag", 'The version, for If-Match: as "3".', 200, 201)
LOCATION = _answered("Location", "Address of what was made.", 201)
REPLAYED = _answered("Idempotency-Replayed", "true where this is the answer to an earlier call with the key.", 200, 201)
RETRY_AFTER = _answered("Retry-After", "Of 429: seconds to wait.", "default", kind=OpenApiTypes.INT)


class ActorSchema(AutoSchema):
    """Adds the headers that `ActorViewSet` reads, and the problem it may answer, to every one of its operations."""

    def get_override_parameters(self):
        found = super().get_override_parameters()
        if not hasattr(self.view, "scope_app"):
            return found
        return [*found, ON_BEHALF_OF, RETRY_AFTER, *self._answered_headers()]

    def _answered_headers(self) -> list:
        action = self.view.action
        versioned = [] if action in self.view.unversioned_actions else [ETAG]
        if self.method != "POST":
            return versioned
        kept = [] if action in self.view.unkept_actions else [REPLAYED]
        return [*versioned, LOCATION, IDEMPOTENCY_KEY, *kept]

    def _get_request_body(self, direction="request"):
        body = super()._get_request_body(direction)
        if body and getattr(self.view, "action", "") in getattr(self.view, "never_empty_actions", ()):
            body["required"] = True
        return body

    def _get_response_bodies(self, direction="response"):
        refused = self._get_response_for_code(ProblemSerializer, "default", media_types=[MEDIA_TYPE])
        return {**super()._get_response_bodies(direction), "default": refused}


class ClientScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.rest.ClientAuthentication"
    name = "client"

    def get_security_definition(self, auto_schema):
        scopes = {name: str(words) for name, words in settings.OAUTH2_PROVIDER["SCOPES"].items()}
        return {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/oauth2/token", "scopes": scopes}}}

    def get_security_requirement(self, auto_schema):
        scope = scope_needed(auto_schema.view, auto_schema.method)
        return {self.name: [scope] if scope else []}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.rest.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
