"""How often something may be asked. Counted in the shared cache in fixed windows: two small operations a request."""

import time

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from rest_framework.throttling import BaseThrottle

from toolkit.refusals import TooMany

from .actors import address_of

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def rate_of(scope: str) -> tuple[int, int]:
    """The rate from settings, "60/min" → (60, 60): so many in so many seconds."""
    number, period = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"][scope].split("/")
    return int(number), SECONDS[period[0]]


def seconds_to_wait(scope: str, who: str) -> int:
    """Count one request of `who`; 0 while it is within the rate, else seconds until the window ends."""
    return 0 if count_one(scope, who) <= rate_of(scope)[0] else _window(scope, who)[1]


def count_one(scope: str, who: str) -> int:
    """Count one more of `who`; how many there have been in this window, 0 where it fell out of the cache meanwhile."""
    key, _left = _window(scope, who)
    cache.add(key, 0, timeout=rate_of(scope)[1] + 1)
    try:
        return cache.incr(key)
    except ValueError:
        return 0


def is_used_up(scope: str, who: str) -> int:
    """Seconds until the window ends where `who` has had all that is allowed, else 0. Counts nothing."""
    key, left = _window(scope, who)
    return left if cache.get(key, 0) >= rate_of(scope)[0] else 0


def _window(scope: str, who: str) -> tuple[str, int]:
    """The counter of the window that runs, and the seconds until it ends."""
    seconds, now = rate_of(scope)[1], int(time.time())
    return f"throttle:{scope}:{who}:{now // seconds}", seconds - now % seconds


def hold_back(scope: str, actor) -> None:
    """For pages, and for answers that are counted by what they tell: one more of `scope`, or `TooMany`."""
    seconds = seconds_to_wait(scope, actor.key)
    if seconds:
        raise TooMany(_("请求过于频繁，请在 %(seconds)s 秒后重试") % {"seconds": seconds}, retry_after=seconds)


class ScopedThrottle(BaseThrottle):
    """Counts by acting client or person, by address where nobody is known."""

    scope = "client"

    def allow_request(self, request, view):
        self.seconds = seconds_to_wait(self.scope, self.who(request))
        return self.seconds == 0

    def wait(self):
        return self.seconds

    def who(self, request) -> str:
        actor = getattr(request, "actor", None)
        return actor.key if actor else address_of(request)


class ClientThrottle(ScopedThrottle):
    """For partner systems. People at the pages are not counted: their own speed is the limit."""

    def allow_request(self, request, view):
        client = getattr(request.auth, "application", None)
        self.seconds = seconds_to_wait(self.scope, client.client_id) if client else 0
        return self.seconds == 0


class RevealThrottle(ScopedThrottle):
    """For reading full identities, by person or client."""

    scope = "reveal"
