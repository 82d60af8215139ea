"""Staff: the list, somebody new, somebody known, changes, passwords, the end. And the roles in words."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Membership, User
from events.models import Event
from tests.cast import PASSWORD, SYSTEM
from tests.integration.pages import at_most, main_rows, refused, words

pytestmark = pytest.mark.django_db


def address(name, *args, **query):
    return reverse(f"accounts:{name}", args=args, query=query or None)


def secret_on(response) -> str:
    return re.search(r'<output class="secret-words">(.*?)</output>', response.text)[1]


NEW = {
    "name": "钱多多", "username": "Qian.DD", "phone": "13900001111", "email": "", "title": "住院医师",
    "staff_number": "N1", "work_phone": "0839-7210999", "roles": ["doctor", "desk"], "department": "",
}  # fmt: skip


class TestWhoMayCome:
    def test_a_colleague_without_the_role_is_told_what_he_needs(self, cast):
        browser = cast.browser("cardiologist")
        job = cast.memberships.core_desk.pk
        answers = [browser.get(address(name)) for name in ("staff", "staff_add", "staff_join", "roles", "duty")]
        answers += [browser.get(address(name, job)) for name in ("member", "person")]
        answers += [browser.post(address(name, job)) for name in ("member_password", "member_leave")]
        needed = "需要：“机构管理员”角色（管理本机构人员、任职和排班），可请本机构的机构管理员授予。"
        assert [(each.status_code, needed in refused(each)) for each in answers] == [(403, True)] * 9

    @pytest.mark.parametrize("who", ["outsider_administrator", "outsider_office", "township_administrator"])
    def test_another_house_learns_nothing(self, cast, who):
        browser, job = cast.browser(who), cast.memberships.core_desk.pk
        answers = [browser.get(address(name, job)) for name in ("member", "person")]
        answers += [browser.post(address(name, job)) for name in ("member_password", "member_leave", "member")]
        assert [each.status_code for each in answers] == [404] * 5

    def test_the_office_looks_after_the_staff_of_members(self, cast):
        browser = cast.browser("consortium_administrator")
        page = browser.get(address("staff", institution="hekou"))
        assert [job.user.name for job in page.context["page"].results] == ["宋佳", "杨军", "赵敏"]
        assert browser.get(address("member", cast.memberships.hekou_desk.pk)).status_code == 200
        assert browser.get(address("staff", institution="city-second")).status_code == 404

    def test_every_role_in_words(self, cast):
        shown = main_rows(cast.browser("core_administrator").get(address("roles")))
        assert shown[:3] == ["医联体管理员", "机构管理员", "医生"]


class TestList:
    def names(self, cast, **query):
        page = cast.browser("core_administrator").get(address("staff", **query)).context["page"]
        return [job.user.name for job in page.results]

    def test_by_pinyin_and_found_by_every_key(self, cast):
        assert self.names(cast)[:4] == ["黄丽", "胡杰", "马超", "宋佳"]
        for text in ("黄丽", "huangl", "hl", "core-desk", "S008"):
            assert self.names(cast, q=text) == ["黄丽"]
        assert self.names(cast, role="security_auditor") == ["胡杰"]
        assert self.names(cast, q="nobody\u4e00") == []

    def test_who_has_left(self, cast):
        actions.end_membership(actor=SYSTEM, membership=cast.memberships.core_desk)
        assert ("黄丽" in self.names(cast), self.names(cast, show="ended")) == (False, ["黄丽"])

    @pytest.mark.parametrize("query", [{"role": "king"}, {"show": "x"}, {"q": "a\0b"}, {"cursor": "x"}])
    def test_unknown_questions(self, cast, query):
        assert cast.browser("core_administrator").get(address("staff", **query)).status_code == 400

    @pytest.mark.parametrize("more", [0, 30])
    def test_statements(self, cast, more):
        for number in range(more):
            user = actions.create_user(actor=SYSTEM, username=f"u{number}", name="某人", password=PASSWORD)
            actions.add_membership(actor=SYSTEM, user=user, institution=cast.institutions.hospital, roles=["doctor"])
        browser = cast.browser("consortium_administrator")
        with at_most():
            rows = browser.get(address("staff")).context["page"].results
        assert len(rows) == (30 if more else 9)


class TestSomebodyNew:
    def test_gets_an_account_a_job_and_a_password_shown_once(self, cast):
        browser = cast.browser("core_administrator")
        response = browser.post(address("staff_add"), NEW | {"department": cast.departments.cardiology.pk})
        job = Membership.objects.get(user__username="qian.dd")
        assert response.url == address("member", job.pk)
        assert (job.roles, job.department, job.phone, job.user.phone, job.user.must_change_password) == (
            ["doctor", "desk"], cast.departments.cardiology, "0839-7210999", "13900001111", True,
        )  # fmt: skip
        page = browser.get(response.url)
        assert job.user.check_password(secret_on(page))
        assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
        assert "secret-words" not in browser.get(response.url).text

    def test_the_password_is_nowhere_in_plain(self, cast):
        browser = cast.browser("core_administrator")
        response = browser.post(address("staff_add"), NEW)
        kept = str(dict(browser.session))
        password = secret_on(browser.get(response.url))
        assert password not in kept
        assert password not in str(list(Event.objects.values_list("facts", flat=True)))

    def test_a_double_click_makes_one(self, cast):
        browser = cast.browser("core_administrator")
        key = {"idempotency_key": "b2a7"}
        first, second = (browser.post(address("staff_add"), NEW | key) for _time in range(2))
        assert (first.url, User.objects.filter(name="钱多多").count()) == (second.url, 1)
        assert "secret-words" in browser.get(second.url).text

    @pytest.mark.parametrize(
        ("changes", "status", "fields"),
        [
            ({"username": "钱"}, 422, ["username"]),
            ({"username": "core-desk"}, 409, ["username"]),
            ({"staff_number": "S008"}, 409, ["staff_number"]),
            ({"work_phone": "x"}, 422, ["work_phone"]),
            ({"phone": "x", "email": "x"}, 422, ["email", "phone"]),
            ({"roles": []}, 422, ["roles"]),
            ({"roles": ["king"]}, 422, ["roles"]),
            ({"department": "999999"}, 422, ["department"]),
        ],
    )
    def test_mistakes_stand_at_their_fields_and_nothing_is_left(self, cast, changes, status, fields):
        response = cast.browser("core_administrator").post(address("staff_add"), NEW | changes)
        assert (response.status_code, sorted(response.context["form"].errors)) == (status, fields)
        assert User.objects.filter(name="钱多多").exists() is False

    def test_a_department_of_another_house_is_no_choice(self, cast):
        given = NEW | {"department": cast.departments.tcm_cardiology.pk}
        assert cast.browser("core_administrator").post(address("staff_add"), given).status_code == 422

    def test_a_role_that_is_not_his_to_give_is_not_given(self, cast):
        browser = cast.browser("core_administrator")
        browser.post(address("staff_add"), NEW | {"roles": ["doctor", "consortium_administrator"]})
        assert Membership.objects.get(user__username="qian.dd").roles == ["doctor"]

    def test_roles_that_exclude_each_other(self, cast):
        given = NEW | {"roles": ["institution_administrator", "security_auditor"]}
        response = cast.browser("consortium_administrator").post(address("staff_add"), given)
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["roles"])


class TestSomebodyKnown:
    GIVEN = {"username": "tcm-doctor", "name": "何梅", "roles": ["doctor"], "staff_number": "M1"}

    def test_joins_by_user_name_and_name(self, cast):
        response = cast.browser("core_administrator").post(address("staff_join"), self.GIVEN)
        job = Membership.objects.get(user=cast.users.tcm_doctor, institution=cast.institutions.hospital)
        assert (response.url, job.staff_number) == (address("member", job.pk), "M1")

    @pytest.mark.parametrize("changes", [{"name": "何美"}, {"username": "nobody"}])
    def test_both_must_fit_and_neither_is_told_apart(self, cast, changes):
        response = cast.browser("core_administrator").post(address("staff_join"), self.GIVEN | changes)
        assert response.context["form"].errors == {
            "username": ["没有用户名和姓名都相符的账号，请核对；没有账号的人员请用“新增人员”。"]
        }

    def test_who_works_here_already(self, cast):
        given = self.GIVEN | {"username": "core-desk", "name": "黄丽"}
        assert cast.browser("core_administrator").post(address("staff_join"), given).status_code == 409

    def test_who_comes_back(self, cast):
        actions.end_membership(actor=SYSTEM, membership=cast.memberships.core_desk)
        given = self.GIVEN | {"username": "core-desk", "name": "黄丽", "roles": ["desk"]}
        response = cast.browser("core_administrator").post(address("staff_join"), given)
        assert response.url == address("member", cast.memberships.core_desk.pk)


class TestOneJob:
    def change(self, cast, who="core_administrator", job=None, **changes):
        job = job or cast.memberships.core_desk
        given = {"roles": job.roles, "staff_number": job.staff_number, "title": job.title, "version": job.version}
        return cast.browser(who).post(address("member", job.pk), given | changes)

    def test_change(self, cast):
        response = self.change(cast, title="主管护师", work_phone="0839-7210001", roles=["desk", "doctor"])
        job = cast.memberships.core_desk
        job.refresh_from_db()
        assert (response.url, job.title, job.phone, job.roles) == (
            address("staff"), "主管护师", "0839-7210001", ["doctor", "desk"],
        )  # fmt: skip

    def test_changed_by_somebody_else_meanwhile(self, cast):
        actions.change_membership(actor=SYSTEM, membership=cast.memberships.core_desk, title="护师")
        response = self.change(cast, title="主管护师", version=1)
        assert (response.status_code, "内容已有修改" in words(response)) == (412, True)

    def test_roles_of_the_office_stay_when_the_house_changes_the_rest(self, cast):
        self.change(cast, job=cast.memberships.auditor, roles=[], title="审计")
        cast.memberships.auditor.refresh_from_db()
        assert (cast.memberships.auditor.roles, cast.memberships.auditor.title) == (["security_auditor"], "审计")

    def test_a_department_that_was_closed_stays(self, cast):
        from institutions.actions import change_department

        change_department(actor=SYSTEM, department=cast.departments.cardiology, active=False)
        job = cast.memberships.cardiologist
        self.change(cast, job=job, department=job.department_id, title="主任医师")
        job.refresh_from_db()
        assert (job.department, job.title) == (cast.departments.cardiology, "主任医师")

    def test_who_he_is(self, cast):
        browser, job = cast.browser("core_administrator"), cast.memberships.core_desk
        browser.post(address("person", job.pk), {"name": "黄莉", "phone": "13911112222", "email": "h@example.org"})
        cast.users.core_desk.refresh_from_db()
        assert (cast.users.core_desk.name, cast.users.core_desk.name_keys) == ("黄莉", "huangli hl")
        response = browser.post(address("person", job.pk), {"name": "黄莉", "phone": "x", "email": "x"})
        assert sorted(response.context["form"].errors) == ["email", "phone"]

    def test_who_works_elsewhere_too_is_the_offices(self, cast):
        job = cast.memberships.travelling_doctor
        given = {"name": "宋嘉", "phone": "", "email": ""}
        assert cast.browser("core_administrator").post(address("person", job.pk), given).status_code == 403
        assert cast.browser("core_administrator").post(address("member_password", job.pk)).status_code == 403
        assert cast.browser("consortium_administrator").post(address("person", job.pk), given).status_code == 302

    def test_a_new_password_is_shown_once(self, cast):
        browser, job = cast.browser("core_administrator"), cast.memberships.core_desk
        response = browser.post(address("member_password", job.pk))
        assert response.url == address("member", job.pk)
        other = browser.get(address("member", cast.memberships.cardiologist.pk))
        assert "secret-words" not in other.text
        password = secret_on(browser.get(response.url))
        cast.users.core_desk.refresh_from_db()
        assert (cast.users.core_desk.check_password(password), cast.users.core_desk.must_change_password) == (
            True,
            True,
        )

    def test_the_password_waits_ten_minutes_at_most(self, cast, monkeypatch):
        browser, job = cast.browser("core_administrator"), cast.memberships.core_desk
        monkeypatch.setattr("accounts.shown_once.KEPT_SECONDS", -1)
        response = browser.post(address("member_password", job.pk))
        assert "secret-words" not in browser.get(response.url).text

    def test_the_end(self, cast):
        browser, job = cast.browser("core_administrator"), cast.memberships.core_desk
        too_early = {"on": "2001-01-01", "version": job.version}
        response = browser.post(address("member_leave", job.pk), too_early)
        assert (response.status_code, list(response.context["leaving"].errors)) == (422, ["on"])
        today = timezone.localdate()
        response = browser.post(address("member_leave", job.pk), {"on": today.isoformat(), "version": job.version})
        job.refresh_from_db()
        assert (response.url, job.ended_on) == (address("staff"), today)
        assert address("member_leave", job.pk) not in browser.get(address("member", job.pk)).text

    def test_not_ones_own_end(self, cast):
        job = cast.memberships.core_administrator
        given = {"on": (timezone.localdate() + timedelta(days=1)).isoformat(), "version": job.version}
        response = cast.browser("core_administrator").post(address("member_leave", job.pk), given)
        assert (response.status_code, refused(response)) == (403, "不能结束自己的任职，请由另一位管理员办理。")

    def test_statements(self, cast):
        browser = cast.browser("consortium_administrator")
        with at_most():
            browser.get(address("member", cast.memberships.core_desk.pk))
