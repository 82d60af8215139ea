"""What is written down later, who may still read when it is over, and what a mistake takes back."""

from datetime import datetime, timedelta

import pytest

from records.access import bases_for, open_record
from referrals import presenting
from referrals.models import Referral
from referrals.statuses import LIVE, STATUS_LABELS
from tests.integration.referrals.seeing import everything, grants_of, places_held, taken, tick
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.refusals import Missing, Refused

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)
KEPT = timedelta(days=90)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def again(referral) -> Referral:
    return Referral.objects.with_parties().get(pk=referral.pk)


# --- late entry -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "late"), [(0, False), (10, False), (11, True), (60 * 24 * 30, True)])
def test_what_is_entered_afterwards_says_so(cast, minutes, late):
    when = MOMENT - timedelta(minutes=minutes)
    referral = step("accept", referral_at("submitted", cast, urgency="emergency"), cast, occurred_at=when)
    made = referral.steps.get(verb="accept")
    assert (made.occurred_at, made.recorded_at, made.late) == (when, MOMENT, late)
    assert again(referral).responded_at == when


@pytest.mark.parametrize("verb", ["accept", "arrive"])
@pytest.mark.parametrize(
    ("moment", "code"),
    [(timedelta(minutes=6), "future"), (-timedelta(days=31), "too_early")],
    ids=["ahead", "long ago"],
)
def test_it_happened_before_now_and_not_long_ago(cast, verb, moment, code):
    names = ("occurred_at", "arrived_at") if verb == "arrive" else ("occurred_at",)
    referral = referral_at("submitted", cast, urgency="emergency")
    before = everything()
    for name in names:
        with pytest.raises(Refused) as refused:
            step(verb, referral, cast, **{name: MOMENT + moment})
        assert [(error.pointer, error.code) for error in refused.value.errors] == [(f"/{name}", code)]
        assert everything() == before


def test_what_people_did_follows_one_another(cast, clock):
    """Accepted at ten; nobody of a routine referral arrived at half past nine."""
    clock.shift(-timedelta(hours=1))
    referral = referral_at("submitted", cast)
    clock.move_to(MOMENT)
    step("accept", referral, cast)
    for name in ("occurred_at", "arrived_at"):
        before = everything()
        with pytest.raises(Refused) as refused:
            step("arrive", referral, cast, **{name: MOMENT - timedelta(minutes=30)})
        assert [(error.pointer, error.code) for error in refused.value.errors] == [(f"/{name}", "before_previous")]
        assert everything() == before


def test_who_was_missed_by_the_clock_had_come_after_all(cast, clock):
    referral = referral_at("scheduled", cast)
    came = MOMENT + timedelta(days=1)
    clock.move_to(MOMENT + timedelta(days=9))
    tick()
    assert again(referral).status == "no_show"
    referral = step("arrive", again(referral), cast, arrived_at=came)
    assert (referral.arrived_at, referral.steps.get(verb="arrive").late) == (came, True)


def test_an_emergency_arrives_first_and_is_written_up_afterwards(cast):
    earlier = MOMENT - timedelta(hours=2)
    referral = step("arrive", referral_at("submitted", cast, urgency="emergency"), cast, arrived_at=earlier)
    assert (referral.status, referral.arrived_at, referral.responded_at) == ("arrived", earlier, earlier)
    slow = referral_at("submitted", cast)
    with pytest.raises(Refused) as refused:
        step("arrive", slow, cast, arrived_at=earlier)
    assert refused.value.code == "before_previous"
    assert [error.pointer for error in refused.value.errors] == ["/arrived_at"]


