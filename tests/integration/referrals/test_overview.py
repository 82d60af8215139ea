"""The overview: every number opens exactly its rows, nobody counts what is not his, what is taken away is on record."""

import csv
from datetime import datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.urls import reverse

from accounts.actions import add_membership, create_user
from events.models import Event
from referrals.actions.reviewing import review_green
from referrals.models import Referral
from tests.cast import LONG_AGO, PASSWORD, SYSTEM
from tests.integration.pages import refused, words
from tests.integration.referrals.overviewing import OFFICE, numbers, overview, rows_behind, shares
from tests.walk import referral_at
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)
DESK = "township_desk"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_two_days_later")]


@pytest.fixture
def _two_days_later(clock):
    clock.shift(timedelta(days=2))


@pytest.fixture(scope="module")
def busy(_built, django_db_blocker):
    """One of everything, made once; and in the other consortium one that must never be counted."""
    with django_db_blocker.unblock(), time_machine.travel(MOMENT, tick=False):
        cast, made = _built, {}
        for status in ("closed", "no_show", "arrived", "returned", "withdrawn", "settled", "void", "draft"):
            made[status] = referral_at(status, cast)
        made["down"] = referral_at("accepted", cast, direction="down")
        green = {
            "urgency": "emergency",
            "green_channel": "stroke",
            "caller_phone": "13800001111",
            "department": cast.departments.neurology,
        }
        made["green"] = referral_at("arrived", cast, **green)
        review_green(made["green"], actor=cast.actors.consortium_administrator, verdict="justified", times_kept=True)
        made["late"] = referral_at("submitted", cast, urgency="urgent", sender=cast.institutions.hekou)
        made["strange"] = strange(cast)
        return made


def strange(cast) -> Referral:
    """A referral of the outsider's own consortium, in every way like ours."""
    theirs = referral_at("submitted", cast)
    Referral.objects.filter(pk=theirs.pk).update(
        consortium=cast.outside_consortium,
        sender=cast.institutions.outsider,
        hand_institution=cast.institutions.outsider,
    )
    Referral.objects.filter(pk=theirs.pk).update(receiver=cast.institutions.tcm)
    return theirs


def test_every_number_opens_exactly_its_rows(cast, busy):
    browser = cast.browser(OFFICE)
    answer = overview(browser)
    opened = dict(numbers(answer))
    charts = answer.context["charts"]
    drawn = {bar["url"]: bar["value"] for name in ("reasons", "stuck") for bar in charts[name]["bars"]}
    drawn |= {link["url"]: link["value"] for link in charts["flows"]["links"]}
    assert drawn.items() <= opened.items()
    assert {url: len(rows_behind(browser, url)) for url in opened} == opened
    assert len(opened) > 40


def test_what_the_figures_say(cast, busy):
    answer = overview(cast.browser(OFFICE))
    assert shares(answer) == {
        "sent": (9, 9), "down": (1, 9), "out": (0, 9), "in_time": (5, 6), "green_in_time": (1, 1), "accepted": (5, 6),
        "arrived": (3, 4), "closed": (1, 3), "returned": (1, 9), "rejected": (1, 9), "cancelled": (0, 9),
        "withdrawn": (1, 9),
    }  # fmt: skip
    shown = answer.context["shown"]
    assert [(flow.sender, flow.receiver, flow.direction, flow.number.count) for flow in shown.flows] == [
        ("城关镇卫生院", "县人民医院", "上转", 7), ("河口镇卫生院", "县人民医院", "上转", 1),
        ("县人民医院", "城关镇卫生院", "下转", 1),
    ]  # fmt: skip
    assert [(each.house, each.tier, each.answered.count, each.ratio.shown) for each in shown.answers] == [
        ("县人民医院", "普通", 4, "100.0%"), ("县人民医院", "加急", 0, "0.0%"), ("县人民医院", "绿色通道", 1, "100.0%"),
        ("城关镇卫生院", "普通", 1, "100.0%"),
    ]  # fmt: skip
    assert [(each.what, each.words, each.number.count) for each in shown.reasons] == [
        ("退回补充", "未注明", 1), ("不予接收", "无床或号源已满", 1), ("撤回", "病情好转，无需转诊", 1),
    ]  # fmt: skip
    assert [(name, [ratio.shown for ratio in ratios]) for name, ratios in shown.greens] == [
        ("卒中", ["100.0%", "100.0%", "—", "100.0%", "100.0%"])
    ]


def test_what_is_stuck_lies_in_somebodys_hand_oldest_first(cast, busy):
    shown = overview(cast.browser(OFFICE), period="last_month").context["shown"]
    assert shown.headlines["sent"].share.whole == 0
    assert shown.headlines["arrived"].shown == "—"
    stuck = [(each.house, each.unit, each.late.count, each.live.count) for each in shown.stuck]
    assert ("县人民医院", "双向转诊服务台", 1, 1) in stuck
    assert [each.oldest for each in shown.stuck] == sorted(each.oldest for each in shown.stuck)
    assert shown.overdue.share.part == sum(late for _house, _unit, late, _live in stuck)


