"""What the tests of pages share: looking at an answer, counting statements."""

import html
import re
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

MOST_STATEMENTS = 12
_FRAME = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT")


@contextmanager
def at_most(number: int = MOST_STATEMENTS):
    """No more SQL statements than `number`, BEGIN and COMMIT and their like aside."""
    with CaptureQueriesContext(connection) as caught:
        yield
    asked = [each["sql"] for each in caught.captured_queries if not each["sql"].startswith(_FRAME)]
    assert len(asked) <= number, "\n".join(asked)


def words(response) -> str:
    """What a reader sees, without the tags."""
    body = re.sub(r"<(script|style|title).*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def refused(response) -> str:
    """The reason of a refusal page."""
    found = re.search(r'class="alert alert-danger refusal".*?<strong>(.*?)</strong>', response.content.decode(), re.S)
    return html.unescape(found[1]) if found else ""


def main_rows(response) -> list[str]:
    """The first cell of each row of the page's tables."""
    rows = re.findall(r"<tr[^>]*>\s*<th scope=\"row\"[^>]*>(.*?)</th>", response.content.decode(), re.S)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(row))).strip() for row in rows]
