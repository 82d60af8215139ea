"""Pages of departments, house data, closed days: happy, colleague, stranger, size."""

import itertools
from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from institutions import actions
from institutions.models import CalendarDay, Department, Institution, Member, Relation
from tests.cast import SYSTEM
from tests.integration.pages import at_most, main_rows, refused, words
from toolkit.calendar import knows_holidays_of
from toolkit.calendar.working import ZONE

pytestmark = pytest.mark.django_db
NEEDS_HOUSE = "需要：“机构管理员”角色（维护本机构资料、科室和接口客户端），可请本机构的机构管理员授予"
NEEDS_OFFICE = "需要：“医联体管理员”角色（管理医联体成员、转诊关系和办公室值班），可请医联体管理员授予"


def address(name, *args, **query):
    return reverse(f"institutions:{name}", args=args, query=query or None)


@pytest.fixture
def ids(cast):
    return {
        "department": cast.departments.cardiology.pk,
        "department_opening": cast.departments.cardiology.pk,
        "relation": Relation.objects.filter(sender=cast.institutions.hospital).first().pk,
        "relation_switch": Relation.objects.filter(sender=cast.institutions.hospital).first().pk,
        "member": Member.objects.get(institution=cast.institutions.hekou).pk,
        "member_end": Member.objects.get(institution=cast.institutions.hekou).pk,
        "day_clear": actions.set_calendar_day(
            actor=SYSTEM, date=timezone.localdate(), working=False, institution=cast.institutions.hospital
        ).pk,
    }


POSTED = ("department_opening", "relation_switch", "member_end", "day_clear")
OF_THE_HOUSE = ("departments", "department_add", "profile", "days", "relations")
OF_THE_OFFICE = ("members", "new", "admit", "consortium", "consortium_days", "generate", "relation_add")


class TestWhoMayCome:
    def test_a_colleague_without_the_role_is_told_what_he_needs(self, cast):
        browser = cast.browser("cardiologist")
        answers = {name: browser.get(address(name)) for name in OF_THE_HOUSE}
        assert {
            name: (each.status_code, NEEDS_HOUSE in refused(each)) for name, each in answers.items()
        } == dict.fromkeys(OF_THE_HOUSE, (403, True))

    def test_the_office_is_the_consortium_administrators(self, cast):
        browser = cast.browser("core_administrator")
        answers = {name: browser.get(address(name)) for name in OF_THE_OFFICE}
        assert {
            name: (each.status_code, NEEDS_OFFICE in refused(each)) for name, each in answers.items()
        } == dict.fromkeys(OF_THE_OFFICE, (403, True))

    def ask(self, cast, who, ids) -> dict:
        browser = cast.browser(who)
        calls = {name: browser.post if name in POSTED else browser.get for name in ids}
        return {name: calls[name](address(name, pk)) for name, pk in ids.items()}

    def test_the_outsider_is_told_nothing(self, cast, ids):
        answers = self.ask(cast, "outsider_office", ids)
        assert {name: each.status_code for name, each in answers.items()} == dict.fromkeys(ids, 404)

    @pytest.mark.parametrize("who", ["cardiologist", "township_administrator"])
    def test_colleague_and_neighbour_are_told_why_not(self, cast, ids, who):
        answers = self.ask(cast, who, ids)
        assert {name: (each.status_code, refused(each) != "") for name, each in answers.items()} == dict.fromkeys(
            ids, (403, True)
        )

    def test_another_house_in_the_address(self, cast):
        administrator, office = cast.browser("core_administrator"), cast.browser("consortium_administrator")
        for name in ("departments", "profile", "days", "capacity"):
            assert administrator.get(address(name, institution="chengguan")).status_code == 403
            assert administrator.get(address(name, institution="city-second")).status_code == 404
            assert administrator.get(address(name, institution="nowhere\0")).status_code == 404
            assert office.get(address(name, institution="chengguan")).context["house"] == cast.institutions.chengguan
            assert office.get(address(name, institution="city-second")).status_code == 404

    def test_the_office_chooses_among_the_houses_it_looks_after(self, cast):
        response = cast.browser("consortium_administrator").get(address("departments"))
        codes = [each.code for each in response.context["houses"]]
        assert codes == ["chengguan", "county-hospital", "county-tcm", "hekou", "lizhuang"]