@pytest.mark.parametrize(
    ("verb", "status", "facts", "pointer"),
    [
        ("conclude", "arrived", {"ended_at": MOMENT + timedelta(hours=1)}, "/ended_at"),
        ("conclude", "arrived", {"ended_at": MOMENT - timedelta(hours=1)}, "/ended_at"),
        ("conclude", "arrived", {"follow_up_on": datetime(9999, 12, 31).date()}, "/follow_up_on"),
        ("record_death", "arrived", {"died_at": MOMENT + timedelta(hours=1)}, "/died_at"),
        ("record_death", "arrived", {"died_at": MOMENT - timedelta(days=31)}, "/died_at"),
        ("acknowledge", "concluded", {"follow_up_on": datetime(2026, 3, 10).date()}, "/follow_up_on"),
        ("acknowledge", "concluded", {"follow_up_on": datetime(9999, 12, 31).date()}, "/follow_up_on"),
        ("defer", "accepted", {"contact_by": datetime(2026, 3, 10).date()}, "/contact_by"),
        ("defer", "accepted", {"contact_by": datetime(9999, 12, 31).date()}, "/contact_by"),
    ],
)
def test_moments_and_days_nobody_means(cast, verb, status, facts, pointer):
    referral = referral_at(status, cast)
    before = everything()
    with pytest.raises(Refused) as refused:
        step(verb, referral, cast, **facts)
    assert [error.pointer for error in refused.value.errors] == [pointer]
    assert everything() == before


@pytest.mark.parametrize("day", [datetime(2026, 3, 10).date(), datetime(9999, 12, 31).date()])
def test_a_home_visit_is_agreed_for_a_day_to_come(cast, day):
    referral = referral_at("accepted", cast, direction="down")
    with pytest.raises(Refused) as refused:
        step("schedule", referral, cast, date=day)
    assert [error.pointer for error in refused.value.errors] == ["/date"]


# --- undoing an arrival -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["submitted", "accepted", "scheduled", "in_transit"])
def test_an_arrival_is_undone_to_what_it_was(cast, status):
    referral = referral_at(status, cast)
    before = again(referral)
    step("arrive", referral, cast)
    step("undo_arrival", referral, cast)
    after = again(referral)
    names = ("status", "arrived_at", "responded_at", "hand_institution_id", "hand_unit")
    assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]
    assert places_held() == taken()


def test_an_emergency_whose_arrival_was_a_mistake_is_still_to_be_accepted(cast):
    referral = referral_at("submitted", cast, green_channel="stroke", caller_phone="13800000000")
    step("dispatch", referral, cast, confirmed_by="急诊科")
    step("arrive", referral, cast)
    step("undo_arrival", referral, cast)
    assert step("accept", referral, cast).responded_at == MOMENT


def test_who_was_missed_and_did_not_come_after_all_is_missed_again(cast):
    """The sender, who had to find out what became of the patient, has to again."""
    referral = step("arrive", referral_at("no_show", cast), cast)
    step("undo_arrival", referral, cast)
    assert (referral.status, referral.hand_side, places_held()) == ("no_show", "sender", {})


def test_who_did_not_come_to_a_place_that_is_over_has_not_come(cast, clock):
    """Back to `scheduled`; the sender hears of the absence the next morning, as of any other."""
    referral = referral_at("accepted", cast)
    step("schedule", referral, cast, slot=cast.slot(days=0))
    clock.move_to(MOMENT + timedelta(hours=13))
    step("arrive", referral, cast)
    clock.move_to(MOMENT + timedelta(hours=20))
    step("undo_arrival", referral, cast)
    assert (referral.status, referral.bookings.filter(given_back_at=None).count()) == ("scheduled", 1)
    clock.move_to(datetime(2026, 3, 12, 8, 0, tzinfo=ZONE))
    tick()
    assert referral.steps.order_by("-id").first().verb == "notice_absence"


def test_after_a_day_it_stays(cast, clock):
    referral = referral_at("arrived", cast)
    clock.shift(timedelta(hours=24, minutes=1))
    with pytest.raises(Refused) as refused:
        step("undo_arrival", referral, cast)
    assert refused.value.code == "too_late"


def test_after_thirty_days_the_slip_is_no_good(cast, clock):
    referral = referral_at("no_show", cast)
    clock.shift(timedelta(days=30, minutes=1))
    with pytest.raises(Refused) as refused:
        step("arrive", referral, cast)
    assert refused.value.code == "slip_expired"


