"""`make run`: set up, fill the demo, start web, worker and beat together, stop all of it at Ctrl-C."""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from prepare import BASE, VAR, SetupError, binary, digest, fresh, prepare, say

MANAGE = [binary("python"), "manage.py"]


def main() -> int:
    prepare()
    os.chdir(BASE)
    environment = _environment()
    _port_is_free(environment["LISTEN"], int(environment["PORT"]))
    with _running() as alone:
        with _static_files(environment):
            _manage(environment, "demo", "--migrate", *(["--rebase"] if alone else []))
        _forget_last_run()
        return _serve(environment)


def _environment() -> dict:
    """The environment of all processes: `.env` first, then what is set, then the demo's own defaults."""
    given = _dotenv(BASE / ".env") | os.environ
    defaults = {"DEMO": "true", "DEBUG": "false", "LISTEN": "127.0.0.1", "PORT": "8000", "PYTHONUNBUFFERED": "1"}
    defaults["PUBLIC_URL"] = f"http://localhost:{given.get('PORT', defaults['PORT'])}"
    return defaults | given | {"PATH": f"{BASE / '.venv/bin'}{os.pathsep}{given.get('PATH', os.defpath)}"}


def _dotenv(path: Path) -> dict:
    """NAME=value lines, for what this script itself must know; Django reads the file in full."""
    if not path.exists():
        return {}
    lines = [line.strip() for line in path.read_text().splitlines()]
    pairs = [line.removeprefix("export ").split("=", 1) for line in lines if "=" in line and not line.startswith("#")]
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}


def _port_is_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SetupError(
                f"Cannot listen on {host}:{port} ({error.strerror}). "
                f"Is it running already? Choose another port: make run PORT={port + 1}"
            ) from None


@contextmanager
def _running():
    """Whether no other `make run` works in this folder: the demo is not made anew beneath one that is running."""
    with (VAR / "run.lock").open("w") as mine:
        try:
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


def _manage(environment: dict, *arguments: str) -> None:
    _expect_success(subprocess.run([*MANAGE, *arguments], env=environment))


def _expect_success(done) -> None:
    if done.returncode:
        raise SetupError(f"manage.py {done.args[len(MANAGE)]} failed; the lines above say why. Nothing was started.")


@contextmanager
def _static_files(environment: dict):
    """Collect the assets when one of them changed, beside what is done meanwhile."""
    sources = sorted(path for path in BASE.glob("*/static/**/*") if path.is_file())
    state = digest(*(f"{path}{path.stat().st_mtime_ns}" for path in sources))
    wanted = digest(state, BASE / "package-lock.json", BASE / "constraints.txt", BASE / "consortium" / "apps.py")
    stamp = VAR / "static" / ".collected"
    if fresh(stamp, wanted):
        yield
        return
    say("Collecting the assets …")
    arguments = ["collectstatic", "--noinput", "--clear", "--verbosity", "0"]
    with subprocess.Popen([*MANAGE, *arguments], env=environment) as collecting:
        yield
    _expect_success(collecting)
    stamp.write_text(wanted)


def _forget_last_run() -> None:
    """A schedule left by a killed beat would delay the clock's first round."""
    for path in VAR.glob("beat-schedule*"):
        path.unlink()


def _serve(environment: dict) -> int:
    # honcho gives its first process this port; `.env` has been read already
    command = [binary("honcho"), "start", "--no-prefix", "--port", environment["PORT"], "--env", os.devnull]
    honcho = subprocess.Popen(command, env=environment, start_new_session=True, preexec_fn=_end_with_parent)

    def stop(*_):
        if honcho.poll() is None:
            honcho.send_signal(signal.SIGTERM)

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)
    threading.Thread(target=_announce, args=(environment, honcho), daemon=True).start()
    honcho.wait()
    say("Stopped.")
    return 0 if honcho.returncode in (0, -signal.SIGTERM, 128 + signal.SIGTERM, 128 + signal.SIGINT) else 1


def _end_with_parent() -> None:
    """Should this script be killed outright, Linux tells honcho to stop the others (PR_SET_PDEATHSIG)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _announce(environment: dict, honcho: subprocess.Popen) -> None:
    """Print the address once the page really answers."""
    address = f"http://localhost:{environment['PORT']}"
    probe = f"http://{environment['LISTEN'].replace('0.0.0.0', '127.0.0.1')}:{environment['PORT']}/healthz"
    while honcho.poll() is None:
        try:
            urllib.request.urlopen(probe, timeout=2).close()
        except OSError:
            time.sleep(0.2)
            continue
        print(f"\n    医联体已启动  The consortium is open:  {address}\n    Ctrl-C 停止   stops it\n", flush=True)
        return


if __name__ == "__main__":
    sys.exit(main())
