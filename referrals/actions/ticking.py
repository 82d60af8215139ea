"""Whose time has come: every clock looks at one row after the other, each in a transaction of its own."""

import logging

from django.utils import timezone

log = logging.getLogger(__name__)


def each_due(rows, field: str, look, *, limit: int) -> int:
    """Call `look(pk)` for those of `rows` due by `field`, the longest due first; answers how many were looked at."""
    due = rows.filter(**{f"{field}__lte": timezone.now()}).order_by(field, "id")
    ids = list(due.values_list("pk", flat=True)[:limit])
    for pk in ids:
        try:
            look(pk)
        except Exception as failure:  # one bad row must not stop everybody's clock
            log.error("%s: %s %s: %s", field, rows.model._meta.model_name, pk, type(failure).__name__)
    return len(ids)
