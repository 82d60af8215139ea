from datetime import timedelta

import pytest
from django.utils import timezone

from events.actor import system_actor
from events.models import AccessEntry
from records.access import bases_for, find_patient, open_record
from records.actions import end_access, grant_access, lift_end, register_patient, reveal
from records.models import AccessGrant, Patient
from toolkit.refusals import Forbidden, Missing, Refused

from .builders import WOMAN, actor, number, woman


def grant(world, patient, basis="referral", source="referral:R1", **more):
    return grant_access(
        actor=world.doctor, institution=world.hospital, person=patient.person, basis=basis, source=source, **more
    )


def visible(who):
    return list(Patient.objects.visible_to(who).order_by("id"))


def test_who_sees_a_registration(world, patient):
    assert visible(world.doctor) == [patient]
    assert [visible(who) for who in (world.surgeon, world.stranger, world.administrator)] == [[], [], []]
    grant(world, patient)
    assert visible(world.surgeon) == [patient]
    assert visible(actor(world.hospital, "regulator")) == []
    assert visible(world.stranger) == []


def test_an_own_registration_does_not_open_the_others(world, patient):
    own, _outcome = register_patient(actor=world.surgeon, data=woman())
    assert visible(world.surgeon) == [own]
    with pytest.raises(Missing):
        open_record(world.surgeon, patient, "care")


def test_a_grant_holds_from_and_to_its_time(world, patient, time_machine):
    time_machine.move_to("2026-06-15T12:00:00+08:00", tick=False)
    grant(world, patient, valid_to=timezone.now() + timedelta(days=1))
    time_machine.shift(timedelta(hours=23, minutes=59))
    assert visible(world.surgeon) == [patient]
    time_machine.shift(timedelta(minutes=1))
    assert visible(world.surgeon) == []


def test_granting_twice_is_granting_once(world, patient):
    first, second = grant(world, patient), grant(world, patient)
    assert (first.pk, AccessGrant.objects.count()) == (second.pk, 1)
    grant(world, patient, source="referral:R2")
    grant(world, patient, basis="contract")
    assert AccessGrant.objects.count() == 3


def test_an_ended_access_can_be_granted_again_and_keeps_its_history(world, patient):
    grant(world, patient)
    assert end_access(actor=world.doctor, source="referral:R1") == 1
    assert visible(world.surgeon) == []
    assert end_access(actor=world.doctor, source="referral:R1") == 0
    grant(world, patient)
    assert visible(world.surgeon) == [patient]
    assert AccessGrant.objects.count() == 2


def test_access_can_end_later(world, patient, time_machine):
    time_machine.move_to("2026-06-15T12:00:00+08:00", tick=False)
    grant(world, patient)
    end_access(actor=world.doctor, source="referral:R1", at=timezone.now() + timedelta(days=30))
    time_machine.shift(timedelta(days=29))
    assert visible(world.surgeon) == [patient]
    time_machine.shift(timedelta(days=1))
    assert visible(world.surgeon) == []
    renewed = grant(world, patient)
    assert (renewed.valid_to, visible(world.surgeon)) == (None, [patient])
    assert AccessGrant.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_an_end_already_set_is_not_postponed(world, patient, time_machine):
    time_machine.move_to("2026-06-15T12:00:00+08:00", tick=False)
    soon = timezone.now() + timedelta(days=1)
    made = grant(world, patient, valid_to=soon)
    end_access(actor=world.doctor, source="referral:R1", at=timezone.now() + timedelta(days=30))
    made.refresh_from_db()
    assert made.valid_to == soon


def test_the_end_one_act_had_set_is_lifted_and_no_other(world, patient, time_machine):
    time_machine.move_to("2026-06-15T12:00:00+08:00", tick=False)
    soon, later = timezone.now() + timedelta(days=1), timezone.now() + timedelta(days=30)
    grant(world, patient)
    grant(world, patient, source="referral:R2", valid_to=later)
    grant(world, patient, basis="contract", valid_to=soon)
    end_access(actor=world.doctor, source="referral:R1", at=later)
    assert lift_end(actor=world.doctor, source="referral:R1", at=later) == 1
    ends = AccessGrant.objects.order_by("pk").values_list("source", "basis", "valid_to")
    assert list(ends) == [
        ("referral:R1", "referral", None), ("referral:R2", "referral", later), ("referral:R1", "contract", soon),
    ]  # fmt: skip
    end_access(actor=world.doctor, source="referral:R1")
    assert lift_end(actor=world.doctor, source="referral:R1", at=later) == 0


def test_one_institution_can_lose_its_access_alone(world, patient):
    grant(world, patient)
    grant_access(
        actor=world.doctor, institution=world.outside, person=patient.person, basis="referral", source="referral:R1"
    )
    end_access(actor=world.doctor, source="referral:R1", institution=world.outside)
    assert (visible(world.surgeon), visible(world.stranger)) == ([patient], [])


