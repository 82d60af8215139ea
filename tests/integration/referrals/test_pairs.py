"""Up and back down as one journey: what an arrival at home closed is open again when that arrival was a mistake."""

import random
from datetime import datetime, timedelta

import pytest
from django.db.models import Q

from events import outbox
from events.notices import find
from notifications.models import InboxMessage
from referrals.actions import change_draft, clock
from referrals.models import Referral
from tests.integration.referrals.seeing import events_of, everything, grants_of, tick
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.refusals import Refusal, Refused

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)  # a Wednesday
HOUR = timedelta(hours=1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def again(referral) -> Referral:
    return Referral.objects.with_parties().get(pk=referral.pk)


def sent_home(up, cast, *verbs) -> Referral:
    """The linked down-referral, written and moved on."""
    down = step("refer_back", again(up), cast)
    consent = {"given_by": "self", "method": "signed_paper"}
    change_draft(
        down, actor=cast.actors.cardiologist, consent=consent, treatment="药物治疗", plan="按时服药",
        follow_up_on=datetime(2026, 3, 25, tzinfo=ZONE).date(),
    )  # fmt: skip
    for verb in ("submit", "accept", *verbs):
        step(verb, again(down), cast)
    return again(down)


@pytest.fixture
def pair(cast):
    """(up, down): the patient came home, and that closed the way up."""
    up = referral_at("concluded", cast)
    down = sent_home(up, cast, "arrive")
    outbox.run_due()
    assert again(up).status == "closed"
    return up, down


def test_the_way_up_is_open_again(cast, pair, clock):
    up, down = pair
    assert up.steps.get(verb="close").facts["number"] == down.number
    clock.shift(5 * HOUR)
    step("undo_arrival", down, cast)
    up = again(up)
    assert (up.status, up.ended_at, up.hand_institution) == ("concluded", None, cast.institutions.chengguan)
    assert (up.concluded_at, up.deadline) == (MOMENT, datetime(2026, 3, 13, 15, 0, tzinfo=ZONE))
    made = up.steps.order_by("-id").first()
    assert (made.verb, made.actor_kind, made.facts) == ("reopen", "clock", {"number": down.number})
    assert events_of(up, "closed", "reopened") == ["closed", "reopened"]


def test_its_readers_read_on(cast, pair, clock):
    up, down = pair
    assert [grant.valid_to for grant in grants_of(up)] == [MOMENT + timedelta(days=90)]
    clock.shift(HOUR)
    step("undo_arrival", down, cast)
    assert [(grant.valid_to, grant.withdrawn_at) for grant in grants_of(up)] == [(None, None)]
    step("acknowledge", again(up), cast)
    assert [grant.valid_to for grant in grants_of(up)] == [MOMENT + HOUR + timedelta(days=90)]


def test_both_sides_hear(cast, pair):
    up, down = pair
    step("undo_arrival", down, cast)
    outbox.run_due()
    told = InboxMessage.objects.filter(notice="reopened", event__subject=up.event_ref)
    houses = set(told.values_list("institution__code", flat=True))
    assert houses == {"chengguan", "county-hospital"}
    words = find("referral.reopened", "reopened").words(told.first().event)
    assert (words.title, words.body) == (f"{up.number} 恢复待签收", f"下转单 {down.number} 的到诊登记已撤销。")


def test_when_he_really_comes_it_closes_again(cast, pair):
    up, down = pair
    down = step("undo_arrival", down, cast)
    step("arrive", again(down), cast)
    outbox.run_due()
    assert (again(up).status, events_of(up, "closed")) == ("closed", ["closed", "closed"])


def test_an_arrival_undone_before_anybody_reacted_closes_nothing(cast):
    up = referral_at("concluded", cast)
    down = sent_home(up, cast, "arrive")
    step("undo_arrival", down, cast)
    outbox.run_due()
    assert (again(up).status, events_of(up, "closed", "reopened")) == ("concluded", [])


def test_what_the_sender_has_read_and_signed_stays_signed(cast):
    up = referral_at("concluded", cast)
    down = sent_home(up, cast)
    step("acknowledge", again(up), cast)
    step("arrive", again(down), cast)
    outbox.run_due()
    step("undo_arrival", again(down), cast)
    assert (again(up).status, events_of(up, "reopened")) == ("closed", [])


def test_what_another_way_home_has_closed_stays_closed(cast, pair):
    """Only the arrival that closed it opens it."""
    up, _down = pair
    made = up.steps.get(verb="close")
    made.facts = {"number": "R-OTHER"}
    made.save()
    step("undo_arrival", _down, cast)
    assert again(up).status == "closed"


def test_what_was_void_meanwhile_stays_void(cast, pair):
    up, down = pair
    step("void", again(up), cast)
    step("undo_arrival", down, cast)
    assert again(up).status == "void"


# --- the patient is home before anything was written ------------------------------------------------------------------


def pressed(up) -> list[tuple]:
    return [(step.actor_kind, step.facts["number"]) for step in up.steps.filter(verb="press_summary")]


@pytest.mark.parametrize("kind", ["inpatient", "outpatient"])
def test_who_is_home_before_his_summary_is_not_forgotten(cast, clock, kind):
    up = referral_at("arrived", cast, kind=kind)
    clock.shift(5 * HOUR)
    before = again(up)
    down = sent_home(up, cast, "arrive")
    while outbox.run_due():
        pass
    up = again(up)
    assert (up.status, up.version, up.hand_institution) == ("arrived", before.version, cast.institutions.hospital)
    due = min(MOMENT + 29 * HOUR, before.deadline or MOMENT + 29 * HOUR)
    assert (up.deadline, up.look_at, up.turn_at) == (due, due, due)
    assert pressed(up) == [("clock", down.number)]
    heard = InboxMessage.objects.filter(notice="summary_wanted").values_list("user__username", flat=True)
    assert sorted(heard) == ["cardiologist", "core-doctor", "travelling-doctor"]


def test_it_is_said_once_and_reminded_of_when_the_day_is_over(cast, clock):
    up = referral_at("arrived", cast, kind="inpatient")
    down = sent_home(up, cast, "arrive")
    outbox.run_due()
    step("undo_arrival", again(down), cast)
    step("arrive", again(down), cast)
    outbox.run_due()
    assert pressed(up) == [("clock", down.number)]
    clock.shift(25 * HOUR)
    tick()
    assert up.steps.filter(verb="remind").count() == 1
    step("conclude", again(up), cast)
    outbox.run_due()
    assert again(up).status == "closed"


def test_a_void_way_home_closes_nothing(cast):
    up = referral_at("arrived", cast)
    step("void", sent_home(up, cast, "arrive"), cast, actor=cast.actors.core_doctor)
    step("conclude", again(up), cast)
    outbox.run_due()
    assert again(up).status == "concluded"


def test_where_it_cannot_be_opened_the_arrival_stays(cast, pair, monkeypatch):
    """Half a journey is not undone."""
    up, down = pair

    def refuse(**_facts):
        raise Refused("locked")

    monkeypatch.setattr(clock, "lift_end", refuse)
    before = everything()
    with pytest.raises(Refused) as refused:
        step("undo_arrival", down, cast)
    assert (refused.value.code, up.number in str(refused.value.detail)) == ("pair_closed", True)
    assert everything() == before


def test_in_any_order_one_follows_the_other(cast):
    """Random walks of a pair: the way up is closed by the way home exactly as long as the patient is at home."""
    chance = random.Random(7)  # noqa: S311 - a test's dice
    seen = set()
    for _walk in range(6):
        up = referral_at(chance.choice(["arrived", "concluded"]), cast)
        down = sent_home(up, cast)
        for _move in range(12):
            verb, one = chance.choice(
                [("arrive", down), ("arrive", down), ("undo_arrival", down), ("undo_arrival", down), ("conclude", up)]
            )
            try:
                step(verb, again(one), cast)
                seen.add(verb)
            except Refusal:
                continue
            if chance.random() < 0.7:
                react()
            check(up, down)
        react()
        check(up, down, settled=True)
    assert seen == {"arrive", "undo_arrival", "conclude"}


def react() -> None:
    while outbox.run_due():
        pass


def check(up, down, *, settled=False) -> None:
    up, down = again(up), again(down)
    at_home = down.arrived_at is not None
    assert up.status in {"arrived", "concluded", "closed"}
    assert at_home or up.status != "closed"
    if settled and at_home:
        assert up.status in {"arrived", "closed"}
    open_ended = Q(valid_to__isnull=True, withdrawn_at__isnull=True)
    assert grants_of(up).filter(open_ended).exists() == (up.status != "closed")
