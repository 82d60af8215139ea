"""record(): what an event keeps, what it refuses, which errands it owes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from events import outbox
from events.log import record, ref_of
from events.models import Errand, Event
from events.notices import Audience, Notice, Words, register
from events.reactions import on, on_noticed

from .builders import DOCTOR, reacting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registries")]


@pytest.fixture
def nudged(monkeypatch):
    seen = []
    monkeypatch.setattr(outbox, "nudge", seen.append)
    return seen


def test_an_event_says_who_what_when_and_where_from():
    earlier = timezone.now() - timedelta(hours=3)
    event = record("parcel.sent", actor=DOCTOR, subject="parcel:1", occurred_at=earlier, weight=3, tags=["a", "b"])
    kept = Event.objects.values(
        "name", "subject", "occurred_at", "facts", "actor_kind", "actor_id", "actor_name", "user_id",
        "institution_id", "institution_code", "address", "request_id", "seal_id",
    ).get(pk=event.pk)  # fmt: skip
    assert kept == {
        "name": "parcel.sent",
        "subject": "parcel:1",
        "occurred_at": earlier,
        "facts": {"weight": 3, "tags": ["a", "b"]},
        "actor_kind": "user",
        "actor_id": 7,
        "actor_name": "张三",
        "user_id": 7,
        "institution_id": 3,
        "institution_code": "county-hospital",
        "address": "192.0.2.7",
        "request_id": "request-1",
        "seal_id": None,
    }


def test_without_a_time_it_happened_now():
    event = record("parcel.sent", actor=DOCTOR, subject="parcel:1")
    assert event.occurred_at == event.recorded_at


@pytest.mark.parametrize(
    "fact",
    [timezone.now(), Decimal("1.5"), {"name": "李四"}, [["nested"]], [{"code": "I10"}], b"bytes", object()],
    ids=lambda fact: type(fact).__name__,
)
def test_rich_facts_are_refused_and_nothing_is_written(fact):
    with pytest.raises(TypeError, match=r"parcel\.sent: the fact content is not plain"):
        record("parcel.sent", actor=DOCTOR, subject="parcel:1", content=fact)
    assert Event.objects.filter(name="parcel.sent").count() == 0


def test_a_model_instance_is_named_by_its_own_ref_else_by_kind_and_key():
    event = record("parcel.sent", actor=DOCTOR, subject="parcel:1")
    plain = ref_of(event)
    event.event_ref = "parcel:R26"
    assert (plain, ref_of(event), ref_of("text:9")) == (f"event:{event.pk}", "parcel:R26", "text:9")


def test_a_partner_systems_long_name_fits_its_column():
    longest = "院" * 255  # as long as an API client's name may be
    actor = type(DOCTOR)(kind="client", id=1, name=longest)
    assert record("parcel.sent", actor=actor, subject="parcel:1").actor_name == "院" * 100


def test_each_reaction_is_owed_one_errand():
    names = [reacting(name, lambda event: None) for name in ("second", "first")]
    reacting("deaf", lambda event: None, event="parcel.lost")
    event = record("parcel.sent", actor=DOCTOR, subject="parcel:1")
    rows = event.errands.order_by("reaction").values_list("reaction", "state", "attempts", "next_at")
    assert list(rows) == [(name, "waiting", 0, event.recorded_at) for name in sorted(names)]


def test_who_listens_to_notices_hears_only_of_events_somebody_is_told_about():
    def told(event):
        pass

    on_noticed(told)
    register(
        Notice(
            event="parcel.sent",
            key="desk",
            audience=lambda event: [Audience(institution_id=1, unit="desk")],
            words=lambda event: Words("sent"),
            link=lambda event: "/",
        )
    )
    assert [
        list(record(name, actor=DOCTOR, subject="parcel:1").errands.values_list("reaction", flat=True))
        for name in ("parcel.sent", "parcel.lost")
    ] == [["tests.told"], []]


def test_two_reactions_of_one_name_are_a_mistake():
    reacting("same", lambda event: None)
    with pytest.raises(ValueError, match="two reactions are called"):
        reacting("same", lambda event: None)


def test_the_broker_is_nudged_once_and_only_after_commit(nudged, django_capture_on_commit_callbacks):
    reacting("first", lambda event: None)
    reacting("second", lambda event: None)
    with django_capture_on_commit_callbacks(execute=True):
        event = record("parcel.sent", actor=DOCTOR, subject="parcel:1")
        before = list(nudged)
    assert (before, nudged) == ([], [event.pk])


def test_an_act_that_fails_leaves_no_event_no_errand_and_no_nudge(nudged, django_capture_on_commit_callbacks):
    reacting("first", lambda event: None)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError), transaction.atomic():
        record("parcel.sent", actor=DOCTOR, subject="parcel:1")
        raise RuntimeError
    assert (Event.objects.count(), Errand.objects.count(), nudged) == (0, 0, [])


def test_a_broker_that_is_away_does_not_undo_the_act(monkeypatch, django_capture_on_commit_callbacks):
    def away(event_id):
        raise ConnectionError

    monkeypatch.setattr(outbox, "nudge", away)
    reacting("first", lambda event: None)
    with django_capture_on_commit_callbacks(execute=True):
        record("parcel.sent", actor=DOCTOR, subject="parcel:1")
    assert Errand.objects.due(timezone.now()).count() == 1


def test_what_no_reaction_asks_for_is_owed_nothing(nudged, django_capture_on_commit_callbacks):
    on("parcel.lost")(lambda event: None)
    with django_capture_on_commit_callbacks(execute=True):
        event = record("parcel.sent", actor=DOCTOR, subject="parcel:1")
    assert (event.errands.count(), nudged) == (0, [])
