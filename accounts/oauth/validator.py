"""What the OAuth toolkit asks us: who is this client, which scopes may it have, how are tokens kept."""

import logging

from oauth2_provider.oauth2_backends import OAuthLibCore
from oauth2_provider.oauth2_validators import OAuth2Validator

from .assertions import ASSERTION_TYPE, BadAssertion, client_of

logger = logging.getLogger(__name__)
AUDIENCES = "TOKEN_ADDRESSES"


class Core(OAuthLibCore):
    """Tells the validator under which addresses this endpoint is known."""

    def extract_headers(self, request):
        return super().extract_headers(request) | {AUDIENCES: " ".join(request.token_addresses)}


class ClientValidator(OAuth2Validator):
    """Secrets in the header or the body as the toolkit does it, and signed assertions."""

    def authenticate_client(self, request, *args, **kwargs):
        assertion = getattr(request, "client_assertion", None)
        if not assertion:
            return super().authenticate_client(request, *args, **kwargs)
        if getattr(request, "client_assertion_type", None) != ASSERTION_TYPE:
            return False
        try:
            client = client_of(assertion, audiences=set(request.headers[AUDIENCES].split()))
        except BadAssertion as bad:
            logger.info("token refused: %s", bad)
            return False
        named = getattr(request, "client_id", None)
        if named and named != client.client_id:
            return False
        request.client = client
        return True

    def validate_scopes(self, client_id, scopes, client, request, *args, **kwargs):
        return set(scopes) <= set(client.allowed_scopes)

    def get_default_scopes(self, client_id, request, *args, **kwargs):
        """A client that names no scope gets all that were granted to it."""
        return list(request.client.allowed_scopes)

    def _set_token_value(self, token_instance, raw_token):
        """Keep only the checksum: who reads the database cannot call the interfaces."""
        token_instance._raw_token = raw_token
        token_instance.token = ""
