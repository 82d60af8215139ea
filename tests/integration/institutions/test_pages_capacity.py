"""Publishing places and beds on a grid, and the booking calendar that everybody reads."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from institutions import actions
from institutions.models import Capacity
from tests.cast import SYSTEM
from tests.integration.pages import at_most, refused, words

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 9)
MORNING = datetime(2026, 3, 9, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MORNING, tick=False):
        yield


def address(name, **query):
    return reverse(f"institutions:{name}", query=query or None)


def row(department, day=MONDAY, kind="slot", session="am"):
    return Capacity.objects.get(department=department, date=day, kind=kind, session=session)


class Desk:
    """The referral desk's publishing page of one day."""

    def __init__(self, cast, day=MONDAY, who="core_desk", **query):
        self.cast, self.day, self.browser = cast, day, cast.browser(who)
        self.address = address("capacity", date=day.isoformat(), **query)

    def filled(self) -> dict:
        """The form as the browser would send it back unchanged."""
        page = self.browser.get(self.address)
        given = {f"version-{day.isoformat()}": version for day, version in page.context["week"].versions}
        for cell in page.context["grid"].cells:
            given |= {f"{name}-{cell.name}": value for name, value in cell.values.items()}
        return given

    def publish(self, **changes):
        return self.browser.post(self.address, self.filled() | changes)


def cell(department, session="am", kind="slot"):
    return f"{department.pk}-{kind}-{session}"


