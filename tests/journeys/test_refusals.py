"""When something is refused, returned, done twice or not one's own: nothing is lost, and the page says why."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import Visitor
from tests.journeys.writing import begins, sends, writes

pytestmark = pytest.mark.journey


def test_a_rejected_referral_is_settled_by_its_sender(visitor):
    township, desk = visitor("zhangjianguo"), visitor("huanglihua")
    number = given_a_referral(township, patient="陈志明", department="呼吸内科")

    desk.reads("待我处理")
    desk.opens(number)
    desk.makes("不予接收", 无床或号源已满="✓", 备注="呼吸内科本周满床，建议县中医医院或下周再转。")

    # the patient is still somewhere: the sender says where
    township.reads("待我处理")
    township.opens(number)
    township.sees_status("不予接收")
    township.sees("呼吸内科本周满床")
    township.makes("登记去向", 在本机构治疗="✓")
    township.sees_status("已登记去向")
    township.reads("待我处理")
    township.sees_not(number)


def test_a_returned_referral_is_completed_and_sent_again(visitor):
    township, desk = visitor("zhangjianguo"), visitor("huanglihua")
    number = given_a_referral(township, patient="王秀英", department="内分泌科")

    desk.reads("待我处理")
    desk.opens(number)
    desk.makes("退回补充", 请对方补充什么="请补充近三月糖化血红蛋白。")

    township.reads("待我处理")
    township.opens(number)
    township.sees_status("退回补充")
    township.clicks("补充资料")
    township.sees("请补充近三月糖化血红蛋白。")
    township.fills("主要既往史", "糖化血红蛋白 8.2%（本月）")
    township.look("completing")
    township.clicks("重新提交")
    township.sees_status("待接收")
    township.sees("糖化血红蛋白 8.2%（本月）")
    assert township.number == number


def test_a_double_click_sends_one(visitor):
    township = visitor("zhangjianguo")
    begins(township, patient="李大山")
    writes(township, department="神经内科", **LETTER)
    township.page.get_by_role("button", name="提交转诊").dblclick()
    township.sees("已提交。接收方答复后会通知您。")
    number = township.number

    township.page.locator("h1").click()
    township.reads("转出")
    rows = township.page.locator("tbody tr").filter(has_text="李**").filter(has_text="神经内科")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(number)


def test_somebody_else_was_quicker(visitor):
    township, desk = visitor("zhangjianguo"), visitor("huanglihua")
    number = given_a_referral(township, patient="赵玉珍", department="神经内科")

    desk.reads("待我处理")
    desk.opens(number)
    desk.clicks("退回补充")
    desk.fills("请对方补充什么", "请补充头颅 CT 结果。", within="#move")
    township.makes("病情加重，提高紧急程度", 加急="✓")

    # the answer says so and keeps what was typed; having looked, the desk sends it again
    with desk.refused(412):
        desk.clicks(desk.page.locator("#move .move-actions .btn-primary"))
        desk.sees("这张转诊单已有更新。")
    desk.look("stale")
    expect(desk.field("请对方补充什么", within="#move")).to_have_value("请补充头颅 CT 结果。")
    desk.clicks(desk.page.locator("#move .move-actions .btn-primary"))
    desk.sees(re.compile("已退回，请对方补充；"))
    desk.sees_status("退回补充")
    desk.sees("请补充头颅 CT 结果。", within="#story")


def test_what_already_runs_is_said_before_the_form_is_filled(visitor):
    township = visitor("zhangjianguo")
    begins(township, patient="陈志明")
    township.sees("该患者有进行中的转诊：", within="#standing")
    township.fills("转往科室", "心血管内科")
    township.sees("已有进行中的转诊", within="#standing .alert-danger")
    township.look("duplicate")
    with township.context.expect_page() as opened:
        township.page.locator("#standing").get_by_role("link", name="打开原单").click()
    expect(opened.value.locator("h1")).to_contain_text("转诊 R")


def test_a_strangers_number_leads_nowhere(visitor):
    township, stranger = visitor("zhangjianguo"), visitor("liuchunsheng")
    township.reads("转出")
    number = township.page.locator("tbody .number").first.inner_text()

    with stranger.refused(404):
        answer = stranger.go(f"/referrals/{number}/")
    assert answer.status == 404
    expect(stranger.page.locator("h1")).to_have_text("未找到")
    stranger.sees_not(number, within="main")
    stranger.look("not-found")
    stranger.clicks("回到首页")
    stranger.fills("姓名、拼音首字母或转诊单号", number)
    stranger.clicks("查找")
    stranger.sees("没有这个单号，或贵机构不是这次转诊的一方。")


def test_who_has_two_jobs_changes_over_in_the_header(visitor, site):
    surgeon = visitor()
    surgeon.sign_in(site.account("songjianing"))
    surgeon.sees("您现在在哪里工作？")
    surgeon.look("where")
    surgeon.clicks(surgeon.page.get_by_role("button", name="云溪县人民医院"))
    header = surgeon.page.locator(".topbar-place")
    expect(header).to_contain_text("县人民医院")

    surgeon.clicks(header.get_by_role("button").first)
    surgeon.look("switching")
    surgeon.clicks(header.get_by_role("button", name="石桥镇卫生院"))
    expect(header).to_contain_text("石桥镇")
    surgeon.reads("转出")
    for row in surgeon.page.locator(".row-way").all_inner_texts():
        assert row.strip().startswith("石桥镇卫生院")


LETTER = {
    "impression": "待查",
    "history": "反复头晕、乏力 1 月，本院检查未明确原因。",
    "purpose": "请明确诊断",
}


def given_a_referral(township: Visitor, *, patient: str, department: str) -> str:
    """A referral just sent, on the sender's screen."""
    begins(township, patient=patient)
    writes(township, department=department, **LETTER)
    return sends(township)
