"""The office reviews each use of the green channel: once, inside its own consortium, corrected only with a reason."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.urls import reverse

from accounts import actions as people
from accounts.actors import actor_for_membership
from events import outbox
from events.models import Event
from notifications.models import InboxMessage
from notifications.wording import words_of
from referrals.actions import review_green
from referrals.models import GreenReview, Referral
from tests.cast import LONG_AGO, SYSTEM
from tests.integration.referrals.green import (
    FOUND,
    again,
    arrived,
    at,
    complete,
    listed,
    page_of,
    sent,
    statements,
    tick,
)  # fmt: skip
from tests.integration.referrals.seeing import events_of
from tests.integration.referrals.speaking import ROOT, Side
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.refusals import Conflict, Forbidden, Refused, Stale

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)  # a Wednesday

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

PAGE = reverse("referrals:to_review")
POORLY = {"verdict": "not_justified", "times_kept": False, "remark": "起病三天，应走加急"}


def office(cast):
    return cast.actors.consortium_administrator


def reviewed(referral, cast, **more):
    return review_green(referral, actor=office(cast), **FOUND | more)


# --- the list ---------------------------------------------------------------------------------------------------------


def test_what_is_over_waits_for_the_office(cast, clock):
    there = arrived(cast)
    clock.shift(timedelta(minutes=1))
    ended = again(step("withdraw", sent(cast), cast))
    waiting, error, routine = sent(cast), step("void", arrived(cast), cast), referral_at("arrived", cast)
    assert [again(each).review_due for each in (waiting, error, routine)] == [None, None, None]
    answer = cast.browser("consortium_administrator").get(PAGE)
    assert listed(answer) == [there.number, ended.number]
    assert [(row.due, row.go.url) for row in answer.context["rows"]] == [
        (at("03-18 10:00"), page_of(there)),
        (at("03-18 10:01"), page_of(ended)),
    ]
    assert "王秀英" not in answer.content.decode()
    assert listed(cast.browser("outsider_office").get(PAGE)) == []
    assert {cast.browser(who).get(PAGE).status_code for who in ("core_desk", "cardiologist", "pharmacist")} == {403}


def test_an_arrival_that_was_a_mistake_takes_it_off_again(cast):
    referral = step("undo_arrival", arrived(cast), cast)
    assert (again(referral).review_due, again(referral).completion_due) == (None, MOMENT + timedelta(hours=24))
    assert listed(cast.browser("consortium_administrator").get(PAGE)) == []


def test_a_use_that_goes_on_keeps_its_day(cast, clock):
    referral = arrived(cast)
    clock.shift(timedelta(days=2))
    step("conclude", referral, cast, diagnoses=[{"text": "急性脑梗死"}])
    assert again(referral).review_due == at("03-18 10:00")


def test_the_office_is_reminded_once(cast, clock):
    referral = complete(arrived(cast), cast)
    clock.move_to(at("03-18 09:59"))
    assert tick() == []
    clock.move_to(at("03-18 10:00"))
    assert tick() == ["review_due"]
    outbox.run_due()
    (message,) = InboxMessage.objects.filter(notice="review_due").select_related("event", "user")
    assert (message.user.username, words_of(message.event, "review_due").title) == (
        "consortium-administrator", f"{referral.number} 绿色通道使用待评审",
    )  # fmt: skip
    clock.shift(timedelta(days=60))
    assert tick() == []


def test_the_menu_counts_and_rest_lists(cast):
    referral = arrived(cast)
    browser = cast.browser("consortium_administrator")
    assert '<span class="count">1<' in browser.get(reverse("referrals:to_review_count")).content.decode()
    partner = cast.client("county-hospital", roles=["consortium_administrator"])
    (row,) = partner.get(f"{ROOT}?box=to_review").json()["results"]
    assert (row["number"], datetime.fromisoformat(row["review_due"])) == (referral.number, at("03-18 10:00"))
    assert Side.of(cast, "core_desk").get(f"{ROOT}?box=to_review").status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_query_counts(cast, rows):
    for _number in range(rows):
        step("withdraw", sent(cast), cast)
    referral = arrived(cast)
    reviewed(referral, cast)
    browser = cast.browser("consortium_administrator")
    browser.get(reverse("referrals:overseen"))
    detail = reverse("referrals:detail", args=[referral.number])
    asked = {name: statements(lambda url=url: browser.get(url)) for name, url in (
        ("list", PAGE), ("review", page_of(referral)), ("detail", detail),
    )}  # fmt: skip
    assert asked == {"list": 5, "review": 9, "detail": 8}


# --- the act ----------------------------------------------------------------------------------------------------------


def test_what_was_found_is_kept_and_takes_it_off_the_list(cast):
    referral = arrived(cast)
    version = referral.version
    review = reviewed(referral, cast, remark=" 溶栓及时 ")
    assert (review.version, review.verdict, review.times_kept, review.remark, review.reason) == (
        1, "justified", True, "溶栓及时", None,
    )  # fmt: skip
    assert (review.reviewer_name, review.institution, review.reviewed_at) == (
        "马超", cast.institutions.hospital, MOMENT,
    )  # fmt: skip
    after = again(referral)
    assert (after.review_due, after.version, after.completion_due) == (None, version, MOMENT + timedelta(hours=24))
    assert after.beside_at == at("03-12 06:00")
    assert events_of(referral, "reviewed") == ["reviewed"]
    step("conclude", after, cast, diagnoses=[{"text": "急性脑梗死"}])
    assert again(referral).review_due is None


@pytest.mark.parametrize(
    ("wrong", "at_fault"),
    [
        ({"verdict": ""}, ["/verdict"]),
        ({"verdict": "splendid"}, ["/verdict"]),
        ({"times_kept": None}, ["/times_kept"]),
        ({"verdict": "partly"}, ["/remark"]),
        ({"verdict": "not_justified", "remark": "  "}, ["/remark"]),
        ({"remark": "字" * 2001}, ["/remark"]),
        ({"verdict": "", "times_kept": None, "remark": "a\x00"}, ["/verdict", "/times_kept", "/remark"]),
        ({"corrects": 1}, ["/corrects"]),
    ],
)
def test_what_cannot_be_recorded_is_said_at_once(cast, wrong, at_fault):
    referral = arrived(cast)
    with pytest.raises(Refused) as refused:
        reviewed(referral, cast, **wrong)
    assert [error.pointer for error in refused.value.errors] == at_fault
    assert (GreenReview.objects.count(), again(referral).review_due) == (0, at("03-18 10:00"))


def test_once_and_then_only_corrected(cast):
    referral = arrived(cast)
    reviewed(referral, cast)
    with pytest.raises(Conflict) as refused:
        reviewed(referral, cast)
    assert str(refused.value) == "已由马超评审。如需更正，请写明更正的是第几版（第 1 版）和更正理由。"
    with pytest.raises(Refused) as refused:
        reviewed(referral, cast, corrects=1)
    assert [error.pointer for error in refused.value.errors] == ["/reason"]
    reviewed(referral, cast, corrects=1, reason="核对了出诊记录", **POORLY)
    with pytest.raises(Conflict):
        reviewed(referral, cast, corrects=1, reason="同时更正")
    kept = list(referral.green_reviews.order_by("version").values_list("version", "verdict", "reason"))
    assert kept == [(1, "justified", None), (2, "not_justified", "核对了出诊记录")]
    assert again(referral).review_due is None


@pytest.mark.parametrize(("status", "content"), [("submitted", {}), ("arrived", {"green_channel": ""}), ("void", {})])
def test_not_before_it_is_over_nor_without_the_green_channel(cast, status, content):
    given = {"green_channel": "stroke", "caller_phone": "13900007777"} | content
    referral = referral_at(status, cast, **given)
    with pytest.raises(Refused) as refused:
        reviewed(referral, cast)
    assert refused.value.code == "not_reviewable"


@pytest.mark.parametrize("who", ["core_desk", "cardiologist", "township_doctor", "core_administrator"])
def test_only_the_office(cast, who):
    with pytest.raises(Forbidden) as refused:
        review_green(arrived(cast), actor=getattr(cast.actors, who), **FOUND)
    assert refused.value.code == "wrong_role"


def test_only_of_its_own_consortium_and_never_its_own_author(cast):
    referral = arrived(cast)
    with pytest.raises(Forbidden) as refused:
        review_green(referral, actor=cast.actors.outsider_office, **FOUND)
    assert refused.value.code == "wrong_side"
    both = people.add_membership(
        actor=SYSTEM, user=cast.users.township_doctor, institution=cast.institutions.tcm,
        roles=["consortium_administrator"], staff_number="S099", started_on=LONG_AGO,
    )  # fmt: skip
    with pytest.raises(Forbidden) as refused:
        review_green(referral, actor=actor_for_membership(both), **FOUND)
    assert refused.value.code == "second_person"


def test_a_stale_page_is_refused(cast):
    referral = arrived(cast)
    with pytest.raises(Stale):
        reviewed(referral, cast, version=referral.version - 1)


@pytest.mark.parametrize(
    "wrong",
    [{"verdict": "splendid"}, {"verdict": "partly", "remark": None}, {"version": 2}, {"reason": "为什么"}, {}],
)
def test_what_must_never_be_false(cast, wrong):
    referral = arrived(cast)
    row = {"referral": referral, "version": 1, "reviewer_name": "马超", "institution": cast.institutions.hospital}
    if not wrong:
        GreenReview.objects.create(**row, **FOUND)
    with pytest.raises(IntegrityError), transaction.atomic():
        GreenReview.objects.create(**row | FOUND | wrong)
    for lie in ({"arrived_at": None}, {"green_channel": ""}, {"status": "void", "hand_institution": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Referral.objects.filter(pk=referral.pk).update(completion_due=None, **lie)


# --- telling ----------------------------------------------------------------------------------------------------------


def test_both_sides_hear_the_verdict_and_read_the_remark(cast):
    referral = arrived(cast)
    reviewed(referral, cast, **POORLY)
    outbox.run_due()
    told = InboxMessage.objects.filter(notice="reviewed").select_related("event", "user").order_by("user__username")
    assert {message.user.username for message in told} == {
        "township-doctor", "township-colleague", "family-doctor", "neurologist",
    }  # fmt: skip
    words = words_of(told[0].event, "reviewed")
    assert words.title == f"{referral.number} 绿色通道评审：使用不当"
    assert POORLY["remark"] not in f"{words} {Event.objects.get(name='referral.reviewed').facts}"
    for who in ("township_doctor", "neurologist", "consortium_administrator"):
        page = cast.browser(who).get(reverse("referrals:detail", args=[referral.number])).content.decode()
        assert [word for word in ("使用不当", POORLY["remark"], "马超") if word not in page] == []