def test_a_desk_counts_what_concerns_its_own_house(cast, busy):
    answer = overview(cast.browser(DESK))
    assert shares(answer)["sent"] == (8, 8)
    assert "与本机构有关" in words(answer)
    sent, answered = numbers(answer)[0], next(one for one in numbers(answer) if "figure=in_time" in one[0])
    for url, number in (sent, answered):
        behind = rows_behind(cast.browser(DESK), url)
        assert (len(behind), busy["late"].number in behind) == (number, False)


def test_filters_stand_in_the_address(cast, busy):
    browser = cast.browser(OFFICE)
    assert shares(overview(browser, house="hekou"))["sent"] == (1, 1)
    assert shares(overview(browser, direction="down"))["sent"] == (1, 1)
    days = {"period": "custom", "since": "2026-03-11", "until": "2026-03-11"}
    assert shares(overview(browser, **days))["sent"] == (9, 9)
    assert shares(overview(browser, **days | {"since": "2026-03-12", "until": "2026-03-12"}))["sent"] == (0, 0)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"period": "custom"}, "自定义期间请填写起止日期。"),
        ({"period": "custom", "since": "2026-03-02", "until": "2026-03-01"}, "止不能早于起。"),
        ({"period": "custom", "since": "2020-01-01", "until": "2026-03-01"}, "一次最多统计三年，请缩短期间。"),
        ({"since": "2026-02-30", "until": "2026-03-01"}, "不是有效日期，应写作 2026-03-31。"),
        ({"house": "city-second"}, "没有这个选项，请从列表中选择。"),
    ],
)
def test_what_cannot_be_counted_is_said_beside_the_field(cast, query, sentence):
    answer = overview(cast.browser(OFFICE), **query)
    assert (answer.status_code, "shown" in answer.context) == (422, False)
    assert sentence in words(answer)
    assert all(f'value="{value}"' in answer.text for name, value in query.items() if name in ("since", "until"))


def test_a_mistyped_filter_counts_nothing(cast):
    browser = cast.browser(OFFICE)
    assert overview(browser, hous="hekou").status_code == 400
    for query in ({"figure": "nonsense"}, {}, {"figure": "sent", "reason": "full"}, {"figure": "sent", "x": "1"}):
        assert browser.get(reverse("overview_rows", query=query)).status_code == 400
    nothing = browser.get(reverse("overview_rows", query={"figure": "sent", "receiver": "nobody"}))
    assert "共 0 张转诊单" in words(nothing)


@pytest.mark.parametrize("who", ["township_doctor", "family_doctor", "auditor", "pharmacist"])
def test_nobody_else_sees_figures(cast, who):
    browser = cast.browser(who)
    answers = [
        overview(browser), browser.get(reverse("overview_rows"), {"figure": "sent"}),
        browser.post(reverse("overview_export")),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert "转诊统计" in refused(answers[0])


@pytest.fixture
def regulator(cast):
    user = create_user(
        actor=SYSTEM, username="regulator", name="贺强", password=PASSWORD, phone="13900000000",
        email="regulator@example.org", must_change_password=False,
    )  # fmt: skip
    job = add_membership(
        actor=SYSTEM, user=user, institution=cast.institutions.hospital, roles=["regulator"], staff_number="R001",
        started_on=LONG_AGO,
    )  # fmt: skip
    cast.memberships.regulator = job
    return cast.browser("regulator")


def test_a_regulator_sees_numbers_and_no_referral(cast, busy, regulator):
    answer = overview(regulator)
    assert shares(answer)["sent"] == (9, 9)
    assert numbers(answer) == []
    assert "overview/rows" not in answer.text
    refusal = regulator.get(reverse("overview_rows"), {"figure": "sent"})
    assert (refusal.status_code, "查看转诊" in refused(refusal)) == (403, True)


def test_rows_are_masked_and_write_no_access_entry(cast, busy):
    page = cast.browser(OFFICE).get(reverse("overview_rows"), {"figure": "closed"}).text
    assert ("王秀英" in page, "王**" in page) == (False, True)


def test_the_table_to_take_away(cast, busy):
    browser = cast.browser(OFFICE)
    answer = browser.post(reverse("overview_export"), {"period": "last_90"})
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer["Content-Disposition"] == 'attachment; filename="overview-20251214-20260313.csv"'
    lines = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    arrived = next(line for line in lines if line[0] == "到诊率")
    assert (arrived[4:7], arrived[8]) == (
        ["3", "4", "75.0"],
        str(overview(browser).context["shown"].headlines["arrived"].figure.words),
    )
    assert "王" not in answer.content.decode()
    event = Event.objects.get(name="figures.exported")
    assert (event.user_id, event.facts) == (
        cast.users.consortium_administrator.pk,
        {"since": "2025-12-14", "until": "2026-03-13", "house": "", "direction": "", "lines": len(lines)},
    )
    assert browser.post(reverse("overview_export"), {"period": "soon"}).status_code == 400