class TestPublishing:
    def test_who_may(self, cast):
        for who in ("core_desk", "core_administrator", "consortium_administrator"):
            assert cast.browser(who).get(address("capacity")).status_code == 200
        response = cast.browser("cardiologist").get(address("capacity"))
        assert (response.status_code, "维护号源和床位" in refused(response)) == (403, True)
        assert cast.browser("cardiologist").post(address("capacity"), {}).status_code == 403
        assert cast.browser("cardiologist").post(address("capacity_copy"), {}).status_code == 403

    def test_a_day_as_it_stands(self, cast):
        page = Desk(cast).browser.get(address("capacity"))
        grid = page.context["grid"]
        assert [department.code for department, _cells in grid.lines] == [
            "cardiology", "emergency", "general-surgery", "neurology", "pharmacy",
        ]  # fmt: skip
        assert grid.headings == ["上午", "下午", "床位"]
        assert grid.lines[0][1][0].values == {"total": "10", "quota": "4", "elsewhere": "0"}

    def test_sending_it_unchanged_changes_nothing(self, cast):
        before = list(Capacity.objects.order_by("pk").values())
        assert Desk(cast).publish().status_code == 302
        assert list(Capacity.objects.order_by("pk").values()) == before

    def test_a_day_and_others_of_the_week(self, cast):
        where = cell(cast.departments.cardiology)
        also = [(MONDAY + timedelta(days=days)).isoformat() for days in (1, 4)]
        response = Desk(cast).publish(
            **{f"total-{where}": "20", f"quota-{where}": "8"}, also=also, release="0", release_time="07:30"
        )
        assert response.url == address("capacity", date="2026-03-09")
        days = [row(cast.departments.cardiology, MONDAY + timedelta(days=number)) for number in range(5)]
        assert [(each.total, each.referral_quota) for each in days] == [(20, 8), (20, 8), (10, 4), (10, 4), (20, 8)]
        released = [timezone.localtime(each.release_at).strftime("%m-%d %H:%M") for each in days]
        assert released == ["03-09 07:30", "03-10 07:30", "03-10 16:00", "03-11 16:00", "03-13 07:30"]

    def test_further_sessions_and_the_other_channels(self, cast):
        night = cell(cast.departments.emergency, "night")
        desk = Desk(cast, more="1")
        response = desk.publish(**{f"total-{night}": "5", f"quota-{night}": "5", f"elsewhere-{night}": "2"})
        assert response.status_code == 302
        assert row(cast.departments.emergency, session="night").booked_elsewhere == 2
        assert desk.browser.get(address("capacity")).context["grid"].headings == ["上午", "下午", "夜间", "床位"]

    def test_all_mistakes_at_once_each_in_its_cell_and_nothing_published(self, cast):
        booked = row(cast.departments.cardiology)
        for _time in range(3):
            actions.book(booked.pk, now=timezone.now())
        first, second, third = (
            cell(cast.departments.cardiology), cell(cast.departments.surgery), cell(cast.departments.neurology, "pm"),
        )  # fmt: skip
        response = Desk(cast).publish(
            **{f"total-{first}": "2", f"quota-{second}": "11", f"total-{third}": "zwölf", f"quota-{first}": "1"},
            also=["2026-03-13"],
        )
        wrong = {each.name: each.errors for each in response.context["grid"].cells if each.errors}
        assert (response.status_code, wrong) == (
            422,
            {
                first: ["已约转诊 3 个、其他渠道 0 个，总数不能少于 3。"],
                second: ["转诊预留不能多于总数。"],
                third: ["应为 0 到 10000 的整数。"],
            },
        )
        assert 'value="zwölf"' in response.text
        assert response.context["form"].non_field_errors() == ["表中有 3 格需要改正，什么都还没有发布。"]
        assert row(cast.departments.surgery).referral_quota == 4

    def test_a_mistake_on_another_day_names_the_day_and_publishes_nothing(self, cast):
        tuesday = MONDAY + timedelta(days=1)
        taken = row(cast.departments.cardiology, tuesday)
        for _time in range(4):
            actions.book(taken.pk, now=timezone.now())
        where = cell(cast.departments.cardiology)
        response = Desk(cast).publish(**{f"total-{where}": "3", f"quota-{where}": "3"}, also=[tuesday.isoformat()])
        assert response.context["form"].non_field_errors() == [
            "03-10 · 心内科 上午：已约转诊 4 个、其他渠道 0 个，总数不能少于 4。"
        ]
        assert row(cast.departments.cardiology).total == 10

    def test_an_emptied_cell_is_none(self, cast):
        where = cell(cast.departments.cardiology)
        Desk(cast).publish(**{f"total-{where}": "", f"quota-{where}": ""})
        assert (row(cast.departments.cardiology).total, row(cast.departments.cardiology).referral_quota) == (0, 0)

    def test_somebody_else_published_meanwhile(self, cast):
        desk = Desk(cast)
        sent = desk.filled()
        rows = [{"department": "cardiology", "kind": "slot", "session": "am", "total": 30, "referral_quota": 4}]
        actions.publish_capacity(actor=SYSTEM, institution=cast.institutions.hospital, date=MONDAY, rows=rows)
        response = desk.browser.post(desk.address, sent)
        assert (response.status_code, "已有修改" in words(response)) == (412, True)
        assert row(cast.departments.cardiology).total == 30

    def test_a_day_that_is_over(self, cast):
        response = Desk(cast, MONDAY - timedelta(days=3)).publish(**{f"total-{cell(cast.departments.cardiology)}": "1"})
        assert (response.status_code, "不能发布过去日期的号源床位" in words(response)) == (422, True)

    @pytest.mark.parametrize("query", [{"date": "2026-13-01"}, {"date": "9999-12-31"}, {"date": "x"}])
    def test_an_address_that_names_no_day(self, cast, query):
        assert cast.browser("core_desk").get(address("capacity", **query)).status_code == 400

    @pytest.mark.parametrize("more", [0, 30])
    def test_statements(self, cast, more):
        for number in range(more):
            actions.add_department(
                actor=SYSTEM, institution=cast.institutions.hospital, code=f"d{number}", name="科", specialty="pain"
            )
        browser = cast.browser("consortium_administrator")
        with at_most():
            assert len(browser.get(address("capacity")).context["grid"].lines) == 5 + more


