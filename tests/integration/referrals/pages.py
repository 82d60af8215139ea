"""What the tests of the pages need: addresses, forms filled with a move's facts, statements counted."""

from contextlib import contextmanager
from datetime import date, datetime, time

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from referrals.models import Referral
from tests.walk import default_facts

HTMX = {"HX-Request": "true"}
NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


def page_of(referral) -> str:
    return reverse("referrals:detail", args=[referral.number])


def move_of(referral, verb: str) -> str:
    return reverse("referrals:move", args=[referral.number, verb])


def fresh(referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


def typed(verb: str, referral, cast, **facts) -> dict:
    """A POST with what the move needs, as a person fills the form in."""
    given = default_facts(verb, referral, cast) | facts
    sent = {name: _as_typed(value) for name, value in given.items() if not isinstance(value, list)}
    rows = (_row_typed(name, row, values) for name in given.keys() - sent for row, values in enumerate(given[name]))
    return {"version": fresh(referral).version} | sent | {name: value for row in rows for name, value in row.items()}


def _row_typed(name: str, row: int, values: dict) -> dict:
    """A row of a table: the chosen one is said once for the whole."""
    chosen = {f"{name}-primary": row} if values.get("primary") else {}
    return chosen | {f"{name}-{row}-{column}": value for column, value in values.items() if column != "primary"}


def _as_typed(value):
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%dT%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return getattr(value, "code", None) or getattr(value, "pk", value)


def words_in(answer) -> str:
    """The page as text, without its markup and line breaks."""
    return " ".join(answer.content.decode().split())


@contextmanager
def statements():
    """The SQL statements of a request, transaction control aside: `with statements() as ran: …; len(ran)`."""
    ran: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield ran
    ran += [each["sql"] for each in captured if not each["sql"].startswith(NOT_COUNTED)]
