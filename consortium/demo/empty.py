"""A migrated database with nothing in it.

Running all migrations takes seconds, so on SQLite the result is kept in a file beside the demo's database and copied
the next time. Its name carries a digest of everything it was made from; `migrate` is called on the copy all the same.
"""

import hashlib
import inspect
import shutil
import sqlite3
import sys
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader


def migrate(*, kept_beside: Path | None = None) -> None:
    """Bring the database up to date. One that does not exist yet begins as a copy of the file kept beside it.

    `kept_beside` is the demo's database where another one is being built for it.
    """
    if connection.vendor != "sqlite" or _has_tables():
        _run_migrations()
        return
    kept = _kept(kept_beside or file_of(connection))
    connection.close()
    if kept.exists():
        shutil.copyfile(kept, file_of(connection))
        _run_migrations()
    else:
        _run_migrations()
        _keep(kept)


def file_of(database) -> Path:
    return Path(database.settings_dict["NAME"])


def _has_tables() -> bool:
    return bool(connection.introspection.table_names())


def _run_migrations() -> None:
    call_command("migrate", verbosity=0, interactive=False, skip_checks=False)


def _keep(path: Path) -> None:
    """Copy the open database there, and forget what was kept under another digest."""
    draft = path.with_name(f"{path.name}.draft")
    draft.unlink(missing_ok=True)
    connection.ensure_connection()
    with sqlite3.connect(draft) as copy:
        connection.connection.backup(copy)
    copy.close()
    for older in path.parent.glob(f"{path.name.rpartition('.')[0]}.*"):
        if older != draft:
            older.unlink()
    draft.replace(path)


def _kept(database: Path) -> Path:
    """`demo.sqlite3` → `demo.sqlite3.empty.<digest>`"""
    return database.with_name(f"{database.name}.empty.{_digest()}")


def _digest() -> str:
    """Of all migrations, the modules they name, and the versions of what runs them."""
    total = hashlib.sha256(f"{django.get_version()} {sqlite3.sqlite_version}".encode())
    for path in sorted(_sources()):
        total.update(path.encode() + Path(path).read_bytes())
    return total.hexdigest()[:16]


def _sources() -> set[str]:
    migrations = MigrationLoader(None).disk_migrations.values()
    modules = {sys.modules[type(migration).__module__] for migration in migrations}
    named = {value for module in modules for value in vars(module).values() if inspect.ismodule(value)}
    return {module.__file__ for module in modules | named if getattr(module, "__file__", None)}
