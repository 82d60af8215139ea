"""Writing a referral as a doctor does: on one screen, in as few interactions as the page allows."""

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor


def finds_patient(doctor: Visitor, name: str) -> None:
    """Look a known patient up by the full name and take the one that is found: masked before, confirmed after."""
    doctor.fills("患者", name)
    found = doctor.page.locator("#patient-results .result")
    expect(found).to_have_count(1)
    doctor.clicks(found)
    doctor.sees(name, within=".patient-facts")


def begins(doctor: Visitor, *, patient: str) -> None:
    """Click 发起转诊, from where the interactions are counted, and say who it is."""
    doctor.interactions = 0
    doctor.reads("发起转诊")
    finds_patient(doctor, patient)


def chooses_destination(doctor: Visitor, *, specialty: str, house: str) -> None:
    """Ask who could take the patient for a specialty, and take one of them with a click."""
    doctor.fills("去哪个专科", specialty)
    several = doctor.page.locator(".suggestion")
    expect(several).to_have_count(2)
    doctor.look("suggestions")
    doctor.clicks(several.filter(has_text=house).locator("label"))
    expect(doctor.field("转往机构").locator("option:checked")).to_contain_text(house)


def writes(doctor: Visitor, *, department: str = "", impression: str, history: str, purpose: str) -> None:
    """The rest of a routine letter upward: what is not proposed by the page, or was not chosen before."""
    if department:
        doctor.fills("转往科室", department)
    doctor.fills("初步印象（诊断）", impression)
    doctor.fills("转诊原因", "诊断不明或治疗能力、技术条件受限")
    doctor.fills("主要现病史（转出原因）", history)
    doctor.fills("转诊目的", purpose)
    doctor.ticks("患者本人", within="#consent")


def sends(doctor: Visitor) -> str:
    """Submit; answers the number."""
    doctor.clicks("提交转诊")
    doctor.sees("已提交。接收方答复后会通知您。")
    doctor.sees_status("待接收")
    return doctor.number
