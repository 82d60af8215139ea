"""The pages of advice before referral: who sees what, typed text stays, one click makes the referral."""

from datetime import datetime

import pytest
from django.urls import reverse

from advice.models import Inquiry
from events.models import AccessEntry
from referrals.actions.limiting import set_limit
from referrals.models import Referral
from tests.cast import SYSTEM
from tests.inquire import ANSWER, QUESTION, REFER, SHARING, again, ask, inquiry_at, said
from tests.integration.referrals.pages import statements, words_in
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

BOXES = ("my_turn", "asked", "received", "overseen")


def page_of(inquiry) -> str:
    return reverse("advice:detail", args=[inquiry.number])


def act_of(inquiry, verb: str) -> str:
    return reverse("advice:act", args=[inquiry.number, verb])


def looks() -> list[tuple]:
    return list(AccessEntry.objects.order_by("pk").values_list("actor_name", "purpose", "basis"))


def asked(whom=None, **changes) -> dict:
    """What a person sends from the form."""
    typed = {**QUESTION, "about": "patient" if whom else "nobody", "department": "county-hospital/cardiology"}
    if whom:
        signed = {f"consent-{name}": value for name, value in SHARING.items()}
        return typed | {"patient": whom.public_id} | signed | changes
    return typed | {"age": "54", "sex": "1"} | changes


def test_a_question_is_asked_on_one_screen(cast):
    browser, patient = cast.browser("township_doctor"), cast.patient()
    answer = browser.post(reverse("advice:new"), asked(patient))
    inquiry = Inquiry.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, page_of(inquiry))
    assert (inquiry.patient, inquiry.question, inquiry.department) == (
        patient, QUESTION["question"], cast.departments.cardiology)  # fmt: skip
    browser.post(reverse("advice:new"), asked())
    assert list(Inquiry.objects.order_by("id").values_list("age", "sex", "patient")) == [
        (None, "", patient.pk), (54, "1", None)]  # fmt: skip


REFUSED = [
    ({"question": ""}, "此项必填。"),
    ({"urgency": "emergency"}, "危急情况请走绿色通道或直接打电话"),
    ({"department": ""}, "请选择要咨询的科室。"),
    ({"department": "city-second/cardiology"}, "没有这个机构代码"),
    ({"patient": ""}, "请先查找并选择患者"),
    ({"consent-given_by": ""}, "须登记其同意信息共享"),
    ({"consent-given_at": "gestern"}, "不是有效时间"),
    ({"about": "nobody", "age": "abc", "sex": "1"}, "应为 0 至 130 的整数"),
    ({"done": "字" * 4001}, "最多 4000 字"),
]


def test_what_is_refused_stands_there_with_what_was_typed(cast):
    browser, patient = cast.browser("township_doctor"), cast.patient()
    for changes, words in REFUSED:
        answer = browser.post(reverse("advice:new"), asked(patient, **changes))
        page = words_in(answer)
        assert (answer.status_code, words in page) == (422, True), words
        assert QUESTION["vitals"] in page
        assert QUESTION["question"] in page or changes == {"question": ""}
    assert not Inquiry.objects.exists()


def test_the_limits_are_those_of_the_consortium(cast):
    browser = cast.browser("township_doctor")
    assert "普通 2 个工作日内答复，加急 工作时间 4 小时内答复。" in words_in(browser.get(reverse("advice:new")))
    cell = {"consortium": cast.consortium, "urgency": "routine", "step": "advise"}
    set_limit(actor=SYSTEM, **cell, amount=3, unit="working_days")
    page = words_in(browser.get(reverse("advice:new")))
    assert "普通 3 个工作日内答复，加急 工作时间 4 小时内答复。" in page and "普通 2 个工作日" not in page


