"""Making the morning's digests: one for each house and each consortium's office, on its own working days."""

import logging

from django.db import transaction
from django.utils import timezone

from events.actor import clock_actor
from events.log import record
from institutions.models import CalendarDay, Consortium, Institution, Member
from notifications.digest import FROM, MADE, UNTIL, Scope, facts_of
from notifications.models import Digest
from toolkit.calendar import is_national_working_day

log = logging.getLogger(__name__)


def make_digests() -> int:
    """What is due this morning; answers how many were made. Each is made once a day, whoever else tries."""
    now = timezone.localtime()
    if not FROM <= now.time() < UNTIL:
        return 0
    return sum(_made(each, now) for each in (*_houses(now), *_offices(now)))


def _made(whose, now) -> bool:
    """One that fails must not keep all others from theirs."""
    try:
        return make_digest(whose, now=now)
    except Exception as failure:
        log.error("digest of %s %s failed: %s", type(whose).__name__, whose.pk, type(failure).__name__)
        return False


@transaction.atomic
def make_digest(whose, *, now) -> bool:
    """Of an Institution, or of a Consortium for its office; False when it was made before or there is nothing."""
    is_office = isinstance(whose, Consortium)
    column = "consortium" if is_office else "institution"
    digest, created = Digest.objects.get_or_create(**{column: whose}, day=timezone.localdate(now))
    if not created:
        return False
    members = list(Member.objects.current().filter(consortium=whose).order_by("pk")) if is_office else []
    houses = [member.institution_id for member in members] if is_office else [whose.pk]
    scope = Scope(
        institution_id=None if is_office else whose.pk,
        consortium_id=whose.pk if is_office else None,
        house_ids=frozenset(houses),
        now=now,
    )
    facts = facts_of(scope)
    if not facts or not houses:
        return False
    about = {
        "whose": whose.name if is_office else whose.label,
        "institution": houses[0],
        "consortium": scope.consortium_id,
    }
    record(MADE, actor=clock_actor(), subject=digest, **about, **facts)
    return True


def _houses(now):
    """Active houses that work today and have no digest yet. Three queries."""
    today = now.date()
    done = Digest.objects.filter(day=today, institution__isnull=False).values("institution_id")
    houses = list(Institution.objects.filter(active=True).exclude(pk__in=done).order_by("pk"))
    special = CalendarDay.objects.overrides([house.pk for house in houses])
    return [house for house in houses if special[house.pk].get(today, is_national_working_day(today))]


def _offices(now):
    today = now.date()
    done = Digest.objects.filter(day=today, consortium__isnull=False).values("consortium_id")
    special = dict(
        CalendarDay.objects.filter(date=today, consortium__isnull=False).values_list("consortium", "working")
    )
    offices = Consortium.objects.exclude(pk__in=done).order_by("pk")
    return [office for office in offices if special.get(office.pk, is_national_working_day(today))]
