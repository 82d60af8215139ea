import threading
from datetime import date

import pytest
from django.db import connection

from events.models import Event
from records.actions import register_patient
from records.data import PatientData
from records.matching import names_alike
from records.models import Identifier, Patient, Person, PersonNumber
from toolkit.refusals import Conflict, Forbidden, Refused

from .builders import MAN, WOMAN, number, resident_number, woman, world


def register(actor, **changes):
    return register_patient(actor=actor, data=woman(**changes))


def test_a_new_patient(world):
    patient, outcome = register(world.doctor)
    assert outcome == "new"
    kept = Patient.objects.get(pk=patient.pk)
    assert (kept.name, kept.sex, kept.birth_date, kept.phone, kept.last4) == (
        "张秀兰",
        "2",
        date(1949, 12, 31),
        "13800001234",
        "002X",
    )
    assert (kept.name_key, kept.name_pinyin, kept.name_initials) == ("张秀兰", "zhangxiulan", "zxl")
    assert kept.next_of_kin == {"name": "李建国", "relation": "儿子", "phone": "13900005678"}
    assert (kept.institution, kept.version) == (world.township, 1)
    assert [(n.type, n.value, n.last4) for n in kept.identifiers.all()] == [("resident_id", WOMAN, "002X")]


def test_nothing_of_the_patient_is_readable_in_the_tables_or_events(world):
    register(world.doctor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, address, next_of_kin FROM records_patient")
        stored = [*cursor.fetchone()]
        cursor.execute("SELECT value, value_hash FROM records_identifier")
        stored += [*cursor.fetchone()]
    secrets = (WOMAN, "13800001234", "东山村", "李建国")
    assert [secret for secret in secrets if any(secret in column for column in stored)] == []
    told = "".join(str(event.facts) + event.subject for event in Event.objects.all())
    assert [secret for secret in (*secrets, "张秀兰", "1949") if secret in told] == []


def test_the_same_number_in_the_same_institution_is_the_same_registration(world):
    first, _outcome = register(world.doctor)
    again, outcome = register(world.doctor, phone="13911112222", identifiers=[number(WOMAN.lower())])
    assert (again.pk, outcome, Patient.objects.count()) == (first.pk, "known", 1)
    assert again.phone == "13800001234"
    assert again.version == 1


def test_a_known_patient_gains_the_number_she_did_not_have(world):
    register(world.doctor)
    again, outcome = register(world.doctor, identifiers=[number(), number("C1234567", "health_card")])
    assert (outcome, again.version) == ("known", 2)
    by_card, outcome = register(world.doctor, identifiers=[number("C1234567", "health_card")])
    assert (by_card.pk, outcome) == (again.pk, "known")


def test_known_elsewhere_is_a_new_registration_of_the_same_person(world):
    here, _outcome = register(world.doctor)
    there, outcome = register(world.surgeon, phone="", address="")
    assert outcome == "new"
    assert (there.person, there.institution) == (here.person, world.hospital)
    assert there.pk != here.pk
    assert (there.phone, there.address) == ("", "")


@pytest.mark.parametrize("type", ["mrn", "other", "military", "health_record"])
def test_a_house_number_means_somebody_in_its_own_house_only(world, type):
    first, _outcome = register(world.doctor, identifiers=[number("A-1001", type)])
    again, outcome = register(world.doctor, identifiers=[number("a-1001", type)])
    assert (again.pk, outcome) == (first.pk, "known")
    other, outcome = register(world.surgeon, identifiers=[number("A-1001", type)])
    assert outcome == "new"
    assert other.person_id != first.person_id


def test_a_guardians_number_never_makes_two_children_one(world):
    register(world.doctor)
    children = [
        register_patient(
            actor=world.doctor,
            data=PatientData(
                name="李某之女", sex="2", birth_date=date(2026, 1, 5), identifiers=[number(owner="guardian")]
            ),
        )
        for _twin in range(2)
    ]
    assert [outcome for _child, outcome in children] == ["new", "new"]
    assert Person.objects.count() == 3
    assert [child.last4 for child, _outcome in children] == ["", ""]


def test_a_15_digit_number_is_history_and_matches_nobody(world):
    old = number("110105491231002", "resident_id_15")
    first, _outcome = register(world.doctor, identifiers=[old])
    second, outcome = register(world.doctor, identifiers=[old])
    assert (outcome, second.person_id == first.person_id) == ("new", False)
    assert Identifier.objects.filter(history=True).count() == 2
    assert PersonNumber.objects.count() == 0


@pytest.mark.parametrize(
    "changes",
    [{"name": "王大力"}, {"name": "张三丰"}],
)
def test_another_name_under_a_known_number_is_never_merged(world, changes):
    first, _outcome = register(world.doctor)
    with pytest.raises(Conflict) as elsewhere:
        register(world.surgeon, **changes)
    assert elsewhere.value.code == "number_of_another"
    assert [hidden for hidden in (first.public_id, WOMAN, "张秀兰") if hidden in str(elsewhere.value)] == []
    with pytest.raises(Conflict) as here:
        register(world.doctor, **changes)
    assert first.public_id in str(here.value)
    assert Patient.objects.count() == 1


@pytest.mark.parametrize("changes", [{"sex": "1"}, {"birth_date": date(1950, 1, 1)}])
def test_a_passport_with_another_sex_or_birth_date_is_never_merged(world, changes):
    card = [number("G12345678", "passport")]
    register(world.doctor, identifiers=card)
    with pytest.raises(Conflict) as refused:
        register(world.surgeon, identifiers=card, **changes)
    assert refused.value.code == "number_of_another"


@pytest.mark.parametrize("name", ["张秀蓝", "张绣兰", "张 秀兰", "张秀芳"])
def test_a_slip_in_the_name_is_still_her(world, name):
    first, _outcome = register(world.doctor)
    again, outcome = register(world.doctor, name=name)
    assert (again.pk, outcome, again.name) == (first.pk, "known", "张秀兰")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("王芳", "王方", True),
        ("王芳", "王伟", False),
        ("阿卜杜拉·买买提", "阿卜杜拉买买提", True),
        ("Maria Garcia", "GARCIA MARIA", True),
        ("李某之女", "王小丫", True),
        ("欧阳娜娜", "张三", False),
    ],
)
def test_which_names_are_alike(one, other, alike):
    assert (names_alike(one, other), names_alike(other, one)) == (alike, alike)


