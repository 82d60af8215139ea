"""The page of one referral: who sees what of it, its story, and what a look costs."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from events.models import AccessEntry
from referrals.actions import change_draft
from referrals.models import Referral
from tests.integration.referrals.pages import HTMX, page_of, statements, words_in
from tests.walk import DOWNWARD, referral_at, step

pytestmark = pytest.mark.django_db

MOST_STATEMENTS = 12


def see(cast, who, referral):
    return cast.browser(who).get(page_of(referral))


class TestWhoSeesIt:
    def test_both_sides_see_the_letter(self, cast):
        referral = referral_at("submitted", cast)
        for who in ("township_doctor", "township_desk", "core_desk", "cardiologist"):
            answer = see(cast, who, referral)
            assert answer.status_code == 200
            words = words_in(answer)
            assert "反复胸闷 3 个月" in words
            assert "王秀英" in words

    def test_a_stranger_does_not_know_it_exists(self, cast):
        referral = referral_at("submitted", cast)
        for who in ("outsider_doctor", "outsider_desk", "outsider_office", "tcm_doctor"):
            assert see(cast, who, referral).status_code == 404

    def test_a_colleague_without_the_role_is_told_why(self, cast):
        answer = see(cast, "pharmacist", referral_at("submitted", cast))
        assert answer.status_code == 403
        assert "查看转诊" in words_in(answer)

    def test_the_receiver_does_not_see_a_draft(self, cast):
        assert see(cast, "core_desk", referral_at("draft", cast)).status_code == 404

    def test_the_office_follows_the_way_but_not_the_illness(self, cast):
        referral = referral_at("submitted", cast)
        answer = see(cast, "consortium_administrator", referral)
        words = words_in(answer)
        assert answer.status_code == 200
        assert "反复胸闷" not in words
        assert "王秀英" not in words
        assert "病情内容只对有查看依据" in words

    def test_after_a_withdrawal_the_receiver_sees_no_illness(self, cast):
        referral = referral_at("withdrawn", cast)
        words = words_in(see(cast, "core_desk", referral))
        assert "反复胸闷" not in words
        assert "王秀英" not in words

    def test_after_the_end_names_are_masked(self, cast):
        words = words_in(see(cast, "core_desk", referral_at("closed", cast)))
        assert "王秀英" not in words
        assert "王**" in words

    def test_the_number_is_read_in_any_case(self, cast):
        referral = referral_at("submitted", cast)
        assert cast.browser("core_desk").get(f"/referrals/{referral.number.lower()}/").status_code == 200


class TestAccessEntries:
    def test_one_look_writes_one(self, cast):
        referral = referral_at("submitted", cast)
        before = AccessEntry.objects.count()
        see(cast, "core_desk", referral)
        entry = AccessEntry.objects.order_by("-pk").first()
        assert AccessEntry.objects.count() == before + 1
        assert (entry.patient_id, entry.basis, entry.purpose) == (referral.patient_id, "referral", "referral")
        assert referral.number not in entry.route

    def test_who_sees_no_illness_leaves_none(self, cast):
        referral = referral_at("submitted", cast)
        before = AccessEntry.objects.count()
        see(cast, "consortium_administrator", referral)
        see(cast, "outsider_doctor", referral)
        assert AccessEntry.objects.count() == before


class TestWhatItShows:
    def test_the_head_says_whose_hand_since_when_and_until_when(self, cast):
        referral = referral_at("submitted", cast, urgency="urgent", priority=["elderly"])
        words = words_in(see(cast, "township_doctor", referral))
        assert "县人民医院 双向转诊服务台" in words
        assert f"{timezone.localtime(referral.status_since):%Y-%m-%d %H:%M}" in words
        for mark in ("加急", "老年人", "待接收", "上转 · 门诊"):
            assert mark in words

    def test_my_own_turn_is_said(self, cast):
        words = words_in(see(cast, "core_desk", referral_at("submitted", cast)))
        assert "轮到您办理" in words
        assert "轮到我方 · 双向转诊服务台" in words

    def test_numbers_of_both_sides_can_be_called(self, cast):
        words = words_in(see(cast, "core_desk", referral_at("submitted", cast)))
        house, author = cast.institutions, cast.users.township_doctor
        for number in (house.hospital.desk_phone, house.hospital.duty_phone, house.chengguan.desk_phone,
                       house.chengguan.duty_phone, author.phone, cast.departments.cardiology.phone):  # fmt: skip
            assert f'href="tel:{number}"' in words

    def test_the_letter_of_a_down_referral(self, cast):
        referral = referral_at("submitted", cast, direction="down")
        words = words_in(see(cast, "township_doctor", referral))
        line = DOWNWARD["medications"][0]
        for said in ("双向转诊（回转）单", "诊断结果", DOWNWARD["plan"], line["name"], line["dose"], "接收机构有药"):
            assert said in words

    def test_vitals_allergies_and_consent(self, cast):
        words = words_in(see(cast, "core_desk", referral_at("submitted", cast)))
        for said in ("156/94 mmHg", "82 次/分", "青霉素", "患者本人同意转诊、信息共享（纸质签字）"):
            assert said in words

    def test_the_booking(self, cast):
        referral = referral_at("accepted", cast)
        step("schedule", referral, cast, slot=cast.slot(days=1), place="门诊三楼 5 诊室", bring="身份证")
        words = words_in(see(cast, "township_doctor", referral))
        for said in ("门诊三楼 5 诊室", "身份证", "上午", "门诊号源"):
            assert said in words

    def test_the_return_summary(self, cast):
        words = words_in(see(cast, "township_doctor", referral_at("concluded", cast)))
        for said in ("回传小结", "冠状动脉造影，药物治疗", "规律服药，两周后复查", "转回基层"):
            assert said in words

    def test_a_journey_up_and_back_is_one_chain(self, cast):
        referral = referral_at("arrived", cast)
        back = step("refer_back", referral, cast)
        answer = see(cast, "cardiologist", referral)
        assert [leg.referral.number for leg in answer.context["journey"]] == [referral.number, back.number]
        assert f'href="{page_of(back)}"' in words_in(answer)
        assert [leg.referral.number for leg in see(cast, "township_doctor", referral).context["journey"]] == [
            referral.number
        ]

    def test_the_green_channel_must_be_completed(self, cast):
        referral = referral_at("submitted", cast, kind="emergency", urgency="emergency", green_channel="stroke",
                               caller_phone="13800000001", consent=None)  # fmt: skip
        assert "其余资料须在" in words_in(see(cast, "township_doctor", referral))

    def test_the_waiting_sender_reads_when_the_receiver_is_back(self, cast):
        monday_night = timezone.localtime().replace(2026, 11, 23, 21, 0)
        with time_machine.travel(monday_night, tick=False):
            referral = referral_at("submitted", cast)
            words = words_in(see(cast, "township_doctor", referral))
            assert "11-24 08:00 上班；急事请打总值班电话" in words
            assert "非工作时间" not in words_in(see(cast, "core_desk", referral))


class TestMoves:
    def test_the_usual_next_one_comes_first(self, cast):
        moves = see(cast, "core_desk", referral_at("submitted", cast)).context["moves"]
        assert [(move.verb, move.primary) for move in moves.first] == [
            ("accept", True), ("arrive", False), ("return", False), ("redirect", False), ("forward", False),
            ("upgrade", False), ("claim", False),
        ]  # fmt: skip
        assert [move.verb for move in moves.more] == ["reject"]

    def test_for_who_has_a_place_it_is_the_arrival(self, cast):
        moves = see(cast, "core_desk", referral_at("scheduled", cast)).context["moves"]
        assert [(move.verb, move.primary) for move in moves.first[:2]] == [("arrive", True), ("schedule", False)]

    def test_the_others_say_why_not(self, cast):
        words = words_in(see(cast, "core_desk", referral_at("submitted", cast)))
        assert "出发转运、撤回、登记错误，作废" in words
        assert "由转出方（城关镇卫生院）办理。" in words
        assert "需要：“医生”、“家庭医生”、“村医”角色" in words

    def test_nothing_is_offered_where_nothing_can_be_done(self, cast):
        moves = see(cast, "consortium_administrator", referral_at("submitted", cast)).context["moves"]
        assert (moves.first, moves.more) == ([], [])
        assert moves.closed

    def test_moves_without_facts_are_made_by_one_click(self, cast):
        referral = referral_at("draft", cast)
        moves = see(cast, "township_doctor", referral).context["moves"]
        assert [(move.verb, move.direct) for move in (*moves.first, *moves.more)] == [
            ("submit", True), ("upgrade", False), ("claim", True), ("discard", True), ("record_death", False),
        ]  # fmt: skip


class TestStory:
    def test_it_says_how_long_it_lay_in_whose_hand(self, cast):
        start = timezone.localtime().replace(2026, 11, 23, 9, 0)
        with time_machine.travel(start, tick=False) as clock:
            referral = referral_at("draft", cast)
            clock.shift(timedelta(minutes=10))
            step("submit", referral, cast)
            clock.shift(timedelta(hours=2))
            step("accept", referral, cast)
            clock.shift(timedelta(minutes=30))
            story = see(cast, "township_doctor", referral).context["story"]
        assert [(each.label, each.lasted_in, each.lasted) for each in story.entries] == [
            ("起草", "城关镇卫生院", "10 分"),
            ("提交", "县人民医院", "2 小时"),
            ("接收", "县人民医院", "30 分"),
        ]
        assert story.stays == [("转出方共用时", "10 分"), ("接收方共用时", "2 小时 30 分")]

    def test_what_is_entered_afterwards_is_marked(self, cast):
        with time_machine.travel(timezone.now() - timedelta(hours=1)):
            referral = referral_at("scheduled", cast)
        step("arrive", referral, cast, arrived_at=timezone.now() - timedelta(minutes=30))
        words = words_in(see(cast, "core_desk", referral))
        assert "补录于" in words

    def test_what_was_told_on_the_telephone_is_marked(self, cast):
        referral = referral_at("accepted", cast, sender=cast.institutions.chengguan,
                               department=cast.departments.general_clinic, direction="down", **DOWNWARD,
                               follow_up_on=timezone.localdate() + timedelta(days=9))  # fmt: skip
        words = words_in(see(cast, "township_doctor", referral))
        assert "代录" in words
        assert "村医 老李" in words

    def test_codes_are_said_in_words(self, cast):
        words = words_in(see(cast, "township_doctor", referral_at("rejected", cast)))
        assert "无床或号源已满" in words

    def test_comments_stand_in_it(self, cast):
        referral = referral_at("submitted", cast)
        step("comment", referral, cast, text="家属明早陪同前往")
        assert "家属明早陪同前往" in words_in(see(cast, "core_desk", referral))


class TestReveal:
    def ask(self, cast, who, referral, **changes):
        given = {"fields": ["identifiers", "address"], "reason": "入院登记核对身份"} | changes
        url = reverse("referrals:reveal", args=[referral.number])
        return cast.browser(who).post(url, given, headers=HTMX)

    def test_with_a_reason_the_whole_is_shown_and_written_down(self, cast):
        referral = referral_at("arrived", cast)
        answer = self.ask(cast, "cardiologist", referral)
        number = referral.patient.identifiers.get().value
        words = words_in(answer)
        assert answer.status_code == 200
        assert number in words
        assert "青川县城关镇东街 12 号" in words
        entry = AccessEntry.objects.order_by("-pk").first()
        assert entry.purpose == "reveal identifiers,address: 入院登记核对身份"

    def test_not_one_after_the_other(self, cast, settings):
        rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] | {"reveal": "2/day"}
        settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": rates}
        referral = referral_at("arrived", cast)
        answers = [self.ask(cast, "cardiologist", referral) for _each in range(3)]
        assert [each.status_code for each in answers] == [200, 200, 429]
        assert int(answers[-1].headers["Retry-After"]) > 0
        assert self.ask(cast, "core_doctor", referral).status_code == 200

    def test_without_a_reason_nothing_is_shown(self, cast):
        referral = referral_at("arrived", cast)
        before = AccessEntry.objects.count()
        answer = self.ask(cast, "cardiologist", referral, reason="")
        assert (answer.status_code, AccessEntry.objects.count()) == (422, before)
        assert "请写明查看完整信息的理由" in words_in(answer)
        assert referral.patient.identifiers.get().value not in words_in(answer)

    def test_unknown_fields_are_refused(self, cast):
        answer = self.ask(cast, "cardiologist", referral_at("arrived", cast), fields=["password"])
        assert answer.status_code == 422

    def test_a_stranger_and_a_colleague_without_the_role(self, cast):
        referral = referral_at("arrived", cast)
        assert self.ask(cast, "outsider_doctor", referral).status_code == 404
        assert self.ask(cast, "pharmacist", referral).status_code == 403
        assert self.ask(cast, "consortium_administrator", referral).status_code == 403

    def test_an_address_alone_reveals_nothing(self, cast):
        referral = referral_at("arrived", cast)
        url = reverse("referrals:reveal", args=[referral.number])
        assert cast.browser("cardiologist").get(url).status_code == 405


class TestStatements:
    @pytest.mark.parametrize("who", ["township_doctor", "core_desk", "cardiologist"])
    @pytest.mark.parametrize("status", ["submitted", "scheduled", "concluded", "closed"])
    def test_a_look_asks_few(self, cast, status, who, settings):
        """With the demo's bar, which asks as well."""
        settings.DEMO = True
        User.objects.update(is_demo=True)
        referral = referral_at(status, cast)
        browser = cast.browser(who)
        with statements() as ran:
            assert browser.get(page_of(referral)).status_code == 200
        assert len(ran) <= MOST_STATEMENTS

    def test_a_long_story_costs_no_more(self, cast):
        referral = referral_at("submitted", cast)
        browser = cast.browser("core_desk")
        browser.get("/referrals/")
        with statements() as short:
            browser.get(page_of(referral))
        for number in range(30):
            step("comment", referral, cast, text=f"第 {number} 条")
        with statements() as long:
            browser.get(page_of(referral))
        assert len(long) == len(short)


def test_the_demo_bar_speaks_of_the_referral_on_the_page(cast, settings):
    settings.DEMO = True
    User.objects.update(is_demo=True)
    shown = referral_at("submitted", cast)
    referral_at("draft", cast)
    turn = see(cast, "township_doctor", shown).context["demo"]
    assert (turn.number, turn.username, turn.mine) == (shown.number, "core-desk", False)
    assert turn.url == f"{page_of(shown)}#moves"
    assert see(cast, "core_desk", shown).context["demo"].mine is True


def test_a_draft_can_be_written_on_by_its_house_alone(cast):
    referral = referral_at("draft", cast)
    change_draft(referral, actor=cast.actors.township_colleague, history="改过")
    assert see(cast, "township_colleague", referral).context["may_write"] is True
    assert see(cast, "township_desk", referral).context["may_write"] is False
    assert Referral.objects.get(pk=referral.pk).history == "改过"
