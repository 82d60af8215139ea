"""Sealing the trails in hash-chained batches, afterwards, and proving them unchanged.

A chain computed inside the writing transaction would make every writer wait for one lock;
here one task seals what is there, and rows that commit late fall into the next batch.
"""

import hashlib
import json
from datetime import UTC, timedelta
from time import monotonic

from django.db import transaction

from events.models import AccessEntry, Event, Seal

TRAILS = {"event": Event, "access": AccessEntry}
BATCH = 1000
LONGEST = timedelta(seconds=120)


def seal_waiting() -> int:
    """Seal what waits in all trails, by turns, until none is left or `LONGEST` has passed; answers how many rows."""
    ends, waiting, sealed = monotonic() + LONGEST.total_seconds(), list(TRAILS), 0
    while waiting:
        counts = {trail: seal_trail(trail) for trail in waiting}
        sealed += sum(counts.values())
        waiting = [trail for trail, count in counts.items() if count == BATCH and monotonic() < ends]
    return sealed


@transaction.atomic
def seal_trail(trail: str) -> int:
    """Seal up to `BATCH` unsealed rows of a trail; answers how many."""
    rows = list(TRAILS[trail].objects.filter(seal_id=None).order_by("id")[:BATCH])
    if not rows:
        return 0
    last = Seal.objects.filter(trail=trail).order_by("-position").first()
    previous = last.digest if last else ""
    seal = Seal.objects.create(
        trail=trail,
        position=last.position + 1 if last else 1,
        rows=len(rows),
        previous_digest=previous,
        digest=digest_of(rows, previous),
    )
    TRAILS[trail].objects.filter(pk__in=[row.pk for row in rows], seal_id=None).update(seal_id=seal.pk)
    return len(rows)


def faults(trail: str) -> list[str]:
    """Every broken seal of a trail in words; an empty list when nothing was touched."""
    found, previous = [], ""
    for position, seal in enumerate(Seal.objects.filter(trail=trail).order_by("position").iterator(), start=1):
        rows = list(TRAILS[trail].objects.filter(seal_id=seal.pk).order_by("id"))
        if seal.position != position:
            found.append(f"{trail}: seal {position} is missing")
        if seal.previous_digest != previous:
            found.append(f"{trail}: seal {seal.position} does not follow the one before it")
        if len(rows) != seal.rows:
            found.append(f"{trail}: seal {seal.position} covers {seal.rows} rows, {len(rows)} are there")
        elif digest_of(rows, seal.previous_digest) != seal.digest:
            found.append(f"{trail}: a row under seal {seal.position} was changed")
        previous = seal.digest
    strays = TRAILS[trail].objects.filter(seal_id__isnull=False)
    strays = strays.exclude(seal_id__in=Seal.objects.filter(trail=trail).values("pk")).count()
    if strays:
        found.append(f"{trail}: {strays} rows claim a seal that is not there")
    return found


def digest_of(rows, previous: str) -> str:
    """SHA-256 over the previous digest and each row's canonical JSON, in order of ids."""
    total = hashlib.sha256(previous.encode())
    for row in rows:
        total.update(b"\n" + _canonical(row).encode())
    return total.hexdigest()


def _canonical(row) -> str:
    """What is NULL is left out, so that a column added later does not break the seals of older rows."""
    columns = [field.attname for field in row._meta.concrete_fields if field.attname != "seal_id"]
    values = {name: value for name in columns if (value := getattr(row, name)) is not None}
    return json.dumps(values, sort_keys=True, ensure_ascii=False, default=_plain)


def _plain(value):
    return value.astimezone(UTC).isoformat() if hasattr(value, "astimezone") else str(value)
