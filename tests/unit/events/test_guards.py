"""The database itself refuses to change what has been written down; the same on both engines."""

import pytest
from django.db import DatabaseError, connection, transaction

from events import audit, guards
from events.access import record_access
from events.log import record
from events.models import AccessEntry, Event, Seal

from .builders import DOCTOR

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registries")]


@pytest.fixture
def rows():
    """One sealed row of each trail, and the seals themselves."""
    record("parcel.sent", actor=DOCTOR, subject="parcel:1")
    record_access(DOCTOR, person_id=1, patient_id=2, custodian_id=3, basis="own", purpose="治疗", route="/patients/")
    for trail in audit.TRAILS:
        audit.seal_trail(trail)


def refused(act) -> bool:
    try:
        with transaction.atomic():
            act()
    except DatabaseError as refusal:
        return "append-only" in str(refusal)
    return False


@pytest.mark.parametrize("model", [Event, AccessEntry, Seal])
def test_rows_cannot_be_deleted(rows, model):
    before = model.objects.count()
    assert refused(lambda: model.objects.all()._raw_delete(connection.alias))
    assert model.objects.count() == before > 0


COLUMNS = [
    pytest.param(model, field, id=f"{model.__name__}.{field.name}")
    for model in (Event, AccessEntry, Seal)
    for field in model._meta.concrete_fields
    if field.name not in ("id", "seal_id")
]


@pytest.mark.parametrize(("model", "field"), COLUMNS)
def test_no_column_of_a_row_can_be_changed(rows, model, field):
    different = {"facts": {"n": 2}, "uuid": "0" * 32, "trail": "none"}
    default = "2026-01-01T00:00:00Z" if field.get_internal_type() == "DateTimeField" else 77
    row = model.objects.first()
    value = different.get(field.name, default)
    assert refused(lambda: model.objects.filter(pk=row.pk).update(**{field.name: value}))


@pytest.mark.parametrize("value", [1, None])
@pytest.mark.parametrize("model", [Event, AccessEntry])
def test_a_seal_is_set_once(rows, model, value):
    assert refused(lambda: model.objects.update(seal_id=value))


def test_a_null_cannot_be_filled_in_later():
    event = record("parcel.sent", actor=type(DOCTOR)(kind="clock", name="clock"), subject="parcel:1")
    assert event.actor_id is None
    assert refused(lambda: Event.objects.filter(pk=event.pk).update(actor_id=7))


def test_nothing_else_may_change_while_a_row_is_sealed():
    event = record("parcel.sent", actor=DOCTOR, subject="parcel:1")
    assert refused(lambda: Event.objects.filter(pk=event.pk).update(seal_id=1, subject="parcel:2"))


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL can truncate a table")
@pytest.mark.parametrize("table", guards.TABLES)
def test_a_table_cannot_be_truncated(rows, table):
    def truncate():
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")

    assert refused(truncate)


def test_the_guards_come_back_after_a_flush(rows):
    with guards.removed():
        Event.objects.update(subject="parcel:2")
    assert refused(lambda: Event.objects.update(subject="parcel:3"))
