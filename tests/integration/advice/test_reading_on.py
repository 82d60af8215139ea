"""Who reads an inquiry on after it is over, on which ground, and that every look at a known person is on record."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from advice.parties import is_open
from events.models import AccessEntry
from records.actions import grant_access
from records.codes import Basis
from records.models import Patient
from referrals import actions as referral_actions
from referrals.models import Referral
from tests.cast import SYSTEM
from tests.inquire import QUESTION, REFER, again, inquiry_at
from tests.integration.referrals.pages import words_in
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)
KEPT = timedelta(days=90)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def granted(inquiry, house, basis, source):
    grant_access(actor=SYSTEM, institution=house, person=inquiry.patient.person, basis=basis.value, source=source)


def test_another_ground_does_not_reopen_what_is_over(cast, clock):
    over, gone = inquiry_at("closed", cast), inquiry_at("withdrawn", cast)
    hospital, doctor = cast.institutions.hospital, cast.actors.cardiologist
    for each in (over, gone):
        granted(each, hospital, Basis.REFERRAL, "referral:another")
    granted(over, hospital, Basis.AUTHORISATION, over.event_ref)
    read = []
    for after in (timedelta(), KEPT - timedelta(minutes=1), KEPT):
        clock.move_to(MOMENT + after)
        read.append([is_open(again(each), doctor) for each in (over, gone)])
    assert read == [[True, False], [True, False], [False, False]]
    assert [is_open(again(each), cast.actors.township_doctor) for each in (over, gone)] == [True, True]


def test_its_own_registration_opens_as_long(cast, clock):
    over = inquiry_at("closed", cast)
    Patient.objects.filter(pk=over.patient_id).update(institution=cast.institutions.hospital)
    read = []
    for after in (timedelta(), KEPT):
        clock.move_to(MOMENT + after)
        read.append(is_open(again(over), cast.actors.cardiologist))
    assert read == [True, False]


def test_of_nobody_named_until_it_became_a_referral_each_look_is_on_record(cast, clock):
    """While it is a draft the asked house may not know of him; once sent it reads on with the referral."""
    inquiry = inquiry_at("converted", cast, patient=None, answer=REFER)
    page = reverse("advice:detail", args=[inquiry.number])

    def read(who) -> bool:
        return QUESTION["question"] in words_in(cast.browser(who).get(page))

    assert (read("township_doctor"), read("cardiologist")) == (True, False)
    referral, doctor = Referral.objects.get(), cast.actors.township_doctor
    written = {"reason": "beyond_capability", "diagnoses": [{"text": "心绞痛待排"}]}
    signed = {"covers": ["referral"], "given_by": "self", "method": "signed_paper"}
    referral_actions.change_draft(referral, actor=doctor, consent=signed, **written)
    referral_actions.perform("submit", referral, actor=doctor)
    clock.shift(timedelta(days=1))
    assert read("cardiologist")
    looks = AccessEntry.objects.filter(patient_id=referral.patient_id).order_by("pk")
    assert list(looks.values_list("actor_name", "purpose", "basis")) == [
        ("张伟", "inquiry", "registration"), ("周强", "inquiry", "referral"),
    ]  # fmt: skip


def test_a_named_one_is_read_on_with_the_referral_it_became(cast, clock):
    inquiry = inquiry_at("converted", cast, answer=REFER)
    referral, doctor = inquiry.referral, cast.actors.township_doctor
    referral_actions.change_draft(
        referral, actor=doctor, reason="beyond_capability", diagnoses=[{"text": "心绞痛待排"}]
    )
    referral_actions.perform("submit", referral, actor=doctor)
    clock.move_to(MOMENT + KEPT + timedelta(days=1))
    assert is_open(again(inquiry), cast.actors.cardiologist)
    referral_actions.perform("withdraw", referral, actor=doctor, reason="improved")
    assert not is_open(again(inquiry), cast.actors.cardiologist)
