"""Seen by the cardiologist and over: six of them, so that the department has a waiting time. Others have too few."""

from functools import partial

from consortium.demo.scenes.letters import impression, letter

# patient: by whom, sent and seen so many days ago, the impression, its code, what was found
SEEN = {
    "邓建设": ("chenxiaolan", 12, 11, "阵发性心悸", "R00.200", "动态心电图示偶发房性早搏，无需特殊治疗。"),
    "罗玉兰": ("liuchunsheng", 11, 9, "高血压病 2 级", "I10.x05", "动态血压平均 146/90 mmHg，调整为联合降压。"),
    "何光荣": ("liuchunsheng", 10, 8, "活动后胸闷", "R07.400", "运动平板试验阴性，考虑非心源性。"),
    "杨春梅": ("liuchunsheng", 9, 5, "心脏杂音", "R01.100", "心脏超声示二尖瓣轻度反流，每年复查。"),
    "孙德福": ("zhangjianguo", 8, 5, "双下肢水肿", "R60.000", "心功能正常，考虑钙拮抗剂所致，已换药。"),
}

FOUND = {"孙德福": ("药物性外周水肿", "R60.900"), "杨春梅": ("二尖瓣轻度反流", "I34.000")}
"""Who turned out to have something else than the letter said."""


def seen(stage, patient):
    """Sent, booked at once, seen at his hour, concluded the same day and signed for."""
    by, sent_on, seen_on, text, code, found = SEEN[patient]
    yield stage.before.day(sent_on, "14:30")
    sent = stage.send(
        by,
        patient,
        "county-hospital",
        "cardiology",
        **letter(text, code, history=f"{text} 1 月余。", purpose="请明确病因"),
    )
    yield stage.before.day(sent_on, "15:40")
    stage.do("accept", sent, "huanglihua", slot=stage.place("county-hospital", "cardiology", "slot", "am", -seen_on))
    yield stage.before.day(seen_on, "09:50")
    stage.do("arrive", sent, "huanglihua", handover="患者持转诊单到诊，身份核对无误。")
    yield stage.before.day(seen_on, "16:30")
    stage.do(
        "conclude", sent, "zhoumingyuan", outcome="outpatient_done", treatment=found,
        diagnoses=impression(*FOUND.get(patient, (text, code))),
        advice="规律生活，不适随诊。",
    )  # fmt: skip
    yield stage.before.day(seen_on - 1, "08:50")
    stage.do("acknowledge", sent, by)


SCENES = [partial(seen, patient=patient) for patient in SEEN]
