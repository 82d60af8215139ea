"""Database triggers that keep the trails append-only, on both engines.

The one permitted update sets `seal_id` once. `removed()` lifts the triggers for the test
runner's flush; nothing else may use it.
"""

from contextlib import contextmanager

from django.db import connection as default_connection

TABLES = ("events_event", "events_accessentry", "events_seal")

_SQLITE = """
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
WHEN {changed} BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;
"""

_POSTGRES = """
CREATE OR REPLACE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NOT ({changed}) THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'the trail is append-only';
END $$;
CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_guard();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_guard();
"""


def install(connection=None) -> None:
    _each(connection or default_connection, _create)


def uninstall(connection=None) -> None:
    _each(connection or default_connection, _drop)


@contextmanager
def removed(connection=None):
    """Lift the triggers while a test database is flushed."""
    uninstall(connection)
    try:
        yield
    finally:
        install(connection)


def _each(connection, change) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            change(connection, cursor, table)


def _create(connection, cursor, table) -> None:
    columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    if connection.vendor == "postgresql":
        cursor.execute(_POSTGRES.format(table=table, changed=_changed(columns, "IS DISTINCT FROM")))
        return
    for statement in _SQLITE.format(table=table, changed=_changed(columns, "IS NOT")).split("END;")[:-1]:
        cursor.execute(statement + "END;")


def _changed(columns, differs) -> str:
    changes = [f"OLD.{column} {differs} NEW.{column}" for column in columns if column != "seal_id"]
    if "seal_id" in columns:
        changes.append("OLD.seal_id IS NOT NULL")
    return " OR ".join(changes)


def _drop(connection, cursor, table) -> None:
    if connection.vendor == "postgresql":
        cursor.execute(f"DROP TRIGGER IF EXISTS {table}_guard ON {table}")
        cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}")
        return
    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete")
    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_update")
