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
    allowed, window = rate_of(scope)
    now = int(time.time())
    key = f"throttle:{scope}:{who}:{now // window}"
    cache.add(key, 0, timeout=window + 1)
    try:
        count = cache.incr(key)
    except ValueError:  # it fell out of the cache between the two calls
        return 0
    return 0 if count <= allowed else window - now % window


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
