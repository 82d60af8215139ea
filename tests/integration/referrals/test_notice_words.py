"""What the sender reads in the inbox after an answer."""

import pytest

from events.models import Event
from events.notices import find
from tests.walk import default_facts, referral_at, step


def words_of_last_acceptance():
    event = Event.objects.filter(name="referral.accepted").order_by("-pk").first()
    words = find("referral.accepted", "accepted").words(event)
    return words.title, words.body


@pytest.mark.django_db
def test_accepted_without_a_place_is_still_being_arranged(cast):
    referral = referral_at("accepted", cast)
    house, department = referral.receiver.label, referral.department.name
    assert words_of_last_acceptance() == (f"{house} 已接收 {referral.number}", f"{department}正在安排。")


@pytest.mark.django_db
def test_accepted_with_a_place_names_the_day(cast):
    referral = referral_at("submitted", cast)
    slot = default_facts("schedule", referral, cast)["slot"]
    step("accept", referral, cast, slot=slot)
    house, department = referral.receiver.label, referral.department.name
    assert words_of_last_acceptance() == (
        f"{referral.number} 已预约 {slot.date:%Y-%m-%d}",
        f"{house} {department}，请通知患者。",
    )


@pytest.mark.django_db
def test_the_own_reviewer_is_asked_for_a_review_and_not_for_an_answer(cast):
    referral = referral_at("in_review", cast)
    event = Event.objects.get(name="referral.submitted", subject=referral.event_ref)
    words = find("referral.submitted", "submitted").words(event)
    house, department = referral.receiver.label, referral.department.name
    assert (words.title, words.body) == (f"{referral.number} 待院内审核", f"转往{house} {department}，请审核。")
