"""Writing a referral on one screen: sent, or refused without losing a word; the green channel and its papers."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import AccessEntry
from records.models import Consent, Patient
from referrals.models import Referral
from tests.integration.referrals.pages import fresh, words_in
from tests.integration.referrals.seeing import events_of
from tests.integration.referrals.sheets import NEW, edit_of, errors_in, field_in, green_sheet, sheet
from tests.walk import CONTENT, referral_at

pytestmark = pytest.mark.django_db


def write(cast, who="township_doctor", patient=None, address=NEW, **changes):
    patient = patient or cast.patient()
    return cast.browser(who).post(address, sheet(patient, **changes))


class TestTheBlankSheet:
    def test_it_proposes_the_way_up_to_the_core_hospital(self, cast):
        page = cast.browser("township_doctor").get(NEW).content.decode()
        assert re.findall(r'<input type="radio" name="direction"[^>]*value="(\w+)" checked', page) == ["up"]
        chosen = re.findall(r'<option value="([^"]*)" selected', page)
        assert chosen == ["county-hospital", "", "outpatient", "routine", "", "signed_paper", ""]

    def test_the_core_hospital_begins_downward(self, cast):
        page = cast.browser("cardiologist").get(NEW).content.decode()
        assert re.findall(r'name="direction"[^>]*value="(\w+)" checked', page) == ["down"]
        assert 'value="follow_up" selected' in page

    @pytest.mark.parametrize(
        ("who", "query"), [("township_doctor", ""), ("township_doctor", "?green=1"), ("cardiologist", "")]
    )
    def test_nobody_is_given_a_reason_he_did_not_choose(self, cast, who, query):
        answer = cast.browser(who).get(NEW + query)
        assert answer.context["sheet"].form["reason"].value() in (None, "")
        assert all("reason" not in proposed for proposed in answer.context["defaults"].values())

    def test_why_is_asked_before_it_is_sent(self, cast):
        answer = write(cast, reason="")
        assert (answer.status_code, errors_in(answer)) == (422, ["请选择转诊原因。"])

    def test_the_green_channel_is_ready_with_the_doctors_own_telephone(self, cast):
        answer = cast.browser("township_doctor").get(NEW + "?green=1")
        assert 'data-channel="green"' in answer.content.decode()
        assert 'value="emergency" selected' in answer.content.decode()
        assert field_in(answer, "caller_phone") == cast.users.township_doctor.phone

    def test_for_a_patient_in_the_address_what_is_known_is_there(self, cast):
        """Whoever follows up goes on from the page he is on."""
        old = referral_at("following_up", cast)
        browser = cast.browser("township_doctor")
        page = browser.get(reverse("referrals:detail", args=[old.number])).content.decode()
        (link,) = re.findall(r'href="([^"]*)" data-refer-again', page)
        assert link == f"{NEW}?patient={old.patient.public_id}"
        answer = browser.get(link)
        assert answer.context["patient"]["name"] == "王秀英"
        assert field_in(answer, "past_history") == CONTENT["past_history"]
        assert AccessEntry.objects.order_by("-pk").first().purpose == "write referral"

    def test_a_patient_one_may_not_know_is_none(self, cast):
        unknown = cast.patient(cast.actors.hekou_doctor)
        answer = cast.browser("township_doctor").get(f"{NEW}?patient={unknown.public_id}")
        assert (answer.status_code, answer.context["patient"]) == (200, None)

    def test_nobody_has_agreed_to_anything_yet(self, cast):
        page = cast.browser("township_doctor").get(NEW).content.decode()
        assert re.findall(r'name="consent-given_by"[^>]*checked', page) == []

    def test_who_may_not_write_is_told_so(self, cast):
        for who in ("township_desk", "township_administrator", "pharmacist", "consortium_administrator"):
            answer = cast.browser(who).get(NEW)
            assert answer.status_code == 403
            assert "需要：" in words_in(answer)

    def test_a_house_without_relations_hears_what_to_do(self, cast):
        assert "还没有有效的转诊关系" in words_in(cast.browser("outsider_doctor").get(NEW))

    def test_nothing_inline_that_the_policy_would_refuse(self, cast):
        draft = referral_at("draft", cast)
        browser = cast.browser("township_doctor")
        for address in (NEW, NEW + "?green=1", edit_of(draft)):
            answer = browser.get(address)
            page = answer.content.decode()
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            assert re.findall(r"\sstyle=|\son[a-z]+=\"|<style|hx-on", page) == []
            scripts = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page)
            assert [tag for tag in scripts if 'type="application/json"' not in tag] == []


class TestSending:
    def test_everything_typed_arrives(self, cast):
        patient = cast.patient()
        answer = write(cast, patient=patient)
        referral = Referral.objects.get()
        assert (answer.status_code, answer.url) == (302, reverse("referrals:detail", args=[referral.number]))
        assert (referral.status, referral.direction, referral.patient_id) == ("submitted", "up", patient.pk)
        assert (referral.receiver, referral.department) == (cast.institutions.hospital, cast.departments.cardiology)
        assert referral.diagnoses == [{"code": "I20.900", "system": "icd10-cn-2.0", "text": "心绞痛", "primary": True}]
        assert referral.allergies == ["青霉素", "磺胺"]
        assert referral.vitals == {"systolic": 156, "diastolic": 94}
        assert (referral.insurance, referral.priority) == ({"kind": "resident"}, ["elderly"])
        assert (referral.history, referral.purpose) == ("反复胸闷 3 个月，活动后加重", "进一步明确诊断")
        consent = referral.consent
        assert (consent.given_by, consent.method, consent.covers) == ("self", "signed_paper", ["referral", "sharing"])

    def test_a_house_that_reviews_reviews(self, cast):
        answer = write(cast, "hekou_doctor", patient=cast.patient(cast.actors.hekou_doctor))
        assert answer.status_code == 302
        assert Referral.objects.get().status == "in_review"

    def test_a_double_click_sends_once(self, cast):
        browser, given = cast.browser("township_doctor"), sheet(cast.patient()) | {"idempotency_key": "form-1"}
        first, second = browser.post(NEW, given), browser.post(NEW, given)
        assert first.url == second.url
        assert (Referral.objects.count(), Consent.objects.count()) == (1, 1)

    def test_everything_wrong_is_said_at_once_and_nothing_typed_is_lost(self, cast):
        answer = cast.browser("township_doctor").post(
            NEW,
            sheet(None, department=None, history="", vitals_systolic="九百", follow_up_on="明天",
                  **{"diagnoses-0-code": "胸痛", "diagnoses-3-text": "高血压病", "diagnoses-3-code": "I10"}),
        )  # fmt: skip
        assert answer.status_code == 422
        assert errors_in(answer) == [
            "请先查找并选择患者，或登记新患者。",
            "请选择转往科室。",
            "初步印象：不是有效的ICD-10编码，例如 I10.x00x002。",
            "请填写主要现病史。",
            "随访日期：不是有效日期，应写作 2026-03-31。",
            "收缩压：应为 30 至 320 之间的数值。",
        ]
        typed = {"purpose": "进一步明确诊断", "vitals_systolic": "九百", "follow_up_on": "明天",
                 "diagnoses-0-code": "胸痛", "diagnoses-3-text": "高血压病", "allergies": "青霉素、磺胺"}  # fmt: skip
        assert {name: field_in(answer, name) for name in typed} == typed
        assert re.search(r'value="self"[^>]*checked', answer.content.decode())
        assert (Referral.objects.count(), Consent.objects.count()) == (0, 0)

    def test_who_earns_his_own_living_at_seventeen_signs_himself(self, cast):
        worker = cast.patient(born=timezone.localdate() - timedelta(days=17 * 366))
        assert errors_in(write(cast, patient=worker)) == ["患者未满 18 周岁，应由监护人同意。"]
        assert write(cast, patient=worker, **{"consent-own_income": "on"}).status_code == 302
        assert Consent.objects.get().own_income

    def test_what_the_signature_lacks_is_said_with_the_rest(self, cast):
        child = cast.patient(born=timezone.localdate() - timedelta(days=3000))
        answer = write(cast, patient=child, purpose="")
        assert errors_in(answer) == ["请填写转诊目的。", "患者未满 18 周岁，应由监护人同意。"]
        answer = write(cast, patient=child, **{"consent-given_by": "guardian"})
        assert errors_in(answer) == ["请填写同意人姓名。", "请填写同意人与患者的关系。"]
        signed = {"consent-given_by": "guardian", "consent-giver_name": "李建国", "consent-giver_relation": "父亲"}
        assert write(cast, patient=child, **signed).status_code == 302

    def test_in_an_emergency_the_institution_approves(self, cast):
        approved = {"consent-approved_by": "陈院长", "consent-approved_title": "院长"}
        answer = write(cast, **{"consent-given_by": "institution"}, **approved)
        assert answer.status_code == 302
        consent = Referral.objects.get().consent
        assert (consent.method, consent.approved_by, consent.approved_title) == ("emergency", "陈院长", "院长")

    def test_a_live_one_stands_in_the_way(self, cast):
        live = referral_at("submitted", cast)
        answer = write(cast, patient=live.patient)
        assert answer.status_code == 409
        assert live.number in errors_in(answer)[0]
        assert Referral.objects.count() == 1

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"receiver": "city-second"}, "没有这个机构代码，或贵机构与其没有转诊关系。"),
            ({"direction": "down"}, "该机构之间只能：上转。"),
            ({"department": "pharmacy"}, "该科室目前不接收转诊，请选择其他科室。"),
            ({"receiver": "chengguan", "department": "general"}, "转往机构不能是本机构，院内请走会诊或转科。"),
        ],
    )
    def test_where_one_may_not_refer_to(self, cast, changes, said):
        downward = {"treatment": "已治疗", "plan": "随访", "follow_up_on": str(timezone.localdate())}
        answer = write(cast, **(changes | (downward if "direction" in changes else {})))
        assert answer.status_code == 422
        assert errors_in(answer) == [said]
        assert Referral.objects.count() == 0

    def test_somebody_else_s_patient_is_unknown(self, cast):
        answer = write(cast, patient=cast.patient(cast.actors.hekou_doctor))
        assert errors_in(answer) == ["没有找到该患者，请先登记。"]

    def test_a_character_no_text_may_hold_is_refused(self, cast):
        for field in ("history", "allergies", "diagnoses-0-text", "consent-giver_name"):
            assert write(cast, **{field: "坏\0字"}).status_code == 422
        assert Referral.objects.count() == 0

    def test_downward_with_medicines(self, cast):
        patient = cast.patient(cast.actors.cardiologist)
        day = timezone.localdate() + timedelta(days=14)
        down = {"direction": "down", "receiver": "chengguan", "department": "general", "kind": "follow_up",
                "reason": "stable_step_down", "treatment": "造影后药物治疗", "plan": "规律服药"}  # fmt: skip
        name, days, long_term = (f"medications-0-{column}" for column in ("name", "days", "long_term"))
        down |= {name: "阿司匹林肠溶片", days: "28", long_term: "on"}
        answer = write(cast, "cardiologist", patient, **down)
        assert errors_in(answer) == [
            "用药：长期用药须落实：接收机构有药、患者自带或电话确认有药。",
            "随访日期：下转须写明随访日期。",
        ]
        supplied = {"medications-0-supply": "available_there", "follow_up_on": str(day)}
        assert write(cast, "cardiologist", patient, **down, **supplied).status_code == 302
        referral = Referral.objects.get()
        assert (referral.status, referral.plan, referral.follow_up_on) == ("submitted", "规律服药", day)
        assert referral.medications == [
            {"name": "阿司匹林肠溶片", "strength": "", "dose": "", "route": "", "frequency": "", "days": 28,
             "long_term": True, "supply": "available_there"},
        ]  # fmt: skip


class TestGreenChannel:
    def test_a_known_patient_with_complaint_and_telephone(self, cast):
        answer = cast.browser("township_doctor").post(NEW, green_sheet(cast.patient()))
        referral = Referral.objects.get()
        assert answer.url == reverse("referrals:detail", args=[referral.number])
        assert (referral.status, referral.green_channel) == ("submitted", "chest_pain")
        assert (referral.kind, referral.urgency) == ("emergency", "emergency")
        assert referral.department == cast.departments.emergency
        assert referral.completion_due is not None

    def test_somebody_nobody_knows_in_one_go(self, cast):
        given = green_sheet(None, receiver=None) | {"unknown-sex": "1", "unknown-age": "４０"}
        assert cast.browser("township_doctor").post(NEW, given).status_code == 302
        patient = Patient.objects.get()
        assert (patient.name, patient.sex, patient.estimated_age) == ("无名氏", "1", 40)
        assert Referral.objects.get().patient == patient

    def test_what_is_missing_is_said_and_nobody_is_registered(self, cast):
        given = green_sheet(None, green_channel="", history="", caller_phone="") | {"unknown-sex": "2"}
        answer = cast.browser("township_doctor").post(NEW, given)
        assert errors_in(answer) == ["请选择绿色通道类型。", "请填写出生日期；确实不详时填写估计年龄。"]
        given |= {"green_channel": "trauma", "unknown-age": "30"}
        answer = cast.browser("township_doctor").post(NEW, given)
        assert errors_in(answer) == ["请写明主诉。", "请填写可回拨的联系电话。"]
        assert (Patient.objects.count(), Referral.objects.count()) == (0, 0)

    def test_the_papers_follow(self, cast):
        browser = cast.browser("township_doctor")
        browser.post(NEW, green_sheet(cast.patient()))
        referral = Referral.objects.get()
        page = browser.get(edit_of(referral)).content.decode()
        assert re.search(r'data-missing="([^"]*)"', page)[1].split() == [
            "/purpose", "/diagnoses", "/reason", "/consent",
        ]  # fmt: skip
        given = sheet(act="save", version=referral.version, receiver="county-tcm", urgency="routine", direction="down")
        assert browser.post(edit_of(referral), given).url == reverse("referrals:detail", args=[referral.number])
        after = fresh(referral)
        assert (after.completion_due, after.purpose) == (None, "进一步明确诊断")
        assert (after.receiver_id, after.urgency, after.green_channel, after.direction) == (
            referral.receiver_id, "emergency", "chest_pain", "up",
        )  # fmt: skip
        assert events_of(referral, "completed") == ["completed"]
