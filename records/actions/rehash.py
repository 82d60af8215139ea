"""Bringing every keyed hash under the first of HASH_KEYS, so that the others can go. For operators, not for users."""

from django.db import transaction

from records import matching, numbers
from records.actions.change import number_of
from records.models import Identifier, Patient

BATCH = 500


def rehash_all() -> int:
    """Rewrite what an older key wrote, in small transactions; may be interrupted and run again. Returns the rows."""
    return _in_batches(Identifier, _rehash_number) + _in_batches(Patient, _rehash_phone)


def _in_batches(model, rehash) -> int:
    changed, last = 0, 0
    while True:
        with transaction.atomic():
            rows = list(model.objects.filter(pk__gt=last).order_by("pk").select_for_update(of=("self",))[:BATCH])
            changed += sum(rehash(row) for row in rows)
        if not rows:
            return changed
        last = rows[-1].pk


def _rehash_number(row: Identifier) -> bool:
    number = number_of(row)
    if row.value_hash == number.hash:
        return False
    Identifier.objects.filter(pk=row.pk).update(value_hash=number.hash)
    if number.strong and row.removed_at is None:
        person = matching.lock_person(row.patient.person_id)
        matching.release(person, number)
        matching.attach(person, [number])
    return True


def _rehash_phone(patient: Patient) -> bool:
    current = numbers.phone_hash(patient.phone)
    if patient.phone_hash == current:
        return False
    Patient.objects.filter(pk=patient.pk).update(phone_hash=current)
    return True
