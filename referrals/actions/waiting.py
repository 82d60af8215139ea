"""The waiting times of all departments, computed anew. What is counted stands in `referrals.waiting`."""

from datetime import time
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from django.db.models import FilteredRelation, Q
from django.utils import timezone

from institutions.models.capacity import SESSION_ENDS
from referrals import waiting
from referrals.deadlines import local
from referrals.models import Referral, WaitingTime

MIDNIGHT = time(0)
READ_AT_ONCE = 2000


@transaction.atomic
def recompute_waiting_times() -> int:
    """Replace all figures; answers how many there are. Holds the waits of one department in memory at a time."""
    now = timezone.now()
    found = [
        WaitingTime(
            department_id=department,
            care=care,
            urgency=urgency,
            sample=len(waits),
            median_minutes=typical,
            window_days=waiting.WINDOW.days,
            computed_at=now,
        )
        for department, (care, urgency), waits in _waits(now)
        if (typical := waiting.typical(waits)) is not None
    ]
    WaitingTime.objects.bulk_create(
        found,
        update_conflicts=True,
        unique_fields=["department", "care", "urgency"],
        update_fields=["sample", "median_minutes", "window_days", "computed_at"],
    )
    WaitingTime.objects.filter(computed_at__lt=now).delete()
    return len(found)


def _waits(now):
    """(department id, (care, urgency), [minutes])"""
    for department, rows in groupby(_counted(now).iterator(READ_AT_ONCE), key=itemgetter("department_id")):
        waits = {}
        for row in rows:
            waits.setdefault((waiting.CARE[row["kind"]], row["urgency"]), []).append(_waited(row))
        for key in sorted(waits):
            yield department, key, waits[key]


def _counted(now):
    """The referrals that count, with the place each held when it arrived. One query."""
    rows = Referral.objects.filter(
        arrived_at__gt=now - waiting.WINDOW,
        arrived_at__lte=now,
        submitted_at__isnull=False,
        kind__in=waiting.CARE,
        urgency__in=waiting.WAITING_URGENCIES,
        green_channel="",
    ).exclude(status="void")
    held = FilteredRelation("bookings", condition=Q(bookings__given_back_at=None))
    return (
        rows.annotate(held=held)
        .order_by("department_id", "pk")
        .values(
            "department_id", "kind", "urgency", "submitted_at", "arrived_at", "preferred_from",
            "held__date", "held__at", "held__capacity__session",
        )
    )  # fmt: skip


def _waited(row) -> int:
    wished, day = row["preferred_from"], row["held__date"]
    ends = row["held__at"] or SESSION_ENDS[row["held__capacity__session"] or "day"]
    return waiting.waited(
        sent_at=row["submitted_at"],
        arrived_at=row["arrived_at"],
        wished_at=local(wished, MIDNIGHT) if wished else None,
        appointed_at=local(day, ends) if day else None,
    )
