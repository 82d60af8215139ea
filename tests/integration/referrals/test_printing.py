"""Paper: the national slips and the words to be signed; whoever prints one is on record."""

import html
import re
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
import segno
from barcode.codex import Code128
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from events.models import AccessEntry
from records.data import NumberData
from referrals import actions
from referrals.actions.links import find_link
from referrals.marks import barcode, qr_code
from referrals.models import PatientLink
from tests.cast import resident_number
from tests.integration.referrals.pages import statements, words_in
from tests.walk import referral_at

pytestmark = pytest.mark.django_db

MOST_STATEMENTS = 12
A_LINK = 4
"""What giving the paper a link costs: how many there are, the link, the event and its errands."""
HOME = "https://refer.example.org"


IN_ORDER = (
    "双向转诊（转出）单存根",
    "患者姓名 王秀英",
    "性别 女",
    "档案编号",
    "家庭住址 青川县城关镇东街 12 号",
    "联系电话 13800001234",
    "因病情需要，转入 青川县人民医院 单位 心内科 科室",
    "接诊医生",
    "转诊医生（签字）",
    "骑缝",
    "青川县人民医院 心内科 （机构名称）",
    "需转入贵单位，请予以接诊",
    "初步印象： 心绞痛（I20.900）",
    "主要现病史（转出原因）： 反复胸闷 3 个月",
    "主要既往史： 高血压病 10 年",
    "审核复核人（签字）",
    "患方（签字）",
    "有效期",
    "机构名称（盖章） 城关镇卫生院",
)
BACK = (
    "双向转诊（回转）单存根",
    "病案号",
    "转回 城关镇卫生院 单位 全科 科室",
    "现转回贵单位，请予以接诊",
    "诊断结果： 心绞痛",
    "下一步治疗方案及康复建议： 按时服药",
    "阿司匹林肠溶片（长期） 100mg 100mg 口服 每日一次 28 接收机构有药",
)


def paper(cast, who, referral, name="slip", query=""):
    return cast.browser(who).get(reverse(f"referrals:{name}", args=[referral.number]) + query)


def text_of(answer) -> str:
    """The sheet as it reads, without markup."""
    sheet = re.search(r"<article.*</article>", answer.content.decode(), re.S)[0]
    return " ".join(re.sub(r"<[^>]*>", " ", sheet).split())


class TestSlipOut:
    def test_stub_and_letter_in_the_familiar_order(self, cast):
        referral = referral_at("submitted", cast)
        answer = paper(cast, "township_doctor", referral)
        text = text_of(answer)
        places = [text.index(words) for words in IN_ORDER]
        assert places == sorted(places)
        today = timezone.localdate()
        assert f"有效期 {today} 至 {today + timedelta(days=30)}" in text
        assert text.count(referral.number) == 3

    def test_numbers_are_masked_and_the_print_is_on_record(self, cast):
        referral = referral_at("submitted", cast)
        number = referral.patient.identifiers.get().value
        answer = paper(cast, "core_desk", referral)
        text = text_of(answer)
        assert number not in answer.content.decode()
        assert f"居民身份证 {number[:6]}********{number[-4:]}" in text
        assert "1958" not in text
        entry = AccessEntry.objects.get()
        assert (entry.patient_id, entry.basis, entry.purpose, entry.user_id) == (
            referral.patient_id, "referral", "print slip", cast.users.core_desk.pk,
        )  # fmt: skip

    def test_only_the_own_archive_gets_the_whole_address_and_record_number(self, cast):
        record = NumberData(type="health_record", value="510822100200300401")
        card = NumberData(type="resident_id", value=resident_number(date(1958, 3, 12), 2))
        referral = referral_at("submitted", cast, patient=cast.patient(identifiers=[card, record]))
        own, other = (text_of(paper(cast, who, referral)) for who in ("township_doctor", "core_desk"))
        assert "510822100200300401" in own
        assert "东街 12 号" in own
        assert "510822100200300401" not in other
        assert "东街" not in other

    def test_a_draft_says_that_it_is_one(self, cast):
        answer = paper(cast, "township_doctor", referral_at("draft", cast))
        assert 'data-draft-mark="草稿"' in answer.content.decode()
        assert "提交后 30 天内有效" in text_of(answer)
        assert "data-draft-mark" not in paper(cast, "township_doctor", referral_at("submitted", cast)).content.decode()

    @pytest.mark.parametrize(("status", "mark"), [("withdrawn", "已撤回"), ("void", "登记错误作废")])
    def test_nobody_acts_on_a_paper_that_was_taken_back(self, cast, settings, status, mark):
        settings.PATIENTS_URL = HOME
        page = paper(cast, "township_doctor", referral_at(status, cast)).content.decode()
        assert re.findall(r'data-draft-mark="([^"]*)"', page) == [mark]
        assert page.count('class="slip-qr"') == 0
        assert "有效期" not in page


