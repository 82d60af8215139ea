"""The request id: one word that ties a click to its log lines, events and errors."""

import logging
import re
import uuid
from contextlib import contextmanager
from contextvars import ContextVar

HEADER = "X-Request-ID"
_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
_current = ContextVar("request_id", default="")


def current_request_id():
    """The id of the request (or task) under way, "" outside of any."""
    return _current.get()


@contextmanager
def request_id_bound(value):
    """Carry the id of the request that caused it into a task."""
    token = _current.set(value)
    try:
        yield value
    finally:
        _current.reset(token)


class RequestIDMiddleware:
    """Sets `request.id` from a sane incoming X-Request-ID, otherwise anew, and answers with it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = _accepted(request.headers.get(HEADER, ""))
        with request_id_bound(request.id):
            response = self.get_response(request)
        response.headers[HEADER] = request.id
        return response


def _accepted(incoming):
    return incoming if _SANE.fullmatch(incoming) else uuid.uuid4().hex


class PathOnlyFilter(logging.Filter):
    """For the lines of Django's own server: a query string says more than a log should keep."""

    def filter(self, record):
        if isinstance(record.args, tuple):
            record.args = tuple(_without_query(each) if isinstance(each, str) else each for each in record.args)
        return True


def _without_query(line):
    return re.sub(r"\?\S*", "", line)


_SECRET = re.compile(r"(?<=/p/)[^\s/\"'?#]+")


def without_secrets(text):
    """A line without the token of a patient's link, which is a secret although it stands in the path."""
    return _SECRET.sub("-", text)


class LineFormatter(logging.Formatter):
    """A failure without the row it was about: PostgreSQL quotes it whole, a patient's name and all."""

    _QUOTED = re.compile(r"^DETAIL:.*?(?=\n\n|\Z)", re.DOTALL | re.MULTILINE)

    def format(self, record):
        return without_secrets(super().format(record))

    def formatException(self, ei):  # noqa: N802 - the name logging gives it
        return self._QUOTED.sub("DETAIL: (left out)", super().formatException(ei))


class RequestIDFilter(logging.Filter):
    """Adds `request_id` to every record, "-" where there is none."""

    def filter(self, record):
        # Django logs a 4xx answer after the middleware has returned, but hands over the request
        own = getattr(getattr(record, "request", None), "id", "")
        record.request_id = current_request_id() or own or "-"
        return True
