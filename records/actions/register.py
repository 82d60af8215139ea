"""Registering a patient, or finding that he is registered already."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.log import record
from records import matching, numbers
from records.checks import Checked, check_patient
from records.codes import RANK, Owner
from records.data import PatientData
from records.masking import name_key
from records.models import Identifier, Patient, Person
from records.numbers import Number
from toolkit.pinyin import search_keys
from toolkit.refusals import Forbidden

NEW, KNOWN = "new", "known"


@transaction.atomic
def register_patient(*, actor, data: PatientData) -> tuple[Patient, str]:
    """(patient, "new" | "known"). Known means registered in the actor's institution under one of the own numbers.

    A number known elsewhere gives a new registration of the same person and says nothing of the other one.
    `Refused` for wrong values, `Conflict` where a number and the entered person contradict each other.
    """
    actor.require("patient.write")
    if actor.institution_id is None:
        raise Forbidden(_("只有以机构身份才能登记患者。"))
    checked = check_patient(data)
    person, known = matching.claim_person(actor.institution_id, checked)
    if known:
        matching.refuse_contradiction(person, checked, institution_id=actor.institution_id)
        matching.attach_or_refuse(person, checked.strong)
    here = person.patients.filter(institution_id=actor.institution_id).order_by("unknown", "id").first()
    if here:
        return _completed(here, checked, actor), KNOWN
    patient = _create(actor, person, checked)
    record("patient.registered", actor=actor, subject=patient, person=str(person.uuid), person_known=known)
    return patient, NEW


def _create(actor, person: Person, checked: Checked) -> Patient:
    patient = Patient(institution_id=actor.institution_id, person=person, created_by_id=actor.user_id)
    write_fields(patient, checked)
    patient.save()
    add_numbers(patient, checked.numbers)
    return patient


def _completed(patient: Patient, checked: Checked, actor) -> Patient:
    """A registration that is known keeps what it says; only numbers it did not have are added."""
    if add_numbers(patient, checked.numbers):
        patient.version += 1
        patient.updated_at = timezone.now()
        patient.save(update_fields=["version", "updated_at"])
        record("patient.changed", actor=actor, subject=patient, fields=["identifiers"])
    return patient


def write_fields(patient: Patient, checked: Checked) -> None:
    """Put the checked data and the keys made of it onto the row; does not save."""
    data = checked.data
    for name in ("name", "sex", "birth_date", "phone", "address", "next_of_kin", "insurance_kind", "unknown"):
        setattr(patient, name, getattr(data, name))
    patient.name_key = name_key(data.name)
    patient.name_pinyin, patient.name_initials = search_keys(data.name)
    patient.phone_hash = numbers.phone_hash(data.phone)
    if data.estimated_age != patient.estimated_age:
        patient.estimated_age = data.estimated_age
        patient.age_estimated_on = None if data.estimated_age is None else timezone.localdate()


def add_numbers(patient: Patient, entered: tuple[Number, ...]) -> bool:
    """Write the numbers the registration does not have yet; says whether there were any."""
    current = list(patient.identifiers.current())
    have = {(number.type, number.value, number.owner) for number in current}
    fresh = [number for number in entered if (number.type, number.value, number.owner) not in have]
    try:
        with transaction.atomic():
            current += [_write(patient, number) for number in fresh]
    except IntegrityError:
        raise matching.number_taken() from None
    set_last4(patient, current)
    return bool(fresh)


def _write(patient: Patient, number: Number) -> Identifier:
    return Identifier.objects.create(
        patient=patient,
        institution_id=patient.institution_id,
        type=number.type,
        value=number.value,
        value_hash=number.hash,
        last4=number.last4,
        owner=number.owner,
        history=number.history,
    )


def set_last4(patient: Patient, current: list[Identifier]) -> None:
    """The last four digits of the strongest own number stand on the registration, for lists."""
    own = [number for number in current if number.owner == Owner.SELF and number.last4]
    own.sort(key=lambda number: (number.history, RANK.index(number.type)))
    last4 = own[0].last4 if own else ""
    if last4 != patient.last4:
        patient.last4 = last4
        Patient.objects.filter(pk=patient.pk).update(last4=last4)