class TestCopyingAWeek:
    def copy(self, cast, monday):
        return cast.browser("core_desk").post(address("capacity_copy"), {"monday": monday}, follow=True)

    def test_the_free_working_days_like_the_week_before(self, cast):
        rows = [{"department": "cardiology", "kind": "bed", "session": "day", "total": 9, "referral_quota": 9}]
        wednesday = MONDAY + timedelta(days=16)
        actions.publish_capacity(actor=SYSTEM, institution=cast.institutions.hospital, date=wednesday, rows=rows)
        page = self.copy(cast, "2026-03-23")
        assert "已照上一周发布：03-23、03-24、03-26、03-27" in words(page)
        days = [MONDAY + timedelta(days=number) for number in range(14, 21)]
        counts = [
            Capacity.objects.filter(department__institution=cast.institutions.hospital, date=d).count() for d in days
        ]
        assert counts == [12, 12, 1, 12, 12, 0, 0]
        copied = row(cast.departments.cardiology, MONDAY + timedelta(days=14))
        assert (copied.total, copied.referral_quota, copied.booked) == (10, 4, 0)
        assert timezone.localtime(copied.release_at).strftime("%m-%d %H:%M") == "03-22 16:00"

    def test_nothing_to_copy(self, cast):
        response = self.copy(cast, "2026-06-01")
        assert (response.status_code, "没有可以复制的日子" in refused(response)) == (422, True)

    @pytest.mark.parametrize("monday", ["", "2026-02-30", "0001-01-01"])
    def test_no_day(self, cast, monday):
        assert self.copy(cast, monday).status_code == 400


