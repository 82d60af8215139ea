"""Every status can be reached by walking the workflow, in each direction the cast allows."""

import pytest

from referrals.statuses import LIVE, STATUS_LABELS
from tests.walk import referral_at, step


@pytest.mark.parametrize("status", STATUS_LABELS)
def test_every_status_is_reached(cast, status):
    referral = referral_at(status, cast)
    assert referral.status == status
    assert (referral.hand_institution_id is not None) == (status in LIVE)


@pytest.mark.parametrize("direction", ["down", "lateral"])
def test_the_other_directions_are_walked_to_the_end(cast, direction):
    assert referral_at("following_up", cast, direction=direction).direction == direction


def test_a_member_on_the_telephone_is_spoken_for(cast):
    places = {"sender": cast.institutions.chengguan, "receiver": cast.institutions.clinic}
    referral = referral_at("closed", cast, direction="down", **places)
    assert set(referral.steps.filter(on_behalf=True).values_list("verb", flat=True)) == {
        "accept", "schedule", "arrive", "conclude",
    }  # fmt: skip


def test_whoever_has_it_in_hand_can_claim_it(cast):
    referral = step("claim", referral_at("submitted", cast), cast)
    assert referral.claimed_by == cast.memberships.core_desk
