"""kill -9 of a real worker in the middle of 200 notifications, with either broker.

It is killed twice, each time at the worst moment: inside the transaction that tells an event, and
between sending an e-mail and writing down that it was sent. None is lost, the inbox has each message
exactly once, and an e-mail that went out again carries the same Message-ID.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import psycopg2
import pytest
from django.db import connection

from .apps import STOP_FROM
from .mail import STOP_AFTER, copies
from .steps import COUNT, PATIENCE, PEOPLE

pytestmark = pytest.mark.faults

BASE = Path(__file__).resolve().parents[2]
HANDS = 2  # processes of one worker


@pytest.fixture
def folder():
    """Short, because the path of a socket has its limit."""
    path = Path(tempfile.mkdtemp(prefix="faults-", dir="/tmp"))
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A migrated database on the engine of this run, to be copied: the path of its file, or its name."""
    folder = tmp_path_factory.mktemp("migrated")
    with _migrated_in(folder) as (name, url):
        environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "VAR_DIR": str(folder), "DATABASE_URL": url}
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=BASE, env=os.environ | environment, check=True)
        yield name


@pytest.fixture
def database(folder, migrated):
    """DATABASE_URL of a migrated database with nothing in it, on the engine of this run."""
    if connection.vendor == "sqlite":
        shutil.copyfile(migrated, folder / "faults.sqlite3")
        yield f"sqlite:///{folder / 'faults.sqlite3'}"
        return
    with _on_postgres(template=migrated) as (_name, url):
        yield url


@contextmanager
def _migrated_in(folder):
    if connection.vendor == "sqlite":
        yield folder / "migrated.sqlite3", f"sqlite:///{folder / 'migrated.sqlite3'}"
        return
    with _on_postgres(template="template0") as made:
        yield made


@contextmanager
def _on_postgres(template):
    """(name, DATABASE_URL) of a copy of `template`."""
    given, name = connection.settings_dict, f"faults_{uuid4().hex}"
    place = f"{quote(given['USER'])}:{quote(given['PASSWORD'])}@{quote(given['HOST'], safe='')}:{given['PORT']}"
    with _postgres(given) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield name, f"postgres://{place.rstrip(':')}/{name}"
    finally:
        with _postgres(given) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _postgres(given):
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    server = psycopg2.connect(dbname="postgres", **{key: given[name] or None for key, name in names.items()})
    server.autocommit = True
    try:
        with server.cursor() as cursor:
            yield cursor
    finally:
        server.close()


@pytest.fixture(params=["filesystem", "redis"])
def broker(request, folder):
    if request.param == "filesystem":
        yield "filesystem://"
        return
    program = shutil.which("redis-server")
    if program is None:
        lacking = "redis-server is not installed: a killed worker was NOT tried with Redis"
        pytest.fail(lacking) if os.environ.get("CI", "").lower() in ("1", "true", "yes") else pytest.skip(lacking)
    socket = folder / "redis.sock"
    command = [program, "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", folder]
    with (folder / "redis.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            wait_for(socket, server)
            yield f"redis+socket://{socket}"
        finally:
            server.kill()


@pytest.fixture
def scene(folder, database, broker):
    """Starts the processes of one run; nothing of it is left running."""
    made = Scene(folder, database, broker)
    yield made
    made.end()


class Scene:
    def __init__(self, folder: Path, database: str, broker: str):
        self.folder, self.worker, self.asked = folder, None, None
        (folder / "mail").mkdir()
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": database,
            "CELERY_BROKER_URL": broker,
            "VAR_DIR": str(folder / "var"),
            "FAULTS_DIR": str(folder),
            "PYTHONPATH": str(BASE),
        }

    def ask(self, step: str):
        """One step of `steps.py`; the process that answers is there until the end."""
        if self.asked is None:
            command = [sys.executable, "-m", "tests.faults.steps"]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            with (self.folder / "asked.log").open("ab") as log:
                self.asked = subprocess.Popen(command, cwd=BASE, env=self.environment, stderr=log, **pipes)
        self.asked.stdin.write(f"{step}\n")
        self.asked.stdin.flush()
        answer = self.asked.stdout.readline()
        assert answer, f"{step}: {(self.folder / 'asked.log').read_text()}\n{self.log()}"
        return json.loads(answer)

    def start(self) -> None:
        """A worker with two hands and the clock, in a process group of its own."""
        schedule = self.folder / f"beat-{uuid4().hex}"
        command = [sys.executable, "-m", "celery", "-A", "consortium", "worker", "--beat", "--schedule", schedule]
        command += ["--concurrency", str(HANDS), "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        with (self.folder / "worker.log").open("ab") as log:
            self.worker = subprocess.Popen(
                command, cwd=BASE, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """kill -9 of the worker and its hands: nobody gets to tidy up."""
        if self.worker is not None:
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()
            self.worker = None

    def end(self) -> None:
        self.kill()
        if self.asked is not None:
            self.asked.communicate()

    def close(self, gate: str) -> None:
        (self.folder / f"closed-{gate}").touch()

    def kill_at(self, gate: str) -> None:
        try:
            wait_for(self.folder / f"reached-{gate}", self.worker)
        except AssertionError as lost:
            raise AssertionError(self.log()) from lost
        self.kill()
        (self.folder / f"closed-{gate}").unlink()

    def log(self) -> str:
        path = self.folder / "worker.log"
        return path.read_text(errors="replace")[-5000:] if path.exists() else ""


def wait_for(path: Path, process: subprocess.Popen) -> None:
    """Until the file is there; the patience is only so that a broken run ends."""
    until = time.monotonic() + PATIENCE
    while not path.exists():
        assert process.poll() is None, f"{process.args[0]} ended with {process.returncode}"
        assert time.monotonic() < until, f"{path.name} never came"
        time.sleep(0.05)


def test_nothing_is_lost_and_nothing_is_told_twice(scene):
    scene.close("telling")
    scene.ask("ring")  # first: a worker that stops in its transaction would keep SQLite from writing the rest
    scene.start()
    scene.kill_at("telling")
    halfway = scene.ask("report")
    assert 0 < len(halfway["told"]) < COUNT, "killed in the middle of telling"
    assert {number for number, _user in halfway["told"]}.isdisjoint(range(STOP_FROM, COUNT))

    scene.close("mailing")
    scene.start()
    scene.kill_at("mailing")
    halfway = scene.ask("report")
    assert 0 < halfway["emails"].get("sent", 0) < STOP_AFTER, "killed between sending and writing it down"

    scene.start()
    end = scene.ask("settle")
    assert (end["errands"], end["emails"]) == ({"done": COUNT}, {"sent": COUNT}), scene.log()
    assert end["told"] == [[number, f"u{number % PEOPLE}"] for number in range(COUNT)]
    assert end["errand_attempts"] >= 2, "the errand that was killed was run again"

    went_out = {message_id.partition("@")[0]: number for message_id, number in copies(scene.folder / "mail").items()}
    assert went_out.keys() == end["attempts"].keys(), "every e-mail went out, and none under another id"
    repeated = {message_id for message_id, number in went_out.items() if number > 1}
    assert repeated != set(), "what was sent and not written down went out again"
    assert [went_out[each] <= end["attempts"][each] for each in repeated] == [True] * len(repeated)
