"""To a hospital outside the consortium (外转): its answers come by telephone, and are kept with who said them."""

import pytest

from tests.journeys.visitor import PHONE, WARD_PC, Visitor
from tests.journeys.writing import begins, sends, writes

pytestmark = pytest.mark.journey
AT_MOST = 14
CALLED = {"对方答复人": "市一院转诊办 曹琳", "对方电话": "0839-2660001"}


@pytest.mark.parametrize("screen", [WARD_PC, PHONE], ids=["ward-pc", "phone"])
def test_a_hospital_without_the_platform_is_called_and_spoken_for(visitor, screen):
    doctor = visitor("zhoumingyuan", screen=screen)

    # Given a patient the county cannot treat, when his doctor refers him out of the consortium …
    begins(doctor, patient="石长贵")
    doctor.clicks(doctor.page.locator("#destination").get_by_text("外转", exact=True))
    writes(
        doctor,
        department="肿瘤科",
        impression="右上肺结节，恶性待排",
        history="住院期间胸部 CT 示右上肺 18 mm 实性结节，边缘有毛刺，本院不能行 PET-CT。",
        purpose="请进一步明确诊断并评估手术",
    )
    doctor.look("sheet")
    sends(doctor)
    # … it takes little more than inside, and the page says whom to call
    assert doctor.interactions <= AT_MOST
    doctor.sees("外转")
    doctor.sees("市第一医院")
    doctor.look("sent")

    # When the other side has said yes on the telephone, the doctor records who said so
    doctor.makes("接收", **CALLED)
    doctor.sees_status("已接收")
    doctor.sees("代录")
    doctor.makes("登记到诊", **CALLED)
    doctor.makes(
        "办结并回传小结",
        出院回家="✓",
        诊断名称="右上肺腺癌，术后",
        主要检查结果和治疗经过="行胸腔镜右上肺叶切除术，恢复顺利。",
        下一步治疗方案及康复建议="一月后复查胸部 CT。",
        **CALLED,
    )
    doctor.sees_status("待基层签收")
    doctor.makes("签收")
    doctor.makes("登记随访", 随访所见="切口愈合好，无咳嗽、气促。")
    doctor.sees_status("已办结")
    story_says_who_told(doctor)


def story_says_who_told(doctor: Visitor) -> None:
    """Every answer of the other side is marked as written down for it."""
    spoken = doctor.page.locator(".story li").filter(has_text="代录")
    assert spoken.count() == 3
    doctor.sees("市一院转诊办 曹琳")
    doctor.look("story")