class TestDepartments:
    def test_list(self, cast):
        response = cast.browser("core_administrator").get(address("departments"))
        assert main_rows(response) == [
            "心内科 cardiology", "急诊科 emergency", "普外科 general-surgery", "神经内科 neurology", "药剂科 pharmacy",
        ]  # fmt: skip

    def test_add(self, cast):
        given = {"code": "stroke", "name": "卒中中心", "specialty": "neurology", "phone": "0839-7210899"}
        response = cast.browser("core_administrator").post(address("department_add"), given, follow=True)
        assert response.redirect_chain == [(address("departments"), 302)]
        added = Department.objects.get(code="stroke")
        assert (added.institution, added.takes_referrals, added.phone) == (
            cast.institutions.hospital, False, "0839-7210899",
        )  # fmt: skip

    def test_mistakes_stand_at_their_fields_all_at_once(self, cast):
        given = {"code": "Über", "name": "卒中中心", "specialty": "neurology", "phone": "abc"}
        response = cast.browser("core_administrator").post(address("department_add"), given)
        assert (response.status_code, sorted(response.context["form"].errors)) == (422, ["code", "phone"])
        assert 'value="卒中中心"' in response.text

    def test_a_code_in_use(self, cast):
        given = {"code": "cardiology", "name": "心内二科", "specialty": "cardiology"}
        response = cast.browser("core_administrator").post(address("department_add"), given)
        assert response.status_code == 409
        assert response.context["form"].errors == {"code": ["本机构已有代码为 cardiology 的科室。"]}

    def change(self, cast, **changes):
        department = cast.departments.cardiology
        given = {
            "name": "心内科",
            "specialty": "cardiology",
            "phone": "",
            "active": "on",
            "version": department.version,
        }
        return cast.browser("core_administrator").post(address("department", department.pk), given | changes)

    def test_change(self, cast):
        response = self.change(cast, name="心血管内科", takes_referrals="on")
        cast.departments.cardiology.refresh_from_db()
        assert (response.url, cast.departments.cardiology.name) == (address("departments"), "心血管内科")

    def test_changed_by_somebody_else_meanwhile(self, cast):
        actions.change_department(actor=SYSTEM, department=cast.departments.cardiology, phone="120")
        response = self.change(cast, name="心血管内科", version=1)
        cast.departments.cardiology.refresh_from_db()
        assert (response.status_code, cast.departments.cardiology.name) == (412, "心内科")
        assert "内容已有修改" in words(response)

    def test_close_and_open_again(self, cast):
        browser, pk = cast.browser("core_administrator"), cast.departments.cardiology.pk
        for version, wanted in ((1, "0"), (2, "1")):
            given = {"takes_referrals": wanted, "version": version}
            response = browser.post(address("department_opening", pk), given)
            assert response.url == address("departments")
            assert Department.objects.get(pk=pk).takes_referrals is (wanted == "1")

    @pytest.mark.parametrize("given", [{}, {"takes_referrals": "x", "version": "1"}, {"takes_referrals": "1"}])
    def test_a_click_that_says_nothing(self, cast, given):
        browser = cast.browser("core_administrator")
        assert browser.post(address("department_opening", cast.departments.cardiology.pk), given).status_code == 422

    @pytest.mark.parametrize("more", [0, 30])
    def test_statements(self, cast, more):
        for number in range(more):
            actions.add_department(
                actor=SYSTEM, institution=cast.institutions.hospital, code=f"d{number}", name="科", specialty="pain"
            )
        browser = cast.browser("consortium_administrator")
        with at_most():
            response = browser.get(address("departments"))
        assert len(response.context["page"].results) == min(5 + more, 30)


