"""No referral without a signature that covers it; and what an emergency, a refusal or a withdrawal means."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from records.actions import withdraw_consent
from records.models import Consent
from referrals.actions import change_draft
from tests.integration.referrals.seeing import everything
from tests.walk import CONTENT, draft, referral_at, step
from toolkit.refusals import Refused

pytestmark = pytest.mark.django_db

SIGNED = CONTENT["consent"]


def refused(act, *pointers) -> Refused:
    before = everything()
    with pytest.raises(Refused) as caught:
        act()
    assert [error.pointer for error in caught.value.errors] == list(pointers)
    assert everything() == before
    return caught.value


def test_without_a_signature_nothing_is_sent(cast):
    referral = draft(cast, consent=None)
    refused(lambda: step("submit", referral, cast), "/consent")
    change_draft(referral, actor=cast.actors.township_doctor, consent=SIGNED)
    assert step("submit", referral, cast).status == "submitted"


def test_a_refusal_is_recorded_and_sends_nothing(cast):
    referral = draft(cast, consent=SIGNED | {"refused": True})
    assert Consent.objects.get(pk=referral.consent_id).refused
    refused(lambda: step("submit", referral, cast), "/consent")


def test_sharing_alone_does_not_cover_a_referral(cast):
    referral = draft(cast, consent=SIGNED | {"covers": ["sharing"]})
    refused(lambda: step("submit", referral, cast), "/consent")


def test_what_was_taken_back_before_sending_sends_nothing(cast):
    referral = draft(cast)
    withdraw_consent(actor=cast.actors.township_doctor, consent=referral.consent)
    referral.refresh_from_db()
    refused(lambda: step("submit", referral, cast), "/consent")


def test_the_reviewer_cannot_let_go_what_was_taken_back_meanwhile(cast):
    referral = referral_at("in_review", cast)
    withdraw_consent(actor=cast.actors.hekou_doctor, consent=referral.consent)
    refused(lambda: step("approve", referral, cast), "/consent")


def test_what_was_taken_back_later_stops_nothing_under_way(cast):
    referral = referral_at("accepted", cast)
    withdraw_consent(actor=cast.actors.township_doctor, consent=referral.consent)
    assert step("arrive", referral, cast).status == "arrived"


def test_an_emergency_is_approved_by_the_house(cast):
    approval = {"given_by": "institution", "method": "emergency", "approved_by": "陈静", "approved_title": "副院长"}
    referral = draft(cast, urgency="emergency", consent=approval)
    assert step("submit", referral, cast).status == "submitted"


@pytest.mark.parametrize("missing", ["approved_by", "approved_title"])
def test_an_approval_has_a_name_and_an_office(cast, missing):
    approval = {"given_by": "institution", "method": "emergency", "approved_by": "陈静", "approved_title": "副院长"}
    patient = cast.patient()
    refused(lambda: draft(cast, patient=patient, consent=approval | {missing: ""}), f"/consent/{missing}")


@pytest.mark.parametrize("given_by", ["self", "agent"])
def test_a_child_does_not_sign(cast, given_by):
    child = cast.patient(name="李小宝", born=years_ago(10))
    signature = SIGNED | {"given_by": given_by, "giver_name": "李建国", "giver_relation": "父亲"}
    refused(lambda: draft(cast, patient=child, consent=signature), "/consent/given_by")


def test_the_guardian_signs_with_name_and_relation(cast):
    child = cast.patient(name="李小宝", born=years_ago(10))
    refused(
        lambda: draft(cast, patient=child, consent=SIGNED | {"given_by": "guardian"}),
        "/consent/giver_relation", "/consent/giver_name",
    )  # fmt: skip
    signature = SIGNED | {"given_by": "guardian", "giver_name": "李建国", "giver_relation": "父亲"}
    assert step("submit", draft(cast, patient=child, consent=signature), cast).status == "submitted"


def years_ago(years) -> date:
    today = timezone.localdate()
    return date(today.year - years, 1, 15)


def test_a_signature_of_tomorrow_is_none(cast):
    patient = cast.patient()
    tomorrow = timezone.now() + timedelta(days=1)
    refused(lambda: draft(cast, patient=patient, consent=SIGNED | {"given_at": tomorrow}), "/consent/given_at")


def test_a_resubmission_asks_the_patient_again(cast):
    """The first signature named the first journey; what has changed since must be told."""
    new = step("resubmit", referral_at("rejected", cast), cast)
    assert new.consent is None
    refused(lambda: step("submit", new, cast), "/consent")


def test_another_patient_on_the_draft_takes_the_signature_away(cast):
    referral, other = draft(cast), cast.patient(name="赵六")
    change_draft(referral, actor=cast.actors.township_doctor, patient=other)
    assert (referral.patient, referral.consent) == (other, None)
