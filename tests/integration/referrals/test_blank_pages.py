"""The pages of blank slips: printing them, the list, and entering what was written on one."""

import re
from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from institutions.models import Member
from referrals.actions.blanks import print_blanks, spoil_blank
from referrals.marks import barcode
from referrals.models import BlankSlip, Referral
from tests.integration.referrals.pages import statements, words_in
from tests.integration.referrals.sheets import NEW, edit_of, errors_in, field_in, sheet
from tests.walk import draft, step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 15, 0, tzinfo=ZONE)
LIST = reverse("referrals:blanks")
MOST_STATEMENTS = 12

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def printed(cast, count=1, who="township_doctor", direction="up"):
    return print_blanks(actor=getattr(cast.actors, who), count=count, direction=direction)


def paper(blank, hours=1, **changes) -> dict:
    at = timezone.localtime(MOMENT + timedelta(hours=hours))
    return {"paper-blank_number": blank.number, "paper-occurred_at": f"{at:%Y-%m-%dT%H:%M}"} | changes


class TestPrinting:
    def test_a_batch_is_numbered_and_shown_sheet_by_sheet(self, cast):
        browser = cast.browser("township_desk")
        answer = browser.post(LIST, {"count": 3, "direction": "up"}, follow=True)
        numbers = list(BlankSlip.objects.order_by("id").values_list("number", flat=True))
        page = answer.content.decode()
        assert re.findall(r"编号 <b>(R\d+)</b>", page) == numbers
        assert [page.count(barcode(number).replace("&", "&amp;")) for number in numbers] == [2, 2, 2]

    def test_a_double_click_prints_once(self, cast):
        browser = cast.browser("township_desk")
        sent = {"count": 3, "direction": "up", "idempotency_key": str(uuid4())}
        answers = [browser.post(LIST, sent) for _click in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert answers[0].url == answers[1].url
        assert (BlankSlip.objects.count(), Event.objects.filter(name="blank.printed").count()) == (3, 1)

    @pytest.mark.parametrize("wrong", [{"count": "0"}, {"count": "51"}, {"count": "x"}, {"direction": "out"}, {}])
    def test_what_cannot_be_printed_is_said(self, cast, wrong):
        answer = cast.browser("township_desk").post(LIST, {"count": "1", "direction": "up"} | wrong if wrong else {})
        assert answer.status_code == 422
        assert "field-error" in answer.content.decode()
        assert not BlankSlip.objects.exists()

    @pytest.mark.parametrize(
        ("direction", "words"),
        [
            (
                "up",
                ("双向转诊（转出）单存根", "骑缝", "需转入贵单位", "初步印象", "主要现病史（转出原因）", "绿色通道"),
            ),
            ("down", ("双向转诊（回转）单存根", "骑缝", "现转回贵单位", "诊断结果", "下一步治疗方案及康复建议")),
        ],
    )
    def test_the_sheet_is_the_national_form(self, cast, direction, words):
        blank = printed(cast, direction=direction)[0]
        page = words_in(cast.browser("township_doctor").get(reverse("referrals:blank", args=[blank.number])))
        missing = [
            each for each in (*words, "知情同意", "患方（签字）", "转出时间", "城关镇卫生院") if each not in page
        ]
        assert missing == []
        assert "0839-7230001" in page

    def test_again_it_says_so_and_is_on_record(self, cast):
        blank, browser = printed(cast)[0], cast.browser("township_desk")
        assert "【补印】" not in words_in(browser.get(reverse("referrals:blank", args=[blank.number])))
        page = browser.post(reverse("referrals:blank_reprint", args=[blank.number]), follow=True)
        assert "【补印】" in words_in(page)
        assert Event.objects.get(name="blank.reprinted").facts == {"number": blank.number, "times": 1}

    def test_what_is_used_or_spoilt_is_not_printed_any_more(self, cast):
        used, spoilt, left = printed(cast, 3)
        draft(cast, blank_number=used.number)
        spoil_blank(spoilt, actor=cast.actors.township_desk, reason="遗失")
        browser = cast.browser("township_desk")
        batch = browser.get(reverse("referrals:blank_batch", args=[left.batch])).content.decode()
        assert re.findall(r"编号 <b>(R\d+)</b>", batch) == [left.number]
        for blank in (used, spoilt):
            assert browser.get(reverse("referrals:blank", args=[blank.number])).status_code == 422
            assert browser.post(reverse("referrals:blank_reprint", args=[blank.number])).status_code == 409

    def test_spoiling_asks_why(self, cast):
        blank, browser = printed(cast)[0], cast.browser("township_desk")
        address = reverse("referrals:blank_spoil", args=[blank.number])
        assert browser.post(address, {"reason": " "}).status_code == 422
        assert browser.post(address, {"reason": "污损"}).url == LIST
        assert BlankSlip.objects.get().spoil_reason == "污损"
        assert browser.post(address, {"reason": "污损"}).status_code == 409


class TestList:
    @pytest.mark.parametrize("who", ["township_administrator", "pharmacist", "auditor", "consortium_administrator"])
    def test_not_for_who_neither_writes_nor_sends(self, cast, who):
        for answer in (cast.browser(who).get(LIST), cast.browser(who).post(LIST, {"count": 1, "direction": "up"})):
            assert answer.status_code == 403
            assert "referral" not in str(answer.context["refusal"].detail)
        assert not BlankSlip.objects.exists()

    def test_only_the_own_houses(self, cast):
        own, other = printed(cast)[0], printed(cast, who="hekou_doctor")[0]
        page = cast.browser("township_desk").get(LIST).content.decode()
        assert (own.number in page, other.number in page) == (True, False)

    def test_by_state_with_the_count_of_the_unused(self, cast):
        used, spoilt, *unused = printed(cast, 4)
        draft(cast, blank_number=used.number)
        spoil_blank(spoilt, actor=cast.actors.township_desk, reason="被水打湿")
        browser, found = cast.browser("township_doctor"), {}
        for state in ("", "unused", "used", "spoiled"):
            page = browser.get(LIST, {"state": state}).content.decode()
            found[state] = set(re.findall(r'<span class="number">(R\d+)</span>', page))
            assert '<span class="tag tag-on">2</span>' in page
        left = {blank.number for blank in unused}
        assert found == {
            "": left | {used.number, spoilt.number}, "unused": left, "used": {used.number}, "spoiled": {spoilt.number}
        }  # fmt: skip
        assert browser.get(LIST, {"state": "lost"}).status_code == 400

    def test_each_leads_on(self, cast):
        used, unused = printed(cast, 2)
        draft(cast, blank_number=used.number)
        page = cast.browser("township_doctor").get(LIST).content.decode()
        assert reverse("referrals:detail", args=[used.number]) in page
        assert f"{NEW}?blank={unused.number}" in page
        desk = cast.browser("township_desk").get(LIST).content.decode()
        assert f"{NEW}?blank=" not in desk

    def test_pages_follow_one_another(self, cast):
        numbers = {blank.number for blank in printed(cast, 50)}
        browser = cast.browser("township_doctor")
        first = browser.get(LIST, {"state": "unused"})
        second = browser.get(f"{LIST}?state=unused&cursor={quote(first.context['page'].next)}")
        seen = [blank.number for answer in (first, second) for blank in answer.context["page"].results]
        assert (len(seen), set(seen)) == (50, numbers)
        assert browser.get(LIST, {"cursor": "spoilt"}).status_code == 400

    def test_thirty_cost_what_one_costs(self, cast):
        browser = cast.browser("township_doctor")
        draft(cast, blank_number=printed(cast)[0].number)
        browser.get(LIST)
        with statements() as one:
            assert browser.get(LIST).status_code == 200
        for blank in printed(cast, 29):
            draft(cast, blank_number=blank.number)
        with statements() as many:
            assert len(browser.get(LIST).context["page"].results) == 30
        assert len(one) == len(many) <= MOST_STATEMENTS


class TestEntering:
    def test_from_the_list_number_and_direction_stand_there(self, cast):
        blank = printed(cast, direction="down")[0]
        page = cast.browser("township_doctor").get(NEW, {"blank": blank.number})
        assert field_in(page, "paper-blank_number") == blank.number
        assert page.context["choice"].direction == "down"

    def test_nobody_is_asked_where_there_is_no_paper(self, cast):
        browser = cast.browser("township_doctor")
        printed(cast, who="hekou_doctor")
        assert "paper-blank_number" not in browser.get(NEW).content.decode()
        printed(cast)
        assert "paper-blank_number" in browser.get(NEW).content.decode()

    def test_sent_with_its_number_and_time(self, cast, clock):
        blank, patient = printed(cast)[0], cast.patient()
        clock.move_to(MOMENT + timedelta(hours=5))
        browser = cast.browser("township_doctor")
        answer = browser.post(NEW, sheet(patient, **paper(blank)), follow=True)
        referral = Referral.objects.get()
        assert (referral.number, referral.status) == (blank.number, "submitted")
        assert referral.submitted_at == MOMENT + timedelta(hours=1)
        assert "补录" in words_in(answer)

    def test_without_its_time_it_is_kept_as_a_draft_only(self, cast):
        blank, patient = printed(cast)[0], cast.patient()
        browser, timeless = cast.browser("township_doctor"), {"paper-occurred_at": ""}
        answer = browser.post(NEW, sheet(patient, **paper(blank) | timeless))
        assert (answer.status_code, errors_in(answer)) == (422, ["请填写纸质单上的转出时间。"])
        assert not Referral.objects.exists()
        browser.post(NEW, sheet(patient, act="save", **paper(blank) | timeless))
        assert Referral.objects.get().number == blank.number

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"paper-blank_number": "R26"}, "纸质单号应为 R 加 11 位数字"),
            ({"paper-blank_number": "R26000000006"}, "本机构没有印发过这个单号的空白转诊单"),
            ({"paper-blank_number": ""}, "请填写纸质单号；没有纸质单的，请清除转出时间。"),
            ({"paper-occurred_at": "2026-03-11T14:59"}, "早于这张空白单的印发时间 2026-03-11 15:00"),
            ({"paper-occurred_at": "2026-03-11T23:59"}, "实际发生时间不能晚于现在。"),
            ({"paper-occurred_at": "gestern"}, "请填写有效的日期和时间。"),
        ],
    )
    def test_whatever_is_wrong_is_said_at_once_with_the_rest(self, cast, change, sentence):
        blank, patient = printed(cast)[0], cast.patient()
        answer = cast.browser("township_doctor").post(NEW, sheet(patient, **paper(blank, hours=0) | change))
        assert answer.status_code == 422
        assert [each for each in errors_in(answer) if sentence in each] != []
        assert not Referral.objects.exists()

    def test_remembered_after_autosave(self, cast, clock):
        """The draft has a number of the platform's already; sent, it bears that of the paper."""
        blank, sent = printed(cast)[0], sheet(cast.patient(), idempotency_key=str(uuid4()))
        cast.browser("township_doctor").post(reverse("referrals:autosave_new"), sent)
        was = Referral.objects.get()
        clock.move_to(MOMENT + timedelta(hours=5))
        browser = cast.browser("township_doctor")
        refused = browser.post(edit_of(was), sent | paper(blank) | {"version": was.version, "history": ""})
        assert (refused.status_code, Referral.objects.get().number) == (422, was.number)
        browser.post(edit_of(was), sent | paper(blank) | {"version": was.version, "idempotency_key": str(uuid4())})
        assert Referral.objects.get().number == blank.number
        again = browser.post(NEW, sent | {"act": "save", "version": ""})
        assert again.status_code < 500
        assert Referral.objects.count() == 1

    def test_refused_by_the_act_the_draft_is_still_there(self, cast):
        """The number is taken back with everything else; the page that says why is that of the old number."""
        blank, browser = printed(cast)[0], cast.browser("township_doctor")
        live = step("submit", draft(cast), cast)
        other = draft(cast, patient=live.patient)
        answer = browser.post(edit_of(other), sheet(live.patient, version=other.version, **paper(blank, hours=0)))
        assert (answer.status_code, answer.context["referral"].number) == (409, other.number)
        assert BlankSlip.objects.get().state == "unused"

    def test_the_draft_shows_its_paper_and_what_deleting_means(self, cast):
        blank = printed(cast)[0]
        page = words_in(cast.browser("township_doctor").get(edit_of(draft(cast, blank_number=blank.number))))
        assert f'type="hidden" name="paper-blank_number" value="{blank.number}"' in page
        assert "纸质单号随之停用" in page


