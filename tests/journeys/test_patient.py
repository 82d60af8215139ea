"""The patient's own telephone: one question, where to go, and "I cannot come" reaches both sides by itself."""

import re
from urllib.parse import urlsplit

import pytest

from tests.journeys.inspecting import faults_of
from tests.journeys.visitor import PHONE, WARD_PC, Visitor

pytestmark = pytest.mark.journey
AT_MOST = 6
BORN = "19800305"


@pytest.mark.parametrize("screen", [PHONE, WARD_PC], ids=["phone", "ward-pc"])
def test_a_patient_declines_by_his_own_telephone(visitor, screen):
    doctor, desk, patient = visitor("liuchunsheng"), visitor("huanglihua"), visitor(screen=screen)

    # Given a patient with an appointment, when his doctor prints the slip …
    doctor.reads("转出")
    doctor.clicks(row_of(doctor).locator("a.cell-main"))
    number = doctor.number
    doctor.clicks("打印转诊单")
    doctor.look("slip")
    doctor.sees("患者扫码查看")
    address = doctor.page.get_by_role("link", name="演示：打开患者页面").get_attribute("href")
    assert re.fullmatch(r"http://localhost:\d+/p/\w{22}", address)
    heard = doctor.unread()

    # … then whoever scans it is asked one question first, and told nothing
    patient.go(urlsplit(address).path)
    patient.sees("请先回答一个问题")
    patient.sees_not("石桥镇")
    fits(patient, "question")
    patient.fills("身份证号最后四位，或出生日期", BORN)
    patient.clicks("查看")
    patient.sees("韩** 的转诊")
    patient.sees("云溪县人民医院")
    fits(patient, "page")

    # When he cannot come, he says so in a few touches
    patient.clicks("我不能来了")
    patient.ticks("没有人陪")
    fits(patient, "decline")
    patient.clicks("告诉医院")
    patient.sees("您告诉过我们：不能来了")
    patient.look("declined")
    assert patient.interactions <= AT_MOST

    # Then both sides know, with the reason, and the appointment still stands
    doctor.hears_of(number, "患者告知不能来", above=heard)
    doctor.reads("转出")
    assert "患者说不能来" in row_of(doctor).inner_text()
    doctor.opens(number)
    doctor.sees("没有人陪", within="#patient-word")
    doctor.sees_status("已预约")
    desk.go(f"/referrals/{number}/")
    desk.sees("没有人陪", within="#patient-word")

    # and when he can come after all, one touch says so
    patient.clicks("我又能来了")
    patient.sees_not("您告诉过我们：不能来了")
    doctor.go(f"/referrals/{number}/")
    doctor.sees_not("没有人陪", within="#moves")


def row_of(doctor: Visitor):
    return doctor.page.locator("tr").filter(has_text="韩**").filter(has_text="普外科").filter(has_text="已预约")


def fits(patient: Visitor, name: str) -> None:
    assert faults_of(patient, "zh-hans") == []
    patient.look(name)
