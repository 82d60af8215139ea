"""Files on the page of a referral: added without scripts, listed, opened, taken back."""

import pytest
from django.core.files import uploadhandler
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from referrals.models import Attachment
from tests import files
from tests.integration.referrals.attaching import attached, looks, stored, upload
from tests.integration.referrals.pages import fresh, page_of, statements, words_in
from tests.integration.referrals.sheets import edit_of, sheet
from tests.walk import referral_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_store", "judged_at_home")]

LOOK = ("attachment", "GET /referrals/{number}/attachments/{ordinal}/")


@pytest.fixture
def referral(cast):
    return referral_at("accepted", cast)


@pytest.fixture
def doctor(cast):
    return cast.browser("township_doctor")


def form_of(referral) -> str:
    return reverse("referrals:attach", args=[referral.number])


def file_of(referral, ordinal=1) -> str:
    return reverse("referrals:attachment", args=[referral.number, ordinal])


def withdraw_of(referral, ordinal=1) -> str:
    return reverse("referrals:attachment_withdraw", args=[referral.number, ordinal])


def send(browser, referral, data=None, *, name="scan.jpg", field="file", **fields):
    return browser.post(form_of(referral), {"kind": "report", "title": "", field: upload(data, name), **fields})


# --- adding -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["file", "photo"])
def test_a_file_or_a_photograph_is_added_and_listed(cast, referral, doctor, field):
    answer = send(doctor, referral, name="血常规.jpg", field=field)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{page_of(referral)}#attachments")
    for who in ("township_doctor", "cardiologist"):
        page = words_in(cast.browser(who).get(page_of(referral)))
        assert "血常规.jpg" in page and "检查检验报告" in page and "城关镇卫生院 张伟" in page
        assert f'href="{file_of(referral)}"' in page
        assert ("撤回附件" in page or f'href="{withdraw_of(referral)}"' in page) is (who == "township_doctor")


def test_the_form_is_a_form_without_scripts(referral, doctor):
    for address in (page_of(referral), form_of(referral)):
        page = doctor.get(address).content.decode()
        assert f'enctype="multipart/form-data" action="{form_of(referral)}"' in page
        assert 'capture="environment"' in page
        assert "hx-post" not in page.partition("attach-form")[2].partition("</form>")[0]


def test_what_is_refused_comes_back_with_the_reason_beside_the_file(referral, doctor):
    answer = send(doctor, referral, files.PAGE, name="report.pdf", title="胸片")
    page = words_in(answer)
    assert answer.status_code == 422
    assert escape("只接受 PDF、JPEG、PNG 和 DICOM 文件；按内容判断，改扩展名无效。") in page
    assert 'value="胸片"' in page
    assert stored() == set()


def test_without_a_file_or_a_kind_it_says_which(referral, doctor):
    assert "请选择要添加的文件。" in words_in(doctor.post(form_of(referral), {"kind": "report"}))
    answer = doctor.post(form_of(referral), {"file": upload()})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["kind"])


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "multipart/form-data; boundary=x", "application/json", "text/plain"]
)
def test_a_strange_body_is_no_error_of_ours(referral, doctor, content_type):
    answer = doctor.generic("POST", form_of(referral), b"--x\r\nrubbish", content_type=content_type)
    assert answer.status_code in (400, 422)


def test_too_large_is_a_page_in_chinese_and_the_body_stays_unread(referral, doctor, settings):
    settings.BODY_MOST = 2 * 2**20
    answer = send(doctor, referral, bytes(3 * 2**20))
    assert answer.status_code == 413
    assert "提交的内容最大 2 MB，请缩小文件后再提交。" in words_in(answer)
    strange = doctor.generic("POST", form_of(referral), b"", content_type="text/plain", CONTENT_LENGTH="-5")
    assert strange.status_code == 413


def test_what_comes_never_lies_on_the_disk_unsealed(referral, doctor, monkeypatch):
    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", lambda *args: pytest.fail("it was written"))
    assert send(doctor, referral, files.dicom() + bytes(4 * 2**20), kind="image").status_code in (302, 422)


def test_who_is_not_signed_in_is_sent_to_sign_in_and_without_a_token_nothing_is_added(referral, cast):
    assert send(Client(), referral).status_code == 302
    browser = cast.browser("township_doctor", enforce_csrf_checks=True)
    assert send(browser, referral).status_code == 403
    assert Attachment.objects.count() == 0


def test_a_double_click_adds_one_and_another_file_on_the_same_form_is_another(referral, doctor):
    for data in (files.jpeg(), files.jpeg(), files.pdf()):
        assert send(doctor, referral, data, idempotency_key="form-1").status_code == 302
    assert [each.stored.form for each in Attachment.objects.order_by("ordinal")] == ["jpeg", "pdf"]


def test_what_is_over_offers_no_form(cast, doctor):
    referral = referral_at("closed", cast)
    assert "attach-form" not in doctor.get(page_of(referral)).content.decode()
    answer = doctor.get(form_of(referral))
    assert answer.status_code == 422


