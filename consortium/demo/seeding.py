"""Filling an empty database with the demo, and telling whether anybody has touched it since.

The last event of the seeding, `demo.seeded`, is the mark: whatever a person or a partner's system did after it
means that the demo is in use and must be left alone. Signing in and looking around is not touching.
"""

import gc
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max
from django.db.models.functions import Coalesce
from django.utils import timezone, translation

from accounts.models import User
from consortium.demo import clock, people, places, telling
from consortium.demo.scenes import SCENES
from consortium.demo.stage import Stage
from events.actor import system_actor
from events.log import record
from events.models import Event
from institutions.models import Institution
from notifications.models import InboxMessage
from notifications.sms.file import forget as forget_files
from referrals.actions.waiting import recompute_waiting_times
from referrals.models import Referral

SEEDED = "demo.seeded"
LOOKING = ("session.opened", "session.closed", "membership.chosen", "trail.read", "figures.exported")
READ_AFTER = timedelta(hours=24)


def mark() -> Event | None:
    """The event that says when the demo was made; None where there is no demo."""
    return Event.objects.filter(name=SEEDED).order_by("-id").first()


def is_empty() -> bool:
    return not (Institution.objects.exists() or User.objects.exists())


def is_touched(seeded: Event) -> bool:
    """Whether a person or a partner's system has done anything since."""
    acts = Event.objects.filter(pk__gt=seeded.pk, actor_kind__in=("user", "client")).exclude(name__in=LOOKING)
    return acts.exists() or _written_on()


def _written_on() -> bool:
    """Autosaving a draft leaves a version without a step."""
    stepped = Referral.objects.annotate(stepped=Coalesce(Max("steps__version"), 1))
    return stepped.filter(status__in=("draft", "returned"), version__gt=F("stepped")).exists()


def seed(hashes: dict[str, str] | None = None) -> int:
    """Make the demo at once or not at all; answers the number of referrals. `hashes` as `people.hashes` has them."""
    now = timezone.now()
    with _no_mail(), _no_collecting(), translation.override(settings.LANGUAGE_CODE), transaction.atomic():
        stage = Stage(now)
        _set_up(stage, hashes or {})
        stage.play(SCENES)
        stage.close(telling.add_robot, telling.make_digests)
        recompute_waiting_times()
        people.roster(now)
        _read_old_messages(now)
        made = Referral.objects.count()
        record(SEEDED, actor=system_actor(), subject=f"demo:{places.CODE}", referrals=made)
        connection.run_on_commit.clear()  # the calls for workers: everybody has been told already
    return made


def _set_up(stage: Stage, hashes: dict[str, str]) -> None:
    with clock.at(stage.before.day(places.PAST_DAYS, "07:30")):
        houses = places.build()
        people.build(houses, hashes)
        places.publish_past(houses, [stage.before.date(-days) for days in range(places.PAST_DAYS, 0, -1)])
        places.publish_ahead(stage.before.today)


def _read_old_messages(now) -> None:
    old = InboxMessage.objects.unread().filter(created_at__lt=now - READ_AFTER)
    old.update(read_at=F("created_at") + timedelta(minutes=20))


def prolong() -> int:
    """Publish the days ahead that have become visible since; answers how many."""
    return places.publish_ahead(timezone.localdate())


@contextmanager
def _no_mail():
    """Old news go to nobody's mailbox; what an earlier demo sent to telephones is forgotten."""
    forget_files()
    kept, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.dummy.EmailBackend"
    try:
        yield
    finally:
        settings.EMAIL_BACKEND = kept


@contextmanager
def _no_collecting():
    """Looking for garbage among so many new objects takes a sixth of the time and finds next to nothing."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
