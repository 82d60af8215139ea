"""Drafts: left half-empty, saved by themselves, sent back, completed by another; and who may write on them."""

import re

import pytest
from django.urls import reverse

from events.models import AccessEntry
from referrals import actions
from referrals.models import Referral
from tests.integration.referrals.pages import fresh, statements, words_in
from tests.integration.referrals.sheets import NEW, edit_of, field_in, green_sheet, sheet
from tests.walk import referral_at, step

pytestmark = pytest.mark.django_db

AUTOSAVE = reverse("referrals:autosave_new")
MOST_STATEMENTS = 12


def autosave_of(referral) -> str:
    return reverse("referrals:autosave", args=[referral.number])


class TestDrafts:
    def test_a_draft_may_be_half_empty(self, cast):
        given = sheet(cast.patient(), act="save", history="", purpose="", **{"consent-given_by": None})
        answer = cast.browser("township_doctor").post(NEW, given)
        draft = Referral.objects.get()
        assert (answer.url, draft.status, draft.consent) == (edit_of(draft), "draft", None)

    def test_it_opens_as_it_was_left(self, cast):
        draft = referral_at("draft", cast)
        answer = cast.browser("township_colleague").get(edit_of(draft))
        assert field_in(answer, "history") == draft.history
        assert field_in(answer, "diagnoses-0-code") == "I20.900"
        assert field_in(answer, "version") == str(draft.version)
        assert "已登记" in words_in(answer)
        assert AccessEntry.objects.filter(purpose="write referral", patient_id=draft.patient_id).count() == 1

    def test_it_is_sent_with_what_was_changed(self, cast):
        draft = referral_at("draft", cast)
        given = sheet(draft.patient, version=draft.version, department="neurology", **{"consent-given_by": None})
        assert cast.browser("township_doctor").post(edit_of(draft), given).status_code == 302
        after = fresh(draft)
        assert (after.status, after.department) == ("submitted", cast.departments.neurology)
        assert after.consent_id == draft.consent_id

    def test_another_patient_takes_no_signature_with_him(self, cast):
        draft, other = referral_at("draft", cast), cast.patient(name="李桂兰")
        given = sheet(other, version=draft.version, act="save", **{"consent-given_by": None})
        assert cast.browser("township_doctor").post(edit_of(draft), given).status_code == 302
        after = fresh(draft)
        assert (after.patient, after.consent) == (other, None)

    def test_what_somebody_else_changed_is_not_overwritten_unseen(self, cast):
        draft = referral_at("draft", cast)
        actions.change_draft(draft, actor=cast.actors.township_colleague, purpose="同事改过")
        given = sheet(draft.patient, version=draft.version - 1, act="save")
        answer = cast.browser("township_doctor").post(edit_of(draft), given)
        assert answer.status_code == 412
        assert field_in(answer, "purpose") == "进一步明确诊断"
        assert field_in(answer, "version") == str(fresh(draft).version)
        assert fresh(draft).purpose == "同事改过"

    def test_what_was_asked_stands_above_what_was_sent_back(self, cast):
        returned = referral_at("returned", cast)
        browser = cast.browser("township_doctor")
        assert "请补充近期心电图" in words_in(browser.get(edit_of(returned)))
        given = sheet(version=returned.version, history="已补充：窦性心律", receiver="county-tcm")
        assert browser.post(edit_of(returned), given).status_code == 302
        after = fresh(returned)
        assert (after.status, after.history) == ("submitted", "已补充：窦性心律")
        assert after.receiver == cast.institutions.hospital

    def test_what_the_own_reviewer_asked_stands_above_the_draft(self, cast):
        draft = step("send_back", referral_at("in_review", cast), cast)
        page = words_in(cast.browser("hekou_doctor").get(edit_of(draft)))
        assert "院内审核退回：" in page
        assert "请补充心电图结果" in page

    def test_a_letter_back_shows_what_is_still_missing(self, cast):
        stay = referral_at("arrived", cast)
        back = actions.refer_back(stay, actor=cast.actors.cardiologist)
        page = cast.browser("cardiologist").get(edit_of(back)).content.decode()
        assert re.search(r'data-missing="([^"]*)"', page)[1].split() == [
            "/consent", "/treatment", "/plan", "/follow_up_on",
        ]  # fmt: skip
        assert "换一位" not in page

    def test_a_refusal_is_recorded_and_printed(self, cast):
        given = sheet(cast.patient(), act="save", **{"consent-refused": "on"})
        answer = cast.browser("township_doctor").post(NEW, given)
        draft = Referral.objects.get()
        assert answer.url == reverse("referrals:consent", args=[draft.number])
        assert (draft.status, draft.consent.refused) == ("draft", True)

    @pytest.mark.parametrize("act", ["consent", "slip"])
    def test_papers_are_printed_before_sending(self, cast, act):
        answer = cast.browser("township_doctor").post(NEW, sheet(cast.patient(), act=act, history=""))
        draft = Referral.objects.get()
        assert (answer.url, draft.status) == (reverse(f"referrals:{act}", args=[draft.number]), "draft")


