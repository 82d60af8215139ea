"""Passwords and client secrets of the demo, derived from this installation's secret key.

They are the same at every start, differ between installations, and stand nowhere in the source. `var/demo.json`,
readable by its owner alone, tells them to the people and scripts that take the tour.
"""

import base64
import hashlib
import hmac
import json
import os
from pathlib import Path

from django.conf import settings

FILE_NAME = "demo.json"
CLIENT_MARK = "-demo"


def password_of(username: str) -> str:
    """Four groups that can be read aloud, e.g. "demo-k3vq-7hxa-m2tz"."""
    text = _derived(f"password:{username}")
    return "-".join(["demo", text[:4], text[4:8], text[8:12]])


def client_id_of(code: str) -> str:
    return f"{code}{CLIENT_MARK}"


def secret_of(code: str) -> str:
    return _derived(f"client:{code}")


def _derived(purpose: str) -> str:
    key = hashlib.sha256(f"demo:{settings.SECRET_KEY}".encode()).digest()
    digest = hmac.new(key, purpose.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower().translate(_EASY)


_EASY = str.maketrans("lo", "89")
"""Letters that look like digits are avoided."""


def write(accounts: list[dict], clients: list[dict]) -> Path:
    """Write `var/demo.json` where it does not say this already; nobody else may read it."""
    path = Path(settings.VAR_DIR) / FILE_NAME
    text = json.dumps({"accounts": accounts, "clients": clients}, ensure_ascii=False, indent=2) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        path.chmod(0o600)
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    return path
