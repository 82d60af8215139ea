from datetime import datetime, timedelta
from datetime import timezone as tz

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.models import Event
from records import consent_texts
from records.actions import give_consent, register_patient, withdraw_consent
from records.data import PatientData
from records.models import Consent, ConsentText
from toolkit.refusals import Conflict, Forbidden, Missing, Refused

from .builders import actor

EMERGENCY = {"method": "emergency", "given_by": "institution", "approved_by": "刘院长", "approved_title": "副院长"}


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-06-15T12:00:00+08:00", tick=False)


@pytest.fixture
def boy(world):
    """Sixteen years and a half."""
    data = PatientData(name="李小明", sex="1", birth_date=datetime(2009, 12, 15).date())
    return register_patient(actor=world.doctor, data=data)[0]


def codes(world, patient, **given):
    with pytest.raises(Refused) as refused:
        give_consent(actor=world.doctor, patient=patient, **given)
    return [(error.pointer, error.code) for error in refused.value.errors]


def test_the_patient_signs(world, patient):
    consent = give_consent(actor=world.doctor, patient=patient)
    consent.refresh_from_db()
    assert (consent.covers, consent.given_by, consent.method, consent.text.version) == (
        ["referral", "sharing"],
        "self",
        "signed_paper",
        "2026-1",
    )
    assert (consent.given_at, consent.in_force, consent.institution) == (timezone.now(), True, world.township)
    assert list(Consent.objects.in_force()) == [consent]
    told = Event.objects.get(name="consent.given")
    assert told.facts["patient"] == patient.public_id
    assert "张秀兰" not in str(told.facts)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"covers": []}, [("/covers", "bad_cover")]),
        ({"covers": ["everything"]}, [("/covers", "bad_cover")]),
        ({"given_by": "neighbour"}, [("/given_by", "unknown_giver")]),
        ({"method": "nod"}, [("/method", "unknown_method")]),
        ({"given_by": "guardian"}, [("/giver_relation", "required"), ("/giver_name", "required")]),
        ({"given_by": "agent", "giver_name": "李建国"}, [("/giver_relation", "required")]),
        ({"given_by": "institution"}, [("/given_by", "emergency_by_institution")]),
        (EMERGENCY | {"given_by": "self"}, [("/given_by", "emergency_by_institution")]),
        (EMERGENCY | {"approved_by": " "}, [("/approved_by", "required")]),
        (EMERGENCY | {"approved_title": ""}, [("/approved_title", "required")]),
        (EMERGENCY | {"refused": True}, [("/method", "emergency_refused")]),
        (EMERGENCY | {"approved_by": "x" * 51}, [("/approved_by", "too_long")]),
        (EMERGENCY | {"approved_by": "刘\x00"}, [("/approved_by", "bad_character")]),
    ],
)
def test_each_wrong_consent_says_what_is_missing(world, patient, given, expected):
    assert codes(world, patient, **given) == expected
    assert Consent.objects.count() == 0


def test_the_time_must_have_been_and_have_had_a_text(world, patient):
    assert codes(world, patient, given_at=timezone.now() + timedelta(minutes=6)) == [("/given_at", "future")]
    early = datetime(2021, 10, 31, 23, 59, tzinfo=tz(timedelta(hours=8)))
    assert codes(world, patient, given_at=early) == [("/given_at", "no_text")]


def test_the_text_of_that_time_is_kept(world, patient):
    newer = ConsentText.objects.create(
        version="2026-2",
        covers=["referral"],
        title_zh="新",
        title_en="new",
        body_zh="新",
        body_en="new",
        valid_from=timezone.now() - timedelta(days=1),
    )
    before = give_consent(actor=world.doctor, patient=patient, given_at=timezone.now() - timedelta(days=2))
    assert before.text.version == "2026-1"
    assert codes(world, patient) == [("/covers", "bad_cover")]
    assert give_consent(actor=world.doctor, patient=patient, covers=["referral"]).text == newer


