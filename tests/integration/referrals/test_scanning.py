"""The desk scans a slip: on to the arrival, or one sentence why not; nothing more to anybody else."""

import pytest
from django.urls import reverse

from referrals.actions.blanks import print_blanks
from referrals.actions.links import issue_link
from tests.integration.referrals.pages import move_of, page_of, words_in
from tests.integration.referrals.test_looking_up import slow
from tests.walk import referral_at, step

pytestmark = pytest.mark.django_db

SCAN = reverse("referrals:scan")
HOME = "https://zhuanzhen.example.cn"
NOTHING = "没有找到这张转诊单"


@pytest.fixture(autouse=True)
def _home(settings):
    settings.PATIENTS_URL = HOME


def scan(cast, who, code, **more):
    return cast.browser(who).post(SCAN, {"code": code}, **more)


class TestTheDesk:
    @pytest.mark.parametrize("status", ["submitted", "accepted", "scheduled"])
    def test_goes_on_to_the_arrival(self, cast, status):
        referral = referral_at(status, cast)
        answer = scan(cast, "core_desk", f"{referral.number}\r\n")
        assert answer.url == move_of(referral, "arrive")
        assert "接诊人" in words_in(cast.browser("core_desk").get(answer.url))

    def test_by_the_patients_link_and_the_token_goes_no_further(self, cast):
        referral = referral_at("scheduled", cast)
        link = issue_link(referral, actor=cast.actors.township_doctor, made_for="slip")
        answer = scan(cast, "core_desk", link)
        assert answer.url == move_of(referral, "arrive")
        refused = scan(cast, "core_desk", link[:-1])
        assert refused.status_code == 404 and NOTHING in words_in(refused)
        assert link.rsplit("/", 1)[1][:8] not in words_in(refused)

    def test_by_the_paper_of_what_was_forwarded_to_it(self, cast):
        first = referral_at("submitted", cast)
        link = issue_link(first, actor=cast.actors.township_doctor, made_for="slip")
        second = step("forward", first, cast)
        assert scan(cast, "tcm_desk", link).url == move_of(second, "arrive")
        answer = scan(cast, "outsider_desk", link)
        assert (answer.status_code, NOTHING in words_in(answer)) == (404, True)

    def test_is_told_why_it_cannot_be_registered(self, cast):
        arrived = referral_at("arrived", cast)
        answer = cast.browser("core_desk").post(SCAN, {"code": arrived.number}, follow=True)
        assert answer.redirect_chain[-1][0] == page_of(arrived)
        assert "登记到诊，不用再登记。" in words_in(answer)
        withdrawn = referral_at("withdrawn", cast)
        answer = cast.browser("core_desk").post(SCAN, {"code": withdrawn.number}, follow=True)
        assert "该转诊单现在是“已撤回”，不能登记到诊。" in words_in(answer)

    def test_the_senders_own_slip(self, cast):
        mine = referral_at("scheduled", cast)
        answer = cast.browser("township_desk").post(SCAN, {"code": mine.number}, follow=True)
        assert "不能登记到诊：由接收方（县人民医院）办理。" in words_in(answer)

    def test_a_blank_slip_nobody_has_entered(self, cast):
        blank = print_blanks(actor=cast.actors.township_desk, count=1, direction="up")[0]
        answer = scan(cast, "core_desk", blank.number)
        assert answer.status_code == 404 and "空白单，由城关镇卫生院" in words_in(answer)


class TestOthers:
    def test_hear_the_same_of_what_is_not_theirs_and_of_what_is_not(self, cast):
        theirs = referral_at("scheduled", cast)
        link = issue_link(theirs, actor=cast.actors.township_doctor, made_for="slip")
        draft = referral_at("draft", cast)
        for who, code in (("tcm_desk", theirs.number), ("outsider_desk", link), ("core_desk", draft.number),
                          ("core_desk", f"{HOME}/p/{'x' * 22}")):  # fmt: skip
            answer = scan(cast, who, code)
            assert (answer.status_code, NOTHING in words_in(answer)) == (404, True), (who, code)

    def test_without_the_right_to_read(self, cast):
        assert scan(cast, "pharmacist", "R26123456782").status_code == 403

    def test_who_only_reads_comes_to_the_referral(self, cast):
        referral = step("accept", referral_at("submitted", cast), cast)
        answer = cast.browser("consortium_administrator").post(SCAN, {"code": referral.number}, follow=True)
        assert answer.redirect_chain[-1][0] == page_of(referral) and "不能登记到诊：" in words_in(answer)


def test_half_a_code_stays_to_be_completed_and_an_address_does_not(cast):
    answer = scan(cast, "core_desk", "R26123")
    assert answer.status_code == 422 and 'value="R26123"' in answer.content.decode()
    answer = scan(cast, "core_desk", "https://elsewhere.cn/p/abc")
    assert answer.status_code == 422 and "elsewhere" not in answer.content.decode()
    assert cast.browser("core_desk").post(SCAN).status_code == 422


def test_nobody_tries_one_after_the_other(cast, settings):
    slow(settings, look_up="2/day")
    browser = cast.browser("core_desk")
    assert [browser.post(SCAN, {"code": "R26123456782"}).status_code for _each in range(3)] == [404, 404, 429]


def test_the_button_is_for_who_registers_arrivals(cast):
    assert SCAN in cast.browser("core_desk").get(reverse("referrals:my_turn")).content.decode()
    assert SCAN not in cast.browser("consortium_administrator").get(reverse("referrals:my_turn")).content.decode()
