"""How a sending may end other than well, and the one way to call a provider over HTTP.

A provider's answer is judged by its code. Its words are kept nowhere: they may quote the number.
"""

import json
import re
import time

import requests
from urllib3.exceptions import NewConnectionError

CONNECT, READ, WHOLE = 5, 15, 30
"""Seconds to reach a provider, between two pieces of its answer, and for all of it; well inside a delivery's lease."""
LONGEST_ANSWER = 64 * 1024
CODE = re.compile(r"[A-Za-z0-9._:-]{1,60}")


class Declined(Exception):
    """The provider did not take it. `final`: another try would end the same way."""

    def __init__(self, code: str, *, final: bool = False):
        super().__init__(code)
        self.code, self.final = code, final


class NoAnswer(Exception):
    """It went out and nothing that can be understood came back: nobody can say whether it arrived."""


class NotYet(Exception):
    """Not at this hour: to be tried at `until`. This counts as no attempt."""

    def __init__(self, until):
        super().__init__(until.isoformat())
        self.until = until


def post(url: str, **body) -> dict:
    """POST `data=` or `json=` and answer the JSON object that came back, whatever its status.

    Follows no redirect. Raises `Declined` when nothing was taken, `NoAnswer` when that cannot be said.
    """
    begun = time.monotonic()
    try:
        with requests.post(url, timeout=(CONNECT, READ), allow_redirects=False, stream=True, **body) as response:
            return _understood(response, begun)
    except requests.RequestException as failure:
        if _never_left(failure):
            raise Declined("unreachable") from failure
        raise NoAnswer from failure


def code_of(value) -> str:
    """A provider's code as it may be kept: anything that does not look like one is "unknown"."""
    text = str(value)
    return text if CODE.fullmatch(text) else "unknown"


def _understood(response, begun) -> dict:
    """The object in the body. An error without one says only by its status whether the request was taken."""
    status = response.status_code
    if 300 <= status < 400:
        raise Declined(f"http-{status}")
    answer = _object(_read(response, begun))
    if answer is not None:
        return answer
    if 400 <= status < 500:
        raise Declined(f"http-{status}")
    raise NoAnswer


def _read(response, begun) -> bytes:
    body = b""
    for piece in response.iter_content(8192):
        body += piece
        if len(body) > LONGEST_ANSWER or time.monotonic() - begun > WHOLE:
            raise NoAnswer
    return body


def _object(body: bytes) -> dict | None:
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _never_left(failure) -> bool:
    """Whether the connection was never made, so that certainly nothing arrived."""
    if isinstance(failure, (requests.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError)):
        return True
    reason = getattr(failure.args[0], "reason", None) if failure.args else None
    return isinstance(reason, NewConnectionError)