def test_the_strongest_basis_comes_first(world, patient):
    for basis in ("break_glass", "contract", "referral"):
        grant(world, patient, basis=basis)
    assert bases_for(world.surgeon, patient.person) == ["referral", "contract", "break_glass"]
    assert open_record(world.surgeon, patient, "care").basis == "referral"
    assert bases_for(world.doctor, patient.person) == ["registration"]
    assert bases_for(world.stranger, patient.person) == []


def test_opening_writes_exactly_one_entry(world, patient):
    opened = open_record(world.doctor, patient, "detail", route="GET /patients/{id}/")
    entry = AccessEntry.objects.get()
    assert opened.entry == entry
    assert (entry.person_id, entry.patient_id, entry.custodian_id, entry.basis, entry.purpose, entry.route) == (
        patient.person_id,
        patient.pk,
        world.township.pk,
        "registration",
        "detail",
        "GET /patients/{id}/",
    )


def test_a_refused_opening_writes_none(world, patient):
    with pytest.raises(Missing):
        open_record(world.stranger, patient, "curiosity")
    with pytest.raises(Forbidden):
        open_record(world.administrator, patient, "curiosity")
    assert AccessEntry.objects.count() == 0


def test_our_own_machinery_is_on_record_too(patient):
    assert open_record(system_actor(), patient, "print").basis == "system"


def test_finding_by_public_id(world, patient):
    assert find_patient(world.doctor, patient.public_id.lower()) == patient
    with pytest.raises(Missing):
        find_patient(world.stranger, patient.public_id)
    with pytest.raises(Missing):
        find_patient(world.doctor, "P000000000000")
    with pytest.raises(Forbidden):
        find_patient(world.administrator, patient.public_id)


def test_masked_unless_one_is_a_party(world, patient):
    masked = patient.masked()
    assert masked == {
        "id": patient.public_id,
        "institution": "township",
        "name": "张**",
        "sex": "2",
        "birth_date": "1949-**-**",
        "age": patient.age,
        "age_words": f"{patient.age} 岁",
        "estimated_age": None,
        "unknown": False,
        "last4": "002X",
        "identifiers": [{"type": "resident_id", "value": "110105********002X", "owner": "self", "history": False}],
        "phone": "138****1234",
        "address": "浙江省丽水市莲都区***",
        "next_of_kin": {"name": "李**", "relation": "儿子", "phone": "139****5678"},
        "insurance_kind": "resident",
    }
    party = patient.shown_to(world.surgeon, "party")
    changed = {key: party[key] for key in party if party[key] != masked[key]}
    assert changed == {"name": "张秀兰", "phone": "13800001234", "next_of_kin": patient.next_of_kin}
    assert patient.shown_to(world.administrator, "party") == masked
    assert patient.shown_to(world.doctor) == masked


def test_reveal_says_the_whole_and_why(world, patient):
    shown = reveal(actor=world.doctor, patient=patient, fields=["identifiers", "birth_date"], reason="核对身份")
    assert shown == {
        "birth_date": "1949-12-31",
        "identifiers": [{"type": "resident_id", "value": WOMAN, "owner": "self", "history": False}],
    }
    entry = AccessEntry.objects.get()
    assert (entry.purpose, entry.basis) == ("reveal birth_date,identifiers: 核对身份", "registration")


@pytest.mark.parametrize(
    ("fields", "reason", "code"),
    [
        (["phone"], "因为", "reason_needed"),
        (["phone"], "    因为    ", "reason_needed"),
        (["phone"], "核对\x00身份信息", "reason_needed"),
        (["phone"], "长" * 151, "too_long"),
        ([], "核对身份信息", "unknown_field"),
        (["password"], "核对身份信息", "unknown_field"),
    ],
)
def test_reveal_needs_a_reason_and_known_fields(world, patient, fields, reason, code):
    with pytest.raises(Refused) as refused:
        reveal(actor=world.doctor, patient=patient, fields=fields, reason=reason)
    assert refused.value.code == code
    assert AccessEntry.objects.count() == 0


def test_reveal_is_no_way_round_the_door(world, patient):
    with pytest.raises(Missing):
        reveal(actor=world.stranger, patient=patient, fields=["phone"], reason="核对身份信息")
    with pytest.raises(Forbidden):
        reveal(actor=world.administrator, patient=patient, fields=["phone"], reason="核对身份信息")


def test_a_removed_number_is_shown_to_nobody(world, patient):
    patient.identifiers.update(removed_at=timezone.now())
    assert patient.masked()["identifiers"] == []


def test_a_guardians_number_is_shown_after_the_own(world):
    data = woman(identifiers=[number("370101190102039973", owner="guardian"), number()])
    patient, _outcome = register_patient(actor=world.doctor, data=data)
    assert [each["owner"] for each in patient.masked()["identifiers"]] == ["self", "guardian"]
    assert patient.last4 == "002X"
