"""Over and done: closed after follow-up, settled by the sender, withdrawn."""

from consortium.demo.scenes.letters import AMLODIPINE, impression, letter
from consortium.demo.scenes.returning import up_and_concluded


def closed(stage):
    """The whole loop, followed up and closed."""
    sent = yield from up_and_concluded(
        stage, by="liuchunsheng", patient="谢晓峰", department="neurology", doctor="xujing", days=(12, 11, 10, 9),
        outcome="outpatient_done",
        letter_=letter("偏头痛", "G43.900", history="反复单侧头痛 3 年，近期每周发作。", purpose="请明确诊断"),
        summary={
            "diagnoses": impression("无先兆偏头痛", "G43.000"),
            "treatment": "头颅 MRI 未见异常，诊断无先兆偏头痛。", "advice": "避免诱因，预防性用药 3 月。",
            "medications": [AMLODIPINE], "follow_up_on": stage.before.date(-3),
        },
    )  # fmt: skip
    yield stage.before.day(8, "09:00")
    stage.do("acknowledge", sent, "liuchunsheng", follow_up_on=stage.before.date(-3))
    yield stage.before.day(3, "10:20")
    stage.do("follow_up", sent, "liuchunsheng", found="两周内头痛发作 1 次，程度减轻，用药无不适。")


def settled(stage):
    """No bed at the hospital: treated at the township instead."""
    yield stage.before.day(7, "09:20")
    sent = stage.send(
        "liuchunsheng", "韩永强", "county-hospital", "respiratory",
        **letter("社区获得性肺炎", "J18.900", kind="inpatient", history="发热咳嗽 4 天。", purpose="请收住院"),
    )  # fmt: skip
    yield stage.before.day(7, "11:00")
    stage.do("reject", sent, "huanglihua", reason="full")
    yield stage.before.day(6, "15:00")
    stage.do("settle", sent, "liuchunsheng", outcome="treated_here", remark="已在本院住院抗感染，体温正常。")


def withdrawn(stage):
    """Better before anybody answered."""
    yield stage.before.day(6, "10:00")
    sent = stage.send(
        "zhangjianguo", "陈志明", "county-hospital", "orthopaedics",
        **letter("踝关节扭伤", "S93.401", history="左踝扭伤 2 天，肿胀。", purpose="请排除骨折"),
    )  # fmt: skip
    yield stage.before.day(6, "14:30")
    stage.do("withdraw", sent, "zhangjianguo", reason="improved")


SCENES = [closed, settled, withdrawn]
