"""The rows of a table as the driver gives them: no field converts them on their way, so that reading costs little."""

from django.db import connection


def columns_of(model) -> tuple[str, ...]:
    return tuple(field.column for field in model._meta.concrete_fields)


def rows_of(model) -> list[tuple]:
    """All rows by primary key, which comes once more in front."""
    # the plus sign is nothing, except that it keeps SQLite from converting dates
    name = "+{}" if connection.vendor == "sqlite" else "{}"
    key = connection.ops.quote_name(model._meta.pk.column)
    wanted = ", ".join(name.format(each) for each in [key, *map(connection.ops.quote_name, columns_of(model))])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {wanted} FROM {connection.ops.quote_name(model._meta.db_table)} ORDER BY {key}")
        return cursor.fetchall()
