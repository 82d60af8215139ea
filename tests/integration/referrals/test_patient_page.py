"""Behind the question: what the patient is told and may say, and that it is his own and nothing clinical."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Membership
from events.models import AccessEntry, Event
from records.access import open_record
from referrals import ratings
from referrals.actions.patient_words import decline, rate
from referrals.models import PatientRating, PatientWord, Referral
from referrals.showing.patient_words import STATES
from referrals.statuses import STATUS_LABELS
from tests.cast import SYSTEM
from tests.integration.referrals.pages import fresh, page_of, statements, words_in
from tests.integration.referrals.patients import HOME, address_of, inside, token_of
from tests.walk import default_facts, referral_at, step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)
MOST_STATEMENTS = 12
CLINICAL = ("心绞痛", "I20", "胸闷", "高血压", "青霉素", "156", "请进一步明确诊断", "冠状动脉", "阿司匹林")
PRIVATE = ("王秀英", "13800001234", "东街", "李建国", "13900005678", "1958", "510822")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture(autouse=True)
def _reachable(settings):
    settings.PATIENTS_URL = HOME
    cache.clear()


@pytest.fixture
def behind(cast):
    """Factory: the patient of this referral behind the question; answers his browser and his token."""

    def enter(referral):
        token = token_of(referral, cast.actors.township_doctor)
        return inside(token), token

    return enter


def text(answer) -> str:
    assert answer.status_code == 200
    return words_in(answer)


class TestPage:
    def test_where_when_what_to_bring_and_whom_to_call(self, cast, behind):
        referral = referral_at("accepted", cast)
        facts = default_facts("schedule", referral, cast) | {"place": "门诊楼 2 楼", "bring": "上次的片子"}
        step("schedule", referral, cast, **facts)
        browser, token = behind(referral)
        with statements() as ran:
            page = text(browser.get(address_of(token)))
        assert len(ran) <= MOST_STATEMENTS
        hospital, township = cast.institutions.hospital, cast.institutions.chengguan
        day = facts["slot"].date
        for words in (
            "王** 的转诊", "已经为您约好了", f"{day.year}年{day.month}月{day.day}日 星期四 上午", hospital.label,
            "心内科", "门诊楼 2 楼", hospital.address, "身份证", "医保卡", "转诊单", "上次的片子",
            f'href="tel:{hospital.desk_phone}"', f'href="tel:{township.desk_phone}"', 'href="tel:120"', "我不能来了",
        ):  # fmt: skip
            assert words in page, words

    def test_nothing_clinical_and_no_more_than_the_question_proved(self, cast, behind):
        """On every page of the link, in whatever state; another patient of the same doctor is there to leak."""
        referral_at("accepted", cast, department=cast.departments.neurology, patient=cast.patient(name="赵玉珍"))
        for status in ("scheduled", "concluded"):
            browser, token = behind(referral_at(status, cast))
            for name in ("patient", "patient_decline", "patient_rating", "patient_looked"):
                page = words_in(browser.get(address_of(token, name)))
                assert [each for each in (*CLINICAL, *PRIVATE, "赵", "神经内科", "R26") if each in page] == []

    def test_every_status_has_humane_words(self):
        assert set(STATES) == set(STATUS_LABELS)
        assert {look for _now, _next, look in STATES.values()} == {"wait", "good", "care"}

    @pytest.mark.parametrize(
        ("status", "said", "unsaid"),
        [
            ("rejected", "这次不能接收，这不是您的原因", "什么时候"),
            ("no_show", "没有关系。还需要看的话", "我不能来了"),
            ("died", "请家属节哀", "去评价"),
            ("settled", "这次转诊已经结束", "我不能来了"),
        ],
    )
    def test_bad_endings(self, cast, behind, status, said, unsaid):
        browser, token = behind_before_the_end(cast, behind, status)
        page = text(browser.get(address_of(token)))
        assert said in page
        assert unsaid not in page

    def test_who_died_in_hospital_is_not_sent_home(self, cast, behind):
        referral = referral_at("arrived", cast)
        facts = default_facts("conclude", referral, cast) | {"outcome": "died", "follow_up_on": None}
        browser, token = behind(step("conclude", referral, cast, **facts))
        page = text(browser.get(address_of(token)))
        assert "请家属节哀" in page
        assert [words for words in ("去评价", "接着照顾您", "短信") if words in page] == []

    def test_the_paper_leads_on_when_the_referral_goes_on(self, cast, behind):
        referral = referral_at("submitted", cast)
        browser, token = behind(referral)
        onward = step("forward", referral, cast)
        page = text(browser.get(address_of(token)))
        assert onward.receiver.label in page
        assert cast.institutions.hospital.label not in page.split("有事打电话")[0]
        browser.post(address_of(token, "patient_decline"), {"reason": "better"})
        assert PatientWord.objects.get().referral_id == onward.pk


def behind_before_the_end(cast, behind, status):
    """The link was made while there was still something to wait for."""
    before = referral_at({"died": "arrived", "settled": "rejected"}.get(status, status), cast)
    entered = behind(before)
    if status in ("died", "settled"):
        step({"died": "record_death", "settled": "settle"}[status], before, cast)
    return entered


class TestCannotCome:
    def test_both_sides_hear_and_see_it_and_nothing_is_cancelled(self, cast, behind):
        referral = referral_at("scheduled", cast)
        browser, token = behind(referral)
        answer = browser.post(address_of(token, "patient_decline"), {"reason": "no_time", "text": "下周可以"})
        assert (answer.status_code, answer["Location"]) == (302, address_of(token))
        assert "您告诉过我们：不能来了" in text(browser.get(address_of(token)))
        assert fresh(referral).status == "scheduled"
        event = Event.objects.get(name="referral.patient_declined")
        assert "下周" not in str(event.facts) and "no_time" not in str(event.facts)
        for who in ("township_doctor", "core_desk"):
            page = text(cast.browser(who).get(page_of(referral)))
            assert "患者告知不能来" in page and "时间不合适，想换个时间 · 下周可以" in page
        for who, box in (("township_doctor", "outgoing"), ("core_desk", "my_turn")):
            assert "患者说不能来" in text(cast.browser(who).get(reverse(f"referrals:{box}")))

    def test_a_second_click_is_the_same_word_and_it_can_be_taken_back(self, cast, behind):
        referral = referral_at("submitted", cast)
        browser, token = behind(referral)
        for _click in range(2):
            browser.post(address_of(token, "patient_decline"), {"reason": "cost"})
        assert PatientWord.objects.count() == Event.objects.filter(name="referral.patient_declined").count() == 1
        for _click in range(2):
            assert browser.post(address_of(token, "patient_come")).status_code == 302
        assert Event.objects.filter(name="referral.patient_coming").count() == 1
        assert fresh(referral).declined_at is None
        assert "患者说不能来" not in text(cast.browser("core_desk").get(reverse("referrals:my_turn")))
        browser.post(address_of(token, "patient_decline"), {"reason": "better"})
        assert PatientWord.objects.standing().get().reason == "better"

    def test_another_day_answers_it(self, cast, behind):
        referral = referral_at("scheduled", cast)
        decline(referral, actor=SYSTEM, reason="no_time")
        step("schedule", fresh(referral), cast)
        assert fresh(referral).declined_at is None
        assert PatientWord.objects.get().answered_at == MOMENT

    def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(self, cast, behind):
        browser, token = behind(referral_at("scheduled", cast))
        answer = browser.post(address_of(token, "patient_decline"), {"text": "孩子发烧" * 60})
        page = words_in(answer)
        assert answer.status_code == 422
        assert "请选一个。" in page and "孩子发烧" in page and "最多 200 个字" in page
        assert PatientWord.objects.count() == 0

    def test_when_it_is_too_late_the_telephone_is_named(self, cast, behind):
        browser, token = behind(referral_at("arrived", cast))
        answer = browser.post(address_of(token, "patient_decline"), {"reason": "better"})
        assert answer.status_code == 422
        assert "请直接致电转诊服务台" in words_in(answer)


class TestWhoLooked:
    def test_house_and_role_newest_first_and_only_of_this_journey(self, cast, behind):
        patient = cast.patient()
        other = referral_at("accepted", cast, patient=patient, receiver=cast.institutions.tcm,
                            department=cast.departments.tcm_cardiology)  # fmt: skip
        referral = referral_at("submitted", cast, patient=patient, department=cast.departments.neurology)
        cast.browser("tcm_desk").get(page_of(other))
        for who in ("township_doctor", "core_desk"):
            cast.browser(who).get(page_of(referral))
        reason = "为患者的糖尿病复诊核对"
        cast.browser("core_desk").post(page_of(referral) + "reveal/", {"fields": ["phone"], "reason": reason})
        browser, token = behind(referral)
        with statements() as ran:
            page = text(browser.get(address_of(token, "patient_looked")))
        assert len(ran) <= MOST_STATEMENTS
        looks = page.split("<ol")[1].split("</ol>")[0]
        order = [looks.index(words) for words in ("查看完整信息", "查看您的转诊", "全科 医生")]
        assert order == sorted(order)
        assert [each for each in ("县中医院", "黄丽", "张伟", "糖尿病") if each in looks] == []
        assert AccessEntry.objects.filter(person_id=patient.person_id, institution_id=cast.institutions.tcm.pk).exists()

    def test_another_department_is_not_named_and_each_purpose_has_words(self, cast, behind):
        referral = referral_at("submitted", cast)
        desk = cast.actors.core_desk
        Membership.objects.filter(pk=desk.membership_id).update(department=cast.departments.neurology)
        for purpose in ("outcome", "inquiry", "something new", "referral", "reveal phone: 糖尿病"):
            open_record(desk, referral.patient, purpose=purpose)
        browser, token = behind(referral)
        page = text(browser.get(address_of(token, "patient_looked")))
        looks = page.split("<ol")[1].split("</ol>")[0]
        said = ("了解这次转诊的结果", "医生之间为您咨询", "查看您的资料", "查看您的转诊", "查看完整信息（已写明理由）")
        assert [looks.count(words) for words in said] == [1] * 5
        assert [word for word in ("神经内科", "糖尿病") if word in looks] == []
        Membership.objects.filter(pk=desk.membership_id).update(department=referral.department)
        again = text(browser.get(address_of(token, "patient_looked")))
        assert again.split("<ol")[1].split("</ol>")[0].count(referral.department.name) == 5


class TestRating:
    def test_once_and_for_seven_days_it_can_be_changed(self, cast, behind, clock):
        browser, token = behind(referral_at("closed", cast))
        given = {"waiting": "4", "handover": "5", "clear": "3", "text": "谢谢"}
        assert "去评价" in text(browser.get(address_of(token)))
        assert browser.post(address_of(token, "patient_rating"), given).status_code == 302
        assert browser.post(address_of(token, "patient_rating"), given | {"waiting": "1"}).status_code == 302
        assert PatientRating.objects.values_list("waiting", "handover", "clear", "text").get() == (1, 5, 3, "谢谢")
        clock.shift(timedelta(days=7, minutes=1))
        late = inside(token).post(address_of(token, "patient_rating"), given)
        assert (late.status_code, "评价已满 7 天" in words_in(late)) == (422, True)
        assert PatientRating.objects.get().waiting == 1

    def test_before_the_end_and_with_a_six_there_is_none(self, cast, behind):
        browser, token = behind(referral_at("arrived", cast))
        good = {"waiting": "4", "handover": "5", "clear": "3"}
        assert browser.post(address_of(token, "patient_rating"), good).status_code == 422
        browser, token = behind(referral_at("concluded", cast, department=cast.departments.neurology))
        assert browser.post(address_of(token, "patient_rating"), good | {"clear": "6"}).status_code == 422
        assert PatientRating.objects.count() == 0

    def test_houses_see_figures_of_five_and_more_and_only_the_office_reads_words(self, cast):
        made = [referral_at("concluded", cast, patient=cast.patient(name=f"王秀{each}")) for each in "一二三四五"]
        for referral in made[:4]:
            rate(referral, actor=SYSTEM, waiting=4, handover=4, clear=5, text="等得有点久")
        page = reverse("referrals:ratings")
        assert text(cast.browser("core_desk").get(page)).count("评价不足") == 10
        rate(made[4], actor=SYSTEM, waiting=5, handover=4, clear=5)
        own = {(row.house.code, row.as_receiver): row.averages for row in ratings.ratings_for(cast.actors.core_desk)}
        figures = [("等待合理", 4.2), ("对接满意", 4.0), ("清楚回来后怎么做", 5.0)]
        assert {key for key, found in own.items() if found} == {("county-hospital", True), ("chengguan", False)}
        assert own["county-hospital", True] == figures
        for who, reads in (("core_desk", False), ("township_doctor", False), ("consortium_administrator", True),
                           ("outsider_office", False)):  # fmt: skip
            shown = text(cast.browser(who).get(page))
            assert ("等得有点久" in shown) == reads, who
            assert [referral.number for referral in made if referral.number in shown] == []
        assert cast.browser("pharmacist").get(page).status_code == 403


class TestTheParties:
    def test_the_detail_page_tells_how_the_link_is_used_and_ends_it(self, cast, behind):
        referral = referral_at("submitted", cast)
        browser, token = behind(referral)
        desk = cast.browser("core_desk")
        assert "最近打开：03-11 10:00" in text(desk.get(page_of(referral)))
        answer = desk.post(reverse("referrals:links_revoke", args=[referral.number]), follow=True)
        assert "已作废 1 个患者链接" in text(answer)
        assert browser.get(address_of(token)).status_code == 404
        again = desk.post(reverse("referrals:links_revoke", args=[referral.number]), follow=True)
        assert "没有在用的患者链接" in text(again)

    def test_the_patient_says_no_to_short_messages_on_his_page_or_at_the_window(self, cast, behind):
        referral = referral_at("submitted", cast)
        browser, token = behind(referral)
        browser.post(address_of(token, "patient_messages"), {"wanted": "no"})
        assert Referral.objects.get(pk=referral.pk).no_sms is True
        at_window = reverse("referrals:links_messages", args=[referral.number])
        assert "已恢复短信提醒" in text(cast.browser("township_doctor").post(at_window, {"wanted": "yes"}, follow=True))
        assert Referral.objects.get(pk=referral.pk).no_sms is False
        names = ["link.sms_refused", "link.sms_wanted"]
        assert list(Event.objects.filter(name__in=names).order_by("pk").values_list("name", flat=True)) == names

    def test_leaving_closes_the_page_on_a_borrowed_telephone(self, cast, behind):
        browser, token = behind(referral_at("submitted", cast))
        browser.post(address_of(token, "patient_leave"))
        assert "请先回答一个问题" in text(browser.get(address_of(token)))


def test_the_guide_is_open_and_speaks_of_houses_alone(cast, client):
    referral_at("submitted", cast)
    page = text(client.get(reverse("referrals:guide")))
    for house in (cast.institutions.hospital, cast.institutions.clinic, cast.institutions.outsider):
        assert house.name in page and house.desk_phone in page
    assert [person.name for person in vars(cast.users).values() if person.name in page] == []
