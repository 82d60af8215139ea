"""已重新转诊 is said of a patient who has been referred again, not of one who drops out."""

from datetime import datetime, timedelta

import pytest

from referrals.models import Referral
from tests.integration.referrals.speaking import Side, address, pointers
from tests.walk import draft, referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.refusals import Refused

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def sent_again(cast, referral, clock, **more) -> Referral:
    """Another referral of the same patient by the same house, an hour later."""
    clock.shift(timedelta(hours=1))
    more = {"department": cast.departments.neurology} | more
    return step("submit", draft(cast, patient=referral.patient, **more), cast)


def settled_as(referral, cast, **facts) -> str:
    step("settle", referral, cast, outcome="re_referred", **facts)
    assert referral.status == "settled"
    return referral.steps.get(verb="settle").facts["number"]


def refused(referral, cast, **facts):
    with pytest.raises(Refused) as refusal:
        step("settle", referral, cast, **{"outcome": "re_referred"} | facts)
    assert Referral.objects.get(pk=referral.pk).status != "settled"
    (error,) = refusal.value.errors
    return error.pointer, str(error.detail)


@pytest.mark.parametrize("status", ["rejected", "expired", "no_show", "cancelled"])
def test_without_a_new_referral_it_says_how_to_make_one(cast, status):
    pointer, words = refused(referral_at(status, cast), cast)
    how = "“修改后重新转诊”" if status in ("rejected", "expired") else "另行发起转诊"
    assert (pointer, how in words) == ("/outcome", True)


def test_the_one_there_is_is_found(cast, clock):
    referral = referral_at("no_show", cast)
    new = sent_again(cast, referral, clock)
    assert settled_as(referral, cast) == new.number


def test_of_several_the_number_is_asked(cast, clock):
    referral = referral_at("no_show", cast)
    first = sent_again(cast, referral, clock)
    second = sent_again(cast, referral, clock, department=cast.departments.surgery)
    pointer, words = refused(referral, cast)
    assert (pointer, first.number in words, second.number in words) == ("/number", True, True)
    assert settled_as(referral, cast, number=f" {second.number.lower()} ") == second.number


def test_what_is_none_of_his_does_not_count(cast, clock):
    """Earlier ones, drafts, those taken back, those of other patients and of other houses."""
    earlier = referral_at("closed", cast)
    clock.shift(timedelta(hours=1))
    referral = referral_at("no_show", cast, patient=earlier.patient)
    clock.shift(timedelta(hours=1))
    others = [
        earlier,
        draft(cast, patient=referral.patient, department=cast.departments.neurology),
        step("withdraw", sent_again(cast, referral, clock), cast),
        referral_at("submitted", cast),
        referral_at("submitted", cast, sender=cast.institutions.hekou),
    ]
    assert refused(referral, cast)[0] == "/outcome"
    for other in others:
        assert refused(referral, cast, number=other.number)[0] == "/number"


def test_a_number_belongs_to_this_ending_alone(cast, clock):
    referral = referral_at("no_show", cast)
    new = sent_again(cast, referral, clock)
    assert refused(referral, cast, outcome="treated_here", number=new.number)[0] == "/number"


def test_over_rest_and_on_the_timeline(cast, clock):
    referral = referral_at("no_show", cast)
    side = Side.of(cast, "township_doctor")
    settle = address(referral.number, "settle")
    answer = side.post(settle, {"outcome": "re_referred"}, version=referral.version)
    assert pointers(answer, 422) == ["/outcome"]
    new = sent_again(cast, referral, clock)
    answer = side.post(settle, {"outcome": "re_referred"}, version=referral.version)
    assert (answer.status_code, answer.json()["status"]) == (200, "settled")
    last = side.get(address(referral.number, "events")).json()["results"][-1]
    assert last["facts"] == {"outcome": "re_referred", "number": new.number}
    page = cast.browser("township_doctor").get(f"/referrals/{referral.number}/").content.decode()
    assert f'<dt>关联转诊单</dt><dd class="number">{new.number}</dd>' in page
