"""What a test looks at: everything a move may touch, as plain values, to be compared before and after."""

from contextlib import contextmanager

from django.db import transaction
from django.db.models import F

from events.models import AccessEntry, Errand, Event
from institutions.models import Capacity
from records.models import AccessGrant, Consent
from referrals.actions import clock
from referrals.models import Booking, Referral, ReturnSummary, Step
from tests.rows import rows_of

WRITTEN = (Referral, Step, Booking, ReturnSummary, AccessGrant, Consent, Event, Errand, AccessEntry)


def everything() -> dict:
    """Every row a referral's act may write, and the places taken."""
    return {model.__name__: rows_of(model) for model in WRITTEN} | {"places": taken()}


def taken() -> dict:
    """Capacity id → booked, where anything is booked."""
    return dict(Capacity.objects.filter(booked__gt=0).values_list("pk", "booked"))


def places_held() -> dict:
    """Capacity id → live bookings of it; equal to `taken()` or a place is lost."""
    held = {}
    for pk in Booking.objects.filter(given_back_at=None, capacity__isnull=False).values_list(F("capacity"), flat=True):
        held[pk] = held.get(pk, 0) + 1
    return held


def events_of(referral, *names) -> list[str]:
    """Names of what was recorded about a referral, oldest first."""
    found = Event.objects.filter(subject=referral.event_ref).order_by("pk").values_list("name", flat=True)
    return [name.removeprefix("referral.") for name in found if not names or name.removeprefix("referral.") in names]


def grants_of(referral):
    return AccessGrant.objects.filter(source=referral.event_ref).order_by("pk")


def tick() -> list[str]:
    """One look of the clock; the names of what it recorded. The second look finds nothing to do."""
    last = Event.objects.order_by("-pk").values_list("pk", flat=True)[0]
    clock.tick()
    done = everything()
    clock.tick()
    assert everything() == done
    names = Event.objects.filter(pk__gt=last, name__startswith="referral.").order_by("pk")
    return [name.removeprefix("referral.") for name in names.values_list("name", flat=True)]


@contextmanager
def undone():
    """Whatever happens inside is rolled back: one cast serves many cells."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
