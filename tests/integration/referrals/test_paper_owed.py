"""What the green channel still owes afterwards (待补录): the list, who is told when, and that nothing stops it."""

from datetime import datetime, timedelta

import pytest
from django.db.utils import IntegrityError
from django.urls import reverse

from events import notices, outbox
from events.models import Event
from events.notices import Audience
from notifications.models import InboxMessage
from notifications.wording import words_of
from referrals.actions import beside
from referrals.actions import clock as main_clock
from referrals.models import Referral
from referrals.tasks import tick as whole_tick
from tests.integration.referrals.green import (
    LEAST,
    again,
    arrived,
    at,
    closed,
    complete,
    listed,
    sent,
    statements,
    tick,
)  # fmt: skip
from tests.integration.referrals.seeing import events_of
from tests.integration.referrals.sheets import edit_of, sheet
from tests.integration.referrals.speaking import ROOT, Side
from tests.walk import draft, referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.refusals import Refused

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)  # a Wednesday

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

PAGE = reverse("referrals:to_complete")


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_is_the_houses_own_by_the_hour_it_is_due(cast, clock):
    first = sent(cast)
    clock.shift(timedelta(minutes=30))
    second, done, routine = arrived(cast), complete(sent(cast), cast), referral_at("submitted", cast)
    taken_back = step("withdraw", sent(cast), cast)
    other_house = step("submit", draft(cast, sender=cast.institutions.hekou, **LEAST), cast)
    assert not {done.number, routine.number, taken_back.number} & {first.number, second.number}
    seen = {
        who: listed(cast.browser(who).get(PAGE))
        for who in ("township_doctor", "township_desk", "hekou_doctor", "core_desk", "outsider_doctor")
    }
    assert seen == {
        "township_doctor": [first.number, second.number],
        "township_desk": [first.number, second.number],
        "hekou_doctor": [other_house.number],
        "core_desk": [],
        "outsider_doctor": [],
    }


def test_the_line_says_by_when_and_leads_to_the_form(cast, clock):
    referral = arrived(cast)
    clock.move_to(at("03-12 08:30"))
    answer = cast.browser("township_doctor").get(PAGE)
    (row,) = answer.context["rows"]
    assert (row.due, row.level, row.go.url, row.go.label) == (at("03-12 10:00"), "soon", edit_of(referral), "补录")
    assert "剩 1 小时 30 分" in answer.content.decode()
    (row,) = cast.browser("township_desk").get(PAGE).context["rows"]
    assert row.go.url == reverse("referrals:detail", args=[referral.number])
    clock.move_to(at("03-12 11:00"))
    page = cast.browser("township_doctor").get(reverse("referrals:detail", args=[referral.number])).content.decode()
    assert "已超时 1 小时" in page
    assert f'class="btn btn-sm btn-primary" href="{edit_of(referral)}">去补录' in page


def test_the_menu_shows_how_many(cast):
    sent(cast)
    arrived(cast)
    count = reverse("referrals:to_complete_count")
    assert f'hx-get="{count}"' in cast.browser("township_doctor").get(PAGE).content.decode()
    assert '<span class="count">2<' in cast.browser("township_doctor").get(count).content.decode()
    assert cast.browser("core_desk").get(count).content.decode().strip() == ""
    assert cast.browser("pharmacist").get(count).status_code == cast.browser("pharmacist").get(PAGE).status_code == 403


def test_over_rest_with_the_hour(cast, clock):
    late = sent(cast)
    clock.shift(timedelta(hours=20))
    soon = sent(cast)
    clock.shift(timedelta(hours=5))
    side = Side.of(cast, "township_doctor")
    rows = side.get(f"{ROOT}?box=to_complete").json()["results"]
    due = [(row["number"], datetime.fromisoformat(row["completion_due"])) for row in rows]
    assert due == [(late.number, at("03-12 10:00")), (soon.number, at("03-13 06:00"))]
    overdue = side.get(f"{ROOT}?box=to_complete&overdue=true").json()["results"]
    assert [row["number"] for row in overdue] == [late.number]
    assert Side.of(cast, "core_desk").get(f"{ROOT}?box=to_complete").json()["results"] == []


