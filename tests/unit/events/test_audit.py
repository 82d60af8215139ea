"""Sealed trails: nothing sealed can be edited, removed, reordered or slipped in unnoticed."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from events import audit, guards
from events.access import record_access
from events.log import record
from events.models import AccessEntry, Event, Seal
from events.tasks import seal

from .builders import DOCTOR

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registries")]


@pytest.fixture
def two_seals():
    """Six events under two seals of three; answers their ids."""
    ids = []
    for _batch in range(2):
        ids += [record("parcel.sent", actor=DOCTOR, subject="parcel:1", number=n).pk for n in range(3)]
        assert audit.seal_trail("event") == 3
    return ids


@pytest.fixture
def intruder():
    """Runs SQL past the triggers, as somebody with the database's password could."""

    def run(sql, *values):
        with guards.removed(), connection.cursor() as cursor:
            cursor.execute(sql, values)

    return run


def first_seal():
    return Seal.objects.get(trail="event", position=1)


def test_nothing_to_seal():
    assert (audit.seal_trail("event"), Seal.objects.count(), audit.faults("event")) == (0, 0, [])


def test_seals_follow_one_another(two_seals):
    first, second = Seal.objects.order_by("position").values("position", "rows", "previous_digest", "digest")
    assert (first["position"], first["rows"], first["previous_digest"]) == (1, 3, "")
    assert (second["position"], second["rows"], second["previous_digest"]) == (2, 3, first["digest"])
    assert audit.faults("event") == []


def test_a_row_that_commits_late_falls_into_the_next_batch(two_seals):
    late = record("parcel.sent", actor=DOCTOR, subject="parcel:late")
    assert [audit.seal_trail("event"), audit.seal_trail("event")] == [1, 0]
    late.refresh_from_db()
    assert late.seal_id == Seal.objects.get(position=3).pk
    assert audit.faults("event") == []


def test_a_batch_has_its_limit(monkeypatch):
    monkeypatch.setattr(audit, "BATCH", 2)
    for _ in range(3):
        record("parcel.sent", actor=DOCTOR, subject="parcel:1")
    assert [audit.seal_trail("event") for _ in range(3)] == [2, 1, 0]


def test_a_run_goes_on_until_nothing_waits(monkeypatch):
    monkeypatch.setattr(audit, "BATCH", 2)
    for _ in range(5):
        record("parcel.sent", actor=DOCTOR, subject="parcel:1")
    record_access(DOCTOR, person_id=1, patient_id=2, custodian_id=3, basis="own", purpose="治疗")
    assert (seal(), seal()) == (6, 0)
    found = Seal.objects.order_by("trail", "position").values_list("trail", "position", "rows")
    assert list(found) == [("access", 1, 1), ("event", 1, 2), ("event", 2, 2), ("event", 3, 1)]
    assert [audit.faults(trail) for trail in ("event", "access")] == [[], []]


def test_a_run_leaves_the_rest_to_the_next_when_its_time_is_over(monkeypatch):
    monkeypatch.setattr(audit, "BATCH", 2)
    monkeypatch.setattr(audit, "LONGEST", timedelta(0))
    for _ in range(3):
        record("parcel.sent", actor=DOCTOR, subject="parcel:1")
    assert [seal(), seal(), seal()] == [2, 1, 0]


def test_the_two_trails_are_sealed_apart(two_seals):
    record_access(DOCTOR, person_id=1, patient_id=2, custodian_id=3, basis="own", purpose="治疗")
    assert (audit.seal_trail("access"), audit.seal_trail("event")) == (1, 0)
    assert [audit.faults(trail) for trail in ("event", "access")] == [[], []]
    assert AccessEntry.objects.get().seal_id == Seal.objects.get(trail="access", position=1).pk


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("facts", '{"number": 9}'),
        ("subject", "parcel:2"),
        ("actor_id", 8),
        ("actor_name", ""),
        ("address", "192.0.2.9"),
    ],
)
def test_an_edited_row_is_found(two_seals, intruder, column, value):
    intruder(f"UPDATE events_event SET {column} = %s WHERE id = %s", value, two_seals[1])
    assert audit.faults("event") == ["event: a row under seal 1 was changed"]


