"""Which of one's jobs a browser session speaks for."""

import base64

from django.conf import settings
from django.contrib.auth import login
from django.utils.translation import check_for_language

from events.actor import Actor
from events.log import record
from toolkit.crypto import keyed_hash

from .actors import actor_for_membership, address_of
from .models import Membership, User

KEY = "membership"


def memberships_of(user) -> list[Membership]:
    """The current jobs of a user, one query."""
    jobs = Membership.objects.current().filter(user=user)
    return list(jobs.select_related("user", "institution", "department").order_by("id"))


def chosen(session, memberships: list[Membership]) -> Membership | None:
    """The job chosen in this session, or the only one there is. A choice that has ended is forgotten."""
    wanted = session.get(KEY)
    found = next((each for each in memberships if each.pk == wanted), None)
    if found is None and wanted is not None:
        del session[KEY]
    if found is None and len(memberships) == 1:
        found = memberships[0]
    return found


def choose(request, membership: Membership) -> None:
    """Speak for this job from now on."""
    request.session[KEY] = membership.pk
    record("membership.chosen", actor=actor_for_membership(membership, request), subject=membership)


def open_session(request, user, *, backend: str) -> None:
    """Sign the user in, with a fresh session, and write it down."""
    login(request, user, backend=backend)
    record("session.opened", actor=bare_actor(user, request), subject=user)


def demo_user(username: str) -> User | None:
    """The demo account of that name, None for anybody else's."""
    name = User.objects.normalize_username(username[:64].replace("\0", ""))
    return User.objects.filter(username=name, is_demo=True, is_active=True).first()


def draft_key(user) -> str:
    """The key for what this person's browsers keep of unsent forms: 256 bits in base64, only in pages after sign-in.

    The same in every session until the password changes, so that signing in again finds what was typed before.
    """
    digest = keyed_hash("browser-draft", f"{user.pk}:{user.get_session_auth_hash()}")
    return base64.b64encode(bytes.fromhex(digest)).decode()


def bare_actor(user, request) -> Actor:
    """The person alone, before any job is chosen: may nothing, but what he does is on record."""
    return Actor(
        kind="user",
        id=user.pk,
        user_id=user.pk,
        name=user.name,
        request_id=getattr(request, "id", ""),
        address=address_of(request),
    )


def remember_language(response, language: str):
    """Let the browser come back in this language."""
    if check_for_language(language):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            path=settings.LANGUAGE_COOKIE_PATH,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
    return response
