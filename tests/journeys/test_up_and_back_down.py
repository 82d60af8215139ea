"""The main job, by strangers with nothing but the demo's accounts and the pages: up, treated, back down, closed."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.journeys.visitor import Visitor
from tests.journeys.writing import begins, chooses_destination, sends, writes

pytestmark = pytest.mark.journey
AT_MOST = 12
TOLD = {
    "submitted": "城关镇卫生院 转来",
    "scheduled": "已预约",
    "arrived": "患者已到诊",
    "concluded": "已办结，小结已回传",
    "came_down": "县人民医院 转来",
    "closed": "随下转到诊办结",
}


def test_a_referral_goes_up_and_back_down_to_closed(visitor):
    township = visitor("zhangjianguo")
    desk = visitor("huanglihua")
    cardiologist = visitor("zhoumingyuan")
    township_desk = visitor("lixiumei")

    up = refers_up(township, desk)
    before, ward_before = township.unread(), cardiologist.unread()
    answers_and_receives(desk, up)
    township.hears_of(up, TOLD["arrived"], above=before)
    township.finds_notice(up, TOLD["scheduled"])
    cardiologist.hears_of(up, TOLD["arrived"], above=ward_before)

    treats(cardiologist, up)
    down = refers_back(cardiologist, township_desk)
    takes_back(township_desk, township, up, down)
    follows_up(cardiologist, township, down)
    reads_the_story(township, up, down)


def refers_up(township: Visitor, desk: Visitor) -> str:
    """Given a known patient, when the township's doctor refers her, the hospital's desk hears of it by itself."""
    before = desk.unread()
    begins(township, patient="赵玉珍")
    chooses_destination(township, specialty="心血管内科", house="县人民医院")
    writes(
        township,
        impression="高血压病 2 级，心悸待查",
        history="心悸、头晕 2 周，家庭自测血压 168/96 mmHg，服氨氯地平后未达标。",
        purpose="请明确心悸原因并调整降压方案",
    )
    number = sends(township)
    assert township.interactions <= AT_MOST
    township.look("sent")
    desk.hears_of(number, TOLD["submitted"], above=before)
    return number


def answers_and_receives(desk: Visitor, number: str) -> None:
    """When the desk takes it, accepts it with a slot and receives the patient, nothing is left in its hand."""
    desk.reads("待我处理")
    desk.look("my-turn")
    desk.opens(number)
    desk.makes("我来办")
    desk.sees("黄丽华 在办")
    desk.makes("接收", place=True, 就诊地点="门诊楼 2 楼心血管内科 1 诊室")
    desk.sees_status("已预约")
    desk.sees("门诊楼 2 楼心血管内科 1 诊室")
    desk.makes("登记到诊", **{"交接时患者情况": "患者持转诊单到诊，身份核对无误，资料已交接。"})
    desk.sees_status("已到诊")


def treats(cardiologist: Visitor, number: str) -> None:
    """When the doctor concludes, the summary goes down and the sender is to read it."""
    cardiologist.reads("待我处理")
    cardiologist.opens(number)
    cardiologist.makes(
        "办结并回传小结",
        转回基层="✓",
        诊断名称="高血压病 2 级；偶发房性早搏",
        主要检查结果和治疗经过="动态心电图示偶发房性早搏；动态血压平均 152/91 mmHg。",
        下一步治疗方案及康复建议="调整为联合降压，每周测血压 3 次，低盐饮食。",
        药品通用名="苯磺酸氨氯地平片",
        规格="5mg×28片",
        每次用量="5mg",
        频次="每日一次",
        长期="✓",
    )
    cardiologist.sees_status("待基层签收")
    cardiologist.sees("调整为联合降压")


def refers_back(cardiologist: Visitor, township_desk: Visitor) -> str:
    """When the doctor refers her back with a plan and a source for her drug, the township's desk hears of it."""
    before = township_desk.unread()
    cardiologist.makes("下转回基层")
    cardiologist.sees_status("草稿")
    cardiologist.clicks("继续填写")
    cardiologist.look("down-draft")
    cardiologist.fills("下一步治疗方案及康复建议", "每周测血压 3 次，血压高于 160/100 mmHg 时复诊；一月后复查血脂。")
    cardiologist.fills("随访日期", day(14))
    cardiologist.fills("药源", "接收机构有药")
    cardiologist.ticks("患者本人", within="#consent")
    number = sends(cardiologist)
    township_desk.hears_of(number, TOLD["came_down"], above=before)
    return number


def takes_back(township_desk: Visitor, township: Visitor, up: str, down: str) -> None:
    """When the township has her back, the way up closes by itself: the worker sees to it."""
    before = township.unread()
    township_desk.reads("待我处理")
    township_desk.opens(down)
    township_desk.makes("接收")
    township_desk.sees_status("已接收")
    township_desk.makes("安排预约", 上门或随访日期=day(1), 就诊地点="城关镇卫生院门诊")
    township_desk.sees_status("已预约")
    township_desk.makes("登记到诊", **{"交接时患者情况": "患者自行到院，药品随带。"})
    township_desk.sees_status("已到诊")
    township.hears_of(up, TOLD["closed"], above=before)
    township.finds_notice(up, TOLD["concluded"])


def follows_up(cardiologist: Visitor, township: Visitor, down: str) -> None:
    """When the township concludes, the hospital reads it, sets a date, and closes it with what was found."""
    township.reads("待我处理")
    township.opens(down)
    township.makes(
        "办结并回传小结",
        出院回家="✓",
        诊断名称="高血压病 2 级",
        主要检查结果和治疗经过="血压 136/84 mmHg，心悸缓解。",
        下一步治疗方案及康复建议="纳入高血压随访管理。",
    )
    cardiologist.reads("待我处理")
    cardiologist.opens(down)
    cardiologist.makes("签收", 随访日期=day(7))
    cardiologist.sees_status("待随访")
    cardiologist.makes("登记随访", 随访所见="电话随访：血压平稳，无心悸，按时服药。")
    cardiologist.sees_status("已办结")


def reads_the_story(township: Visitor, up: str, down: str) -> None:
    """Both referrals tell every step, and the one leads to the other."""
    township.reads("转出")
    township.opens(up)
    township.sees_status("已办结")
    assert story(township) == [
        "起草", "提交", "我来办", "接收", "登记到诊", "办结并回传小结", "下转回基层", "随下转到诊办结",
    ]  # fmt: skip
    township.clicks(township.page.locator(".journey a.number"))
    assert township.number == down
    assert story(township) == ["起草", "提交", "接收", "安排预约", "登记到诊", "办结并回传小结", "签收", "登记随访"]
    township.look("story")


def story(visitor: Visitor) -> list[str]:
    """The steps as the page tells them, in their order."""
    return [re.sub(r"\s+", "", words) for words in visitor.page.locator(".story-head strong").all_inner_texts()]


def day(days: int) -> str:
    """As a date field takes it."""
    return f"{datetime.now(ZoneInfo('Asia/Shanghai')) + timedelta(days=days):%Y-%m-%d}"
