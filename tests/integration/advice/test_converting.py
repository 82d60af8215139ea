"""A question becomes a referral: everything said and attached goes along, exactly, once."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from advice import actions
from advice.models import Inquiry
from events import outbox
from referrals import actions as referral_actions
from referrals.models import Referral
from tests import files
from tests.inquire import ANSWER, REFER, again, ask, inquiry_at, said
from tests.integration.referrals.attaching import stored
from toolkit.calendar.working import ZONE
from toolkit.refusals import Forbidden, Refused
from toolkit.uploads.child import judge

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "empty_store")]


def enclosed(inquiry, actor, data=None, **words):
    given = {"kind": "ecg", "title": "静息心电图", "file_name": "王秀英.jpg"} | words
    return actions.attach(inquiry, actor=actor, clean=judge(data or files.jpeg()), **given)


def run_errands():
    while outbox.run_due():
        pass


def test_it_carries_everything_exactly(cast, clock):
    inquiry = ask(cast, urgency="urgent")
    enclosed(inquiry, cast.actors.township_doctor)
    gone = enclosed(inquiry, cast.actors.township_doctor, files.pdf(), kind="report", title="传错")
    actions.withdraw_attachment(gone, actor=cast.actors.township_colleague, reason="传错患者")
    clock.shift(timedelta(minutes=20))
    said("add", inquiry, cast, text="今晨又痛一次，5 分钟缓解。")
    clock.shift(timedelta(minutes=40))
    said("answer", inquiry, cast, **REFER, department=cast.departments.surgery)
    enclosed(again(inquiry), cast.actors.cardiologist, files.jpeg(50, 40), kind="other", title="就诊须知")
    clock.shift(timedelta(hours=1))
    said("ask_again", inquiry, cast, actor=cast.actors.township_colleague, text="需空腹吗？")
    clock.shift(timedelta(minutes=5))
    said("answer", inquiry, cast, outcome="treat_here", text="需要空腹。")
    referral = said("convert", inquiry, cast)

    assert referral.history == (
        f"转诊前咨询 {inquiry.number}，县人民医院 心内科\n\n"
        "[2026-03-11 10:00] 城关镇卫生院 全科 张伟 咨询方\n"
        "活动后胸闷三月，心电图 ST-T 改变，需要造影吗？\n生命体征：血压 152/94，心率 86\n"
        "用药：氨氯地平 5mg 每日一次\n\n"
        "[2026-03-11 10:20] 城关镇卫生院 全科 张伟 咨询方\n今晨又痛一次，5 分钟缓解。\n\n"
        "[2026-03-11 11:00] 县人民医院 心内科 周强 建议转诊（门诊、加急、普外科）\n建议门诊造影评估。\n\n"
        "[2026-03-11 12:00] 城关镇卫生院 全科 王芳 咨询方\n需空腹吗？\n\n"
        "[2026-03-11 12:05] 县人民医院 心内科 周强 建议就地处理\n需要空腹。"
    )
    assert referral.treatment == "阿司匹林 100mg 每日一次，两周"
    assert (referral.status, referral.direction, referral.kind, referral.urgency) == (
        "draft", "up", "outpatient", "urgent")  # fmt: skip
    assert (referral.receiver, referral.department) == (cast.institutions.hospital, cast.departments.surgery)
    assert (referral.patient, referral.consent, referral.author_name) == (inquiry.patient, inquiry.consent, "张伟")
    rows = [
        (row.ordinal, row.kind, row.title, row.institution.code) for row in referral.attachments.order_by("ordinal")
    ]
    assert rows == [(1, "ecg", "静息心电图", "chengguan"), (2, "other", "就诊须知", "county-hospital")]
    assert {row.stored_id for row in referral.attachments.all()} <= {row.stored_id for row in inquiry.attachments.all()}
    assert (again(inquiry).status, again(inquiry).referral) == ("converted", referral)


def test_it_can_be_sent_after_the_impression_is_written(cast):
    referral = said("convert", inquiry_at("answered", cast, answer=REFER), cast)
    referral_actions.change_draft(
        referral, actor=cast.actors.township_doctor, reason="beyond_capability", diagnoses=[{"text": "心绞痛待排"}]
    )
    referral_actions.perform("submit", referral, actor=cast.actors.township_doctor)
    assert Referral.objects.get().status == "submitted"


def test_from_an_open_question_it_goes_where_it_was_asked(cast):
    referral = said("convert", ask(cast, urgency="urgent"), cast)
    assert (referral.department, referral.urgency, referral.purpose) == (cast.departments.cardiology, "urgent", "")


def test_twice_shows_the_first_and_the_other_side_cannot(cast):
    inquiry = inquiry_at("answered", cast)
    with pytest.raises(Forbidden):
        said("convert", inquiry, cast, actor=cast.actors.cardiologist)
    first = said("convert", inquiry, cast, version=2)
    assert said("convert", inquiry, cast, version=2) == first
    assert Referral.objects.count() == 1
    with pytest.raises(Forbidden):
        said("convert", inquiry, cast, actor=cast.actors.cardiologist)


def test_the_patient_is_the_one_asked_about(cast):
    inquiry, other = inquiry_at("answered", cast), cast.patient(name="李大山")
    with pytest.raises(Refused):
        said("convert", inquiry, cast, patient=other)
    nameless = inquiry_at("answered", cast, patient=None)
    with pytest.raises(Refused):
        said("convert", nameless, cast)
    assert said("convert", nameless, cast, patient=other).patient == other


def test_a_draft_about_a_named_patient_keeps_him(cast):
    """What was said and attached is about him; of a question that named nobody the wrong pick can be put right."""
    doctor, other = cast.actors.township_doctor, cast.patient(name="赵六")
    browser = cast.browser("township_doctor")
    named = said("convert", inquiry_at("answered", cast), cast)
    nameless = said("convert", inquiry_at("answered", cast, patient=None), cast, patient=cast.patient())
    changeable = {}
    for referral in (named, nameless):
        page = browser.get(reverse("referrals:edit", args=[referral.number])).content.decode()
        changeable[referral] = "换一位" in page
    assert changeable == {named: False, nameless: True}
    with pytest.raises(Refused) as caught:
        referral_actions.change_draft(named, actor=doctor, patient=other)
    assert [(error.pointer, error.code) for error in caught.value.errors] == [("/patient", "fixed")]
    referral_actions.change_draft(nameless, actor=doctor, patient=other)
    patients = [Referral.objects.get(pk=referral.pk).patient for referral in (named, nameless)]
    assert patients == [named.patient, other] and named.patient != other


def test_a_deleted_draft_gives_the_question_back(cast):
    inquiry = inquiry_at("converted", cast)
    referral_actions.perform("discard", inquiry.referral, actor=cast.actors.township_doctor)
    run_errands()
    inquiry = again(inquiry)
    assert (inquiry.status, inquiry.referral, inquiry.hand_name) == ("answered", None, "城关镇卫生院 全科")
    assert inquiry.deadline == MOMENT + timedelta(days=14)
    assert said("convert", inquiry, cast).status == "draft"


def test_a_deleted_draft_gives_an_unanswered_question_back_to_whom_it_was_asked(cast):
    inquiry = ask(cast)
    referral_actions.perform("discard", said("convert", inquiry, cast), actor=cast.actors.township_doctor)
    run_errands()
    inquiry = again(inquiry)
    assert (inquiry.status, inquiry.answered_at, inquiry.hand_institution) == ("open", None, cast.institutions.hospital)


def test_a_file_taken_back_is_taken_back_on_both_sides(cast):
    inquiry = ask(cast)
    one = enclosed(inquiry, cast.actors.township_doctor)
    enclosed(inquiry, cast.actors.township_doctor, files.pdf())
    referral = said("convert", inquiry, cast)
    actions.withdraw_attachment(one, actor=cast.actors.township_doctor, reason="传错")
    from referrals.actions.attaching import withdraw_attachment

    withdraw_attachment(referral.attachments.get(ordinal=2), actor=cast.actors.township_colleague, reason="重复")
    run_errands()
    both = [list(owner.attachments.order_by("ordinal")) for owner in (inquiry, referral)]
    assert [[(row.withdrawn_reason, row.withdrawn_by_name) for row in rows] for rows in both] == [
        [("传错", "张伟"), ("重复", "王芳")]
    ] * 2
    assert len(stored()) == 2


def test_what_must_never_be_false(cast):
    open_one, done = ask(cast), inquiry_at("converted", cast)
    other = inquiry_at("answered", cast)
    broken = [
        {"status": "answered"},
        {"status": "closed"},
        {"hand_institution": None},
        {"age": 40},
        {"consent": None},
        {"receiver": open_one.sender},
        {"referral": done.referral},
    ]
    for changes in broken:
        with pytest.raises(IntegrityError), transaction.atomic():
            Inquiry.objects.filter(pk=open_one.pk).update(**changes)
    twice = {"status": "converted", "referral": done.referral, "hand_institution": None, "deadline": None}
    with pytest.raises(IntegrityError), transaction.atomic():
        Inquiry.objects.filter(pk=other.pk).update(**twice, ended_at=MOMENT)
    for changes in ({"outcome": ""}, {"outcome": "refer"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            other.entries.filter(verb="answer").update(**changes)
    said("close", other, cast, **{"text": ANSWER["text"]})
