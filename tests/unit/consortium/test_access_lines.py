"""What a caller puts into an address stays inside its own line of the access log."""

import runpy
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from gunicorn.config import Config

HERE = runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))


def line(path: str) -> str:
    """The access line of a request; WSGI hands bytes over as if they were Latin-1."""
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path.encode().decode("latin-1"), "QUERY_STRING": "q=x"}
    environ |= {"RAW_URI": "/x?q=x", "SERVER_PROTOCOL": "HTTP/1.1"}
    response = SimpleNamespace(status="200 OK", sent=5, headers=[("X-Request-ID", "abcdefgh")])
    logger = HERE["logger_class"](Config())
    atoms = logger.atoms_wrapper_class(
        logger.atoms(response, SimpleNamespace(headers=[]), environ, timedelta(milliseconds=3))
    )
    return HERE["access_log_format"] % atoms


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/referrals/R26071067132/slip/", "/referrals/R26071067132/slip/"),
        ("/x\n2026-01-01 INFO forged [-] signed in", "/x%0A2026-01-01%20INFO%20forged%20%5B-%5D%20signed%20in"),
        ("/\x1b[31m\r\0", "/%1B%5B31m%0D%00"),
        ("/p/Zx81AbQ0mm3sTt5wLk29Pd/looked", "/p/-/looked"),
        ("/张三", "/%E5%BC%A0%E4%B8%89"),
    ],
)
def test_a_path_is_written_encoded_and_the_query_not_at_all(path, written):
    assert line(path).split("] ", 2)[-1] == f"GET {written} 200 5B 3ms"
