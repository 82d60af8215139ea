"""A rule proposes, the doctor takes it over with one click, and the desk's scanner opens the arrival."""

import pytest
from playwright.sync_api import expect

from tests.journeys.writing import begins, sends, writes

pytestmark = pytest.mark.journey


def test_proposed_taken_over_sent_and_scanned_at_the_desk(visitor):
    doctor = visitor("zhangjianguo")
    begins(doctor, patient="陈志明")
    writes(
        doctor,
        department="神经内科",
        impression="高血压病",
        history="头痛两天，自测血压偏高。",
        purpose="请调整降压方案",
    )
    doctor.fills("收缩压", "186")
    doctor.fills("舒张压", "104")
    doctor.page.keyboard.press("Tab")
    rule = doctor.page.locator("#indications li").filter(has_text="收缩压 ≥180 mmHg")
    expect(rule).to_contain_text("收缩压 186 mmHg（≥180）")
    doctor.look("proposed")
    doctor.clicks(rule.get_by_role("button", name="按此填写"))
    assert doctor.field("紧急程度").input_value() == "urgent"
    doctor.clicks(doctor.page.locator("#signs summary"))
    doctor.ticks("言语障碍或肢体瘫痪", within="#signs")
    expect(doctor.page.locator("#indications li").first).to_contain_text("急诊")
    number = sends(doctor)
    doctor.sees("血压 ≥180/110 mmHg 伴剧烈头痛")

    desk = visitor("huanglihua")
    desk.clicks(desk.page.get_by_role("link", name="扫码"))
    expect(desk.page.locator("#scan-code")).to_be_focused()
    desk.page.keyboard.type(number.lower())
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url(f"**/{number}/arrive/")
    desk.sees("登记到诊")
    desk.look("scanned")
