"""Keyset paging: a page starts behind the last row seen, so page 10,000 costs as much as page 1.

No COUNT and no OFFSET: `limit + 1` rows are fetched to know whether there are more. Sort keys may be ascending or
descending in any mixture and may be NULL (NULLs come last going up, first going down, on both engines); the last
key must be unique. A cursor is encrypted, because it repeats sort keys and stands in an address.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .crypto import Unreadable, decrypt, encrypt
from .refusals import Malformed

PURPOSE = "cursor"
LONGEST_CURSOR = 2000
_READERS = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "Decimal": Decimal,
    "UUID": UUID,
    "timedelta": lambda micros: timedelta(microseconds=micros),
}


@dataclass(frozen=True)
class Page:
    """`results` is a list; `next` and `previous` are cursors or None."""

    results: list
    next: str | None
    previous: str | None


@dataclass(frozen=True)
class _Key:
    path: str
    descending: bool
    nullable: bool

    def ordering(self, backward):
        if not self.nullable:
            return f"-{self.path}" if self.descending != backward else self.path
        # going up NULLs are last, going down first: one order and its exact reverse
        if self.descending != backward:
            return F(self.path).desc(nulls_first=True)
        return F(self.path).asc(nulls_last=True)

    def equals(self, value):
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def beyond(self, value, backward):
        """What comes strictly after `value` in this direction; None when nothing can."""
        falling = self.descending != backward
        if value is None:
            return Q(**{f"{self.path}__isnull": False}) if falling else None
        condition = Q(**{f"{self.path}__{'lt' if falling else 'gt'}": value})
        return condition | Q(**{f"{self.path}__isnull": True}) if self.nullable and not falling else condition

    def value_of(self, row):
        if isinstance(row, dict):
            return row[self.path]
        for name in self.path.split("__"):
            row = getattr(row, name, None)
        return row


def page(queryset, *, order, cursor=None, limit=20):
    """One page of `queryset` in `order` (field names, "-" for descending). A bad cursor is Malformed."""
    keys = _keys(queryset, order)
    scope = f"{queryset.model._meta.label_lower}:{','.join(order)}"
    values, backward, inclusive = _read(cursor, scope, keys) if cursor else ((), False, False)
    if cursor:
        queryset = queryset.filter(_behind(keys, values, backward, inclusive))
    rows = list(queryset.order_by(*(key.ordering(backward) for key in keys))[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    if backward:
        rows.reverse()
    if not rows and cursor:
        return _empty(scope, values, backward)
    before = bool(cursor) if not backward else more
    after = more if not backward else True
    return Page(
        results=rows,
        next=_write(scope, [key.value_of(rows[-1]) for key in keys], False) if after and rows else None,
        previous=_write(scope, [key.value_of(rows[0]) for key in keys], True) if before and rows else None,
    )


def _empty(scope, values, backward):
    """The rows behind the cursor are gone: lead back to where the reader came from, that row included."""
    back = _write(scope, values, not backward, inclusive=True)
    return Page(results=[], next=back if backward else None, previous=None if backward else back)


def _keys(queryset, order):
    return [_Key(each.lstrip("-"), each.startswith("-"), _nullable(queryset, each.lstrip("-"))) for each in order]


def _nullable(queryset, path):
    model, through_null = queryset.model, False
    if path.split("__")[0] in queryset.query.annotations:
        return True
    for name in path.split("__"):
        try:
            field = model._meta.get_field(model._meta.pk.name if name == "pk" else name)
        except FieldDoesNotExist:
            # "patient_id" and the like: the column of a foreign key
            field = next((each for each in model._meta.concrete_fields if each.attname == name), None)
            if field is None:
                return True
        through_null = through_null or getattr(field, "null", True)
        model = field.related_model or model
    return through_null


def _behind(keys, values, backward, inclusive):
    """(a > x) or (a = x and b > y) or …, with a bound on the leading key that lets the index start there."""
    condition, equal = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        beyond = key.beyond(value, backward)
        if beyond is not None:
            condition |= equal & beyond
        equal &= key.equals(value)
    if inclusive:
        condition |= equal
    return _bound(keys[0], values[0], backward) & condition


def _bound(key, value, backward):
    if key.nullable:
        return Q()
    return Q(**{f"{key.path}__{'lte' if key.descending != backward else 'gte'}": value})


def _write(scope, values, backward, inclusive=False):
    content = [scope, int(backward), int(inclusive), [_packed(value) for value in values]]
    return encrypt(json.dumps(content, separators=(",", ":")), PURPOSE)


def _read(cursor, scope, keys):
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise ValueError("too long")
        found, backward, inclusive, packed = json.loads(decrypt(cursor, PURPOSE))
        values = [_unpacked(value) for value in packed]
        if found != scope or len(values) != len(keys):
            raise ValueError("of another list")
    except (Unreadable, ValueError, TypeError, KeyError, InvalidOperation) as error:
        detail = _("翻页游标无效，请从第一页重新开始，并原样使用返回的 next 或 previous 地址")
        raise Malformed.of("/cursor", "bad_cursor", detail) from error
    return values, bool(backward), bool(inclusive)


def _packed(value):
    if value is None or isinstance(value, (bool, int, float)) or type(value) is str:
        return value
    for kind in (datetime, date, time):
        if isinstance(value, kind):
            return {kind.__name__: value.isoformat()}
    if isinstance(value, timedelta):
        return {"timedelta": value // timedelta(microseconds=1)}
    if isinstance(value, (Decimal, UUID)):
        return {type(value).__name__: str(value)}
    return str(value)


def _unpacked(value):
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    return _READERS[kind](text)