def test_numbers_of_two_persons_are_refused(world):
    register(world.doctor)
    other = woman(name="赵刚", sex="1", birth_date=date(1901, 1, 2), identifiers=[number("G12345678", "passport")])
    register_patient(actor=world.doctor, data=other)
    with pytest.raises(Conflict) as refused:
        register(world.surgeon, identifiers=[number(), number("G12345678", "passport")])
    assert refused.value.code == "numbers_of_two_persons"


def test_a_second_resident_id_for_one_card_is_refused(world):
    register(world.doctor, identifiers=[number(), number("C1234567", "health_card")])
    sister = resident_number(date(1949, 12, 31), 2)
    with pytest.raises(Conflict) as refused:
        register(world.surgeon, identifiers=[number(sister), number("C1234567", "health_card")])
    assert refused.value.code == "other_resident_id"


def test_a_number_is_known_after_the_hash_key_was_changed(world, settings):
    first, _outcome = register(world.doctor)
    settings.HASH_KEYS = ["a-new-key-of-the-tests", *settings.HASH_KEYS]
    again, outcome = register(world.doctor)
    there, _outcome = register(world.surgeon)
    assert (again.pk, outcome, again.version) == (first.pk, "known", 1)
    assert there.person_id == first.person_id


def test_without_the_permission_nobody_is_registered(world):
    with pytest.raises(Forbidden):
        register(world.administrator)
    assert Person.objects.count() == 0


def test_a_wrong_number_leaves_nothing_behind(world):
    with pytest.raises(Refused):
        register(world.doctor, identifiers=[number(MAN[:-1] + "0")])
    assert (Person.objects.count(), Patient.objects.count(), Event.objects.count()) == (0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_registered_twice_at_once_it_is_one_person():
    """All look, none finds her, all write: the constraint lets one through and the others find her."""
    places, start, made = world(), threading.Barrier(8), []

    def work(actor):
        start.wait()
        try:
            made.append(register(actor)[1])
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(actor,)) for actor in 4 * (places.doctor, places.surgeon)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == 6 * ["known"] + 2 * ["new"]
    assert (Person.objects.count(), PersonNumber.objects.count(), Patient.objects.count()) == (1, 1, 2)


def test_the_loser_of_the_race_finds_the_winners_person(world, monkeypatch):
    """The same without luck: the first look finds nobody although she is there."""
    from records import matching

    winner, _outcome = register(world.doctor)
    looks = []

    def blind_at_first(numbers):
        looks.append(1)
        return set() if len(looks) == 1 else {winner.person_id}

    monkeypatch.setattr(matching, "owners_of", blind_at_first)
    loser, outcome = register(world.surgeon)
    assert (loser.person_id, outcome, len(looks)) == (winner.person_id, "new", 2)
    assert Person.objects.count() == 1
