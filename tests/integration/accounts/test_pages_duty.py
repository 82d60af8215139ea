"""The duty roster by the week."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import DutyShift
from tests.cast import PASSWORD, SYSTEM
from tests.integration.pages import at_most, refused, words

pytestmark = pytest.mark.django_db
MONDAY_MORNING = datetime(2026, 3, 9, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY_MORNING, tick=False):
        yield


def address(name, *args, **query):
    return reverse(f"accounts:{name}", args=args, query=query or None)


def add(cast, who="core_administrator", week="2026-03-09", **changes):
    given = {
        "unit": "desk", "person": cast.memberships.core_desk.pk, "dates": ["2026-03-09", "2026-03-11"],
        "begins": "08:00", "ends": "17:30",
    }  # fmt: skip
    return cast.browser(who).post(address("duty", week=week), given | changes)


def shown(response) -> dict:
    """{unit: {date: ["name hours"]}} without what is empty."""
    found = {}
    for line in response.context["lines"]:
        for day, turns in line.cells:
            if turns:
                found.setdefault(line.unit.name, {})[day.date.isoformat()] = [
                    f"{turn.shift.membership.user.name} {turn.words}" for turn in turns
                ]
    return found


class TestRoster:
    def test_several_days_at_once(self, cast):
        response = add(cast)
        assert response.url == address("duty", week="2026-03-09")
        page = cast.browser("core_administrator").get(response.url)
        assert shown(page) == {
            "双向转诊服务台": {"2026-03-09": ["黄丽 08:00–17:30"], "2026-03-11": ["黄丽 08:00–17:30"]}
        }

    def test_a_night_stands_on_both_days(self, cast):
        add(cast, unit="duty_line", dates=["2026-03-10"], begins="17:30", ends="08:00", phone="0839-7210120")
        page = cast.browser("core_administrator").get(address("duty"))
        assert shown(page) == {"总值班": {"2026-03-10": ["黄丽 17:30–24:00"], "2026-03-11": ["黄丽 00:00–08:00"]}}
        assert DutyShift.objects.get().contact_phone == "0839-7210120"

    def test_a_whole_day(self, cast):
        add(cast, dates=["2026-03-10"], begins="00:00", ends="00:00")
        assert shown(cast.browser("core_administrator").get(address("duty")))["双向转诊服务台"] == {
            "2026-03-10": ["黄丽 全天"]
        }

    def test_a_department(self, cast):
        unit = f"department:{cast.departments.cardiology.pk}"
        add(cast, unit=unit, person=cast.memberships.cardiologist.pk, dates=["2026-03-09"])
        shift = DutyShift.objects.get()
        assert (shift.kind, shift.department) == ("department", cast.departments.cardiology)

    def test_who_answers_now_with_the_number(self, cast):
        cast.on_duty("core_desk", "desk")
        page = words(cast.browser("core_administrator").get(address("duty", week="2026-04-01")))
        assert "双向转诊服务台 黄丽 黄丽 13908390008 至 03-09 20:00" in page
        assert "总值班 没有排班" in page

    @pytest.mark.parametrize(
        ("changes", "field", "words_"),
        [
            ({"dates": []}, "dates", "请至少选择一天。"),
            ({"unit": "kitchen"}, "unit", None),
            ({"person": "999999"}, "person", None),
            ({"phone": "x"}, "phone", None),
            ({"begins": "25:00"}, "begins", None),
            ({"dates": ["2026-03-20"]}, "dates", None),
        ],
    )
    def test_mistakes_at_their_fields(self, cast, changes, field, words_):
        response = add(cast, **changes)
        assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
        assert words_ is None or response.context["form"].errors[field] == [words_]
        assert DutyShift.objects.count() == 0

    def test_clashes_are_named_by_day_and_nothing_is_added(self, cast):
        add(cast, dates=["2026-03-11"])
        response = add(cast, dates=["2026-03-10", "2026-03-11", "2026-03-12"], begins="12:00", ends="20:00")
        assert response.context["form"].errors == {"dates": ["03-11：该人员在这段时间已排有同类值班。"]}
        assert DutyShift.objects.count() == 1

    def test_who_will_have_left_by_then(self, cast):
        last = timezone.localdate() + timedelta(days=1)
        actions.end_membership(actor=SYSTEM, membership=cast.memberships.core_desk, on=last)
        response = add(cast, dates=["2026-03-09", "2026-03-11"])
        assert response.context["form"].errors == {"dates": ["03-11：该人员届时已不在本机构任职。"]}

    def test_staff_of_another_house_is_no_choice(self, cast):
        assert add(cast, person=cast.memberships.tcm_desk.pk).status_code == 422

    def test_a_double_click_adds_once(self, cast):
        first, second = (add(cast, idempotency_key="a1") for _time in range(2))
        assert (first.url, DutyShift.objects.count()) == (second.url, 2)

    def test_the_office_is_the_consortium_administrators(self, cast):
        assert add(cast, unit="office").status_code == 422
        job = cast.memberships.consortium_administrator.pk
        assert add(cast, "consortium_administrator", unit="office", person=job).status_code == 302
        assert DutyShift.objects.filter(kind="office").count() == 2

    def test_the_office_plans_for_a_member(self, cast):
        browser = cast.browser("consortium_administrator")
        given = {
            "unit": "desk", "person": cast.memberships.township_desk.pk, "dates": ["2026-03-10"], "begins": "08:00",
            "ends": "12:00",
        }  # fmt: skip
        where = address("duty", week="2026-03-09", institution="chengguan")
        assert browser.post(where, given).url == where
        assert DutyShift.objects.get().institution == cast.institutions.chengguan


class TestRemoving:
    def test_remove(self, cast):
        shift = cast.on_duty("core_desk", "desk")
        response = cast.browser("core_administrator").post(address("shift_remove", shift.pk))
        assert (response.url, DutyShift.objects.count()) == (address("duty", week="2026-03-09"), 0)

    def test_what_is_over_stays(self, cast):
        shift = cast.on_duty("core_desk", "desk", hours=1)
        page = cast.browser("core_administrator").get(address("duty"))
        assert address("shift_remove", shift.pk) not in page.text
        assert cast.browser("core_administrator").post(address("shift_remove", shift.pk)).status_code == 409

    @pytest.mark.parametrize(
        ("who", "status"), [("cardiologist", 403), ("township_administrator", 404), ("outsider_office", 404)]
    )
    def test_not_by_others(self, cast, who, status):
        shift = cast.on_duty("core_desk", "desk")
        response = cast.browser(who).post(address("shift_remove", shift.pk))
        assert (response.status_code, refused(response) != "") == (status, True)


class TestCopying:
    def copy(self, cast, who="core_administrator", week="2026-03-16"):
        return cast.browser(who).post(address("duty_copy", week=week), follow=True)

    def test_like_the_week_before_without_what_stands(self, cast):
        add(cast, dates=["2026-03-09", "2026-03-10"])
        add(cast, week="2026-03-16", dates=["2026-03-17"])
        page = self.copy(cast)
        assert ("已照上一周排 1 个班" in words(page), "1 个班没有复制" in words(page)) == (True, True)
        assert shown(page)["双向转诊服务台"] == {
            "2026-03-16": ["黄丽 08:00–17:30"], "2026-03-17": ["黄丽 08:00–17:30"],
        }  # fmt: skip

    def test_who_has_left_is_left_out(self, cast):
        add(cast, dates=["2026-03-09"])
        actions.end_membership(
            actor=SYSTEM, membership=cast.memberships.core_desk, on=timezone.localdate() + timedelta(3)
        )
        assert "1 个班没有复制" in words(self.copy(cast))
        assert DutyShift.objects.count() == 1

    def test_nothing_to_copy(self, cast):
        response = self.copy(cast)
        assert (response.status_code, "上一周没有排班" in refused(response)) == (422, True)

    def test_not_by_a_colleague(self, cast):
        assert self.copy(cast, "cardiologist").status_code == 403


@pytest.mark.parametrize("week", ["9999-12-31", "0001-01-01", "x"])
def test_no_week(cast, week):
    assert cast.browser("core_administrator").get(address("duty", week=week)).status_code == 400


@pytest.mark.parametrize("more", [0, 30])
def test_statements(cast, more):
    cast.on_duty("core_desk", "desk")
    for number in range(more):
        user = actions.create_user(actor=SYSTEM, username=f"u{number}", name="某人", password=PASSWORD)
        job = actions.add_membership(
            actor=SYSTEM, user=user, institution=cast.institutions.hospital, roles=["desk"],
            department=cast.departments.cardiology,
        )  # fmt: skip
        actions.add_shift(
            actor=SYSTEM, institution=cast.institutions.hospital, kind="desk", membership=job,
            starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=2),
        )  # fmt: skip
    browser = cast.browser("consortium_administrator")
    with at_most():
        page = browser.get(address("duty"))
    assert len(page.context["lines"][0].now) == 1 + more
