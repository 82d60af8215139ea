"""The bar above a referral shows what happened, and the timeline counts when it happened."""

from datetime import datetime, timedelta

import pytest

from events import outbox
from referrals.models import Referral
from referrals.showing.story import story_of
from referrals.showing.way import stages_of
from tests.integration.referrals.test_pairs import sent_home
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

GREEN = {"urgency": "emergency", "green_channel": "chest_pain", "caller_phone": "0839-7230120"}


def again(referral) -> Referral:
    return Referral.objects.with_parties().get(pk=referral.pk)


def way(referral) -> str:
    referral = again(referral)
    signs = {"done": "✓", "now": "…", "bad": "✗", "todo": ""}
    stages = stages_of(referral, list(referral.steps.order_by("id")))
    assert all((stage.at is not None) == (stage.state in ("done", "bad")) for stage in stages)
    return " ".join(f"{stage.label}{signs[stage.state]}" for stage in stages)


def story(referral):
    referral = again(referral)
    return story_of(referral, list(referral.steps.select_related("institution").order_by("id")), opened=True)


WAYS = {
    "draft": "待提交… 待接收 待预约 待到诊 待办结 待签收",
    "submitted": "提交✓ 待接收… 待预约 待到诊 待办结 待签收",
    "returned": "待提交… 待接收 待预约 待到诊 待办结 待签收",
    "accepted": "提交✓ 接收✓ 待预约… 待到诊 待办结 待签收",
    "scheduled": "提交✓ 接收✓ 预约✓ 待到诊… 待办结 待签收",
    "in_transit": "提交✓ 接收✓ 待到诊… 待办结 待签收",
    "concluded": "提交✓ 接收✓ 预约✓ 到诊✓ 办结回传✓ 待签收…",
    "following_up": "提交✓ 接收✓ 预约✓ 到诊✓ 办结回传✓ 签收✓ 待随访…",
    "closed": "提交✓ 接收✓ 预约✓ 到诊✓ 办结回传✓ 签收✓",
    "rejected": "提交✓ 不予接收✗",
    "settled": "提交✓ 不予接收✗ 已登记去向✓",
    "forwarded": "提交✓ 已转他院✓",
    "withdrawn": "提交✓ 已撤回✓",
    "cancelled": "提交✓ 接收✓ 已取消✗",
    "no_show": "提交✓ 接收✓ 预约✓ 未到诊✗",
    "expired": "提交✓ 已过期✗",
}


@pytest.mark.parametrize(("status", "words"), WAYS.items(), ids=WAYS)
def test_the_way_is_what_happened(cast, status, words):
    assert way(referral_at(status, cast)) == words


def test_under_way_before_anybody_has_accepted(cast):
    referral = referral_at("submitted", cast, **GREEN)
    step("dispatch", referral, cast, confirmed_by="周强")
    assert way(referral) == "提交✓ 待接收… 待到诊 待办结 待签收"
    step("accept", referral, cast)
    assert way(referral) == "提交✓ 接收✓ 待到诊… 待办结 待签收"


def test_who_arrives_unannounced_is_accepted_by_that_and_no_longer_when_it_is_undone(cast):
    referral = referral_at("submitted", cast)
    step("arrive", referral, cast)
    assert way(referral) == "提交✓ 接收✓ 到诊✓ 待办结… 待签收"
    step("undo_arrival", referral, cast)
    step("reject", referral, cast)
    assert way(referral) == "提交✓ 不予接收✗"


def test_a_missed_appointment_that_was_settled_shows_both(cast):
    referral = referral_at("no_show", cast)
    step("settle", referral, cast)
    assert way(referral) == "提交✓ 接收✓ 预约✓ 未到诊✗ 已登记去向✓"


def test_what_its_way_home_has_closed_was_signed_by_nobody(cast):

    up = referral_at("concluded", cast)
    sent_home(up, cast, "arrive")
    outbox.run_due()
    assert way(up) == "提交✓ 接收✓ 预约✓ 到诊✓ 办结回传✓ 已办结✓"


# --- how long it lay where --------------------------------------------------------------------------------------------


def test_what_is_entered_afterwards_lay_there_only_until_it_happened(cast, clock):
    referral = referral_at("submitted", cast)
    clock.shift(timedelta(hours=6))
    step("accept", referral, cast, occurred_at=MOMENT + timedelta(hours=1))
    told = story(referral)
    assert [(entry.label, entry.lasted) for entry in told.entries] == [
        ("起草", "不到 1 分"), ("提交", "1 小时"), ("接收", "5 小时"),
    ]  # fmt: skip
    assert told.stays == [("转出方共用时", "不到 1 分"), ("接收方共用时", "6 小时")]


def test_an_emergency_that_came_before_it_was_written_lay_nowhere_before(cast, clock):
    referral = referral_at("submitted", cast, urgency="emergency")
    clock.shift(timedelta(hours=2))
    step("arrive", referral, cast, occurred_at=MOMENT - timedelta(hours=1))
    told = story(referral)
    assert [entry.lasted for entry in told.entries] == ["不到 1 分", "不到 1 分", "3 小时"]
    assert told.stays == [("转出方共用时", "不到 1 分"), ("接收方共用时", "3 小时")]


def test_the_stays_are_together_as_long_as_it_took(cast, clock):
    referral = referral_at("submitted", cast)
    clock.shift(timedelta(hours=3))
    step("return", referral, cast, occurred_at=MOMENT + timedelta(hours=2))
    clock.shift(timedelta(hours=1))
    step("submit", referral, cast)
    clock.shift(timedelta(hours=4))
    step("accept", referral, cast)
    assert story(referral).stays == [("转出方共用时", "2 小时"), ("接收方共用时", "6 小时")]
