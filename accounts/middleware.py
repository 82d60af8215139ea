"""Who acts in a page request. REST requests find their actor in `accounts.rest`."""

import re
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from .actors import actor_for_membership
from .sessions import chosen, memberships_of

OPEN = (
    "/login/",
    "/demo-login/",
    "/language/",
    "/p/",
    "/watch/",
    "/guide/",
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

TAKEN_COOKIE = "consortium_saved"
TAKEN_KEPT = 3600
TAKEN_MOST = 5
_KEY = re.compile(r"[0-9a-f-]{36}")


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
        return _go(request, detour) if detour else _name_what_was_taken(request, self.get_response(request))

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
        """With the way back; who was at work on a page of ours is told there that the sign-in has ended."""
        target, wanted, asked = reverse("accounts:login"), _page_of(request), {}
        if wanted and wanted != "/":
            asked["next"] = wanted
        if wanted and not _is_page(request):
            asked["expired"] = "1"
        return _go(request, f"{target}?{urlencode(asked)}" if asked else target)


def identify(request) -> None:
    """Find the jobs of the signed-in user and the one this session speaks for."""
    request.memberships = memberships_of(request.user)
    request.membership = chosen(request.session, request.memberships)
    if request.membership is not None:
        request.actor = actor_for_membership(request.membership, request)


def _is_page(request) -> bool:
    return request.method in ("GET", "HEAD") and not request.headers.get("HX-Request")


def _page_of(request) -> str:
    """The page somebody was on: the address itself, of a form or a part the page it was sent from. "" if unknown."""
    if _is_page(request):
        return request.get_full_path()
    named = request.headers.get("X-Return-To", "")
    if named.startswith("/") and not named.startswith(("//", "/\\")):
        return named
    origin = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if origin.netloc != request.get_host():
        return ""
    return origin.path + (f"?{origin.query}" if origin.query else "")


def _name_what_was_taken(request, response):
    """Tell the browser which form has done its work, by the form's own key: only then it forgets what was typed."""
    key = getattr(request, "form_taken", "")
    if _KEY.fullmatch(key):
        before = [each for each in request.COOKIES.get(TAKEN_COOKIE, "").split(".") if _KEY.fullmatch(each)]
        kept = dict.fromkeys([*before, key])
        response.set_cookie(
            TAKEN_COOKIE,
            ".".join(list(kept)[-TAKEN_MOST:]),
            max_age=TAKEN_KEPT,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response


def _go(request, target: str):
    """Redirect the whole page, also where htmx asked for a part of it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
