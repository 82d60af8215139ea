"""A village doctor with nothing but his phone: to the township, on to the county, and back."""

import re

import pytest

from tests.journeys.visitor import PHONE, WARD_PC, Visitor
from tests.journeys.writing import finds_patient

pytestmark = pytest.mark.journey
AT_MOST, GREEN_AT_MOST = 12, 6


@pytest.mark.parametrize(("screen", "patient"), [(PHONE, "蒙国安"), (WARD_PC, "韦兰英")], ids=["phone", "ward-pc"])
def test_a_village_patient_goes_to_the_county_and_comes_back(visitor, screen, patient):
    doctor = visitor("tangshoucheng", screen=screen)
    township, county, cardiologist = visitor("lixiumei"), visitor("huanglihua"), visitor("zhoumingyuan")

    # Given his own patient, when he fills in six fields without a code, it is sent to his own township
    doctor.interactions = 0
    refers(doctor, patient)
    assert doctor.interactions <= AT_MOST
    doctor.sees("等对方答复。")
    doctor.look("sent")
    number = leg(doctor)

    # When the township sends it on, he stays on the way and reads where his patient is
    township.reads("待我处理")
    township.opens(number)
    township.makes("转他院", 转往机构="县人民医院", 科室="心血管内科")
    finds(doctor, patient, "我的病人到哪了", "经城关镇卫生院转出：已发给县人民医院心血管内科")
    onward = leg(doctor)
    assert onward != number

    # When the county has received and treated him, his summary lies with the village
    county.reads("待我处理")
    county.opens(onward)
    county.makes("接收", place=True, 就诊地点="门诊楼 2 楼")
    county.makes("登记到诊", **{"交接时患者情况": "患者自行到诊。"})
    cardiologist.reads("待我处理")
    cardiologist.opens(onward)
    cardiologist.makes(
        "办结并回传小结",
        转回基层="✓",
        诊断名称="稳定型心绞痛",
        主要检查结果和治疗经过="心电图、冠脉 CT 未见明显狭窄。",
        下一步治疗方案及康复建议="每天散步半小时，胸闷时含服硝酸甘油。",
    )
    finds(doctor, patient, "回来的病人", "请看后点“小结已看”")
    doctor.sees("每天散步半小时，胸闷时含服硝酸甘油。")
    doctor.look("to-read")
    doctor.clicks("小结已看")
    doctor.fills("随访看到什么", "不闷了，每天散步。")
    doctor.clicks("随访已做")
    doctor.sees("县人民医院看完了，这次转诊已办完。")
    doctor.look("closed")

    # And a stroke takes him no more than six
    doctor.go("/")
    doctor.interactions = 0
    doctor.clicks("危急病人，走绿色通道")
    doctor.ticks("卒中")
    doctor.clicks("男 约70")
    doctor.fills("怎么不好、多久了", "半小时前右侧肢体无力，说话不清。")
    doctor.clicks(doctor.page.locator('[data-moment="id_onset_at"][data-minutes="30"]'))
    doctor.look("green")
    doctor.clicks("发出")
    assert doctor.interactions <= GREEN_AT_MOST
    doctor.sees("已发出。对方答复后会通知您。")
    doctor.sees("出发转运")


def refers(doctor: Visitor, patient: str) -> None:
    doctor.clicks("转诊")
    finds_patient(doctor, patient)
    doctor.ticks("今天要看")
    doctor.fills("怎么不好、多久了", "胸口闷一个月，上坡重。")
    doctor.fills("您看像什么病", "心脏病？")
    doctor.ticks("本人同意")
    doctor.look("sheet")
    doctor.clicks("发出")
    doctor.sees("已发出。对方答复后会通知您。")


def finds(doctor: Visitor, patient: str, button: str, words: str) -> None:
    """One of the three buttons, then the patient by what his line says."""
    doctor.go("/")
    doctor.clicks(doctor.page.locator(".village-button").filter(has_text=button))
    doctor.look("list")
    doctor.clicks(doctor.page.locator(".village-open").filter(has_text=words).filter(has_text=patient[0]))
    doctor.sees(words)


def leg(doctor: Visitor) -> str:
    """The number of the newest leg on the screen."""
    return re.search(r"R\d{11}", doctor.page.locator(".village-leg h2 .number").first.inner_text())[0]
