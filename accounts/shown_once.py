"""A secret for the next page only: a first password, a client's secret. Encrypted in the session meanwhile."""

import time

from toolkit.crypto import Unreadable, decrypt, encrypt

KEY = "shown_once"
PURPOSE = "shown-once"
KEPT_SECONDS = 600


def keep(request, about: str, secret: str) -> None:
    """Remember `secret` for the page that is about `about` ("membership:12")."""
    request.session[KEY] = {"about": about, "secret": encrypt(secret, PURPOSE), "until": time.time() + KEPT_SECONDS}


def take(request, about: str) -> str | None:
    """The secret, once."""
    kept = request.session.get(KEY)
    if not kept or kept["about"] != about:
        return None
    del request.session[KEY]
    if kept["until"] < time.time():
        return None
    try:
        return decrypt(kept["secret"], PURPOSE)
    except Unreadable:
        return None