class TestSavedByItself:
    def test_the_first_time_makes_the_draft_and_sending_the_same_sheet_sends_it(self, cast):
        browser, given = (
            cast.browser("township_doctor"),
            sheet(cast.patient(), history="") | {"idempotency_key": "form-2"},
        )
        answer = browser.post(AUTOSAVE, given)
        draft = Referral.objects.get()
        assert answer.json() == {
            "version": draft.version, "kept": True, "page": edit_of(draft), "action": edit_of(draft),
            "url": autosave_of(draft), "draft": f"referral-{draft.number}",
        }  # fmt: skip
        assert draft.consent is None
        assert browser.post(AUTOSAVE, given | {"history": "又写了一句"}).json()["page"] == edit_of(draft)
        assert fresh(draft).history == "又写了一句"
        assert browser.post(NEW, given | {"history": "写完了"}).status_code == 302
        after = Referral.objects.get()
        assert (after.number, after.status, after.history) == (draft.number, "submitted", "写完了")

    def test_without_patient_or_department_it_stays_on_the_computer(self, cast):
        browser = cast.browser("township_doctor")
        for given in (sheet(None), sheet(cast.patient(), department=""), green_sheet(None, **{"unknown-sex": "1"})):
            assert browser.post(AUTOSAVE, given).json() == {"kept": False}
        assert Referral.objects.count() == 0

    def test_what_is_not_well_formed_stays_on_the_computer_the_rest_is_kept(self, cast):
        draft = referral_at("draft", cast)
        given = sheet(draft.patient, version=draft.version, purpose="新目的", vitals_systolic="九百")
        answer = cast.browser("township_doctor").post(autosave_of(draft), given)
        assert answer.json() == {"version": draft.version + 1, "kept": False}
        after = fresh(draft)
        assert (after.purpose, after.vitals) == ("新目的", draft.vitals)

    def test_an_old_version_changes_nothing(self, cast):
        draft = referral_at("draft", cast)
        given = sheet(draft.patient, version=draft.version - 1, purpose="旧页面")
        assert cast.browser("township_doctor").post(autosave_of(draft), given).json() == {"kept": False}
        assert fresh(draft).purpose == draft.purpose

    def test_what_the_receiver_has_seen_changes_only_by_a_person_s_act(self, cast):
        returned = referral_at("returned", cast)
        given = sheet(version=returned.version, purpose="还没写完")
        assert cast.browser("township_doctor").post(autosave_of(returned), given).json() == {"kept": False}
        assert fresh(returned).purpose == returned.purpose


class TestWhoMayWrite:
    @pytest.mark.parametrize("address", [edit_of, autosave_of])
    def test_strangers_and_colleagues_without_the_role(self, cast, address):
        draft = referral_at("draft", cast)
        given = sheet(draft.patient, version=draft.version, purpose="别人写的")
        for who, status in (("outsider_doctor", 404), ("core_desk", 404), ("hekou_doctor", 404), ("township_desk", 403),
                            ("township_administrator", 403)):  # fmt: skip
            assert cast.browser(who).post(address(draft), given).status_code == status
        assert fresh(draft).purpose == draft.purpose

    def test_what_was_sent_is_no_longer_written_on(self, cast):
        sent = referral_at("submitted", cast)
        answer = cast.browser("township_doctor").get(edit_of(sent))
        assert answer.status_code == 422
        assert "内容不能再改" in words_in(answer)
        assert cast.browser("cardiologist").get(edit_of(sent)).status_code == 403

    def test_a_draft_that_is_deleted_is_over(self, cast):
        draft = step("discard", referral_at("draft", cast), cast)
        assert cast.browser("township_doctor").get(edit_of(draft)).status_code == 422


class TestWhatItCosts:
    @pytest.mark.parametrize("earlier", [0, 30])
    def test_opening_a_draft(self, cast, earlier):
        draft = referral_at("draft", cast)
        for _number in range(earlier):
            referral_at("withdrawn", cast, patient=draft.patient)
        browser = cast.browser("township_doctor")
        browser.get(NEW)  # the first page of a session also writes down when it began
        with statements() as ran:
            answer = browser.get(edit_of(draft))
        assert answer.status_code == 200
        assert len(ran) <= MOST_STATEMENTS