class TestCalendar:
    def places(self, response, department, day):
        for heads, lines in response.context["weeks"]:
            for line, cells in lines:
                if line == department and day in [head.date for head, _release in heads]:
                    return next(places for head, places, _release in cells if head.date == day)
        return None

    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("township_doctor", 200), ("family_doctor", 200), ("core_desk", 200), ("core_administrator", 200),
            ("consortium_administrator", 200), ("pharmacist", 403), ("auditor", 403),
        ],
    )  # fmt: skip
    def test_who_may_read(self, cast, who, status):
        response = cast.browser(who).get(address("calendar"))
        assert (response.status_code, "查看转诊" in refused(response)) == (status, status == 403)

    def test_free_taken_and_released_as_the_sender_sees_it(self, cast):
        tomorrow = MONDAY + timedelta(days=1)
        taken = row(cast.departments.cardiology, tomorrow)
        actions.book(taken.pk, now=timezone.now())
        Capacity.objects.filter(pk=taken.pk).update(booked_elsewhere=5)
        response = cast.browser("township_doctor").get(address("calendar", institution="county-hospital"))
        place = self.places(response, cast.departments.cardiology, tomorrow)[0]
        assert (place.session, place.free, place.taken, place.total, place.rest, place.level) == (
            "上午", 3, 6, 10, 1, "free",
        )  # fmt: skip
        assert "上午 余 3 已约 6/10 · 1 个稍后可约" in words(response)
        at = timezone.localtime(place.release_at)
        title = f"另有 1 个普通号，{at.month}月{at.day}日 {at:%H:%M} 后未约满，转诊也可预约"
        assert f'title="{title}"' in response.content.decode()
        today = self.places(response, cast.departments.cardiology, MONDAY)[0]
        assert (today.free, today.rest, today.release_at) == (10, 0, None)

    def test_departments_that_take_none_are_left_out(self, cast):
        response = cast.browser("core_desk").get(address("calendar"))
        shown = [department.code for department, _cells in response.context["weeks"][0][1]]
        assert shown == ["cardiology", "emergency", "general-surgery", "neurology"]

    def test_one_department_alone_and_the_links_keep_it(self, cast):
        asked = {"institution": "county-hospital", "department": "neurology"}
        response = cast.browser("township_doctor").get(address("calendar", **asked))
        shown = [department.code for department, _cells in response.context["weeks"][0][1]]
        assert shown == ["neurology"]
        assert (
            response.content.decode().count("?institution=county-hospital&amp;department=neurology&amp;kind=slot") == 3
        )
        for code in ("pharmacy", "nowhere"):
            gone = cast.browser("core_desk").get(address("calendar", department=code))
            assert gone.status_code == 404

    def test_what_is_released_at_another_hour_says_so_itself(self, cast):
        """One moment for all stands above the day; where they differ, each place has its own."""
        day = MONDAY + timedelta(days=3)
        browser = cast.browser("core_desk")
        assert browser.get(address("calendar")).content.decode().count("place-when-own") == 0
        Capacity.objects.filter(department=cast.departments.neurology, date=day, session="am").update(
            release_at=timezone.now() + timedelta(hours=1)
        )
        assert browser.get(address("calendar")).content.decode().count("place-when-own") == 8

    def test_beds(self, cast):
        response = cast.browser("core_desk").get(address("calendar", kind="bed"))
        assert [place.total for place in self.places(response, cast.departments.cardiology, MONDAY)] == [6]

    def test_only_whom_one_may_refer_to(self, cast):
        response = cast.browser("township_doctor").get(address("calendar"))
        codes = [house.code for house in response.context["houses"]]
        assert codes == ["chengguan", "county-hospital", "county-tcm", "hekou", "lizhuang"]
        for code in ("city-second", "nowhere"):
            assert cast.browser("township_doctor").get(address("calendar", institution=code)).status_code == 404
        outsider = cast.browser("outsider_doctor")
        assert outsider.get(address("calendar", institution="county-hospital")).status_code == 404

    def days(self, cast, start):
        response = cast.browser("core_desk").get(address("calendar", start=start))
        return {head.date.isoformat(): head for heads, _lines in response.context["weeks"] for head, _release in heads}

    def test_holidays_and_make_up_days(self, cast):
        days = self.days(cast, "2026-02-09")
        assert len(days) == 14
        assert (days["2026-02-17"].working, str(days["2026-02-17"].name)) == (False, "春节")
        assert (days["2026-02-14"].made_up, str(days["2026-02-14"].name)) == (True, "春节")
        assert (days["2026-02-15"].working, days["2026-02-11"].working) == (False, True)

    def test_the_houses_own_day_wins_over_the_consortiums(self, cast):
        day = MONDAY + timedelta(days=2)
        actions.set_calendar_day(actor=SYSTEM, date=day, working=False, name="停诊", consortium=cast.consortium)
        assert self.days(cast, "2026-03-09")["2026-03-11"].name == "停诊"
        actions.set_calendar_day(
            actor=SYSTEM, date=day, working=True, name="照常", institution=cast.institutions.hospital
        )
        own = self.days(cast, "2026-03-09")["2026-03-11"]
        assert (own.working, own.name) == (True, "照常")

    @pytest.mark.parametrize("query", [{"kind": "table"}, {"start": "9999-12-31"}, {"start": "yesterday"}])
    def test_unknown_questions(self, cast, query):
        assert cast.browser("core_desk").get(address("calendar", **query)).status_code == 400

    @pytest.mark.parametrize("more", [0, 30])
    def test_statements(self, cast, more):
        codes = [f"d{number}" for number in range(more)]
        for code in codes:
            actions.add_department(
                actor=SYSTEM, institution=cast.institutions.hospital, code=code, name="科", specialty="pain"
            )
        rows = [{"department": code, "kind": "slot", "session": "am", "total": 3} for code in codes]
        actions.publish_capacity(actor=SYSTEM, institution=cast.institutions.hospital, date=MONDAY, rows=rows)
        browser = cast.browser("core_desk")
        with at_most():
            response = browser.get(address("calendar"))
        assert len(response.context["page"].results) == min(4 + more, 30)