class TestArriving:
    """A patient stands at the desk with paper nobody has entered."""

    def hint(self, cast, who, number) -> str:
        answer = cast.browser(who).post(reverse("referrals:search"), {"text": number})
        assert answer.status_code == 200
        return str(answer.context["hint"])

    UNKNOWN = "没有这个单号，或贵机构不是这次转诊的一方。"

    @pytest.mark.parametrize("who", ["core_desk", "tcm_desk", "township_desk", "hekou_doctor"])
    def test_members_hear_whom_to_call(self, cast, who):
        blank = printed(cast)[0]
        told = "空白单，由城关镇卫生院于 2026-03-11 印发，尚未录入，请联系 0839-7230001。"
        assert self.hint(cast, who, blank.number) == told

    def test_a_spoilt_one_is_doubtful(self, cast):
        blank = printed(cast)[0]
        spoil_blank(blank, actor=cast.actors.township_desk, reason="遗失")
        assert "已作废，请联系 0839-7230001 核实" in self.hint(cast, "core_desk", blank.number)

    def test_while_it_is_being_entered_as_well(self, cast):
        blank = printed(cast)[0]
        draft(cast, blank_number=blank.number)
        assert "尚未录入，请联系" in self.hint(cast, "core_desk", blank.number)

    @pytest.mark.parametrize("who", ["outsider_desk", "outsider_doctor"])
    def test_a_stranger_hears_what_he_hears_of_any_number(self, cast, who):
        blank = printed(cast)[0]
        assert self.hint(cast, who, blank.number) == self.hint(cast, who, "R26000000006") == self.UNKNOWN

    def test_so_does_who_has_left(self, cast):
        blank = printed(cast)[0]
        Member.objects.filter(institution=cast.institutions.chengguan).update(left_on=timezone.localdate())
        assert self.hint(cast, "core_desk", blank.number) == self.UNKNOWN

    def test_sent_to_another_it_is_nothing_to_this_one(self, cast):
        blank = printed(cast)[0]
        step("submit", draft(cast, blank_number=blank.number, written_at=MOMENT), cast)
        assert self.hint(cast, "tcm_desk", blank.number) == self.UNKNOWN
