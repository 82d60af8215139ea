import logging
import sys

import pytest
from django.http import HttpResponse

from toolkit.requests import (
    LineFormatter,
    PathOnlyFilter,
    RequestIDFilter,
    RequestIDMiddleware,
    current_request_id,
    request_id_bound,
)


def _through(rf, incoming=None):
    seen = []

    def view(request):
        seen.append((request.id, current_request_id()))
        return HttpResponse()

    headers = {} if incoming is None else {"x-request-id": incoming}
    response = RequestIDMiddleware(view)(rf.get("/", headers=headers))
    assert seen[0][0] == seen[0][1] == response.headers["X-Request-ID"]
    return seen[0][0]


def test_a_sane_id_is_taken_over(rf):
    assert _through(rf, "trace-01.A_b") == "trace-01.A_b"


@pytest.mark.parametrize(
    "incoming", [None, "", "short", "x" * 65, "with space", "line\nbreak12", "姓名张三张三张三", "<script>"]
)
def test_anything_else_is_replaced(rf, incoming):
    given = _through(rf, incoming)
    assert len(given) == 32
    assert given != incoming


def test_ids_differ_and_end_with_the_request(rf):
    assert _through(rf) != _through(rf)
    assert current_request_id() == ""


def test_the_id_is_taken_back_when_the_view_fails(rf):
    def view(request):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        RequestIDMiddleware(view)(rf.get("/"))
    assert current_request_id() == ""


def _logged(**extra):
    record = logging.makeLogRecord(extra)
    assert RequestIDFilter().filter(record)
    return record.request_id


def test_a_failure_is_logged_without_the_row_it_was_about():
    """As PostgreSQL says it, inside the chain Python prints."""
    said = 'new row violates "named"\nDETAIL:  Failing row contains (7, 王秀英,\n1958-03-12).\n'
    try:
        try:
            raise ValueError(said)
        except ValueError as first:
            raise RuntimeError("afterwards") from first
    except RuntimeError:
        text = LineFormatter().formatException(sys.exc_info())
    assert [word for word in ("王秀英", "1958") if word in text] == []
    assert [
        word for word in ('violates "named"', "DETAIL: (left out)", "RuntimeError: afterwards") if word not in text
    ] == []


def test_no_line_carries_the_secret_of_a_patients_link():
    """Wherever it stands: in a path that failed, in the development server's line, in what an exception says."""
    try:
        raise ValueError("no such page: http://refer.example.org/p/Zx81AbQ0mm3sTt5wLk29Pd?x=1")
    except ValueError:
        failure = sys.exc_info()
    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 0, "%s: %s", ("500", "/p/Zx81AbQ0mm/looked"), failure
    )
    text = LineFormatter("%(message)s").format(record)
    assert "500: /p/-/looked" in text
    assert [word for word in ("Zx81", "AbQ0") if word in text] == []


def test_log_lines_carry_the_id(rf):
    request = rf.get("/")
    request.id = "afterwards"
    assert _logged() == "-"
    assert _logged(request=request) == "afterwards"
    with request_id_bound("of-the-task"):
        assert _logged() == "of-the-task"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("GET /login/?next=/referrals/%3Fq HTTP/1.1", "GET /login/ HTTP/1.1"),
        ("GET / HTTP/1.1", "GET / HTTP/1.1"),
        ("GET /a?b?c=d HTTP/1.1", "GET /a HTTP/1.1"),
    ],
)
def test_a_line_of_the_development_server_keeps_the_path_only(line, kept):
    record = logging.LogRecord("django.server", logging.INFO, "", 0, '"%s" %s %s', (line, "200", 12), None)
    assert PathOnlyFilter().filter(record)
    assert record.getMessage() == f'"{kept}" 200 12'
