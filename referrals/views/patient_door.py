"""The door to the patient's page: which link, proved or not, for how long. What is closed looks the same, whyever.

The token stands in the path and is a secret: it is in no log line (`toolkit.requests`, `gunicorn.conf.py`), no event,
and no other page learns it (`Referrer-Policy`).
"""

from functools import wraps

from django.conf import settings
from django.core import signing
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from accounts.actors import address_of
from referrals.actions.links import find_link, hashes_of, hold_back_guessing, note_miss, visitor
from referrals.latest import latest_of
from toolkit.refusals import Refusal, TooMany
from toolkit.rest.problems import answer

COOKIE = "consortium_patient"
KEPT = 30 * 60
"""Seconds after the last page; then the question is asked again."""
SALT = "referrals.patient"
PRIVATE = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "strict-origin",  # never the path; with "no-referrer" browsers send forms from nowhere
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def through_the_door(*methods: str, ask=None):
    """A page of the patient's. The view gets `request` with `link`, `referral` (the one that runs now) and `visitor`.

    `ask` shows the question to who has not proved yet; without it he is sent to where it is asked.
    """

    def wrap(view):
        @wraps(view)
        @sensitive_post_parameters()
        def door(request, token):
            if request.method not in methods:
                return _private(HttpResponseNotAllowed(methods))
            try:
                return _private(_pass(request, token))
            except Refusal as refusal:
                return _private(answer(refusal, request))

        def _pass(request, token):
            proved = _proof_in(request, token)
            try:
                if not proved:
                    hold_back_guessing(address_of(request))
            except TooMany as refusal:
                return closed(request, refusal=refusal)
            request.visitor = visitor(address_of(request), getattr(request, "id", ""))
            request.link = find_link(token)
            if request.link is None:
                note_miss(address_of(request), getattr(request, "id", ""))
                return closed(request)
            if not proved:
                return ask(request, token) if ask else redirect(home_of(token))
            request.referral = latest_of(request.link.referral)
            response = view(request, token)
            return response if COOKIE in response.cookies else remember(response, request.link, token)

        return door

    return wrap


def home_of(token: str) -> str:
    return reverse("referrals:patient", args=[token])


def remember(response, link, token: str):
    """Half an hour more for this link in this browser. No sign-in: it opens this link's pages and nothing else."""
    response.set_cookie(
        COOKIE,
        signing.dumps(link.token_hash, salt=SALT),
        max_age=KEPT,
        path=home_of(token),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def forget(response, token: str):
    response.delete_cookie(COOKIE, path=home_of(token), samesite="Lax")
    return response


def closed(request, *, refusal=None):
    """Unknown, old, revoked and locked: the same words and status. Only who tries too often hears another."""
    context = {"refusal": refusal}
    response = render(request, "referrals/patient/closed.html", context, status=refusal.status if refusal else 404)
    if refusal:
        response["Retry-After"] = str(refusal.retry_after)
    return response


def _proof_in(request, token: str) -> bool:
    """Whether this browser has answered this very link's question within the last half hour."""
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT) in hashes_of(token)
    except signing.BadSignature:
        return False


def _private(response):
    for name, value in PRIVATE.items():
        response[name] = value
    return response