class TestProfile:
    GIVEN = {
        "short_name": "县医院", "address": "青川县新街 1 号", "desk_phone": "0839-7200000", "duty_phone": "",
        "opening_hours": "08：00-12:00；14:30至18:00", "release_time": "15:00", "reviews_outgoing": "on",
        "version": "1",
    }  # fmt: skip

    def test_the_own_administrator_keeps_contacts_and_hours(self, cast):
        response = cast.browser("core_administrator").post(address("profile"), self.GIVEN)
        house = Institution.objects.get(code="county-hospital")
        assert response.url == address("profile")
        assert (house.short_name, house.opening_hours, house.reviews_outgoing) == (
            "县医院", [["08:00", "12:00"], ["14:30", "18:00"]], True,
        )  # fmt: skip

    def test_level_and_name_are_the_offices(self, cast):
        own = cast.browser("core_administrator")
        assert "level" not in own.get(address("profile")).context["form"].fields
        own.post(address("profile"), self.GIVEN | {"level": "3a", "name": "别的医院"})
        house = Institution.objects.get(code="county-hospital")
        assert (house.level, house.name) == ("2a", "青川县人民医院")

    def test_the_office_changes_everything_of_a_member(self, cast):
        given = self.GIVEN | {"name": "城关镇中心卫生院", "level": "1a", "type": "C210", "handles_on": "phone"}
        given |= {"active": "on", "short_name": "", "credit_code": "91350100M000100Y4"}
        browser = cast.browser("consortium_administrator")
        response = browser.post(address("profile", institution="chengguan"), given)
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["credit_code"])
        response = browser.post(address("profile", institution="chengguan"), given | {"credit_code": ""})
        house = Institution.objects.get(code="chengguan")
        assert (response.url, house.name, house.handles_on) == (
            address("profile", institution="chengguan"), "城关镇中心卫生院", "phone",
        )  # fmt: skip

    @pytest.mark.parametrize("hours", ["8 点到 12 点", "08:00-12:00, 11:00-14:00", "25:00-26:00"])
    def test_hours_that_are_none(self, cast, hours):
        response = cast.browser("core_administrator").post(address("profile"), self.GIVEN | {"opening_hours": hours})
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["opening_hours"])
        assert f'value="{hours}"' in response.text

    def test_statements(self, cast):
        browser = cast.browser("consortium_administrator")
        with at_most():
            browser.get(address("profile"))


class TestDays:
    def test_a_day_of_ones_own(self, cast):
        day = timezone.localdate() + timedelta(days=3)
        browser = cast.browser("core_administrator")
        browser.post(address("days"), {"date": day.isoformat(), "working": "0", "name": "院庆停诊"})
        row = CalendarDay.objects.get()
        assert (row.institution, row.date, row.working, row.name) == (
            cast.institutions.hospital, day, False, "院庆停诊",
        )  # fmt: skip
        assert "院庆停诊" in words(browser.get(address("days")))
        assert browser.post(address("day_clear", row.pk)).url == address("days")
        assert CalendarDay.objects.count() == 0

    def test_the_consortiums_day_stands_beside_it_and_is_not_ones_own_to_clear(self, cast):
        day = timezone.localdate() + timedelta(days=3)
        office, own = cast.browser("consortium_administrator"), cast.browser("township_administrator")
        office.post(address("consortium_days"), {"date": day.isoformat(), "working": "1", "name": "义诊"})
        row = CalendarDay.objects.get()
        page = own.get(address("days"))
        assert ("医联体统一安排" in words(page), address("day_clear", row.pk) in page.text) == (True, False)
        assert own.post(address("day_clear", row.pk)).status_code == 403
        assert office.post(address("day_clear", row.pk)).url == address("consortium_days")

    def test_a_year_whose_holidays_are_not_published_yet_is_named_in_time(self, cast):
        unknown = next(year for year in itertools.count(2026) if not knows_holidays_of(year))
        shown = {}
        for moment in (datetime(unknown - 1, 10, 15), datetime(unknown - 1, 11, 15), datetime(unknown, 3, 1)):
            with time_machine.travel(moment.replace(tzinfo=ZONE), tick=False):
                page = cast.browser("core_administrator").get(address("days"))
            shown[moment.date().isoformat()[5:]] = f"还没有 {unknown} 年的法定节假日" in words(page)
        assert shown == {"10-15": False, "11-15": True, "03-01": True}

    @pytest.mark.parametrize("days", [-1, 2000])
    def test_a_day_out_of_reach(self, cast, days):
        day = timezone.localdate() + timedelta(days=days)
        response = cast.browser("core_administrator").post(address("days"), {"date": day.isoformat(), "working": "0"})
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["date"])

    @pytest.mark.parametrize("count", [1, 30])
    def test_statements(self, cast, count):
        for number in range(count):
            day = timezone.localdate() + timedelta(days=number)
            actions.set_calendar_day(actor=SYSTEM, date=day, working=False, institution=cast.institutions.hospital)
        browser = cast.browser("consortium_administrator")
        with at_most():
            assert len(browser.get(address("days")).context["days"]) == count
