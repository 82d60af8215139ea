"""The village doctor on his phone: refers without a code, sees every leg of the way, takes back whoever returns."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from events.actor import clock_actor
from referrals.actions import change_draft
from referrals.actions.patient_words import decline
from referrals.models import Referral
from tests import files, village
from tests.integration.referrals.green import again, statements
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)  # a Wednesday
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def home(cast):
    return village.admit(cast)


def refer(home, patient, **changes):
    """What the page posts, as a phone does."""
    given = {
        "patient": patient.public_id if patient else "", "urgency": "urgent", "history": "发热咳嗽三天",
        "impression": "肺炎？", "consent-given_by": "self", "receiver": "chengguan", "act": "submit",
        "idempotency_key": str(uuid4()),
    }  # fmt: skip
    return home.browser().post(reverse("referrals:village_refer"), given | changes)


def the_one(home) -> Referral:
    return Referral.objects.with_parties().get(sender=home.clinic)


def page(home, name, *args) -> str:
    answer = home.browser().get(reverse(f"referrals:{name}", args=args))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


class TestRefer:
    def test_the_own_township_is_proposed_and_whom_to_call(self, home):
        words = page(home, "village_refer")
        assert re.search(r'value="chengguan" checked', words)
        assert 'href="tel:0839-7230001"' in words
        assert "非工作时间" not in words

    def test_at_night_it_says_when_they_are_back_and_the_duty_line_first(self, home, clock):
        clock.move_to(datetime(2026, 3, 13, 20, 30, tzinfo=ZONE))  # Friday evening
        words = page(home, "village_refer")
        assert "现在是非工作时间，03-16 08:00 上班" in words
        assert words.index("tel:0839-7230120") < words.index("tel:0839-7230001")

    def test_six_fields_and_it_is_sent_to_general_practice(self, home, cast, judged_at_home, empty_store):
        photo = SimpleUploadedFile("伤口.jpg", files.jpeg(), "image/jpeg")
        answer = refer(home, cast.patient(by=home.doctor), photo=photo)
        sent = the_one(home)
        assert answer.url == reverse("referrals:village_journey", args=[sent.number])
        assert (sent.status, sent.department, sent.urgency, sent.diagnoses[0]["text"], sent.reason) == (
            "submitted", cast.departments.general_chengguan, "urgent", "肺炎？", "beyond_capability",
        )  # fmt: skip
        assert [row.kind for row in sent.attachments.all()] == ["photo"]

    def test_danger_goes_to_the_emergency_room_on_the_green_channel(self, home, cast):
        unknown = {"unknown-sex": "1", "unknown-age": "45", "receiver": "", "impression": ""}
        more = {"green_channel": "trauma", "caller_phone": "13908390999", "consent-given_by": ""}
        refer(home, None, urgency="emergency", **unknown, **more)
        sent = the_one(home)
        assert (sent.green_channel, sent.urgency, sent.department) == (
            "trauma", "emergency", cast.departments.emergency,
        )  # fmt: skip
        assert sent.patient.unknown
        assert '?back=village">出发转运' in page(home, "village_journey", sent.number)

    def test_when_it_began_and_when_they_called(self, home, cast):
        more = {"green_channel": "stroke", "caller_phone": "13908390999", "consent-given_by": "", "receiver": ""}
        times = {"onset_at": "2026-03-11T08:55", "called_at": "2026-03-11T09:40"}
        patient = cast.patient(by=home.doctor)
        answer = refer(home, patient, urgency="emergency", **more, **times | {"called_at": "2026-03-11T08:00"})
        assert ("呼救时间不能早于发病时间" in answer.content.decode(), answer.status_code) == (True, 422)
        refer(home, patient, urgency="emergency", **more, **times)
        sent = the_one(home)
        assert [f"{timezone.localtime(at):%H:%M}" for at in (sent.onset_at, sent.called_at)] == ["08:55", "09:40"]
        assert 'value="2026-03-11T08:55"' in page(home, "village_edit", sent.number)
        Referral.objects.all().update(completion_due=None)
        refer(home, cast.patient(by=home.doctor), **times)  # typed, then it was no emergency
        assert Referral.objects.get(sender=home.clinic, green_channel="").onset_at is None

    def test_what_is_missing_is_said_at_once_and_nothing_typed_is_lost(self, home, cast):
        answer = refer(home, cast.patient(by=home.doctor), impression="", **{"consent-given_by": ""})
        words = answer.content.decode()
        assert (answer.status_code, Referral.objects.filter(sender=home.clinic).count()) == (422, 0)
        assert [
            part for part in ("发热咳嗽三天", "请填写初步印象", "请登记患者或监护人的同意") if part not in words
        ] == []

    def test_a_lying_photograph_sends_nothing(self, home, cast, judged_at_home):
        bad = SimpleUploadedFile("a.jpg", b"MZ not a picture", "image/jpeg")
        answer = refer(home, cast.patient(by=home.doctor), photo=bad)
        assert (answer.status_code, Referral.objects.filter(sender=home.clinic).count()) == (422, 0)
        assert 'id="id_photo_error"' in answer.content.decode()

    def test_autosave_keeps_a_draft_and_the_page_goes_on_with_it(self, home, cast):
        given = {"patient": cast.patient(by=home.doctor).public_id, "history": "头", "urgency": "routine",
                 "idempotency_key": str(uuid4())}  # fmt: skip
        answer = home.browser().post(reverse("referrals:village_autosave_new"), given).json()
        draft = the_one(home)
        assert (answer["page"], answer["kept"]) == (reverse("referrals:village_edit", args=[draft.number]), True)
        assert "头" in page(home, "village_edit", draft.number)


class TestTheWay:
    def test_forwarded_to_the_county_and_back_he_sees_every_leg_and_hears_of_it(self, home, cast):
        refer(home, cast.patient(by=home.doctor))
        first = the_one(home)
        second = step(
            "forward", first, cast, receiver=cast.institutions.hospital, department=cast.departments.cardiology
        )
        assert (second.sender, second.status) == (home.clinic, "submitted")
        assert "经城关镇卫生院转出：已发给县人民医院心内科，等对方答复。" in page(home, "village_sent")
        step("arrive", step("accept", again(second), cast), cast)
        assert "已到县人民医院心内科，正在看病。" in page(home, "village_journey", second.number)
        step("conclude", again(second), cast)
        words = page(home, "village_back")
        assert (second.number in words, first.number in page(home, "village_sent")) == (True, False)
        words = page(home, "village_journey", second.number)
        parts = ("城关镇卫生院已把病人转往别的医院。", "规律服药，两周后复查", "复查日", "小结已看", first.number)
        assert [part for part in parts if part not in words] == []
        answer = home.browser().post(
            reverse("referrals:move", args=[second.number, "acknowledge"]),
            {"version": again(second).version, "follow_up_on": "2026-03-25", "back": "village"},
        )
        assert answer.url == reverse("referrals:village_journey", args=[second.number])
        home.browser().post(
            reverse("referrals:move", args=[second.number, "follow_up"]),
            {"version": again(second).version, "found": "不咳了", "back": "village"},
        )
        assert again(second).status == "closed"

    def test_sent_down_to_the_village_he_receives_and_treats(self, home, cast):
        down = referral_at("submitted", cast, direction="down", receiver=home.clinic, department=home.general)
        words = page(home, "village_back")
        assert "县人民医院把病人转回来了" in words
        detail = page(home, "village_journey", down.number)
        assert [part for part in ("阿司匹林肠溶片", "按时服药，两周后复查血压和心电图") if part not in detail] == []
        assert "同意接回</button>" in detail
        for verb, status in (("accept", "accepted"), ("arrive", "arrived")):
            home.browser().post(
                reverse("referrals:move", args=[down.number, verb]),
                {"version": again(down).version, "received_by": "老唐", "back": "village"},
            )
            assert again(down).status == status
        assert "这次管理结束，办结" in page(home, "village_journey", down.number)

    def test_sent_down_to_the_township_he_learns_where_but_opens_nothing(self, home, cast):
        refer(home, cast.patient(by=home.doctor), receiver="county-hospital")
        up = the_one(home)
        step("conclude", step("arrive", step("accept", up, cast), cast), cast)
        down = step("refer_back", again(up), cast, receiver=cast.institutions.chengguan,
                    department=cast.departments.general_chengguan)  # fmt: skip
        words = page(home, "village_journey", up.number)
        assert "现在：草稿" not in words
        signed = {"covers": ["referral", "sharing"], "given_by": "self", "method": "signed_paper"}
        day = timezone.localdate() + timedelta(days=3)
        change_draft(again(down), actor=cast.actors.core_doctor, plan="随访", follow_up_on=day, consent=signed)
        step("submit", again(down), cast)
        words = page(home, "village_journey", up.number)
        assert ("现在：待接收" in words, down.number in words) == (True, False)
        assert home.browser().get(reverse("referrals:village_journey", args=[down.number])).status_code == 404

    def test_who_received_him_or_sent_him_on_for_others_learns_nothing_of_later_legs(self, home, cast):
        refer(home, cast.patient(by=home.doctor), receiver="county-hospital")
        first = the_one(home)
        second = step("forward", first, cast)
        step("conclude", step("arrive", step("accept", again(second), cast), cast), cast)
        down = step("refer_back", again(second), cast, receiver=cast.institutions.chengguan,
                    department=cast.departments.general_chengguan)  # fmt: skip
        signed = {"covers": ["referral", "sharing"], "given_by": "self", "method": "signed_paper"}
        day = timezone.localdate() + timedelta(days=3)
        change_draft(again(down), actor=cast.actors.tcm_doctor, plan="随访", follow_up_on=day, consent=signed)
        step("submit", again(down), cast)

        def elsewhere(browser, leg):
            return len(browser.get(reverse("referrals:village_journey", args=[leg.number])).context["elsewhere"])

        assert (elsewhere(home.browser(), first), elsewhere(home.browser(), second)) == (1, 1)
        readers = {"cardiologist": first, "tcm_doctor": second, "township_doctor": down}
        assert {who: elsewhere(cast.browser(who), leg) for who, leg in readers.items()} == dict.fromkeys(readers, 0)
        step("withdraw", again(down), cast)
        assert elsewhere(home.browser(), first) == 0

    def test_what_is_not_opened_to_the_reader_is_not_on_the_page(self, home, cast):
        taken_back = referral_at("withdrawn", cast, direction="down", receiver=home.clinic, department=home.general)
        assert "阿司匹林肠溶片" not in page(home, "village_journey", taken_back.number)
        kept = referral_at("accepted", cast)
        step("schedule", kept, cast, slot=cast.slot(), place="门诊楼 9 楼", bring="上次的片子")
        overseer = cast.memberships.consortium_administrator
        overseer.roles = ["consortium_administrator", "doctor"]
        overseer.institution = cast.institutions.tcm
        overseer.save()
        address = reverse("referrals:village_journey", args=[kept.number])
        for who, seen in (("township_doctor", True), ("consortium_administrator", False)):
            words = cast.browser(who).get(address).content.decode()
            assert ("门诊楼 9 楼" in words, "上次的片子" in words) == (seen, seen), who
        assert cast.browser("core_desk").get(address).status_code == 403

    def test_refused_he_reads_why_and_goes_on_in_a_linked_letter_that_settles_it(self, home, cast):
        refer(home, cast.patient(by=home.doctor))
        refused = the_one(home)
        assert "另转一家" not in page(home, "village_journey", refused.number)
        step("reject", refused, cast, reason="full", remark="内科无床，建议县医院")
        words = page(home, "village_journey", refused.number)
        assert "无床或号源已满 · 内科无床，建议县医院" in words
        moved = home.browser().post(
            reverse("referrals:move", args=[refused.number, "resubmit"]),
            {"version": again(refused).version, "back": "village"},
        )
        new = refused.children.get()
        assert (moved.url, new.link) == (reverse("referrals:village_edit", args=[new.number]), "resubmit")
        words = page(home, "village_journey", refused.number)
        assert ("另转一家" in words, "接着写" in words) == (False, True)
        given = {
            "patient": new.patient.public_id, "urgency": "urgent", "history": "发热咳嗽三天", "impression": "肺炎？",
            "consent-given_by": "self", "receiver": "county-hospital", "act": "submit", "version": new.version,
            "idempotency_key": str(uuid4()),
        }  # fmt: skip
        home.browser().post(reverse("referrals:village_edit", args=[new.number]), given)
        assert (again(new).status, again(new).receiver, again(refused).status) == (
            "submitted", cast.institutions.hospital, "settled",
        )  # fmt: skip

    def test_cancelled_and_referred_anew_the_settlement_proposes_it(self, home, cast, clock):
        refer(home, cast.patient(by=home.doctor))
        cancelled = the_one(home)
        step("cancel", step("accept", cancelled, cast), cast, reason="capacity_lost", remark="停诊一周")
        words = page(home, "village_journey", cancelled.number)
        assert ("停诊一周" in words, f"?patient={cancelled.patient.public_id}" in words) == (True, True)
        chosen = r'value="re_referred"[^>]* checked'
        settling = reverse("referrals:move", args=[cancelled.number, "settle"]) + "?back=village"
        assert not re.search(chosen, home.browser().get(settling).content.decode())
        clock.shift(timedelta(minutes=5))
        refer(home, cancelled.patient, receiver="county-hospital")
        assert re.search(chosen, home.browser().get(settling).content.decode())

    def test_what_they_ask_for_and_that_the_patient_cannot_come(self, home, cast):
        refer(home, cast.patient(by=home.doctor))
        asked = the_one(home)
        step("return", asked, cast, reason="exam", remark="请补血常规")
        assert "缺检查检验结果 · 请补血常规" in page(home, "village_journey", asked.number)
        refer(home, cast.patient(by=home.doctor), receiver="county-hospital")
        going = Referral.objects.with_parties().get(sender=home.clinic, receiver=cast.institutions.hospital)
        step("accept", going, cast)
        decline(again(going), actor=clock_actor(), reason="too_far", text="没有车")
        assert "患者说不能来</span>" in page(home, "village_sent")
        assert "患者说不能来 · 路太远，去不了 · 没有车" in page(home, "village_journey", going.number)

    def test_no_follow_up_is_a_box_that_closes_it(self, home, cast):
        refer(home, cast.patient(by=home.doctor))
        sent = the_one(home)
        step("conclude", step("arrive", step("accept", sent, cast), cast), cast)
        home.browser().post(
            reverse("referrals:move", args=[sent.number, "acknowledge"]),
            {"version": again(sent).version, "follow_up_on": "2026-03-25", "no_follow_up": "1", "back": "village"},
        )
        assert (again(sent).status, again(sent).follow_up_agreed_on) == ("closed", None)

    def test_late_says_call_and_whom(self, home, cast, clock):
        refer(home, cast.patient(by=home.doctor))
        clock.shift(timedelta(hours=3))
        words = page(home, "village_sent")
        assert ("对方还没有答复，请打电话问。" in words, 'href="tel:0839-7230001"' in words) == (True, True)


def test_thirty_patients_cost_no_more_than_one(home, cast):
    window = home.browser()
    assert window.get(reverse("referrals:village")).status_code == 200

    def asked(name):
        return statements(lambda: window.get(reverse(f"referrals:{name}")))

    refer(home, cast.patient(by=home.doctor))
    down = {"direction": "down", "receiver": home.clinic, "department": home.general}
    referral_at("submitted", cast, **down)
    before = {name: asked(name) for name in ("village", "village_sent", "village_back")}
    for _each in range(16):
        refer(home, cast.patient(by=home.doctor))
        referral_at("submitted", cast, **down)
    assert {name: asked(name) for name in before} == before
    assert max(before.values()) <= 12