def test_a_double_click_asks_once(cast):
    browser, typed = cast.browser("township_doctor"), asked(idempotency_key="one")
    first, second = (browser.post(reverse("advice:new"), typed) for _click in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Inquiry.objects.count() == 1


def test_who_sees_what(cast):
    """The parties read, each look on record; the office counts; strangers hear that there is nothing."""
    inquiry = ask(cast)
    seen = {}
    for who in ("township_doctor", "cardiologist", "core_desk", "consortium_administrator", "tcm_doctor",
                "outsider_doctor", "pharmacist"):  # fmt: skip
        answer = cast.browser(who).get(page_of(inquiry))
        page = words_in(answer) if answer.status_code == 200 else ""
        seen[who] = (answer.status_code, QUESTION["question"] in page, inquiry.patient.name in page)
    assert seen == {
        "township_doctor": (200, True, True),
        "cardiologist": (200, True, True),
        "core_desk": (200, True, True),
        "consortium_administrator": (200, False, False),
        "tcm_doctor": (404, False, False),
        "outsider_doctor": (404, False, False),
        "pharmacist": (403, False, False),
    }
    assert looks() == [
        ("张伟", "inquiry", "registration"), ("周强", "inquiry", "authorisation"), ("黄丽", "inquiry", "authorisation"),
    ]  # fmt: skip


def test_of_what_is_withdrawn_the_asked_house_reads_no_more(cast):
    over, gone, nameless = (
        inquiry_at("closed", cast),
        inquiry_at("withdrawn", cast),
        inquiry_at("closed", cast, patient=None),
    )
    pages = [words_in(cast.browser("cardiologist").get(page_of(each))) for each in (over, gone, nameless)]
    assert [QUESTION["question"] in page for page in pages] == [True, False, True]
    assert QUESTION["question"] in words_in(cast.browser("township_doctor").get(page_of(gone)))


def test_lists_are_two_sided_and_the_office_counts(cast):
    mine, theirs = ask(cast), ask(cast, by=cast.actors.hekou_doctor)
    answered = inquiry_at("answered", cast, answer=REFER)
    found = {}
    for who in (
        "township_doctor",
        "cardiologist",
        "neurologist",
        "core_desk",
        "consortium_administrator",
        "tcm_doctor",
    ):
        browser = cast.browser(who)
        for box in BOXES:
            answer = browser.get(reverse(f"advice:{box}"))
            if answer.status_code == 200:
                found[who, box] = {each.number for each in (mine, theirs, answered) if each.number in words_in(answer)}
    both, all_three = {mine.number, theirs.number}, {mine.number, theirs.number, answered.number}
    nobody = dict.fromkeys([("neurologist", "my_turn"), ("neurologist", "asked"), ("tcm_doctor", "my_turn"),
                            ("tcm_doctor", "asked"), ("tcm_doctor", "received"), ("core_desk", "asked"),
                            ("cardiologist", "asked"), ("township_doctor", "received"),
                            ("consortium_administrator", "asked")], set())  # fmt: skip
    assert found == nobody | {
        ("township_doctor", "my_turn"): {answered.number},
        ("township_doctor", "asked"): {mine.number, answered.number},
        ("cardiologist", "my_turn"): both,
        ("cardiologist", "received"): all_three,
        ("neurologist", "received"): all_three,
        ("core_desk", "received"): all_three,
        ("consortium_administrator", "received"): all_three,
        ("consortium_administrator", "overseen"): all_three,
    }
    page = words_in(cast.browser("consortium_administrator").get(reverse("advice:overseen")))
    assert "待答复 <b>2</b>" in page and "已超时 <b>0</b>" in page
    assert "王秀英" not in page


def test_the_menu_counts_what_waits_for_me(cast):
    for _each in range(2):
        ask(cast)
    assert "2<span" in words_in(cast.browser("cardiologist").get(reverse("advice:count")))
    assert words_in(cast.browser("neurologist").get(reverse("advice:count"))) == ""


def test_the_thread_is_led_on_its_page(cast):
    inquiry = ask(cast)
    asker, asked_one = cast.browser("township_doctor"), cast.browser("cardiologist")
    assert asked_one.post(act_of(inquiry, "answer"), {"version": 1, **ANSWER}).status_code == 302
    page = words_in(asker.get(page_of(inquiry)))
    assert ANSWER["text"] in page and "建议就地处理" in page
    assert asker.post(act_of(inquiry, "ask_again"), {"version": 2, "text": "他汀不耐受怎么办？"}).status_code == 302
    stale = asked_one.post(
        act_of(inquiry, "answer"), {"version": 2, "outcome": "more_needed", "text": "先停药一周再看"}
    )
    assert stale.status_code == 412
    assert "先停药一周再看" in words_in(stale) and "已有更新" in words_in(stale)
    assert asked_one.post(act_of(inquiry, "answer"), {"version": 3, **ANSWER}).status_code == 302
    assert asker.post(act_of(inquiry, "close"), {"version": 4}).status_code == 302
    assert again(inquiry).status == "closed"
    late = asker.post(act_of(inquiry, "ask_again"), {"version": 5, "text": "还有一事请教"})
    assert late.status_code == 422 and "还有一事请教" in words_in(late)


def test_the_buttons_are_those_of_the_table(cast):
    inquiry = ask(cast)
    seen = {who: set(cast.browser(who).get(page_of(inquiry)).context["may"]) for who in
            ("township_doctor", "cardiologist", "neurologist", "core_desk", "consortium_administrator")}  # fmt: skip
    assert seen == {"township_doctor": {"add", "convert", "withdraw"}, "cardiologist": {"answer"}, "neurologist": set(),
                    "core_desk": set(), "consortium_administrator": set()}  # fmt: skip
    assert cast.browser("neurologist").post(act_of(inquiry, "answer"), {"version": 1, **ANSWER}).status_code == 403


def test_one_click_makes_the_referral_and_the_next_shows_it(cast):
    inquiry = inquiry_at("answered", cast, answer=REFER)
    browser, address = cast.browser("township_doctor"), reverse("advice:convert", args=[inquiry.number])
    sent = {"version": inquiry.version}
    first, second = browser.post(address, sent), browser.post(address, sent)
    referral = Referral.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == reverse("referrals:edit", args=[referral.number])
    assert referral.number in words_in(browser.get(page_of(inquiry)))
    detail = words_in(browser.get(reverse("referrals:detail", args=[referral.number])))
    assert "由转诊前咨询转来" in detail and page_of(inquiry) in detail
    assert referral.number not in words_in(cast.browser("cardiologist").get(page_of(inquiry)))


def test_a_question_about_nobody_named_asks_who_it_is(cast):
    inquiry, patient = inquiry_at("answered", cast, patient=None), cast.patient(name="李大山")
    browser, address = cast.browser("township_doctor"), reverse("advice:convert", args=[inquiry.number])
    assert browser.get(address).status_code == 200
    refused = browser.post(address, {"version": inquiry.version})
    assert (refused.status_code, Referral.objects.count()) == (422, 0)
    assert "咨询时没有具名" in words_in(refused)
    assert browser.post(address, {"version": inquiry.version, "patient": patient.public_id}).status_code == 302
    referral = Referral.objects.get()
    assert (referral.patient, referral.consent) == (patient, None)
    assert "男 54岁" in referral.history


MANY = 30


def test_as_many_statements_for_thirty_as_for_one(cast):
    inquiry = ask(cast)
    browsers = {who: cast.browser(who) for who in ("cardiologist", "consortium_administrator", "township_doctor")}
    pages = {("cardiologist", reverse("advice:my_turn")), ("township_doctor", reverse("advice:asked")),
             ("consortium_administrator", reverse("advice:overseen")), ("cardiologist", page_of(inquiry))}  # fmt: skip

    def cost() -> dict:
        counted = {}
        for who, address in pages:
            with statements() as ran:
                assert browsers[who].get(address).status_code == 200
            counted[who, address] = len(ran)
        return counted

    cost()  # what a session writes once
    few = cost()
    for _each in range(MANY):
        ask(cast, patient=inquiry.patient)
        said("add", inquiry, cast, text="又测")
    many = cost()
    assert few == many
    assert max(many.values()) <= 14
