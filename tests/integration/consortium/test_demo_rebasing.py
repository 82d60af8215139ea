"""A demo is made anew while nobody has touched it: in a database of its own, as `make run` does it."""

import os
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler
from environ import Env

from consortium.demo import empty, rebasing
from consortium.environment import database

BASE = Path(__file__).resolve().parents[3]


@pytest.fixture
def own_database(db, tmp_path):
    """DATABASE_URL of an empty database on the engine under test."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'demo.sqlite3'}"
        return
    name, outside = f"demo_{uuid.uuid4().hex[:12]}", connection.copy()  # not in the test's transaction
    with outside.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    given = {key: quote(str(connection.settings_dict[key]), safe="") for key in ("USER", "PASSWORD", "HOST", "PORT")}
    login, place = "{USER}:{PASSWORD}".format(**given).rstrip(":"), "{HOST}:{PORT}".format(**given).rstrip(":")
    yield f"postgres://{login}@{place}/{name}"
    with outside.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    outside.close()


def test_an_untouched_demo_is_made_anew_until_somebody_acts(own_database, tmp_path):
    def manage(*arguments):
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings", "DEMO": "true",
            "DATABASE_URL": own_database, "VAR_DIR": str(tmp_path),
        }  # fmt: skip
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=BASE, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def told():
        return (tmp_path / "demo.json").read_text(encoding="utf-8"), rows_in(own_database, HASHES)

    def numbers():
        return rows_in(own_database, "SELECT number FROM referrals_referral")

    made = manage("demo", "--migrate")
    assert f"{len(numbers())} referrals" in made
    told_first, made_first = told(), numbers()
    assert "again" not in manage("demo")
    assert numbers() == made_first

    assert "start from now again" in manage("demo", "--migrate", "--rebase")
    made_anew = numbers()
    assert (len(made_anew), len(made_first & made_anew)) == (len(made_first), 0)
    assert told() == told_first
    assert [path.name for path in tmp_path.glob("*.new*")] == []

    manage("shell", "--no-imports", "-c", ACT)
    assert "left as it is" in manage("demo", "--migrate", "--rebase")
    assert numbers() == made_anew


HASHES = "SELECT password FROM accounts_user UNION ALL SELECT client_secret FROM accounts_apiclient"


def rows_in(url: str, question: str) -> set[str]:
    """What another database answers."""
    other = ConnectionHandler({"default": database(Env.db_url_config(url), BASE)})["default"]
    try:
        with other.cursor() as cursor:
            cursor.execute(question)
            return {row[0] for row in cursor.fetchall()}
    finally:
        other.close()


@pytest.mark.django_db
def test_a_demo_that_cannot_be_made_anew_stays_as_it_was(tmp_path, monkeypatch):
    """On SQLite, where the new one is built beside it."""
    other = ConnectionHandler({"default": database(Env.db_url_config(f"sqlite:///{tmp_path / 'demo.sqlite3'}"), BASE)})
    for module in (rebasing, empty):
        monkeypatch.setattr(module, "connection", other["default"])
    monkeypatch.setattr(empty, "call_command", lambda *_args, **_options: tables_are_made(other["default"]))
    empty.migrate()
    with other["default"].cursor() as cursor:
        cursor.execute("INSERT INTO made VALUES ('once')")
    with pytest.raises(RuntimeError, match="half way"):
        rebasing.rebase(lambda: fails_half_way(other["default"]))
    with other["default"].cursor() as cursor:
        cursor.execute("SELECT * FROM made")
        assert cursor.fetchall() == [("once",)]
    other["default"].close()
    kept = empty._kept(tmp_path / "demo.sqlite3").name
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo.sqlite3", kept]


def tables_are_made(connection):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS made (what text)")


def fails_half_way(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM made")
        assert cursor.fetchall() == []  # begun from the empty one that was kept
        cursor.execute("INSERT INTO made VALUES ('twice')")
    raise RuntimeError("half way")


@pytest.mark.django_db
def test_what_was_kept_of_other_migrations_is_forgotten(tmp_path, monkeypatch):
    path = tmp_path / "demo.sqlite3"
    monkeypatch.setattr(empty, "_sources", lambda: {__file__})
    first = empty._kept(path)
    monkeypatch.setattr(empty, "_sources", lambda: {__file__, empty.__file__})
    second = empty._kept(path)
    assert first != second
    other = ConnectionHandler({"default": database(Env.db_url_config(f"sqlite:///{path}"), BASE)})
    monkeypatch.setattr(empty, "connection", other["default"])
    for kept in (first, second, second):
        empty._keep(kept)
        assert [each.name for each in tmp_path.glob("*.empty.*")] == [kept.name]
    other["default"].close()


def test_the_kept_one_goes_by_all_migrations_and_what_they_name():
    sources = {Path(path).relative_to(BASE).as_posix() for path in empty._sources() if Path(path).is_relative_to(BASE)}
    migrations = {path.relative_to(BASE).as_posix() for path in BASE.glob("*/migrations/0*.py")}
    assert migrations | {"events/guards.py"} <= sources


ACT = """
from accounts.actors import actor_for_membership
from accounts.models import Membership
from referrals.actions import perform
from referrals.models import Referral
desk = actor_for_membership(Membership.objects.get(user__username="huanglihua"))
perform("claim", Referral.objects.filter(status="submitted", receiver_id=desk.institution_id).first(), actor=desk)
"""
