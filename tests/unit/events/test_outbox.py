"""The relay: leases, back-off, dead letters, replay, one effect for each errand."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from events import outbox
from events.log import record
from events.models import Errand, Event, Seal
from toolkit.refusals import Forbidden, Refused

from .builders import DOCTOR, MENDER, owed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registries")]

START = timezone.make_aware(timezone.datetime(2026, 3, 2, 9, 0))
TRIES = len(outbox.BACK_OFF) + 1


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def nudged(monkeypatch):
    seen = []
    monkeypatch.setattr(outbox, "nudge", seen.append)
    return seen


def columns(errand, *names):
    return Errand.objects.values_list(*names).get(pk=errand.pk)


def failing(event):
    raise ConnectionError("mail server of zhang@example.org")


def test_a_reaction_gets_its_event_and_is_done_once():
    seen = []
    errand = owed(seen.append)
    assert [outbox.run(errand.pk), outbox.run(errand.pk)] == [True, False]
    assert seen == [errand.event]
    assert columns(errand, "state", "attempts", "lease", "done_at", "error") == ("done", 1, None, START, "")


def test_rows_of_a_reaction_that_fails_after_writing_are_gone(clock):
    """The effect counts once however often it is tried: Seal stands for any table a reaction writes."""
    outcomes = [ConnectionError, ConnectionError, None]

    def writes_then_fails(event):
        Seal.objects.create(trail="event", position=Seal.objects.count() + 1, rows=0, digest="")
        outcome = outcomes.pop(0)
        if outcome:
            raise outcome

    errand = owed(writes_then_fails)
    effects = []
    for wait in outbox.BACK_OFF[:3]:
        outbox.run(errand.pk)
        effects.append(Seal.objects.count())
        clock.shift(wait)
    assert (effects, columns(errand, "state", "attempts")) == ([0, 0, 1], ("done", 3))


def test_a_database_error_inside_a_reaction_is_a_failure_like_any_other():
    def collides(event):
        Seal.objects.create(trail="event", position=1, rows=0, digest="")
        Seal.objects.create(trail="event", position=1, rows=0, digest="")

    errand = owed(collides)
    assert outbox.run(errand.pk) is False
    assert columns(errand, "state", "error") == ("waiting", "IntegrityError")


def test_the_next_attempt_waits_longer_each_time_until_the_errand_is_dead(clock):
    errand = owed(failing)
    waits = []
    for _attempt in range(TRIES):
        assert outbox.run(errand.pk) is False
        state, next_at = columns(errand, "state", "next_at")
        waits.append((state, next_at - timezone.now()))
        clock.move_to(next_at)
    assert waits == [("waiting", wait) for wait in outbox.BACK_OFF] + [("dead", timedelta(0))]
    clock.shift(timedelta(days=30))
    assert (outbox.run(errand.pk), columns(errand, "attempts")) == (False, (TRIES,))


def test_only_the_kind_of_a_failure_is_kept(caplog):
    errand = owed(failing)
    outbox.run(errand.pk)
    assert columns(errand, "error", "lease", "lease_until") == ("ConnectionError", None, None)
    assert "example.org" not in caplog.text


def test_before_its_time_nothing_runs(clock):
    errand = owed(failing)
    outbox.run(errand.pk)
    clock.shift(outbox.BACK_OFF[0] - timedelta(seconds=1))
    assert (outbox.run_due(), columns(errand, "attempts")) == (0, (1,))
    clock.shift(timedelta(seconds=1))
    assert (outbox.run_due(), columns(errand, "attempts")) == (0, (2,))


def test_a_claimed_errand_is_left_alone_until_its_lease_has_run_out(clock):
    seen = []
    errand = owed(seen.append)
    assert outbox._claim(errand.pk) is not None  # a worker that is killed now
    clock.shift(outbox.LEASE - timedelta(seconds=1))
    assert (outbox.run_due(), seen) == (0, [])
    clock.shift(timedelta(seconds=1))
    assert (outbox.run_due(), seen) == (1, [errand.event])


def test_of_two_claims_one_wins():
    errand = owed(failing)
    assert [outbox._claim(errand.pk) is None for _ in range(2)] == [False, True]


def test_a_slow_worker_that_lost_its_lease_leaves_no_effect():
    def overtaken(event):
        Seal.objects.create(trail="event", position=1, rows=0, digest="")
        Errand.objects.update(lease=uuid.uuid4())  # what another worker's claim does

    errand = owed(overtaken)
    assert (outbox.run(errand.pk), Seal.objects.count()) == (False, 0)


def test_an_errand_that_takes_its_worker_down_every_time_is_given_up(clock):
    errand = owed(failing)
    for _attempt in range(TRIES):
        assert outbox._claim(errand.pk) is not None
        clock.shift(outbox.LEASE)
    assert outbox._claim(errand.pk) is None
    outbox.run_due()
    assert columns(errand, "state", "error", "lease", "attempts") == ("dead", "WorkerLost", None, TRIES)


def test_a_reaction_no_app_has_any_more_fails_and_stays():
    errand = owed(failing)
    Errand.objects.update(reaction="gone.away")
    outbox.run(errand.pk)
    assert columns(errand, "state", "error") == ("waiting", "KeyError")


def test_run_event_takes_that_event_only():
    seen = []
    first = owed(seen.append)
    second = record("parcel.sent", actor=DOCTOR, subject="parcel:2")
    assert (outbox.run_event(second.pk), seen) == (1, [second])
    assert columns(first, "state") == ("waiting",)


def test_the_sweep_takes_the_oldest_first_and_at_most_its_limit(clock):
    seen = []
    first = owed(seen.append)
    clock.shift(timedelta(seconds=1))
    second = record("parcel.sent", actor=DOCTOR, subject="parcel:2")
    assert (outbox.run_due(limit=1), seen) == (1, [first.event])
    assert (outbox.run_due(limit=1), seen) == (1, [first.event, second])


def test_a_failing_errand_does_not_hold_up_the_others():
    seen = []
    owed(lambda event: failing(event) if event.subject == "parcel:1" else seen.append(event))
    second = record("parcel.sent", actor=DOCTOR, subject="parcel:2")
    assert (outbox.run_due(), seen) == (1, [second])


class TestReplay:
    def dead(self, reaction=failing):
        errand = owed(reaction)
        Errand.objects.update(state="dead", attempts=TRIES, error="ConnectionError")
        return errand

    def test_a_dead_errand_begins_anew(self, nudged, django_capture_on_commit_callbacks):
        seen = []
        errand = self.dead(seen.append)
        with django_capture_on_commit_callbacks(execute=True):
            outbox.replay(errand, actor=MENDER)
        assert columns(errand, "state", "attempts", "next_at", "error") == ("waiting", 0, START, "")
        assert nudged == [errand.event_id]
        assert (outbox.run_due(), seen) == (1, [errand.event])

    def test_without_the_permission_it_stays_dead(self):
        errand = self.dead()
        with pytest.raises(Forbidden):
            outbox.replay(errand, actor=DOCTOR)
        assert columns(errand, "state") == ("dead",)

    @pytest.mark.parametrize("state", ["waiting", "done"])
    def test_what_is_not_dead_is_not_replayed(self, state):
        errand = self.dead()
        Errand.objects.update(state=state)
        with pytest.raises(Refused):
            outbox.replay(errand, actor=MENDER)
        assert columns(errand, "state", "attempts") == (state, TRIES)


def test_an_event_owes_a_reaction_only_once():
    errand = owed(failing)
    with pytest.raises(IntegrityError), transaction.atomic():
        Errand.objects.create(event=errand.event, reaction=errand.reaction)
    assert Event.objects.get().errands.count() == 1
