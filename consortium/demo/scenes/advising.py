"""Advice before referral: one that became a referral, one that was answered, one that still waits."""

from datetime import time

from advice import actions as advice
from advice.models import Inquiry
from consortium.demo import patients
from consortium.demo.papers import electrocardiogram
from consortium.demo.scenes.letters import SIGNED, impression
from records.actions import register_patient
from referrals.attachments import most
from toolkit.uploads import examine


def became_a_referral(stage):
    """Asked with an electrocardiogram, advised to come, and now booked with all that was said."""
    yield stage.before.working_day(3, "09:10")
    inquiry = ask(
        stage, "liuchunsheng", "cardiology", "谢晓峰",
        question="快走时胸闷三周，休息三分钟缓解，静息心电图 V4～V6 ST 段压低，需要造影吗？",
        done="阿司匹林 100mg 每日一次、阿托伐他汀 20mg 每晚一次，已用一周。", vitals="血压 148/88，心率 82",
        medications="二甲双胍 0.5g 每日三次",
    )  # fmt: skip
    clean = examine(electrocardiogram(), most=most())
    advice.attach(inquiry, actor=stage.actor("liuchunsheng"), clean=clean, kind="ecg", title="静息心电图")
    yield stage.before.working_day(3, "15:20")
    advice.answer(
        inquiry, actor=stage.actor("zhoumingyuan"), outcome="refer", kind="outpatient", urgency="urgent",
        text="考虑劳力型心绞痛，建议一周内来门诊做冠脉 CT 或造影评估；其间避免剧烈活动，胸痛超过十分钟走绿色通道。",
    )  # fmt: skip
    yield stage.before.working_day(2, "08:50")
    doctor = stage.actor("liuchunsheng")
    referral = advice.convert(inquiry, actor=doctor)
    stage.change(
        referral, "liuchunsheng", reason="beyond_capability", diagnoses=impression("劳力型心绞痛待排", "I20.800")
    )
    stage.do("submit", referral, "liuchunsheng")
    yield stage.before.working_day(2, "10:30")
    slot = stage.place("county-hospital", "cardiology", "slot", "am", 4)
    stage.do("accept", referral, "huanglihua", slot=slot, at=time(10, 0), bring="身份证、医保卡、既往心电图")


def answered(stage):
    """Answered, to be taken up by who asked."""
    yield stage.before.working_day(2, "10:05")
    inquiry = ask(
        stage, "zhangjianguo", "neurology", "刘桂兰",
        question="冠脉支架术后双抗治疗中，近两周反复头晕，体位变化时明显，需要先做头颅 MRI 吗？",
        done="复查血常规、血糖正常，颈部血管超声轻度硬化。", vitals="卧位 132/78，立位 108/66",
    )  # fmt: skip
    yield stage.before.working_day(1, "09:40")
    advice.answer(
        inquiry, actor=stage.actor("xujing"), outcome="treat_here",
        text="立位血压下降明显，先考虑体位性低血压：晨起降压药减半，起身放缓，三天后复测卧立位血压。"
        "出现言语不清、肢体无力或持续呕吐，立即走绿色通道。",
    )  # fmt: skip


def waiting(stage):
    """Nobody named, nobody has answered yet."""
    yield stage.before.working_day(1, "16:10")
    ask(
        stage, "chenxiaolan", "cardiology", None, age=61, sex="2", urgency="routine",
        question="房颤服华法林，今日 INR 4.2，无出血表现，如何调整剂量、几天后复查？",
        medications="华法林 3mg 每日一次，美托洛尔 25mg 每日两次",
    )  # fmt: skip


def ask(stage, by: str, department: str, patient: str | None, **content) -> Inquiry:
    """A question to a department of the county hospital."""
    author, room = stage.actor(by), stage.department("county-hospital", department)
    if patient:
        registered, _outcome = register_patient(actor=author, data=patients.data_of(patient))
        content |= {"patient": registered, "consent": SIGNED}
    return advice.ask(actor=author, receiver=room.institution, department=room, **content)


SCENES = [became_a_referral, answered, waiting]
