"""Writing down who looked at whom. Only `records.access` calls this."""

from events.models import AccessEntry


def record_access(actor, *, person_id, patient_id, custodian_id, basis, purpose, route="") -> AccessEntry:
    """Append one access entry; `custodian_id` is the institution that keeps the registration."""
    return AccessEntry.objects.create(
        person_id=person_id,
        patient_id=patient_id,
        custodian_id=custodian_id,
        basis=basis,
        purpose=purpose[:200],
        route=route[:120],
        **AccessEntry.columns_of(actor),
    )