def test_a_minor_needs_a_guardian(world, boy):
    assert codes(world, boy) == [("/given_by", "guardian_needed")]
    by = {"given_by": "guardian", "giver_name": "李建国", "giver_relation": "父亲"}
    consent = give_consent(actor=world.doctor, patient=boy, **by)
    assert (consent.giver_name, consent.giver_relation) == ("李建国", "父亲")


def test_from_sixteen_on_own_income_counts(world, boy, time_machine):
    assert give_consent(actor=world.doctor, patient=boy, own_income=True).own_income
    time_machine.move_to("2025-12-14T12:00:00+08:00")
    assert codes(world, boy, own_income=True) == [("/given_by", "guardian_needed")]


def test_of_age_on_the_birthday_itself(world, boy, time_machine):
    time_machine.move_to("2027-12-15T00:30:00+08:00")
    before = timezone.now() - timedelta(hours=1)
    assert codes(world, boy, given_at=before) == [("/given_by", "guardian_needed")]
    assert give_consent(actor=world.doctor, patient=boy).in_force


def test_in_an_emergency_the_institution_approves(world, boy):
    consent = give_consent(actor=world.doctor, patient=boy, **EMERGENCY)
    assert (consent.approved_by, consent.approved_title, consent.in_force) == ("刘院长", "副院长", True)


def test_a_refusal_is_on_record_and_never_in_force(world, patient):
    refusal = give_consent(actor=world.doctor, patient=patient, refused=True)
    assert (refusal.in_force, list(Consent.objects.in_force())) == (False, [])
    assert Event.objects.filter(name="consent.refused").count() == 1
    with pytest.raises(Conflict):
        withdraw_consent(actor=world.doctor, consent=refusal)


def test_withdrawn_once(world, patient, time_machine):
    consent = give_consent(actor=world.doctor, patient=patient)
    time_machine.shift(timedelta(hours=1))
    first = withdraw_consent(actor=world.doctor, consent=consent, reason="家属不同意")
    time_machine.shift(timedelta(hours=1))
    second = withdraw_consent(actor=world.doctor, consent=consent)
    assert (first.withdrawn_at, second.withdrawn_reason) == (second.withdrawn_at, "家属不同意")
    assert (second.in_force, list(Consent.objects.in_force())) == (False, [])
    assert Event.objects.filter(name="consent.withdrawn").count() == 1


def test_a_withdrawal_lies_between_consent_and_now(world, patient):
    consent = give_consent(actor=world.doctor, patient=patient)
    for at in (consent.given_at - timedelta(minutes=1), timezone.now() + timedelta(hours=1)):
        with pytest.raises(Refused):
            withdraw_consent(actor=world.doctor, consent=consent, at=at)


def test_who_may_record_it(world, patient):
    with pytest.raises(Missing):
        give_consent(actor=world.stranger, patient=patient)
    with pytest.raises(Forbidden):
        give_consent(actor=actor(world.township, "pharmacist"), patient=patient)


def test_the_database_holds_what_an_emergency_needs(world, patient):
    consent = give_consent(actor=world.doctor, patient=patient, **EMERGENCY)
    for wrong in ({"approved_by": ""}, {"given_by": "self"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.filter(pk=consent.pk).update(**wrong)


@pytest.mark.django_db
def test_the_words_name_recipient_purpose_kinds_and_rights():
    text = ConsentText.objects.get()
    title, body = text.words("zh-hans", sender="东山卫生院", receiver="县人民医院", contact="0571-88880000")
    assert title == "双向转诊及个人健康信息共享知情同意书"
    needed = ("县人民医院", "0571-88880000", "目的", "种类", "方式", "撤回", "单独")
    assert [word for word in needed if word not in body] == []
    assert "$" not in body
    _title, blank = text.words("en")
    assert "$" not in blank
    assert "＿＿" in blank


@pytest.mark.django_db
def test_texts_are_written_once_and_never_over():
    ConsentText.objects.update(title_zh="已生效")
    consent_texts.write_missing()
    assert list(ConsentText.objects.values_list("title_zh", flat=True)) == ["已生效"]
