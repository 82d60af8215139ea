"""The audit trail: whose rows, without the names of persons, narrowed by every filter, itself on record."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import add_membership, create_user, set_language
from accounts.sessions import bare_actor
from events.access import record_access
from events.actor import clock_actor
from events.audit import seal_trail
from events.log import record
from events.models import AccessEntry, Event
from records.access import open_record
from tests.cast import PASSWORD, SYSTEM
from tests.integration.pages import at_most, refused, words
from tests.walk import referral_at

pytestmark = pytest.mark.django_db


def address(**query):
    return reverse("trail", query=query or None)


def lines(cast, who="auditor", **query):
    return cast.browser(who).get(address(**query)).context["lines"]


@pytest.fixture
def read(cast):
    """The township doctor opened his patient, the outsider one of his own."""
    patient = cast.patient()
    open_record(cast.actors.township_doctor, patient, purpose="referral")
    theirs = cast.patient(cast.actors.outsider_doctor, name="陈明")
    open_record(cast.actors.outsider_doctor, theirs, purpose="referral")
    return patient


@pytest.mark.parametrize("who", ["core_administrator", "consortium_administrator", "cardiologist"])
def test_only_the_auditor(cast, who):
    response = cast.browser(who).get(address())
    assert (response.status_code, "“安全审计员”角色（查阅审计记录）" in refused(response)) == (403, True)


def test_it_stands_in_the_auditors_rail(cast):
    assert f'href="{address()}"' in cast.browser("auditor").get("/", follow=True).text


class TestAccesses:
    def test_reads_within_the_consortium_by_number_and_not_by_name(self, cast, read):
        shown = lines(cast)
        assert [(line.who, line.house, line.what, line.about, line.more) for line in shown] == [
            ("工号 S001", "城关镇卫生院", "本机构登记", read.public_id, "转诊")
        ]

    def test_a_stranger_who_read_what_a_member_keeps(self, cast, read):
        record_access(
            cast.actors.outsider_doctor, person_id=read.person_id, patient_id=read.pk,
            custodian_id=read.institution_id, basis="break_glass", purpose="抢救",
        )  # fmt: skip
        first = lines(cast)[0]
        assert (first.who, first.what, first.details) == (
            "工号 S018", "紧急调阅", [("建档机构", "城关镇卫生院")],
        )  # fmt: skip

    def test_a_system_acting_for_somebody(self, cast, read):
        partner = cast.client("chengguan")
        partner.get(f"/api/v1/patients/{read.public_id}/", on_behalf_of="S001")
        assert lines(cast)[0].who == "chengguan HIS 代 工号 S001"

    def test_no_name_of_a_person_is_on_the_page(self, cast, read):
        text = words(cast.browser("auditor").get(address()))
        assert [name for name in ("王秀英", "张伟", "陈明", "郭鹏") if name in text] == []

    def test_filters(self, cast, read):
        entry = AccessEntry.objects.get(patient_id=read.pk)
        today = timezone.localdate().isoformat()
        fitting = (
            {"subject": read.public_id}, {"subject": read.public_id.lower()}, {"who": "S001"},
            {"institution": "chengguan"}, {"basis": "registration"}, {"since": today}, {"until": today},
        )  # fmt: skip
        others = (
            {"subject": "P000000000000"}, {"who": "S002"}, {"institution": "hekou"}, {"basis": "break_glass"},
            {"since": "2099-01-01"}, {"until": "2020-01-01"},
        )  # fmt: skip
        browser = cast.browser("auditor")
        found = [[row.pk for row in browser.get(address(**query)).context["page"].results] for query in fitting]
        assert found == [[entry.pk]] * len(fitting)
        assert [browser.get(address(**query)).context["lines"] for query in others] == [[]] * len(others)

    def test_by_the_number_of_a_referral(self, cast, read):
        referral = referral_at("submitted", cast)
        open_record(cast.actors.township_doctor, referral.patient, purpose="referral")
        found = lines(cast, subject=referral.number)
        assert {line.about for line in found} == {referral.patient.public_id}

    @pytest.mark.parametrize("count", [1, 30])
    def test_statements(self, cast, count):
        for _number in range(count):
            open_record(cast.actors.township_doctor, cast.patient(), purpose="referral")
        browser = cast.browser("auditor")
        with at_most():
            assert len(browser.get(address()).context["lines"]) == count


class TestEvents:
    def test_what_members_did_and_not_the_neighbours(self, cast, read):
        houses = {line.house for line in lines(cast, trail="events", kind="patient")}
        assert houses == {"城关镇卫生院"}

    def test_a_referral_from_its_number_with_the_clocks_moves(self, cast):
        referral = referral_at("submitted", cast)
        record("referral.escalated", actor=clock_actor(), subject=referral)
        found = [(line.who, line.what) for line in lines(cast, trail="events", subject=referral.number)]
        assert found[0] == ("平台时钟", "逾期升级")
        assert ("工号 S001", "提交") in found

    def test_another_consortiums_auditor_sees_none_of_it(self, cast, read):
        referral = referral_at("submitted", cast)
        record("referral.escalated", actor=clock_actor(), subject=referral)
        user = create_user(
            actor=SYSTEM, username="outsider-auditor", name="邓敏", password=PASSWORD, must_change_password=False
        )
        cast.memberships.outsider_auditor = add_membership(
            actor=SYSTEM, user=user, institution=cast.institutions.outsider, roles=["security_auditor"]
        )
        assert lines(cast, "outsider_auditor", trail="events", subject=referral.number) == []
        assert [line.house for line in lines(cast, "outsider_auditor")] == ["市第二医院"]

    def test_what_somebody_did_before_choosing_a_job(self, cast, rf):
        for who in ("core_desk", "outsider_desk"):
            user = getattr(cast.users, who)
            set_language(actor=bare_actor(user, rf.get("/")), user=user, language="en")
        found = lines(cast, trail="events", kind="user")
        assert [line.who for line in found if line.what == "修改账号"] == ["工号 S008"]

    def test_locked_names_of_the_own_houses_and_of_nobody(self, cast, client):
        names = [cast.users.core_desk.username, cast.users.outsider_desk.username, "110101199003070011"]
        for name in names:
            for _each in range(5):
                client.post(reverse("accounts:login"), {"username": name, "password": "wrong"})
        found = lines(cast, trail="events", kind="session")
        assert [(line.what, line.who, line.house, line.about, line.address) for line in found] == [
            ("账号锁定", "平台", "", "unknown", "127.0.0.1"),
            ("账号锁定", "平台", "县人民医院", str(cast.users.core_desk.pk), "127.0.0.1"),
        ]
        assert [line.details for line in found] == [[("username", "11***")], [("username", "co***")]]

    def test_what_is_sealed_says_so(self, cast, read):
        seal_trail("event")
        assert {line.sealed for line in lines(cast, trail="events", kind="patient")} == {True}

    def test_asking_is_on_record_once_for_each_question(self, cast, read):
        browser = cast.browser("auditor")
        browser.get(address(subject=read.public_id, who="S001"))
        event = Event.objects.get(name="trail.read")
        assert (event.subject, event.user_id, event.facts) == (
            "trail:access", cast.users.auditor.pk, {"asked_who": "S001", "asked_subject": read.public_id},
        )  # fmt: skip
        browser.get(address(trail="events", cursor=browser.get(address(trail="events")).context["page"].next or ""))
        assert [each.what for each in lines(cast, trail="events", kind="trail")][:1] == ["查阅审计记录"]

    def test_no_question_slips_by_with_the_cursor_of_another(self, cast, read):
        browser = cast.browser("auditor")
        for number in range(60):
            record("referral.commented", actor=cast.actors.core_desk, subject=f"referral:R{number}")
        first = browser.get(address(trail="events", kind="referral"))
        browser.get(address(trail="events", kind="referral", cursor=first.context["page"].next))
        assert Event.objects.filter(name="trail.read").count() == 1
        browser.get(address(trail="events", kind="referral", who="S001", cursor=first.context["page"].next))
        browser.get(address(trail="events", kind="referral", cursor=""))
        asked = [event.facts for event in Event.objects.filter(name="trail.read").order_by("pk")]
        assert asked == [
            {"asked_kind": "referral"}, {"asked_kind": "referral", "asked_who": "S001"}, {"asked_kind": "referral"},
        ]  # fmt: skip

    @pytest.mark.parametrize("count", [1, 30])
    def test_statements(self, cast, count):
        for number in range(count):
            record("referral.commented", actor=cast.actors.core_desk, subject=f"referral:R{number}")
        browser = cast.browser("auditor")
        with at_most():
            assert len(browser.get(address(trail="events", kind="referral")).context["lines"]) == count


@pytest.mark.parametrize(
    "query",
    [{"trail": "x"}, {"basis": "x"}, {"kind": "x"}, {"since": "x"}, {"institution": "city-second"}, {"cursor": "x"}],
)
def test_unknown_questions(cast, query):
    assert cast.browser("auditor").get(address(**query)).status_code == 400


@pytest.mark.parametrize("typed", ["王秀英", "510822195803120028", "13800001234", "R2612", "patient:王秀英"])
def test_neither_a_name_nor_a_number_of_a_person_gets_into_the_trail(cast, typed):
    response = cast.browser("auditor").get(address(subject=typed))
    assert (response.status_code, "不要填写姓名或证件号码" in refused(response)) == (400, True)
    assert not Event.objects.filter(name="trail.read").exists()