def test_a_draft_can_be_given_files_while_it_is_written(cast, doctor):
    """What was written is saved first."""
    referral = referral_at("draft", cast)
    assert 'name="act" value="attach"' in doctor.get(edit_of(referral)).content.decode()
    written = sheet(referral.patient, version=referral.version, history="胸闷三个月，近日加重", act="attach")
    answer = doctor.post(edit_of(referral), written)
    assert (answer.status_code, answer.headers.get("Location")) == (302, form_of(referral))
    assert fresh(referral).history == "胸闷三个月，近日加重"
    assert send(doctor, referral).status_code == 302


# --- reading ----------------------------------------------------------------------------------------------------------


def test_a_picture_is_shown_in_the_page_and_fetched_only_when_looked_at(cast, referral, doctor):
    attached(referral, cast.actors.township_doctor, files.jpeg(40, 30))
    before = len(looks())
    page = doctor.get(page_of(referral)).content.decode()
    assert f'<img src="{file_of(referral)}" alt="检查检验报告 血常规" loading="lazy" width="40" height="30">' in page
    assert [purpose for purpose, _route in looks()[before:]] == ["referral"]
    assert doctor.get(file_of(referral)).content[:3] == b"\xff\xd8\xff"
    assert looks()[before + 1 :] == [LOOK]


def test_of_a_scan_the_examination_is_told_and_a_contradiction_warned_of(cast, referral, doctor):
    attached(referral, cast.actors.township_doctor, files.dicom(PatientSex="M"), kind="image", title="胸部CT")
    page = words_in(doctor.get(page_of(referral)))
    assert "CT · 检查日期 2026-03-10 · CHEST · 512 × 512" in page
    assert "影像文件中的性别与登记的患者不一致，请核对是否为本人的影像。" in page
    assert [word for word in ("WANG", "XIUYING", "4711") if word in page] == []


def test_a_name_cannot_become_markup(cast, referral, doctor):
    name = '"><script>alert(1)</script>.jpg'
    attached(referral, cast.actors.township_doctor, title="", file_name=name)
    page = doctor.get(page_of(referral)).content.decode()
    assert "<script>alert" not in page
    assert '"><script' not in doctor.get(file_of(referral)).headers["Content-Disposition"]


def test_who_may_follow_but_not_read_the_letter_sees_no_file(cast, referral):
    attached(referral, cast.actors.township_doctor)
    office = cast.browser("consortium_administrator")
    page = office.get(page_of(referral)).content.decode()
    assert (office.get(page_of(referral)).status_code, "血常规" in page, "attach-form" in page) == (200, False, False)
    before = len(looks())
    for answer in (office.get(file_of(referral)), office.get(form_of(referral)), send(office, referral)):
        assert answer.status_code == 403
    assert office.post(withdraw_of(referral), {"reason": "x"}).status_code == 403
    assert looks()[before:] == []


# --- taking back ------------------------------------------------------------------------------------------------------


def test_taken_back_it_stands_there_with_the_reason_and_opens_for_nobody(cast, referral, doctor):
    attached(referral, cast.actors.township_doctor)
    assert doctor.get(withdraw_of(referral)).status_code == 200
    refused = doctor.post(withdraw_of(referral), {"reason": " "})
    assert (refused.status_code, "此项必填。" in words_in(refused)) == (422, True)
    assert doctor.post(withdraw_of(referral), {"reason": "传错患者"}).status_code == 302
    for who in ("township_doctor", "cardiologist"):
        browser = cast.browser(who)
        page = words_in(browser.get(page_of(referral)))
        assert "撤回：传错患者" in page and "file-title" not in page
        assert f'href="{file_of(referral)}"' not in page
        answer = browser.get(file_of(referral))
        assert (answer.status_code, "这个附件已撤回，不能再打开。" in words_in(answer)) == (404, True)


def test_the_other_side_cannot_take_it_back(cast, referral):
    attached(referral, cast.actors.township_doctor)
    browser = cast.browser("cardiologist")
    for answer in (browser.get(withdraw_of(referral)), browser.post(withdraw_of(referral), {"reason": "不对"})):
        assert answer.status_code == 403


def test_a_lost_file_is_a_page_that_says_so(cast, referral, doctor):
    row = attached(referral, cast.actors.township_doctor)
    type(row.stored).objects.update(key="zz/lost")
    answer = doctor.get(file_of(referral))
    assert (answer.status_code, "附件的登记还在" in words_in(answer)) == (404, True)


# --- cost -------------------------------------------------------------------------------------------------------------


def test_twenty_files_cost_the_page_no_more_than_one(cast, referral, doctor):
    attached(referral, cast.actors.township_doctor)
    doctor.get(page_of(referral))  # the first page of a session remembers that it was seen
    with statements() as one:
        doctor.get(page_of(referral))
    for _number in range(19):
        attached(referral, cast.actors.township_doctor)
    with statements() as many:
        doctor.get(page_of(referral))
    assert len(many) == len(one)
