"""Stored search keys and the one question asked of them: does it begin with this?"""

from django.db import models
from django.db.models.lookups import BuiltinLookup

_LAST = "\U0010ffff"


class KeyField(models.CharField):
    """A key kept in the form it is searched in (lower case, no spaces)."""


@KeyField.register_lookup
class Prefix(BuiltinLookup):
    """`field__prefix="zh"`: exact about case, and served by the index on both engines.

    SQLite compares bytes, so a range answers; PostgreSQL uses LIKE with `text_pattern_ops`, which
    gives the same rows whatever the collation of the database is.
    """

    lookup_name = "prefix"
    prepare_rhs = True

    def as_sql(self, compiler, connection):
        lhs, params = self.process_lhs(compiler, connection)
        return f"({lhs} >= %s AND {lhs} < %s)", [*params, self.rhs, *params, self.rhs + _LAST]

    def as_postgresql(self, compiler, connection):
        lhs, params = self.process_lhs(compiler, connection)
        escaped = self.rhs.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return f"{lhs} LIKE %s", [*params, escaped + "%"]
