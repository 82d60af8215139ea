from io import StringIO

from django.core.management import call_command

from records import search
from records.actions import register_patient
from records.models import PersonNumber

from .builders import WOMAN, number, woman


def rotate():
    said = StringIO()
    call_command("rotate_hash_keys", stdout=said)
    return said.getvalue().strip()


def test_after_the_rotation_the_old_key_can_go(world, patient, settings):
    settings.HASH_KEYS = ["a-new-key-of-the-tests", *settings.HASH_KEYS]
    assert rotate() == "rows rewritten: 2"
    assert rotate() == "rows rewritten: 0"
    settings.HASH_KEYS = settings.HASH_KEYS[:1]
    again, outcome = register_patient(actor=world.doctor, data=woman())
    assert (again.pk, outcome, PersonNumber.objects.count()) == (patient.pk, "known", 1)
    for typed in (WOMAN, "13800001234"):
        assert [row.id for row in search.find(world.doctor, typed).rows] == [patient.public_id]


def test_two_registrations_of_one_person_stay_one(world, patient, settings):
    register_patient(actor=world.surgeon, data=woman(identifiers=[number(), number("M-1", "mrn")]))
    settings.HASH_KEYS = ["a-new-key-of-the-tests", *settings.HASH_KEYS]
    assert rotate() == "rows rewritten: 5"
    assert list(PersonNumber.objects.values_list("person_id", flat=True)) == [patient.person_id]
