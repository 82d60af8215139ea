"""What is typed and not yet sent: it survives the end of the session for its writer, and for nobody else."""

import pytest
from playwright.sync_api import expect

from tests.journeys.test_refusals import LETTER, given_a_referral
from tests.journeys.visitor import Visitor
from tests.journeys.writing import begins, writes

pytestmark = pytest.mark.journey
WAITING = "登录已过期，已填内容还在，请登录后继续。"
LEFT = "这台电脑上有上次没有提交的内容"


def test_a_sheet_whose_session_ends_goes_on_after_signing_in(visitor, site):
    doctor = visitor("zhangjianguo")
    begins(doctor, patient="陈志明")
    writes(doctor, department="内分泌科", **LETTER)
    the_session_ends(doctor)
    doctor.clicks("提交转诊")
    doctor.sees(WAITING)
    assert LETTER["history"] not in str(kept_by(doctor))  # only in cipher

    signs_in_again(doctor, site)
    doctor.sees(LEFT)
    doctor.clicks("恢复")
    expect(doctor.field("主要现病史（转出原因）")).to_have_value(LETTER["history"])
    doctor.sees("陈志明", within=".patient-facts")
    doctor.ticks("患者本人", within="#consent")
    doctor.clicks("存草稿")
    doctor.sees("已保存，可以以后继续填写。")
    assert kept_by(doctor) == {}
    doctor.reads("发起转诊")
    expect(doctor.page.locator("[data-draft-prompt]")).to_be_hidden()


def test_a_move_whose_session_ends_goes_on_and_nobody_else_sees_it(visitor, site):
    township, desk = visitor("zhangjianguo"), visitor("huanglihua")
    number = given_a_referral(township, patient="李大山", department="内分泌科")
    desk.reads("待我处理")
    desk.opens(number)
    desk.clicks("退回补充")
    desk.fills("请对方补充什么", "请补充胸部 CT。", within="#move")
    the_session_ends(desk)
    desk.clicks(desk.page.locator("#move .move-actions .btn-primary"))
    desk.sees(WAITING)

    signs_in_again(desk, site)
    expect(desk.page.locator("h1")).to_contain_text("退回补充")
    desk.clicks("恢复")
    expect(desk.field("请对方补充什么")).to_have_value("请补充胸部 CT。")
    the_session_ends(desk)
    desk.page.locator(".move-actions .btn-primary").click()
    desk.sees(WAITING)
    assert kept_by(desk) != {}

    desk.sign_in(site.account("chenxiaolan"))
    assert kept_by(desk) == {}


def test_a_second_window_is_not_offered_what_the_first_is_writing(visitor):
    doctor = visitor("zhangjianguo")
    begins(doctor, patient="王秀英")
    doctor.fills("主要现病史（转出原因）", "第一个窗口正在写")
    doctor.page.clock.fast_forward(1000)
    doctor.page.wait_for_function("() => Object.keys(localStorage).some((place) => place.startsWith('draft:'))")
    second = doctor.context.new_page()
    second.goto(doctor.page.url)
    expect(second.locator("[data-draft-prompt]")).to_be_hidden()
    second.close()


def test_a_refused_sheet_shows_the_newest_text_and_offers_no_older_one(visitor):
    doctor = visitor("zhangjianguo")
    begins(doctor, patient="李大山")
    doctor.fills("主要现病史（转出原因）", "刚刚写下")
    with doctor.refused(422):
        doctor.clicks("提交转诊")
    expect(doctor.field("主要现病史（转出原因）")).to_have_value("刚刚写下")
    expect(doctor.page.locator("[data-draft-prompt]")).to_be_hidden()


def the_session_ends(person: Visitor) -> None:
    """What the page asks by itself is kept from it: its answer would lead to the login before the person goes there."""
    for asked in ("**/referrals/alarm/", "**/inbox/unread/", "**/count/"):
        person.page.route(asked, lambda route: route.fulfill(status=204))
    person.context.clear_cookies(name="consortium_session")


def signs_in_again(person: Visitor, site) -> None:
    """On the login page, which leads back to where the person was."""
    account = site.account(person.name)
    person.page.locator("input[name=username]").fill(account["username"])
    person.page.locator("input[name=password]").fill(account["password"])
    person.page.locator("input[name=password]").press("Enter")
    person.page.wait_for_url(lambda address: "/login/" not in address)
    person.settle()


def kept_by(person: Visitor) -> dict:
    found = "() => Object.fromEntries(Object.entries(localStorage).filter(([place]) => place.startsWith('draft:')))"
    return person.page.evaluate(found)
