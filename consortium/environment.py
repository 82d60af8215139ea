"""Reading the environment: addresses of databases and brokers, secrets that development makes for itself."""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote

from django.core.exceptions import ImproperlyConfigured

behind_web_server = False
"""Set by the WSGI and ASGI entry points before the settings are read: what strangers reach is never in development
unless somebody said so."""

POSTGRESQL_SETTINGS = "-c join_collapse_limit=4"
"""A letter is read with what a dozen tables say beside it. PostgreSQL weighs every order in which up to eight of them
could be joined, which takes longer than the statement itself; the order Django writes them in is the right one."""

SQLITE_ON_CONNECT = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;"


def database(config: dict, base: Path) -> dict:
    """Complete django-environ's reading of DATABASE_URL for the engine it names.

    SQLite paths are taken from the project folder; the test database is a file beside the real one,
    because an in-memory database behaves differently under threads and locks.
    PostgreSQL accepts a socket folder as host, written with %2F: postgres://user@%2Frun%2Fpostgresql/name
    """
    engine = config["ENGINE"]
    if engine.endswith("sqlite3"):
        path = base / config["NAME"]
        path.parent.mkdir(parents=True, exist_ok=True)
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_ON_CONNECT}
        test = {"NAME": str(path.with_name(f"test_{path.name}"))}
        return config | {"NAME": str(path), "OPTIONS": config.get("OPTIONS", {}) | options, "TEST": test}
    if engine.endswith("postgresql"):
        test = {"TEMPLATE": "template0"}
        return config | {
            "HOST": unquote(config["HOST"]),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"options": POSTGRESQL_SETTINGS} | config.get("OPTIONS", {}),
            "TEST": test,
        }
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgres://")


def broker_options(url: str, folder: Path) -> dict:
    """Transport options for the broker; the file broker needs its folders to exist."""
    if not url.startswith("filesystem://"):
        return {"visibility_timeout": 600}
    queue, control = folder / "queue", folder / "control"
    for each in (queue, control):
        each.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(queue),
        "data_folder_out": str(queue),
        "control_folder": str(control),
        "polling_interval": 0.2,  # seconds
    }


def file_store(backend: str, options: dict, folder: Path) -> dict:
    """Where attachments lie: below `folder`, readable by the platform alone, unless another Storage is named."""
    if backend:
        return {"BACKEND": backend, "OPTIONS": options}
    own = {"location": str(folder / "attachments"), "file_permissions_mode": 0o600}
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": own | options}


def secret(name: str, given: str, *, required: bool, folder: Path) -> str:
    """The secret from the environment, or one made once and kept in `folder/<name>`.

    Several processes may start together: the file is linked into place whole, and the first one wins.
    """
    if given:
        return given
    if required:
        raise ImproperlyConfigured(
            f"{name} is not set. Outside development it must be given, for instance: "
            f"{name}=$(python3 -c 'import secrets; print(secrets.token_urlsafe(48))')"
        )
    path = folder / name.lower()
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f".{path.name}.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
