"""A consortium's own limits: who may set them, what they change, what they may not be."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import Event
from referrals.actions.limiting import limits_of, reset_limit, set_limit
from referrals.limits import Limit
from tests.walk import referral_at
from toolkit.refusals import Forbidden, Missing, Refused

pytestmark = pytest.mark.django_db


def own(cast, **changes):
    given = {"urgency": "urgent", "step": "respond", "amount": 30, "unit": "minutes"} | changes
    return set_limit(actor=cast.actors.consortium_administrator, consortium=cast.consortium, **given)


def test_the_next_referral_has_the_new_limit_and_the_old_one_keeps_its_own(cast):
    before = referral_at("submitted", cast, urgency="urgent")
    own(cast)
    after = referral_at("submitted", cast, urgency="urgent")
    now = timezone.now()
    assert timedelta(minutes=29) < after.deadline - now <= timedelta(minutes=30)
    before.refresh_from_db()
    assert before.deadline - now > timedelta(minutes=31)
    assert Event.objects.get(name="limit.set").facts == {
        "urgency": "urgent", "step": "respond", "amount": 30, "unit": "minutes",
    }  # fmt: skip


def test_taking_it_back_restores_the_default(cast):
    own(cast)
    assert limits_of(cast.consortium)["urgent", "respond"] == (Limit(30, "minutes"), True)
    reset_limit(
        actor=cast.actors.consortium_administrator, consortium=cast.consortium, urgency="urgent", step="respond"
    )
    cast.consortium.refresh_from_db()
    assert limits_of(cast.consortium)["urgent", "respond"] == (Limit(120, "working_minutes"), False)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"urgency": "whenever"}, "/urgency"),
        ({"step": "sleep"}, "/step"),
        ({"unit": "moons"}, "/unit"),
        ({"amount": -1}, "/amount"),
        ({"amount": 10**9}, "/amount"),
        ({"step": "escalate", "amount": 0}, "/amount"),
        ({"urgency": "emergency", "unit": "working_days"}, "/unit"),
    ],
)
def test_what_a_limit_may_not_be(cast, change, pointer):
    with pytest.raises(Refused) as refused:
        own(cast, **change)
    assert [error.pointer for error in refused.value.errors] == [pointer]


def test_only_the_office_of_this_consortium(cast):
    cell = {"consortium": cast.consortium, "urgency": "urgent", "step": "respond"}
    with pytest.raises(Forbidden):
        set_limit(actor=cast.actors.core_administrator, amount=30, unit="minutes", **cell)
    with pytest.raises(Missing):
        set_limit(actor=cast.actors.outsider_office, amount=30, unit="minutes", **cell)
    assert not Event.objects.filter(name="limit.set").exists()
