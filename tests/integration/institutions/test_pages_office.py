"""Pages of the consortium's office: relations and members."""

import pytest
from django.urls import reverse
from django.utils import timezone

from institutions import actions
from institutions.models import Consortium, Member, Relation
from tests.cast import SYSTEM
from tests.integration.pages import at_most, main_rows, words

pytestmark = pytest.mark.django_db


def address(name, *args, **query):
    return reverse(f"institutions:{name}", args=args, query=query or None)


class TestRelations:
    def test_the_office_sees_all_and_a_house_its_own(self, cast):
        active = Relation.objects.filter(active=True)
        everything = cast.browser("consortium_administrator").get(address("relations")).context["page"].results
        own = cast.browser("township_administrator").get(address("relations")).context["page"].results
        assert len(everything) == active.count() == 20
        assert {row.pk for row in own} == set(
            (active.filter(sender__code="chengguan") | active.filter(receiver__code="chengguan"))
            .values_list("pk", flat=True)
        )  # fmt: skip

    def test_filters(self, cast):
        query = {"sender": "chengguan", "direction": "up"}
        rows = cast.browser("consortium_administrator").get(address("relations", **query)).context["page"].results
        assert [(row.sender.code, row.receiver.code) for row in rows] == [
            ("chengguan", "county-hospital"), ("chengguan", "county-tcm"),
        ]  # fmt: skip

    @pytest.mark.parametrize("query", [{"direction": "sideways"}, {"sender": "city-second"}, {"show": "x"}])
    def test_unknown_filters(self, cast, query):
        assert cast.browser("consortium_administrator").get(address("relations", **query)).status_code == 400

    def test_generate_shows_before_and_after_and_does_it_once(self, cast):
        Relation.objects.filter(sender__code="chengguan").delete()
        browser = cast.browser("consortium_administrator")
        page = browser.get(address("generate"))
        assert page.context["counts"] == {"created": 4, "reactivated": 0, "ended": 0, "kept": 16}
        assert page.context["rows"] == [("上转", 6, 8), ("下转", 7, 8), ("平转", 3, 4)]
        done = browser.post(address("generate"), follow=True)
        assert "新建 4 条，恢复 0 条，停用 0 条，保持 16 条" in words(done)
        again = browser.get(address("generate"))
        assert (again.context["changes"], again.context["rows"]) == (
            False, [("上转", 8, 8), ("下转", 8, 8), ("平转", 4, 4)],
        )  # fmt: skip

    def test_an_exception_to_the_outside_by_code(self, cast):
        given = {"active": "1", "sender": "county-hospital", "direction": "out", "outside_code": "city-second"}
        response = cast.browser("consortium_administrator").post(
            address("relation_add"), given | {"travel_minutes": "110"}
        )
        row = Relation.objects.get(direction="out")
        assert (response.url, row.receiver, row.travel_minutes, row.source) == (
            address("relations"), cast.institutions.outsider, 110, "manual",
        )  # fmt: skip

    def test_forbidding_keeps_the_travel_time(self, cast):
        row = Relation.objects.get(sender__code="chengguan", receiver__code="county-hospital")
        actions.set_travel_time(actor=SYSTEM, relation=row, minutes=12)
        given = {"active": "0", "sender": "chengguan", "direction": "up", "receiver": "county-hospital"}
        cast.browser("consortium_administrator").post(address("relation_add"), given)
        row.refresh_from_db()
        assert (row.active, row.travel_minutes) == (False, 12)

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"direction": "down", "receiver": "county-hospital"}, "direction"),
            ({"direction": "up", "receiver": "chengguan"}, "receiver"),
            ({"direction": "out", "outside_code": "nowhere"}, "outside_code"),
            ({"direction": "up"}, "receiver"),
            ({"direction": "up", "receiver": "county-tcm", "outside_code": "city-second"}, "outside_code"),
            ({"direction": "up", "receiver": "county-tcm", "travel_minutes": "9999"}, "travel_minutes"),
        ],
    )
    def test_exceptions_that_cannot_be(self, cast, given, field):
        given = {"active": "1", "sender": "chengguan"} | given
        response = cast.browser("consortium_administrator").post(address("relation_add"), given)
        assert (response.status_code, list(response.context["form"].errors)) == (422, [field])

    def test_the_sender_keeps_his_travel_time_and_nothing_else(self, cast):
        row = Relation.objects.get(sender__code="chengguan", receiver__code="county-hospital")
        browser = cast.browser("township_administrator")
        page = browser.get(address("relation", row.pk))
        assert address("relation_switch", row.pk) not in page.text
        browser.post(address("relation", row.pk), {"minutes": "25", "version": row.version})
        row.refresh_from_db()
        assert (row.travel_minutes, row.source) == (25, "generated")
        back = Relation.objects.get(sender__code="county-hospital", receiver__code="chengguan")
        assert browser.get(address("relation", back.pk)).status_code == 403
        assert browser.post(address("relation_switch", row.pk), {"version": row.version}).status_code == 403

    def test_end_and_permit_again(self, cast):
        row = Relation.objects.get(sender__code="chengguan", receiver__code="county-hospital")
        browser = cast.browser("consortium_administrator")
        browser.post(address("relation_switch", row.pk), {"version": row.version})
        row.refresh_from_db()
        assert (row.active, row.source) == (False, "manual")
        assert browser.post(address("relation_switch", row.pk), {"version": "1"}).status_code == 412
        browser.post(address("relation_switch", row.pk), {"version": row.version})
        row.refresh_from_db()
        assert row.active is True

    @pytest.mark.parametrize("more", [False, True])
    def test_statements(self, cast, more):
        if more:
            for number in range(4):
                actions.add_institution(
                    actor=SYSTEM, code=f"clinic-{number}", name=f"第 {number} 村卫生室", level="unrated", type="D600",
                    consortium=cast.consortium,
                )  # fmt: skip
            actions.generate_relations(actor=SYSTEM, consortium=cast.consortium)
        browser = cast.browser("consortium_administrator")
        with at_most():
            rows = browser.get(address("relations")).context["page"].results
        assert len(rows) == (30 if more else 20)
        with at_most():
            browser.get(address("generate"))