# --- who may still read -----------------------------------------------------------------------------------------------

READS_ON = {"closed", "settled", "died"}


@pytest.mark.parametrize("status", STATUS_LABELS)
def test_the_receivers_ground_to_read(cast, clock, status):
    """While it lives; ninety days after an honest end; not a moment longer after a withdrawal or a mistake."""
    referral = referral_at(status, cast)
    grounds = [(grant.institution, grant.withdrawn_at, grant.valid_to) for grant in grants_of(referral)]
    house = cast.institutions.hospital
    if status in ("draft", "in_review"):
        assert grounds == []
    elif status in LIVE:
        assert grounds == [(house, None, None)]
    elif status in READS_ON:
        assert grounds == [(house, None, MOMENT + KEPT)]
        clock.move_to(MOMENT + KEPT + timedelta(seconds=1))
        assert not may_open(referral, cast)
    else:
        assert grounds == [(house, MOMENT, None)]
        assert not may_open(referral, cast)


def may_open(referral, cast) -> bool:
    doctor = cast.actors.cardiologist
    assert bases_for(doctor, referral.patient.person) == bases_for(cast.actors.core_desk, referral.patient.person)
    try:
        open_record(doctor, referral.patient, purpose="test")
    except Missing:
        assert not presenting.open_for(referral, doctor, purpose="test", route="")
        return False
    return True


def test_while_it_lives_the_receiver_reads_and_the_outsider_does_not(cast):
    referral = referral_at("submitted", cast)
    assert may_open(referral, cast)
    for who in ("outsider_doctor", "tcm_doctor", "hekou_doctor"):
        with pytest.raises(Missing):
            open_record(getattr(cast.actors, who), referral.patient, purpose="test")


# --- a mistake --------------------------------------------------------------------------------------------------------


def test_a_void_referral_takes_back_what_it_gave(cast):
    referral = referral_at("concluded", cast)
    open_record(cast.actors.cardiologist, referral.patient, purpose="test")
    open_record(cast.actors.township_doctor, referral.patient, purpose="test")
    step("void", referral, cast)
    referral = again(referral)
    assert referral.summary.withdrawn_at == MOMENT
    assert [grant.withdrawn_at for grant in grants_of(referral)] == [MOMENT]
    assert referral.steps.get(verb="void").facts == {"reason": "登错患者", "looked": ["县人民医院 周强"]}
    shown = presenting.detail_of(referral, cast.actors.township_doctor, opened=True)
    assert shown["summary"] is None


def test_a_void_referral_gives_its_place_back(cast):
    referral = referral_at("scheduled", cast)
    assert len(taken()) == 1
    step("void", referral, cast)
    assert taken() == places_held() == {}


def test_a_mistake_found_after_the_end_ends_what_was_left(cast, clock):
    referral = referral_at("closed", cast)
    clock.shift(timedelta(days=3))
    step("void", referral, cast)
    assert not may_open(referral, cast)


# --- small rules ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "status", "reason"),
    [
        ("reject", "submitted", "incomplete"),
        ("reject", "submitted", "other"),
        ("cancel", "accepted", "capacity_lost"),
        ("withdraw", "submitted", "other"),
    ],
)
def test_some_reasons_need_words(cast, verb, status, reason):
    referral = referral_at(status, cast)
    before = everything()
    with pytest.raises(Refused) as refused:
        step(verb, referral, cast, reason=reason)
    assert [error.pointer for error in refused.value.errors] == ["/remark"]
    assert everything() == before
    step(verb, referral, cast, reason=reason, remark="停电")


@pytest.mark.parametrize("attempts", [None, 0, 2])
def test_unreachable_means_three_times(cast, attempts):
    referral = referral_at("no_show", cast)
    with pytest.raises(Refused) as refused:
        step("settle", referral, cast, outcome="unreachable", attempts=attempts)
    assert [error.pointer for error in refused.value.errors] == ["/attempts"]
    assert step("settle", referral, cast, outcome="unreachable", attempts=3).status == "settled"
