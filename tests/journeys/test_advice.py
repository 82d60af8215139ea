"""Advice before referral: the township asks, the cardiologist answers on the phone, and it becomes a referral."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import PHONE, WARD_PC, Visitor

pytestmark = pytest.mark.journey

QUESTION = "快走时胸闷一月，休息可缓解，心电图 ST 段压低，要先做冠脉 CT 还是直接造影？"
ANSWER = "建议一周内来门诊做冠脉 CT，其间避免剧烈活动。"
AT_MOST = 9


@pytest.mark.parametrize("screen", [WARD_PC, PHONE], ids=["ward-pc", "phone"])
def test_advice_is_turned_into_a_referral(visitor, screen):
    other = PHONE if screen == WARD_PC else WARD_PC
    township, cardiologist = visitor("zhangjianguo", screen=screen), visitor("zhoumingyuan", screen=other)

    # Given a patient the doctor is not sure about, when he asks on one screen …
    opens_list(township)
    township.interactions = 0
    township.clicks("提出咨询")
    finds_patient(township, "孙德福")
    township.fills("咨询科室", "心血管内科")
    township.ticks("加急")
    township.fills("要咨询的问题", QUESTION)
    township.fills("生命体征", "血压 150/90，心率 84")
    township.ticks("患者本人", within="#consent")
    township.look("asking")
    township.clicks("发出咨询")
    # … then it lies with the department, within a limit
    assert township.interactions <= AT_MOST
    township.sees("咨询已发出，答复后会通知您。现在可以添加附件。")
    township.sees_status("待答复")
    number = re.search(r"Q\d{11}", township.page.locator("h1").inner_text())[0]

    # When the cardiologist answers on the phone that she should come
    cardiologist.go("/advice/")
    cardiologist.look("list")
    cardiologist.clicks(cardiologist.page.locator(f"#see-{number}"))
    cardiologist.sees(QUESTION)
    cardiologist.ticks("建议转诊")
    cardiologist.fills("紧急程度", "加急", within="#acts")
    cardiologist.fills("答复内容", ANSWER)
    cardiologist.look("answering")
    cardiologist.clicks(cardiologist.page.locator("#acts").get_by_role("button", name="答复"))
    cardiologist.sees_status("已答复")
    assert cardiologist.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    # Then one click makes the referral with all that was said
    opens_list(township)
    township.clicks(township.page.locator(f"#see-{number}"))
    township.sees("建议转诊（门诊、加急、心血管内科）")
    township.look("answered")
    township.clicks("转为转诊")
    township.sees("已生成转诊草稿")
    history = township.field("主要现病史（转出原因）").input_value()
    assert QUESTION in history and ANSWER in history and "血压 150/90，心率 84" in history
    township.look("draft")
    township.fills("初步印象（诊断）", "劳力型心绞痛待排")
    township.fills("转诊原因", "诊断不明或治疗能力、技术条件受限")
    township.clicks("提交转诊")
    township.sees_status("待接收")
    expect(township.page.locator(".origin a")).to_have_text(number)
    township.look("referral")
    township.makes("撤回", **{"病情好转，无需转诊": "✓"})  # so that he can be asked for again


def opens_list(doctor: Visitor) -> None:
    """By the entry of the rail, whose name also says how many wait; on a phone it opens from the top."""
    if doctor.page.locator(".rail-toggle").is_visible():
        doctor.clicks(doctor.page.locator(".rail-toggle"))
    doctor.clicks(doctor.page.locator("#rail-menu a[href='/advice/']"))


def finds_patient(doctor: Visitor, name: str) -> None:
    """By the full name; the one that is found is taken."""
    doctor.interactions += 1
    doctor.page.locator("#q").fill(name)
    found = doctor.page.locator("#patient-results .result")
    expect(found).to_have_count(1)
    doctor.clicks(found)
    doctor.sees(name, within=".patient-facts")
