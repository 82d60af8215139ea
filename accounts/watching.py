"""Night watch (值守): a browser that goes on hearing the alarm after its sign-in has ended, and can do nothing else.

A signed cookie names the job; whether the job is still held, and with which rights, is asked each time.
"""

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare

from toolkit.crypto import keyed_hash

from .models import Membership

COOKIE = "consortium_watch"
SALT = "night-watch"
KEPT = 12 * 3600
RENEWED_AFTER = 3600  # seconds; so long a page leaves it as it is
NAMED_AFTERWARDS = 24 * 3600
"""The browser keeps the cookie longer than it holds, so that the end can be said and does not come in silence."""


def begin(response, membership):
    """Let this browser keep watch for this job, twelve hours from now."""
    response.set_cookie(
        COOKIE,
        signing.dumps([membership.pk, _mark(membership.user)], salt=SALT),
        max_age=KEPT + NAMED_AFTERWARDS,
        httponly=True,
        samesite=settings.SESSION_COOKIE_SAMESITE,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def end(response):
    response.delete_cookie(COOKIE, samesite=settings.SESSION_COOKIE_SAMESITE)
    return response


def end_for_others(request, response, user):
    """Another person has signed in here: the watch of who was here before is over."""
    found = _read(request)
    return end(response) if found and not constant_time_compare(found[1], _mark(user)) else response


def is_named(request) -> bool:
    """Whether this browser keeps watch, or did until lately. Asks the database nothing."""
    return _read(request) is not None


def is_fresh(request, membership) -> bool:
    """Whether it keeps watch for this very job, and need not be renewed yet."""
    return _read(request, RENEWED_AFTER) == [membership.pk, _mark(membership.user)]


def watcher_of(request) -> Membership | None:
    """The job watch is kept for; None once it is left, the password changed or the time over. One query at most."""
    found = _read(request, KEPT)
    if found is None:
        return None
    jobs = Membership.objects.current().select_related("user", "institution", "department")
    job = jobs.filter(pk=found[0]).first()
    return job if job and constant_time_compare(found[1], _mark(job.user)) else None


def _read(request, max_age=None) -> list | None:
    """[membership id, mark], None if there is none of ours."""
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=max_age)
    except signing.BadSignature:
        return None


def _mark(user) -> str:
    """Changes with the password, which ends the watch in every browser."""
    return keyed_hash(SALT, f"{user.pk}:{user.get_session_auth_hash()}")[:32]
