"""What every page knows: who acts, where, which pages are open, in the demo also whose turn it is."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from accounts import watching
from accounts.roles import role_names
from accounts.sessions import draft_key

from . import tour
from .navigation import address, navigation

LINKS = {
    "login": "accounts:login",
    "logout": "accounts:logout",
    "switch": "accounts:switch",
    "password": "accounts:password",
    "demo_login": "accounts:demo_login",
    "inbox": "notifications:inbox",
    "unread": "notifications:unread",
    "preferences": "notifications:preferences",
    "language": "accounts:language",
}


def page(request) -> dict:
    """Context of every template rendered with a request. Everything that queries does so only when it is shown."""
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "actor_roles": SimpleLazyObject(lambda: role_names(actor.roles) if actor else []),
        "draft_key": SimpleLazyObject(lambda: draft_key(request.user)),
        "memberships": getattr(request, "memberships", []),
        "navigation": SimpleLazyObject(lambda: navigation(actor, request.path) if actor else []),
        "links": {name: address(url_name) for name, url_name in LINKS.items()} | _for_answering(request, actor),
        "languages": _languages(request),
        "demo": SimpleLazyObject(lambda: _turn(request, actor) if settings.DEMO and actor else None),
        "demo_places": SimpleLazyObject(lambda: tour.places() if settings.DEMO and not actor else []),
    }


def _for_answering(request, actor) -> dict:
    """Where emergencies are asked for and slips are scanned, only for whoever may answer; the first also on watch."""
    if not actor:
        return _on_watch(request)
    if not actor.may("referral.answer"):
        return {}
    links = {"alarm": address("referrals:alarm"), "scan": address("referrals:scan")}
    links["watch_off"] = address("referrals:watch_off")
    fresh = request.membership and watching.is_fresh(request, request.membership)
    return links if fresh else links | {"watch_on": address("referrals:watch_on")}


def _on_watch(request) -> dict:
    """For the login page alone: other pages without a session have no place for the alarm."""
    if request.path_info != address(LINKS["login"]) or not watching.is_named(request):
        return {}
    return {"watch": address("referrals:watch"), "watch_off": address("referrals:watch_off")}


def _turn(request, actor) -> tour.Turn | None:
    """A view that shows one referral leaves it in `request.viewed_referral`."""
    return tour.whose_turn(actor, viewed=getattr(request, "viewed_referral", None))


def _languages(request) -> list[dict]:
    """The languages to choose from, each with its own name; `next` is where the choice returns to."""
    current = get_language()
    here = request.get_full_path() if request.method == "GET" else request.path
    return [{"code": code, "name": name, "current": code == current, "next": here} for code, name in settings.LANGUAGES]
