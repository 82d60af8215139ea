"""Correcting and completing a registration; saying who an unknown patient is."""

from dataclasses import fields, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.log import record
from events.workflow import check_version
from records import matching, numbers
from records.access import require_basis, require_changer, require_own
from records.actions.grants import move_grants
from records.actions.register import add_numbers, set_last4, write_fields
from records.checks import Checked, check_patient
from records.codes import IdentifierType, Owner
from records.data import PatientData
from records.models import Identifier, Patient, Person
from records.numbers import Number
from toolkit.identifiers import InvalidIdentifier
from toolkit.refusals import Conflict, Refused, Stale

CHANGEABLE = frozenset(field.name for field in fields(PatientData))
IDENTIFYING = frozenset({"name", "sex", "birth_date", "identifiers", "phone", "unknown"})
"""What says who somebody is; the rest of an unknown patient's registration is its keeper's."""


@transaction.atomic
def change_patient(*, actor, patient: Patient, version: int, changes: dict) -> Patient:
    """Apply `changes` (keys of `PatientData`; what is missing stays) to the actor's own registration.

    No changes leave the version alone. `identifiers` are added, or taken off with `remove`; a new own resident ID
    replaces the old one. An unknown patient who gets a number that is known becomes that person, with everything that
    hung on him. Who he is may also be said by the institution he was referred to; the registration stays with its
    keeper.
    """
    person = matching.lock_person(patient.person_id)
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    require_basis(actor, patient)
    check_version(patient, version)
    if patient.person_id != person.pk:  # he was recognised as somebody else while this waited for the lock
        raise Stale(_("该登记已有更改，请重新读取后再改。"))
    require_changer(actor, patient)
    actor.require("patient.write")
    if not changes:
        return patient
    _refuse_unknown_keys(changes)
    if not IDENTIFYING.issuperset(changes):
        require_own(actor, patient)
    current = [number_of(row) for row in patient.identifiers.current()]
    checked = check_patient(_merged(patient, changes), known_numbers=tuple(current))
    removed = _removed(checked, current)
    _refuse_shared(person, patient, removed)
    _take_off(patient, person, removed)
    if checked.data.unknown:  # nobody has been recognised
        require_own(actor, patient)
    recognised = _identified(patient, person, checked, actor)
    if patient.unknown and not checked.data.unknown and recognised == person:
        _note_identified(patient, person, person, actor)
    person = recognised
    matching.attach_or_refuse(person, checked.strong)
    return _saved(patient, person, checked, actor, sorted(changes))


def number_of(row: Identifier) -> Number:
    """The checked number an identifier row was written from."""
    try:
        return numbers.read(row.type, row.value, row.owner)
    except InvalidIdentifier:  # accepted under an earlier rule
        return Number(row.type, row.value, row.owner)


def _refuse_unknown_keys(changes: dict) -> None:
    unknown = sorted(set(changes) - CHANGEABLE)
    if unknown:
        raise Refused.of(f"/{unknown[0]}", "unknown_field", _("患者登记没有这一项。"))


def _merged(patient: Patient, changes: dict) -> PatientData:
    """The registration as data with the changes laid over it; a new resident ID says birth date and sex anew."""
    kept = {name: getattr(patient, name) for name in CHANGEABLE - {"identifiers"}}
    if any(_is_card(entered) and not entered.remove for entered in changes.get("identifiers", ())):
        kept |= {"birth_date": None, "sex": ""}
    if changes.get("name") and patient.unknown and "unknown" not in changes:
        kept["unknown"] = False
    if "estimated_age" in changes and changes["estimated_age"] is not None:
        kept["birth_date"] = None
    return replace(PatientData(**kept), **changes)


def _is_card(entered) -> bool:
    return entered.type == IdentifierType.RESIDENT_ID and entered.owner == Owner.SELF


def _removed(checked: Checked, current: list[Number]) -> list[Number]:
    """Numbers asked to be taken off, and an own resident ID that a new one replaces."""
    removed = [number for number in current if number in checked.removed]
    cards = [number for number in checked.strong if _is_card(number)]
    if cards:
        removed += [
            number
            for number in current
            if _is_card(number) and number.value != cards[0].value and number not in removed
        ]
    return removed


def _refuse_shared(person: Person, patient: Patient, removed: list[Number]) -> None:
    """A number other institutions registered for this person too cannot be taken off by one of them alone."""
    for number in removed:
        if not number.strong:
            continue
        elsewhere = Identifier.objects.matching().filter(
            patient__person=person, type=number.type, value_hash__in=number.hashes
        )
        if elsewhere.exclude(patient=patient).exists():
            words = _("该号码已用于同一患者的其他登记，不能单独更正。若本登记确系登错了人，请以正确的号码重新登记。")
            raise Conflict(words, code="number_shared")


def _take_off(patient: Patient, person: Person, removed: list[Number]) -> None:
    now = timezone.now()
    for number in removed:
        rows = patient.identifiers.current().filter(type=number.type, owner=number.owner)
        rows.filter(value_hash__in=number.hashes).update(removed_at=now)
        if number.strong:
            matching.release(person, number)


def _identified(patient: Patient, person: Person, checked: Checked, actor) -> Person:
    """The person the numbers name: usually the same; for one without own numbers, the one now recognised."""
    owners = matching.owners_of(checked.strong) - {person.pk}
    if not owners:
        return person
    if len(owners) > 1 or person.numbers.exists():
        raise Conflict(
            _("所填号码已登记在另一患者名下，请核对；若本登记确系登错了人，请以正确的号码重新登记。"),
            code="number_of_another",
        )
    recognised = matching.lock_person(owners.pop())
    matching.refuse_contradiction(recognised, checked, institution_id=patient.institution_id)
    for registration in person.patients.select_for_update().order_by("id"):
        registration.person = recognised
        registration.save(update_fields=["person"])
        _note_identified(registration, recognised, person, actor)
    patient.person = recognised
    move_grants(actor=actor, person=person, to=recognised)
    return recognised


def _note_identified(patient: Patient, person: Person, was: Person, actor) -> None:
    record("patient.identified", actor=actor, subject=patient, person=str(person.uuid), was_person=str(was.uuid))


def _saved(patient: Patient, person: Person, checked: Checked, actor, changed: list[str]) -> Patient:
    write_fields(patient, checked)
    patient.person = person
    patient.version += 1
    patient.updated_at = timezone.now()
    patient.save()
    add_numbers(patient, checked.numbers)
    set_last4(patient, list(patient.identifiers.current()))
    record("patient.changed", actor=actor, subject=patient, fields=changed)
    return patient
