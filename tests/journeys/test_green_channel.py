"""The green channel: sent in a few seconds, on the way before anybody has answered, written up afterwards."""

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import PHONE, WARD_PC, Visitor
from tests.journeys.writing import finds_patient

pytestmark = pytest.mark.journey
AT_MOST = 6
TEN_SECONDS = 10_000


@pytest.mark.parametrize(("screen", "patient"), [(PHONE, "孙德福"), (WARD_PC, "赵玉珍")], ids=["phone", "ward-pc"])
def test_an_emergency_travels_first_and_is_written_up_afterwards(visitor, screen, patient):
    township = visitor("zhangjianguo", screen=screen)
    desk, colleague = visitor("huanglihua"), visitor("wugang")

    # Given a known patient with a stroke, when the doctor opens the green channel …
    township.interactions = 0
    township.clicks("绿色通道")
    township.ticks("卒中")
    finds_patient(township, patient)
    township.fills("主诉", "40 分钟前突发右侧肢体无力，说话不清。")
    township.sees("0839-7210209")
    township.look("green-sheet")
    township.clicks("立即送出")
    # … then it is sent in six interactions, to the emergency department, with its numbers at hand
    assert township.interactions <= AT_MOST
    township.sees("已提交。接收方答复后会通知您。")
    township.sees("绿色通道 · 卒中")
    township.sees("0839-7210209", within=".calls-now")
    assert township.page.locator(".calls-now a[href='tel:0839-7210209']").count() == 1
    number = township.number

    # and rings on every screen over there, on whatever page, until somebody takes it
    desk.reads("预约日历")
    for screen in (desk, colleague):
        rings(screen, number)
    desk.look("alarm")
    keeps_watch(colleague, number)
    desk.clicks(desk.page.locator(".alarm li").filter(has_text=number).get_by_role("button", name="我来办"))
    desk.sees("黄丽华 在办")
    rings_no_more(desk, number)
    colleague.page.clock.fast_forward(TEN_SECONDS)
    rings_no_more(colleague, number)
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
    township.go(f"/referrals/{number}/")
    township.sees("绿色通道先行转诊，其余资料须在")
    completes(township)
    township.sees_not("绿色通道先行转诊，其余资料须在")


def test_nobody_knows_his_name(visitor):
    township, desk = visitor("liuchunsheng"), visitor("huanglihua")
    township.interactions = 0
    township.reads("发起转诊")
    township.ticks("创伤")
    township.clicks("男 约45")
    township.fills("主诉", "路边发现昏迷男性，头部外伤，呼吸 20 次/分。")
    township.clicks("立即送出")
    assert township.interactions <= AT_MOST
    township.sees("绿色通道 · 创伤")
    township.sees("无名氏")
    township.look("unknown")
    desk.reads("待我处理")
    assert township.number in on_top(desk)


def rings(screen: Visitor, number: str) -> None:
    """The red banner on the page at hand, asked for again by the page itself."""
    screen.page.clock.fast_forward(TEN_SECONDS)
    expect(screen.page.locator("#alarm .alarm")).to_contain_text(number)


def keeps_watch(screen: Visitor, number: str) -> None:
    """The sound switched on, its sign-in over: the login page rings on."""
    with screen.page.expect_response("**/referrals/alarm/watch/") as kept:
        screen.page.locator(".alarm-switch[data-alarm-sound=on]").click()
    assert kept.value.status == 204
    screen.page.context.clear_cookies(name="consortium_session")
    screen.page.clock.fast_forward(TEN_SECONDS)
    screen.page.wait_for_url("**/login/**")
    expect(screen.page.locator("#alarm")).to_contain_text("值守中：已退出登录，仍会响铃")
    expect(screen.page.locator("#alarm .alarm")).to_contain_text(number)
    screen.look("watch")


def rings_no_more(screen: Visitor, number: str) -> None:
    expect(screen.page.locator("#alarm")).not_to_contain_text(number)


def on_top(desk: Visitor) -> list[str]:
    """The numbers in the part above the list."""
    return desk.page.locator(".on-top tbody .number").all_inner_texts()


def completes(doctor: Visitor) -> None:
    """补录: what the green channel did not ask for."""
    doctor.clicks("补充资料")
    doctor.look("completing")
    doctor.fills("初步印象（诊断）", "急性脑卒中")
    doctor.fills("转诊原因", "急危重患者")
    doctor.fills("转诊目的", "溶栓评估")
    doctor.ticks("患者本人", within="#consent")
    doctor.clicks("保存补录")
    doctor.sees("已保存。")
    doctor.look("completed")
