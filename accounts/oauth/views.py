"""POST /oauth2/token"""

import base64
import binascii
import hashlib
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import JsonResponse
from django.urls import reverse
from oauth2_provider.views import TokenView as ToolkitTokenView
from oauthlib.oauth2 import BackendApplicationServer

from ..actors import address_of
from ..throttling import seconds_to_wait
from .validator import ClientValidator, Core


class TokenView(ToolkitTokenView):
    """Client credentials only. Answers and errors as RFC 6749 §5 has them."""

    server_class = BackendApplicationServer
    validator_class = ClientValidator
    oauthlib_backend_class = Core
    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        wait = seconds_to_wait("token", _who(request))
        if wait:
            return _slow_down(wait)
        if _names_two_clients(request):
            return _error("invalid_client", "the header and the body name different clients", 401,
                          **{"WWW-Authenticate": "Basic"})  # fmt: skip
        own = reverse("oauth2:token")
        request.token_addresses = {request.build_absolute_uri(own), settings.PUBLIC_URL + own}
        response = self.authorization_flow_token_response(request)
        # the library leaves these out of some of its refusals
        response.headers["Content-Type"], response.headers["Cache-Control"] = "application/json", "no-store"
        return response

    def http_method_not_allowed(self, request, *args, **kwargs):
        return _error("invalid_request", "use POST", 405, Allow="POST")


def _slow_down(seconds: int) -> JsonResponse:
    return _error("temporarily_unavailable", "too many token requests", 429, **{"Retry-After": str(seconds)})


def _error(code: str, description: str, status: int, **headers) -> JsonResponse:
    headers["Cache-Control"] = "no-store"
    return JsonResponse({"error": code, "error_description": description}, status=status, headers=headers)


def _who(request) -> str:
    """One client at one address, as a hash: what callers send is no cache key. The name that is judged is counted."""
    name = _basic_name(request)
    if name is None:
        name = request.POST.get("client_id", "")
    return hashlib.sha256(f"{address_of(request)}\n{name}".encode("utf-8", "surrogatepass")).hexdigest()


def _names_two_clients(request) -> bool:
    """Said before any secret is looked at, so that the answer tells nothing of it."""
    header, body = _basic_name(request), request.POST.get("client_id")
    return header is not None and body not in (None, "", header)


def _basic_name(request) -> str | None:
    """The client named by the header; None where it names nobody that way."""
    scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return unquote_plus(base64.b64decode(value).decode().partition(":")[0])
    except (binascii.Error, ValueError):
        return ""