class TestMembers:
    def test_list_and_search(self, cast):
        browser = cast.browser("consortium_administrator")
        assert len(browser.get(address("members")).context["page"].results) == 5
        assert main_rows(browser.get(address("members", q="ckzwsy"))) == []
        assert main_rows(browser.get(address("members", q="hkz"))) == ["河口镇卫生院 hekou"]
        assert main_rows(browser.get(address("members", show="former"))) == []

    def test_a_new_institution(self, cast):
        given = {
            "code": "wangjia", "name": "王家村卫生室", "level": "unrated", "type": "D600", "handles_on": "phone",
            "role": "member", "joined_on": timezone.localdate().isoformat(), "agreement": "青医共体〔2026〕9号",
        }  # fmt: skip
        response = cast.browser("consortium_administrator").post(address("new"), given)
        member = Member.objects.get(institution__code="wangjia")
        assert (response.url, member.consortium, member.agreement, member.institution.handles_on) == (
            address("departments", institution="wangjia"), cast.consortium, "青医共体〔2026〕9号", "phone",
        )  # fmt: skip

    def admit(self, cast, **changes):
        given = {
            "code": "city-second", "name": "市第二医院", "role": "collaborating", "closeness": "loose",
            "joined_on": timezone.localdate().isoformat(),
        }  # fmt: skip
        return cast.browser("consortium_administrator").post(address("admit"), given | changes)

    def test_admit_one_from_elsewhere_as_a_collaborator(self, cast):
        assert self.admit(cast).url == address("members")
        assert Member.objects.get(consortium=cast.consortium, institution__code="city-second").role == "collaborating"

    @pytest.mark.parametrize(
        ("changes", "status", "fields"),
        [
            ({"role": "member"}, 422, ["role"]),
            ({"name": "市第三医院"}, 422, ["code"]),
            ({"code": "nowhere"}, 422, ["code"]),
            ({"code": "hekou", "name": "河口镇卫生院"}, 409, ["__all__"]),
            ({"left_on": "2020-01-01"}, 422, ["left_on"]),
        ],
    )
    def test_who_cannot_be_admitted(self, cast, changes, status, fields):
        response = self.admit(cast, **changes)
        assert (response.status_code, list(response.context["form"].errors)) == (status, fields)

    def test_change_and_end(self, cast):
        row = Member.objects.get(institution=cast.institutions.hekou)
        browser = cast.browser("consortium_administrator")
        browser.post(address("member", row.pk), {"role": "member", "closeness": "semi", "agreement": "新协议"})
        row.refresh_from_db()
        assert (row.closeness, row.agreement) == ("semi", "新协议")
        assert browser.post(address("member_end", row.pk), {"left_on": "2019-01-01"}).status_code == 422
        today = timezone.localdate()
        assert browser.post(address("member_end", row.pk), {"left_on": today.isoformat()}).url == address("members")
        assert main_rows(browser.get(address("members", show="former"))) == ["河口镇卫生院 hekou"]
        assert browser.post(address("member_end", row.pk), {"left_on": today.isoformat()}).status_code == 409

    def test_the_consortiums_own_data(self, cast):
        given = {"name": "青川医共体", "kind": "county", "office_phone": "0839-7200002", "deductible_up": "on"}
        cast.browser("consortium_administrator").post(address("consortium"), given)
        changed = Consortium.objects.get(code="qingchuan")
        assert (changed.name, changed.office_phone) == ("青川医共体", "0839-7200002")
        assert (changed.deductible_up, changed.deductible_down) == (True, False)

    def test_another_consortium_in_the_address(self, cast):
        browser = cast.browser("consortium_administrator")
        assert browser.get(address("members", consortium="city-group")).status_code == 404

    @pytest.mark.parametrize("more", [0, 30])
    def test_statements(self, cast, more):
        for number in range(more):
            actions.add_institution(
                actor=SYSTEM, code=f"clinic-{number}", name=f"第 {number} 村卫生室", level="unrated", type="D600",
                consortium=cast.consortium,
            )  # fmt: skip
        browser = cast.browser("consortium_administrator")
        with at_most():
            rows = browser.get(address("members")).context["page"].results
        assert len(rows) == min(5 + more, 30)
