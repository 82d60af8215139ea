"""The green channel: sent in a few seconds, on the way before anybody has answered, written up afterwards."""

import pytest

from tests.journeys.visitor import Visitor
from tests.journeys.writing import finds_patient

pytestmark = pytest.mark.journey
AT_MOST = 6


def test_an_emergency_travels_first_and_is_written_up_afterwards(visitor):
    township, desk = visitor("zhangjianguo"), visitor("huanglihua")

    # Given a known patient with chest pain, when the doctor opens the green channel …
    township.interactions = 0
    township.reads("发起转诊")
    township.ticks("胸痛")
    finds_patient(township, "孙德福")
    township.fills("主诉", "突发胸骨后压榨样疼痛 40 分钟，大汗，面色苍白。")
    township.look("green-sheet")
    township.clicks("立即送出")
    # … then it is sent in six interactions, to the emergency department
    assert township.interactions <= AT_MOST
    township.sees("已提交。接收方答复后会通知您。")
    township.sees("绿色通道 · 胸痛")
    township.sees("急诊科")
    number = township.number

    # and stands on top of the hospital's list, marked
    desk.reads("待我处理")
    assert number in on_top(desk)
    desk.look("green-on-top")

    # When the ambulance leaves before anybody accepted, the doctor names who confirmed by telephone
    township.makes("出发转运", 护送人员="张建国医师", 车辆或交通方式="救护车 川H·5C120", 电话确认接收人="黄丽华")
    township.sees_status("转运中")
    desk.reads("待我处理")
    desk.opens(number)
    handed_over = {"送达人（转出方）": "张建国", "交接时患者情况": "神志清楚，已建立静脉通路。"}
    desk.makes("登记到诊", **handed_over)
    desk.sees_status("已到诊")

    # Then the papers are completed later, and nobody is reminded any more
    township.reads("转出")
    township.opens(number)
    township.sees("绿色通道先行转诊，其余资料须在")
    completes(township)
    township.sees_not("绿色通道先行转诊，其余资料须在")


def test_nobody_knows_his_name(visitor):
    township, desk = visitor("liuchunsheng"), visitor("huanglihua")
    township.interactions = 0
    township.reads("发起转诊")
    township.ticks("创伤")
    township.ticks("男", within=".unknown")
    township.fills("约", "45", within=".unknown")
    township.fills("主诉", "路边发现昏迷男性，头部外伤，呼吸 20 次/分。")
    township.clicks("立即送出")
    assert township.interactions <= AT_MOST
    township.sees("绿色通道 · 创伤")
    township.sees("无名氏")
    township.look("unknown")
    desk.reads("待我处理")
    assert township.number in on_top(desk)


def on_top(desk: Visitor) -> list[str]:
    """The numbers in the part above the list."""
    return desk.page.locator(".on-top tbody .number").all_inner_texts()


def completes(doctor: Visitor) -> None:
    """补录: what the green channel did not ask for."""
    doctor.clicks("补充资料")
    doctor.look("completing")
    doctor.fills("初步印象（诊断）", "急性冠脉综合征")
    doctor.fills("转诊原因", "急危重患者")
    doctor.fills("转诊目的", "急诊冠脉评估")
    doctor.ticks("患者本人", within="#consent")
    doctor.clicks("保存补录")
    doctor.sees("已保存。")
    doctor.look("completed")
