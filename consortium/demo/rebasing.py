"""Making an untouched demo anew in a fresh database, so that its clocks start from now again.

The trails are append-only and nothing here lifts that: on SQLite the new database is built in a file beside the
old one and takes its place when it is whole; on PostgreSQL the schema is dropped and migrated again, and only if
it holds nothing but this project's tables.
"""

from collections.abc import Callable
from pathlib import Path

from django.db import connection

from consortium.demo import empty


class CannotRebase(Exception):
    """This database cannot be made anew; the reason is meant for the terminal."""


def rebase(fill: Callable[[], object]) -> None:
    """Replace the whole database by a migrated one that `fill` has filled."""
    if connection.vendor == "sqlite":
        _replace_file(fill)
    else:
        _replace_schema(fill)


def _replace_file(fill) -> None:
    old = empty.file_of(connection)
    new = old.with_name(f"{old.name}.new")
    _remove(new)
    _connect_to(new)
    try:
        empty.migrate(kept_beside=old)
        fill()
    except BaseException:
        _connect_to(old)
        _remove(new)
        raise
    _connect_to(old)  # closing the last connection writes the log of `new` into its file
    _remove_logs(old)  # a log left beside the new file would be taken for its own
    new.replace(old)


def _connect_to(path: Path) -> None:
    connection.close()
    connection.settings_dict["NAME"] = str(path)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _remove_logs(path)


def _remove_logs(path: Path) -> None:
    for ending in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _replace_schema(fill) -> None:
    strange = set(connection.introspection.table_names()) - _own_tables()
    if strange:
        raise CannotRebase(f"there are tables of something else in it: {', '.join(sorted(strange))}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = connection.ops.quote_name(cursor.fetchone()[0])
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")
        cursor.execute(f"CREATE SCHEMA {schema}")
    empty.migrate()
    fill()


def _own_tables() -> set[str]:
    return {*connection.introspection.django_table_names(), "django_migrations"}
