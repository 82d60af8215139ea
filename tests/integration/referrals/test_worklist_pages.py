"""The lists: who sees what in which order, filters, pages, the search."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import AccessEntry
from referrals.models import Referral
from tests.integration.referrals.pages import HTMX, page_of, statements, words_in
from tests.walk import draft, referral_at, step

pytestmark = pytest.mark.django_db

BOXES = ("my_turn", "incoming", "outgoing", "deferred")


def listed(answer) -> list[str]:
    """Numbers in the order of the page, the green channel on top included."""
    return [row.referral.number for row in (*answer.context["urgent"], *answer.context["rows"])]


def see(cast, who, box="my_turn", **asked):
    return cast.browser(who).get(reverse(f"referrals:{box}"), asked)


@pytest.mark.parametrize("box", BOXES)
def test_a_stranger_finds_nothing_of_others(cast, box):
    referral_at("submitted", cast)
    assert listed(see(cast, "outsider_doctor", box)) == []


@pytest.mark.parametrize("box", [*BOXES, "search"])
def test_a_colleague_without_the_role_is_told_what_is_missing(cast, box):
    answer = see(cast, "pharmacist", box)
    assert answer.status_code == 403
    assert "查看转诊" in words_in(answer)


@pytest.mark.parametrize("box", [*BOXES, "search"])
def test_without_login_nothing_is_shown(cast, box):
    assert Client().get(reverse(f"referrals:{box}")).status_code == 302


def test_each_side_has_its_own_list(cast):
    referral = referral_at("submitted", cast)
    seen = {box: listed(see(cast, "core_desk", box)) for box in BOXES}
    assert seen == {"my_turn": [referral.number], "incoming": [referral.number], "outgoing": [], "deferred": []}
    seen = {box: listed(see(cast, "township_doctor", box)) for box in BOXES}
    assert seen == {"my_turn": [], "incoming": [], "outgoing": [referral.number], "deferred": []}


def test_a_draft_is_not_seen_by_the_other_side(cast):
    referral = referral_at("draft", cast)
    assert listed(see(cast, "core_desk", "incoming")) == []
    assert listed(see(cast, "township_doctor")) == [referral.number]


def test_my_turn_is_ordered_by_deadline_with_the_green_channel_on_top(cast):
    routine = referral_at("submitted", cast)
    overdue = referral_at("submitted", cast, urgency="urgent")
    green = referral_at("submitted", cast, kind="emergency", urgency="emergency", green_channel="chest_pain",
                        caller_phone="0839-7200009")  # fmt: skip
    past = timezone.now() - timedelta(hours=3)
    Referral.objects.filter(pk=overdue.pk).update(deadline=past, turn_at=past)
    answer = see(cast, "core_desk")
    assert listed(answer) == [green.number, overdue.number, routine.number]
    assert [row.referral.number for row in answer.context["urgent"]] == [green.number]
    words = words_in(answer)
    assert "绿色通道，请先办" in words
    assert "已超时 3 小时" in words


def test_who_has_claimed_it_is_said(cast):
    referral = referral_at("submitted", cast)
    assert "无人认领" in words_in(see(cast, "core_desk"))
    step("claim", referral, cast, actor=cast.actors.core_desk)
    assert "黄丽 在办" in words_in(see(cast, "core_desk"))


def test_the_deferred_are_in_the_order_of_their_day_and_who_is_overdue_is_marked(cast):
    today = timezone.localdate()
    waiting = {days: referral_at("accepted", cast) for days in (2, 0, 5, 1)}
    for days, referral in waiting.items():
        step("defer", referral, cast, contact_by=today + timedelta(days=max(days, 1)))
    for days in (0, 1, 2):  # the days go by: yesterday, today, tomorrow
        day = today + timedelta(days=days - 1)
        Referral.objects.filter(pk=waiting[days].pk).update(
            contact_by=day,
            deadline=timezone.now() + timedelta(days=days - 1, hours=1),
            turn_at=timezone.now() + timedelta(days=days - 1),
        )
    answer = see(cast, "core_desk", "deferred")
    assert listed(answer) == [waiting[days].number for days in (0, 1, 2, 5)]
    assert [row.contact_level for row in answer.context["rows"]] == ["late", "soon", "", ""]
    assert f'contact-late">最迟 {today - timedelta(days=1)} 联系' in answer.content.decode()


def test_the_deferred_stand_on_their_list_until_they_have_a_place(cast):
    referral = referral_at("accepted", cast)
    step("defer", referral, cast)
    answer = see(cast, "core_desk", "deferred")
    assert listed(answer) == [referral.number]
    assert f"最迟 {referral.contact_by:%Y-%m-%d} 联系" in words_in(answer)
    step("schedule", referral, cast)
    assert listed(see(cast, "core_desk", "deferred")) == []


def test_lists_are_masked_and_leave_no_access_entry(cast):
    referral = referral_at("submitted", cast)
    before = AccessEntry.objects.count()
    words = words_in(see(cast, "core_desk", "incoming"))
    assert AccessEntry.objects.count() == before
    assert referral.patient.name not in words
    assert "王**" in words
    assert "反复胸闷" not in words


@pytest.mark.parametrize("box", BOXES)
def test_an_empty_list_says_what_will_come(cast, box):
    answer = see(cast, "tcm_desk", box)
    assert "empty-state" in words_in(answer)
    assert str(answer.context["words"].empty) in words_in(answer)


class TestFilters:
    @pytest.fixture
    def three(self, cast):
        return {
            "routine": referral_at("submitted", cast),
            "urgent": referral_at("accepted", cast, urgency="urgent"),
            "neurology": referral_at("submitted", cast, department=cast.departments.neurology),
        }

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"status": "accepted"}, ["urgent"]),
            ({"urgency": "routine"}, ["neurology", "routine"]),
            ({"department": "neurology"}, ["neurology"]),
            ({"partner": "chengguan"}, ["neurology", "urgent", "routine"]),
            ({"partner": "hekou"}, []),
            ({"overdue": "on"}, []),
            ({"green": "on"}, []),
            ({"status": "", "urgency": ""}, ["neurology", "urgent", "routine"]),
        ],
    )
    def test_each_narrows_the_list(self, cast, three, asked, found):
        answer = see(cast, "core_desk", "incoming", **asked)
        assert listed(answer) == [three[name].number for name in found]

    def test_an_unknown_one_is_refused_with_those_there_are(self, cast):
        answer = see(cast, "core_desk", "incoming", colour="red")
        assert answer.status_code == 400
        assert "没有这个筛选条件；可用：status、urgency" in words_in(answer)

    def test_a_wrong_value_is_named_and_shows_nothing(self, cast, three):
        answer = see(cast, "core_desk", "incoming", since="2026-02-31")
        assert (answer.status_code, listed(answer)) == (200, [])
        assert "筛选条件有误" in words_in(answer)

    def test_htmx_gets_the_lines_alone(self, cast, three):
        answer = cast.browser("core_desk").get(reverse("referrals:incoming"), {"status": "accepted"}, headers=HTMX)
        assert answer.content.decode().lstrip().startswith('<div id="rows"')
        assert listed(answer) == [three["urgent"].number]

    def test_a_spoilt_cursor_is_refused(self, cast):
        assert see(cast, "core_desk", "incoming", cursor="nonsense").status_code == 400


class TestManyRows:
    """Statements of a list with 1 row and with 30 (the first page of 20)."""

    @pytest.fixture
    def thirty(self, cast):
        return lambda: [draft(cast) for _each in range(29)]

    @pytest.mark.parametrize(("box", "most"), [("my_turn", 6), ("outgoing", 6)])
    def test_the_sender_asks_the_same_few(self, cast, thirty, box, most):
        draft(cast)
        browser = cast.browser("township_doctor")
        browser.get("/referrals/deferred/")
        url = reverse(f"referrals:{box}")
        with statements() as one:
            assert len(listed(browser.get(url))) == 1
        thirty()
        with statements() as many:
            assert len(listed(browser.get(url))) == 20
        assert (len(one), len(many)) == (most, most)

    @pytest.mark.parametrize(("box", "most"), [("my_turn", 6), ("incoming", 7), ("deferred", 7)])
    def test_the_receiver_asks_the_same_few(self, cast, box, most):
        self._receive(cast, 1)
        browser = cast.browser("core_desk")
        browser.get("/referrals/outgoing/")
        url = reverse(f"referrals:{box}")
        with statements() as one:
            assert len(listed(browser.get(url))) == 1
        self._receive(cast, 29)
        with statements() as many:
            assert len(listed(browser.get(url))) == 20
        assert (len(one), len(many)) == (most, most)

    def _receive(self, cast, count):
        for _each in range(count):
            step("defer", referral_at("accepted", cast), cast)

    def test_pages_follow_one_another_without_gap_or_repetition(self, cast, thirty):
        thirty()
        browser, url, seen = cast.browser("township_doctor"), reverse("referrals:outgoing"), []
        cursor = ""
        while True:
            answer = browser.get(url, {"cursor": cursor} if cursor else {})
            seen += listed(answer)
            cursor = answer.context["page"].next
            if not cursor:
                break
        assert seen == list(Referral.objects.order_by("-created_at", "-id").values_list("number", flat=True))


class TestSearch:
    url = "/referrals/search/"

    def search(self, cast, who, text):
        return cast.browser(who).post(self.url, {"text": text})

    @pytest.mark.parametrize("text", ["王秀英", "王", "wxy", "WXY", "wangxiu"])
    def test_by_name_and_pinyin_on_both_sides(self, cast, text):
        referral = referral_at("submitted", cast)
        for who in ("township_doctor", "core_desk"):
            answer = self.search(cast, who, text)
            assert [row.referral.number for row in answer.context["rows"]] == [referral.number]

    def test_a_stranger_finds_nobody(self, cast):
        referral_at("submitted", cast)
        answer = self.search(cast, "outsider_doctor", "王秀英")
        assert answer.context["rows"] == []
        assert "没有找到" in words_in(answer)

    def test_after_a_withdrawal_the_receiver_finds_nobody(self, cast):
        referral_at("withdrawn", cast)
        assert self.search(cast, "core_desk", "王秀英").context["rows"] == []

    def test_a_number_leads_there(self, cast):
        referral = referral_at("submitted", cast)
        answer = self.search(cast, "core_desk", f" {referral.number.lower()} ")
        assert (answer.status_code, answer.headers["Location"]) == (302, page_of(referral))

    def test_the_number_of_others_is_not_known(self, cast):
        referral = referral_at("submitted", cast)
        answer = self.search(cast, "outsider_doctor", referral.number)
        assert answer.status_code == 200
        assert "没有这个单号" in words_in(answer)

    def test_a_misread_number_says_so(self, cast):
        number = referral_at("draft", cast).number
        wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
        assert "最后一位是校验位" in words_in(self.search(cast, "township_doctor", wrong))

    def test_nothing_typed_is_no_search(self, cast):
        answer = self.search(cast, "township_doctor", "  ")
        assert answer.status_code == 422
        assert "请输入姓名" in words_in(answer)

    def test_who_may_not_see_patients_finds_by_number_only(self, cast):
        referral_at("submitted", cast)
        answer = self.search(cast, "consortium_administrator", "王秀英")
        assert answer.context["rows"] == []
        assert "请用转诊单号查找" in words_in(answer)

    def test_names_never_stand_in_an_address(self, cast):
        answer = cast.browser("township_doctor").get(self.url, {"text": "王秀英"})
        assert answer.context["rows"] == []
