"""Private services for a test run: started on a free place, gone when the `with` block ends."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from prepare import say

UNPRIVILEGED = ("postgres", "nobody")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """Path of a Chromium, if there is one."""
    given = os.environ.get("CHROMIUM")
    return given if given else next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@contextmanager
def postgresql():
    """DATABASE_URL of a fresh PostgreSQL on a private socket, or None where no PostgreSQL is installed.

    It never runs as root: PostgreSQL refuses that.
    """
    programs = _postgresql_programs()
    if programs is None:
        yield None
        return
    # under /tmp: short enough for a socket's path and reachable for the other user
    folder = Path(tempfile.mkdtemp(prefix="consortium-pg-", dir="/tmp"))
    identity = _identity(folder)
    data = folder / "data"
    create = [programs / "initdb", "--pgdata", data, "--username", "consortium", "--auth", "trust", "--no-sync"]
    quick = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "jit=off", "max_connections=300"]
    quick += ["wal_level=minimal", "max_wal_senders=0", "max_wal_size=4GB", "checkpoint_timeout=1h", "autovacuum=off"]
    start = [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses="]
    server = None
    log = (folder / "log").open("wb")
    try:
        subprocess.run(
            [*create, "--locale", "C.UTF-8", "--encoding", "UTF8"],
            check=True,
            stdout=log,
            stderr=log,
            cwd=folder,
            **identity,
        )
        options = [part for option in quick for part in ("-c", option)]
        server = subprocess.Popen([*start, *options], stdout=log, stderr=log, cwd=folder, **identity)
        _wait_for(lambda: _answers(programs, folder), server, folder / "log")
        say(f"PostgreSQL from {programs} on a private socket.")
        yield f"postgres://consortium@{quote(str(folder), safe='')}/postgres"
    finally:
        end(server, signal.SIGINT)  # PostgreSQL's fast shutdown
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _postgresql_programs() -> Path | None:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = str(installed[-1]) if installed else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _identity(folder: Path) -> dict:
    """Popen arguments that leave root behind; nothing to do for everybody else."""
    if os.geteuid() != 0:
        return {}
    user = next(user for user in UNPRIVILEGED if _exists(user))
    record = pwd.getpwnam(user)
    os.chown(folder, record.pw_uid, record.pw_gid)
    return {"user": record.pw_uid, "group": record.pw_gid, "extra_groups": []}


def _exists(user: str) -> bool:
    try:
        return bool(pwd.getpwnam(user))
    except KeyError:
        return False


def _answers(programs: Path, folder: Path) -> bool:
    return subprocess.run([programs / "pg_isready", "-q", "-h", folder, "-U", "consortium"]).returncode == 0


@contextmanager
def redis():
    """URL of a fresh Redis that keeps nothing, or None where no redis-server is installed."""
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="consortium-redis-"))
    port = _free_port()
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", folder]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_for(lambda: _listens(port), server, folder / "log")
            say(f"Redis on port {port}.")
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            end(server, signal.SIGTERM)
            shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait_for(ready, server: subprocess.Popen, log: Path, seconds: int = 30) -> None:
    until = time.monotonic() + seconds
    while not ready():
        if server.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"*** {server.args[0]} did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.1)


def end(server: subprocess.Popen | None, how: signal.Signals) -> None:
    """Stop a process if it still runs, politely first."""
    if server is None or server.poll() is not None:
        return
    server.send_signal(how)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
