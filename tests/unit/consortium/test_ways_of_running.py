"""What is on where nobody has said anything: each way of starting in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parents[3]
TOLD = "from django.conf import settings; print(settings.DEBUG, settings.DEMO)"
SECRETS = dict.fromkeys(("SECRET_KEY", "FIELD_KEYS", "HASH_KEYS"), "given-for-this-test-0123456789abcdef")
SAID = {"DEBUG", "DEMO", "DJANGO_SETTINGS_MODULE", *SECRETS}


def start(folder, *command, **said):
    kept = {name: value for name, value in os.environ.items() if name not in SAID}
    own = {"READ_DOTENV": "false", "VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'none.sqlite3'}"}
    return subprocess.run(
        [sys.executable, *command], cwd=BASE, env=kept | own | said, capture_output=True, text=True, check=False
    )


def web_server(folder, entry="wsgi", **said):
    return start(folder, "-c", f"import consortium.{entry}; {TOLD}", **said)


@pytest.mark.parametrize("entry", ["wsgi", "asgi"])
def test_a_web_server_is_in_production(tmp_path, entry):
    assert web_server(tmp_path, entry, **SECRETS).stdout == "False False\n"


def test_a_web_server_without_secrets_does_not_start(tmp_path):
    done = web_server(tmp_path)
    assert (done.returncode, "SECRET_KEY is not set" in done.stderr) == (1, True)


def test_a_web_server_is_in_development_where_that_was_said(tmp_path):
    assert web_server(tmp_path, DEBUG="true").stdout == "True True\n"


def test_the_demo_is_no_development(tmp_path):
    assert web_server(tmp_path, DEMO="true").stdout == "False True\n"


def test_a_developer_has_to_say_nothing(tmp_path):
    assert start(tmp_path, "manage.py", "shell", "--no-imports", "-c", TOLD).stdout == "True True\n"