def test_filters(cast, clock):
    late = sent(cast)
    clock.shift(timedelta(hours=20))
    arrived(cast)
    clock.shift(timedelta(hours=5))
    browser = cast.browser("township_doctor")
    assert listed(browser.get(PAGE, {"overdue": "on"})) == [late.number]
    assert listed(browser.get(PAGE, {"status": "submitted"})) == [late.number]
    assert browser.get(PAGE, {"green": "on"}).status_code == 400


@pytest.mark.parametrize("rows", [1, 30])
def test_query_counts(cast, rows):
    for _number in range(rows):
        sent(cast)
    browser, side = cast.browser("township_doctor"), Side.of(cast, "township_doctor")
    assert side.partner.token
    browser.get(reverse("referrals:outgoing"))
    counts = reverse("referrals:to_complete_count")
    asked = {
        "page": statements(lambda: browser.get(PAGE)),
        "rest": statements(lambda: side.get(f"{ROOT}?box=to_complete&limit=200")),
        "count": statements(lambda: browser.get(counts)),
    }
    assert asked == {"page": 6, "rest": 5, "count": 5}


# --- the paper itself -------------------------------------------------------------------------------------------------


def test_completed_in_time_or_late_is_remembered(cast, clock):
    early, late = sent(cast), sent(cast)
    clock.move_to(at("03-12 10:00"))
    early = complete(early, cast)
    clock.move_to(at("03-12 10:01"))
    late = complete(late, cast)
    names = ("completion_due", "completed_at", "completed_in_time", "beside_at")
    assert [getattr(early, name) for name in names] == [None, at("03-12 10:00"), True, None]
    assert [getattr(late, name) for name in names] == [None, at("03-12 10:01"), False, None]


def test_a_referral_that_is_closed_is_completed_without_ending_anew(cast, clock):
    referral = closed(cast)
    assert (referral.status, referral.ended_at) == ("closed", MOMENT)
    clock.shift(timedelta(hours=3))
    browser = cast.browser("township_doctor")
    assert "补录绿色通道资料" in browser.get(edit_of(referral)).content.decode()
    given = sheet(act="save", version=referral.version)
    assert browser.post(edit_of(referral), given).status_code == 302
    after = again(referral)
    assert (after.status, after.ended_at, after.completion_due) == ("closed", MOMENT, None)
    assert after.completed_in_time is True
    with pytest.raises(Refused):
        complete(referral, cast)


@pytest.mark.parametrize("way", ["withdraw", "forward", "void"])
def test_what_is_taken_back_or_passed_on_owes_nothing(cast, way):
    referral = sent(cast)
    step(way, referral, cast, **({"agreed_by": "市医院急诊"} if way == "forward" else {}))
    after = again(referral)
    assert (after.completion_due, after.completed_at) == (None, None)
    successors = Referral.objects.filter(parent=referral).values_list("completion_due", flat=True)
    assert list(successors) == ([MOMENT + timedelta(hours=24)] if way == "forward" else [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"completed_at": MOMENT, "completed_in_time": True},
        {"completed_in_time": True, "completion_due": None},
        {"green_channel": ""},
        {"status": "forwarded", "hand_institution": None},
    ],
)
def test_what_must_never_be_false(cast, wrong):
    referral = sent(cast)
    with pytest.raises(IntegrityError):
        Referral.objects.filter(pk=referral.pk).update(**wrong)


# --- who is told ------------------------------------------------------------------------------------------------------


def told_since(last) -> list[tuple[str, list[Audience]]]:
    found = Event.objects.filter(pk__gt=last, name__startswith="referral.completion").order_by("pk")
    return [(event.name.removeprefix("referral."), audience_of(event)) for event in found]


def audience_of(event) -> list[Audience]:
    (notice,) = notices.notices_for(event.name)
    return notice.audience(event)