class TestSlipBack:
    def test_a_downward_referral_is_a_letter_back_with_its_medicines(self, cast):
        text = text_of(paper(cast, "cardiologist", referral_at("submitted", cast, direction="down")))
        for words in BACK:
            assert words in text

    def test_the_summary_of_a_stay_is_a_letter_back_too(self, cast):
        text = text_of(paper(cast, "township_doctor", referral_at("concluded", cast), query="?form=return"))
        for words in ("双向转诊（回转）单", "转回 城关镇卫生院", "转归 转回基层", "治疗经过： 冠状动脉造影，药物治疗"):
            assert words in text

    def test_before_there_is_a_summary_there_is_none(self, cast):
        answer = paper(cast, "core_desk", referral_at("arrived", cast), query="?form=return")
        assert answer.status_code == 404
        assert "还没有回传诊疗小结" in words_in(answer)


class TestConsent:
    def test_the_words_name_both_sides(self, cast):
        text = text_of(paper(cast, "township_doctor", referral_at("draft", cast), "consent"))
        assert "我自愿由 城关镇卫生院 转往 青川县人民医院 就诊" in text
        assert f"联系方式：{cast.institutions.hospital.desk_phone}" in text
        assert "文本版本 2026-1" in text

    def test_a_refusal_has_its_own_words(self, cast):
        draft = referral_at("draft", cast)
        refusal = text_of(paper(cast, "township_doctor", draft, "consent", "?form=refusal"))
        assert "拒绝转诊告知书" in refusal
        assert "决定不接受本次转诊" in refusal
        refused = {"covers": ["referral"], "given_by": "self", "method": "signed_paper", "refused": True}
        actions.change_draft(draft, actor=cast.actors.township_doctor, consent=refused)
        assert text_of(paper(cast, "township_doctor", draft, "consent")) == refusal

    def test_in_english(self, cast):
        browser = cast.browser("township_doctor")
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        answer = browser.get(reverse("referrals:consent", args=[referral_at("draft", cast).number]))
        assert "Informed consent to two-way referral" in text_of(answer)


class TestWhoPrints:
    @pytest.mark.parametrize("name", ["slip", "consent"])
    def test_only_the_parties(self, cast, name):
        referral = referral_at("submitted", cast)
        for who, status in (("outsider_doctor", 404), ("hekou_doctor", 404), ("pharmacist", 403),
                            ("township_administrator", 403), ("consortium_administrator", 403)):  # fmt: skip
            assert paper(cast, who, referral, name).status_code == status
        assert AccessEntry.objects.count() == 0

    def test_the_receiver_does_not_print_a_draft(self, cast):
        assert paper(cast, "core_desk", referral_at("draft", cast)).status_code == 404

    @pytest.mark.parametrize("name", ["slip", "consent"])
    def test_what_it_costs(self, cast, settings, name):
        settings.PATIENTS_URL = HOME
        referral = referral_at("concluded", cast)
        browser = cast.browser("township_doctor")
        with statements() as ran:
            browser.get(reverse(f"referrals:{name}", args=[referral.number]))
        assert len(ran) <= MOST_STATEMENTS + (A_LINK if name == "slip" else 0)


class TestMarks:
    def test_the_bars_are_the_modules_of_the_number(self):
        path = re.search(r'<path d="([^"]*)"', unquote(barcode("R26123456787")))[1]
        drawn = set()
        for start, length in re.findall(r"M(\d+) 0h(\d+)v", path):
            drawn |= set(range(int(start), int(start) + int(length)))
        modules = Code128("R26123456787").build()[0]
        assert drawn == {10 + at for at, module in enumerate(modules) if module == "1"}

    def test_the_qr_code_is_the_patients_link_and_each_paper_has_its_own(self, cast, settings, monkeypatch):
        settings.PATIENTS_URL, drawn = HOME, []
        monkeypatch.setattr("referrals.showing.slip.qr_code", lambda text: drawn.append(text) or qr_code(text))
        referral = referral_at("submitted", cast)
        page = [paper(cast, "township_doctor", referral).content.decode() for _print in range(2)][0]
        sources = re.findall(r'<img[^>]*src="(data:[^"]*)"', page)
        assert len(sources) == 3
        assert [source for source in sources if not source.startswith("data:image/svg+xml")] == []
        assert html.unescape(sources[-1]) == segno.make_qr(drawn[0], error="q").svg_data_uri(scale=4, border=2)
        tokens = [re.fullmatch(rf"{HOME}/p/([A-Za-z0-9]{{22}})", address)[1] for address in drawn]
        assert tokens[0] != tokens[1]
        assert [find_link(token).referral_id for token in tokens] == [referral.pk] * 2
        assert [token for token in tokens if token in page] == []

    def test_without_an_address_of_our_own_there_are_number_bars_and_desks(self, cast):
        answer = paper(cast, "township_doctor", referral_at("submitted", cast))
        text, page = text_of(answer), answer.content.decode()
        hospital, township = cast.institutions.hospital, cast.institutions.chengguan
        assert "slip-qr" not in page
        assert f"{township.label} {township.desk_phone}， {hospital.label} {hospital.desk_phone}" in text
        assert PatientLink.objects.count() == 0
