"""The only door to a patient's record: on which basis may this actor open it? Every opening is written down."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from events.access import record_access
from records.codes import Basis
from records.models import AccessGrant, Patient, Person
from toolkit.refusals import Forbidden, Missing

_STRENGTH = [basis.value for basis in Basis]
SYSTEM, NUMBER = "system", "number"
"""Bases that are no ground to open a record: our own machinery, and a look-up by exact number."""


@dataclass(frozen=True)
class OpenedRecord:
    """A registration that was opened, the ground for it, and the entry that says so."""

    patient: Patient
    basis: str
    entry: object


def bases_for(actor, person: Person) -> list[str]:
    """On which grounds the actor's institution may see something of this person, the strongest first."""
    if actor.institution_id is None:
        return []
    found = set(
        AccessGrant.objects.live()
        .filter(institution_id=actor.institution_id, person_id=person.pk)
        .values_list("basis", flat=True)
    )
    if Patient.objects.filter(institution_id=actor.institution_id, person_id=person.pk).exists():
        found.add(Basis.REGISTRATION.value)
    return sorted(found, key=_STRENGTH.index)


def basis_for(actor, patient: Patient) -> str | None:
    """The strongest ground for this very registration; being registered oneself opens the own entries only."""
    if actor.is_machine:
        return SYSTEM
    if actor.institution_id is None:
        return None
    if patient.institution_id == actor.institution_id:
        return Basis.REGISTRATION.value
    live = AccessGrant.objects.live().filter(institution_id=actor.institution_id, person_id=patient.person_id)
    return min(set(live.values_list("basis", flat=True)), key=_STRENGTH.index, default=None)


def find_patient(actor, public_id: str) -> Patient:
    """The registration of that id. `Missing` to a stranger, `Forbidden` to a colleague without the permission."""
    patient = (
        Patient.objects.in_reach_of(actor)
        .filter(public_id=public_id.upper())
        .select_related("institution", "person")
        .prefetch_related("identifiers")
        .first()
    )
    if patient is None:
        raise _missing()
    actor.require("patient.read")
    return patient


def open_record(actor, patient: Patient, purpose: str, route: str = "") -> OpenedRecord:
    """Open a registration and write exactly one access entry.

    `Missing` where the institution has no basis, `Forbidden` where the actor lacks `patient.read`.
    """
    basis = require_basis(actor, patient)
    if not actor.is_machine:
        actor.require("patient.read")
    entry = record_access(
        actor,
        person_id=patient.person_id,
        patient_id=patient.pk,
        custodian_id=patient.institution_id,
        basis=basis,
        purpose=purpose,
        route=route,
    )
    return OpenedRecord(patient, basis, entry)


def note_look_up(actor, patient: Patient, route: str = "") -> None:
    """Somebody who typed the exact number was shown that this person is registered elsewhere."""
    record_access(
        actor,
        person_id=patient.person_id,
        patient_id=patient.pk,
        custodian_id=patient.institution_id,
        basis=NUMBER,
        purpose="exact number",
        route=route,
    )


def require_basis(actor, patient: Patient) -> str:
    """The strongest ground for this registration, or `Missing`. Writes nothing."""
    basis = basis_for(actor, patient)
    if basis is None:
        raise _missing()
    return basis


def require_own(actor, patient: Patient) -> None:
    """Only the institution that keeps a registration changes it; others with a basis are told whose it is."""
    if actor.kind == "system" or patient.institution_id == actor.institution_id:
        return
    words = _("该登记由 %(institution)s 维护，只有该机构可以更改。")
    raise Forbidden(words % {"institution": patient.institution.label}, code="not_custodian")


def may_identify(actor, patient: Patient) -> bool:
    """Who an unknown patient is may be said by whoever keeps the registration, and by whom he was referred to."""
    if not patient.unknown:
        return False
    if actor.kind == "system" or patient.institution_id == actor.institution_id:
        return True
    grants = AccessGrant.objects.live().filter(institution_id=actor.institution_id, person_id=patient.person_id)
    return grants.filter(basis=Basis.REFERRAL).exists()


def require_changer(actor, patient: Patient) -> None:
    """The keeper of a registration; of an unknown patient's also who may say who he is."""
    if not may_identify(actor, patient):
        require_own(actor, patient)


def _missing() -> Missing:
    return Missing(_("没有这名患者，或您所在机构没有查看的依据。"))