def test_the_author_then_his_desk_then_the_office(cast, clock):
    """Also after the patient has come, and beside the clock of whoever has it in hand."""
    referral = arrived(cast)
    house, doctor = cast.institutions.chengguan, cast.users.township_doctor
    authors = [
        Audience(institution_id=house.pk, unit="department", department_id=cast.departments.general_chengguan.pk),
        Audience(institution_id=house.pk, unit="user", user_id=doctor.pk),
    ]
    office = Audience(institution_id=house.pk, unit="office", consortium_id=cast.consortium.pk)
    steps = [
        ("03-12 06:00", "completion_due", authors),
        ("03-12 10:00", "completion_overdue", authors),
        ("03-12 14:00", "completion_overdue", [Audience(institution_id=house.pk, unit="desk")]),
        ("03-13 10:00", "completion_overdue", [office]),
    ]
    for moment, name, audience in steps:
        last = Event.objects.latest("pk").pk
        clock.move_to(at(moment) - timedelta(minutes=1))
        assert tick() == []
        clock.move_to(at(moment))
        assert tick() == [name]
        assert told_since(last) == [(name, audience)]
    clock.shift(timedelta(days=60))
    assert tick() == ["review_due"]
    assert again(referral).beside_at is None


def test_after_downtime_only_the_last_step_is_told(cast, clock):
    referral = sent(cast)
    clock.move_to(at("03-12 20:00"))
    assert tick() == ["completion_overdue"]
    assert (again(referral).completion_rung, again(referral).beside_at) == (3, at("03-13 10:00"))
    late = sent(cast)
    clock.move_to(at("03-20 10:00"))
    assert tick() == ["completion_overdue", "completion_overdue"]
    assert again(late).completion_rung == again(referral).completion_rung == 4


def test_a_closed_referral_is_asked_for_its_paper_until_it_is_there(cast, clock):
    referral = closed(cast)
    clock.move_to(at("03-12 06:00"))
    assert tick() == ["completion_due"]
    complete(referral, cast)
    clock.move_to(at("03-13 12:00"))
    assert tick() == []


def test_the_main_clock_is_left_alone(cast, clock):
    referral = sent(cast)
    before = {name: getattr(referral, name) for name in ("look_at", "deadline", "rung", "turn_at", "version")}
    clock.move_to(at("03-12 12:00"))
    tick()
    assert {name: getattr(again(referral), name) for name in before} == before
    main_clock.tick()
    assert events_of(referral, "escalated", "completion_overdue") == ["completion_overdue", "escalated"]


def test_the_worker_looks_at_both(cast, clock):
    sent(cast)
    clock.move_to(at("03-12 06:00"))
    assert whole_tick() == 2


def test_one_bad_row_does_not_stop_the_others(cast, clock, monkeypatch):
    bad, good, look = sent(cast), sent(cast), beside.look

    def sometimes(pk):
        if pk == bad.pk:
            raise RuntimeError("a bad row")
        look(pk)

    monkeypatch.setattr(beside, "look", sometimes)
    clock.move_to(at("03-12 06:00"))
    beside.tick()
    assert [again(each).completion_rung for each in (bad, good)] == [0, 1]


def test_the_inbox_says_what_is_owed_until_when_and_nothing_of_the_patient(cast, clock):
    referral = sent(cast)
    for moment in ("03-12 06:00", "03-12 14:00"):
        clock.move_to(at(moment))
        tick()
        outbox.run_due()
    told = InboxMessage.objects.filter(notice__startswith="completion").select_related("event", "user").order_by("pk")
    people = {(message.user.username, message.notice) for message in told}
    assert people == {
        ("township-doctor", "completion_due"), ("township-colleague", "completion_due"),
        ("family-doctor", "completion_due"), ("township-desk", "completion_overdue"),
    }  # fmt: skip
    words = words_of(told[0].event, told[0].notice)
    assert words.title == f"{referral.number} 绿色通道资料待补录"
    assert words.body == "城关镇卫生院 → 县人民医院 神经内科，请在 03-12 10:00 前补齐。"
    everything = " ".join(f"{words_of(each.event, each.notice)} {each.event.facts}" for each in told)
    assert [secret for secret in ("王秀英", "言语不清", "13900007777") if secret in everything] == []
