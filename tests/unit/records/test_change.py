from datetime import date

import pytest

from events.models import Event
from records.access import bases_for
from records.actions import change_patient, grant_access, register_patient
from records.data import PatientData
from records.models import AccessGrant, Patient, PersonNumber
from toolkit.refusals import Conflict, Forbidden, Missing, Refused, Stale

from .builders import MAN, WOMAN, number, resident_number, woman


def change(actor, patient, version=None, **changes):
    return change_patient(actor=actor, patient=patient, version=version or patient.version, changes=changes)


@pytest.fixture
def nobody(world):
    """An unknown man of about sixty."""
    data = PatientData(unknown=True, sex="1", estimated_age=60)
    return register_patient(actor=world.doctor, data=data)[0]


def test_what_is_named_changes_and_the_rest_stays(world, patient):
    changed = change(world.doctor, patient, phone="13911112222", name="张秀岚")
    kept = Patient.objects.get(pk=patient.pk)
    assert (kept.phone, kept.name, kept.name_initials, kept.version) == ("13911112222", "张秀岚", "zxl", 2)
    assert (kept.address, kept.birth_date, kept.last4) == (patient.address, date(1949, 12, 31), "002X")
    assert kept.phone_hash != patient.phone_hash
    assert changed.version == 2
    told = Event.objects.get(name="patient.changed")
    assert (told.subject, told.facts) == (f"patient:{patient.public_id}", {"fields": ["name", "phone"]})


def test_nothing_to_change_leaves_the_version_alone(world, patient):
    assert change(world.doctor, patient).version == 1
    assert not Event.objects.filter(name="patient.changed").exists()
    with pytest.raises(Stale):
        change(world.doctor, patient, version=2)


def test_a_stale_version_changes_nothing(world, patient):
    change(world.doctor, patient, phone="13911112222")
    with pytest.raises(Stale):
        change(world.doctor, patient, version=1, phone="13933334444")
    assert Patient.objects.get(pk=patient.pk).phone == "13911112222"


def test_who_may_change(world, patient):
    with pytest.raises(Missing):
        change(world.stranger, patient, phone="")
    with pytest.raises(Forbidden):
        change(world.administrator, patient, phone="")
    grant_access(
        actor=world.doctor, institution=world.hospital, person=patient.person, basis="referral", source="referral:R1"
    )
    with pytest.raises(Forbidden) as refused:
        change(world.surgeon, patient, phone="")
    assert refused.value.code == "not_custodian"


def test_a_birth_date_against_the_number_is_refused(world, patient):
    with pytest.raises(Refused) as refused:
        change(world.doctor, patient, birth_date=date(1950, 1, 1))
    assert refused.value.code == "contradicts_number"


def test_a_corrected_resident_id_says_birth_date_and_sex_anew(world, patient):
    right = resident_number(date(1948, 12, 31), 4)
    changed = change(world.doctor, patient, identifiers=[number(right)])
    assert (changed.birth_date, changed.sex, changed.last4) == (date(1948, 12, 31), "2", right[-4:])
    assert [row.value for row in changed.identifiers.current()] == [right]
    assert changed.identifiers.count() == 2
    freed, outcome = register_patient(actor=world.surgeon, data=woman(name="王大力"))
    assert (outcome, freed.person_id == changed.person_id) == ("new", False)


def test_a_number_taken_off_is_kept_but_counts_no_more(world, patient):
    change(world.doctor, patient, identifiers=[number("C1234567", "health_card")])
    patient.refresh_from_db()
    change(world.doctor, patient, identifiers=[number("C1234567", "health_card", remove=True)])
    assert sorted(row.type for row in patient.identifiers.current()) == ["resident_id"]
    assert PersonNumber.objects.filter(type="health_card").count() == 0
    assert patient.identifiers.count() == 2


def test_a_number_others_registered_too_is_not_taken_off_alone(world, patient):
    register_patient(actor=world.surgeon, data=woman())
    with pytest.raises(Conflict) as refused:
        change(world.doctor, patient, identifiers=[number(resident_number(date(1948, 12, 31), 4))])
    assert refused.value.code == "number_shared"


def test_a_number_of_somebody_else_is_refused(world, patient):
    data = PatientData(name="赵刚", identifiers=[number(MAN)])
    register_patient(actor=world.surgeon, data=data)
    other = register_patient(actor=world.doctor, data=woman(identifiers=[number("G12345678", "passport")]))[0]
    with pytest.raises(Conflict) as refused:
        change(world.doctor, other, identifiers=[number(MAN)], sex="1", birth_date=None, name="赵刚")
    assert refused.value.code == "number_of_another"
    assert MAN not in str(refused.value)


def test_the_unknown_patient_gets_a_name(world, nobody):
    assert (nobody.name, nobody.unknown, nobody.age) == ("无名氏", True, 60)
    man = resident_number(date(1960, 5, 1), 1)
    known = change(world.doctor, nobody, name="陈大山", identifiers=[number(man)])
    assert (known.unknown, known.birth_date, known.estimated_age, known.age_estimated_on) == (
        False,
        date(1960, 5, 1),
        None,
        None,
    )
    assert known.person == nobody.person


def test_the_unknown_patient_turns_out_to_be_somebody_known(world, nobody):
    man = resident_number(date(1960, 5, 1), 1)
    data = PatientData(name="陈大山", identifiers=[number(man)])
    known = register_patient(actor=world.surgeon, data=data)[0]
    grant_access(
        actor=world.doctor, institution=world.hospital, person=nobody.person, basis="referral", source="referral:R1"
    )
    changed = change(world.doctor, nobody, name="陈大山", identifiers=[number(man)])
    assert changed.person == known.person
    assert bases_for(world.surgeon, known.person) == ["registration", "referral"]
    assert AccessGrant.objects.live().filter(person=nobody.person).count() == 0
    told = Event.objects.get(name="patient.identified")
    assert told.facts == {"person": str(known.person.uuid), "was_person": str(nobody.person.uuid)}


def test_the_unknown_patient_is_not_given_the_number_of_a_different_name(world, nobody):
    man = resident_number(date(1960, 5, 1), 1)
    register_patient(actor=world.surgeon, data=PatientData(name="陈大山", identifiers=[number(man)]))
    with pytest.raises(Conflict) as refused:
        change(world.doctor, nobody, name="赵刚", identifiers=[number(man)])
    assert refused.value.code == "number_of_another"
    nobody.refresh_from_db()
    assert (nobody.name, nobody.unknown) == ("无名氏", True)


def test_an_unknown_field_is_refused(world, patient):
    with pytest.raises(Refused) as refused:
        change(world.doctor, patient, person=5)
    assert refused.value.code == "unknown_field"


def test_masked_values_sent_back_are_refused(world, patient):
    with pytest.raises(Refused) as refused:
        change(world.doctor, patient, name="张**")
    assert refused.value.code == "masked"
    with pytest.raises(Refused) as refused:
        change(world.doctor, patient, identifiers=[number("110105********002X")])
    assert WOMAN not in str(refused.value)