def test_a_fact_made_null_is_found(two_seals, intruder):
    intruder("UPDATE events_event SET actor_id = NULL WHERE id = %s", two_seals[4])
    assert audit.faults("event") == ["event: a row under seal 2 was changed"]


def test_a_removed_row_is_found(two_seals, intruder):
    intruder("DELETE FROM events_event WHERE id = %s", two_seals[0])
    assert audit.faults("event") == ["event: seal 1 covers 3 rows, 2 are there"]


def test_reordered_rows_are_found(two_seals, intruder):
    first, second, *_rest = two_seals
    intruder("UPDATE events_event SET id = -1 WHERE id = %s", first)
    intruder("UPDATE events_event SET id = %s WHERE id = %s", first, second)
    intruder("UPDATE events_event SET id = %s WHERE id = -1", second)
    assert audit.faults("event") == ["event: a row under seal 1 was changed"]


def test_a_row_slipped_into_a_sealed_batch_is_found(two_seals):
    Event.objects.create(
        name="parcel.sent", subject="parcel:9", occurred_at=first_seal().sealed_at, seal_id=first_seal().pk
    )
    assert audit.faults("event") == ["event: seal 1 covers 3 rows, 4 are there"]


def test_a_row_kept_from_being_sealed_is_found(two_seals):
    """Under a seal that does not exist it would never be covered by one."""
    Event.objects.create(name="parcel.sent", subject="parcel:9", occurred_at=first_seal().sealed_at, seal_id=10**9)
    assert audit.faults("event") == ["event: 1 rows claim a seal that is not there"]


def test_a_row_moved_under_the_other_seal_is_found(two_seals, intruder):
    intruder("UPDATE events_event SET seal_id = %s WHERE id = %s", Seal.objects.get(position=2).pk, two_seals[2])
    assert audit.faults("event") == [
        "event: seal 1 covers 3 rows, 2 are there",
        "event: seal 2 covers 3 rows, 4 are there",
    ]


def test_a_batch_removed_with_its_seal_is_found(two_seals, intruder):
    intruder("DELETE FROM events_event WHERE seal_id = %s", first_seal().pk)
    intruder("DELETE FROM events_seal WHERE position = 1")
    assert audit.faults("event") == [
        "event: seal 1 is missing",
        "event: seal 2 does not follow the one before it",
    ]


def test_a_batch_sealed_anew_after_an_edit_breaks_the_chain(two_seals, intruder):
    intruder("UPDATE events_event SET subject = 'parcel:2' WHERE id = %s", two_seals[0])
    rows = list(Event.objects.filter(pk__in=two_seals[:3]).order_by("id"))
    intruder("UPDATE events_seal SET digest = %s WHERE position = 1", audit.digest_of(rows, ""))
    assert audit.faults("event") == ["event: seal 2 does not follow the one before it"]


def test_an_empty_column_added_later_breaks_no_seal(two_seals, monkeypatch):
    before = Seal.objects.get(position=1).digest
    rows = list(Event.objects.filter(pk__in=two_seals[:3]).order_by("id"))
    later = Event._meta.get_field("actor_id").clone()
    later.set_attributes_from_name("added_later")
    monkeypatch.setattr(Event, "added_later", None, raising=False)
    monkeypatch.setitem(Event._meta.__dict__, "concrete_fields", (*Event._meta.concrete_fields, later))
    assert audit.digest_of(rows, "") == before


class TestCommand:
    def test_intact(self, two_seals):
        out = StringIO()
        call_command("verify_audit", stdout=out)
        digest = Seal.objects.get(position=2).digest
        assert out.getvalue() == f"event: 2 seals intact, last digest {digest}\naccess: nothing sealed yet\n"

    def test_broken(self, two_seals, intruder):
        intruder("DELETE FROM events_event WHERE id = %s", two_seals[0])
        errors = StringIO()
        with pytest.raises(CommandError, match="1 faults in the audit trail"):
            call_command("verify_audit", stderr=errors)
        assert errors.getvalue().strip() == "event: seal 1 covers 3 rows, 2 are there"
