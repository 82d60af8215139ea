"""Whose time has come: both clocks look at one referral after the other, each in a transaction of its own."""

import logging

from django.utils import timezone

from referrals.models import Referral

log = logging.getLogger(__name__)


def each_due(field: str, look, *, limit: int) -> int:
    """Call `look(pk)` for what is due by `field`, the longest due first; answers how many were looked at."""
    due = Referral.objects.filter(**{f"{field}__lte": timezone.now()}).order_by(field, "id")
    ids = list(due.values_list("pk", flat=True)[:limit])
    for pk in ids:
        try:
            look(pk)
        except Exception as failure:  # one bad row must not stop everybody's clock
            log.error("%s: referral %s: %s", field, pk, type(failure).__name__)
    return len(ids)
