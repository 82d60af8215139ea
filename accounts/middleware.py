"""Who acts in a page request. REST requests find their actor in `accounts.rest`."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from .actors import actor_for_membership
from .sessions import chosen, memberships_of

OPEN = (
    "/login/",
    "/demo-login/",
    "/language/",
    "/i18n/",
    "/api/",
    "/oauth2/",
    "/fhir/",
    "/static/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/favicon.ico",
)
"""Addresses without a session: they are public, or they ask for their own credentials."""

PERSONAL = ("/logout/", "/password/", "/memberships/", "/switch/")
"""Pages of the person, which work before a job is chosen."""


class ActorMiddleware:
    """Sets `request.actor` and `request.memberships`; sends strangers to the login page.

    `actor` is None only on the open and personal pages. Two queries: the user's jobs, the consortia of the chosen one.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor, request.membership, request.memberships = None, None, []
        if request.path_info.startswith(OPEN):
            return self.get_response(request)
        if not request.user.is_authenticated:
            return self._to_login(request)
        identify(request)
        detour = self._detour(request)
        return _go(request, detour) if detour else self.get_response(request)

    @staticmethod
    def _detour(request) -> str | None:
        """Where somebody must go first: to a new password, then to the choice of a job."""
        if request.path_info.startswith(PERSONAL):
            return None
        if request.user.must_change_password:
            return reverse("accounts:password")
        if request.actor is None:
            return reverse("accounts:memberships")
        return None

    @staticmethod
    def _to_login(request):
        target, wanted = reverse("accounts:login"), request.get_full_path()
        if request.method == "GET" and wanted != "/" and not request.headers.get("HX-Request"):
            target += "?" + urlencode({"next": wanted})
        return _go(request, target)


def identify(request) -> None:
    """Find the jobs of the signed-in user and the one this session speaks for."""
    request.memberships = memberships_of(request.user)
    request.membership = chosen(request.session, request.memberships)
    if request.membership is not None:
        request.actor = actor_for_membership(request.membership, request)


def _go(request, target: str):
    """Redirect the whole page, also where htmx asked for a part of it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
