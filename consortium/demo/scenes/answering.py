"""Answered: accepted without a place, deferred, booked, missed, forwarded, refused, spoken for by telephone."""

from datetime import time

from consortium.demo.scenes.letters import ASPIRIN, letter

TOLD_BY_CLINIC = {"told_by": "李庄村卫生室 李医生", "told_phone": "0839-7270001"}
TOLD_BY_CITY = {"told_by": "市第一医院转诊中心 方护士", "told_phone": "0839-3310001"}


def accepted(stage):
    """Accepted; the desk still has to find a bed."""
    yield stage.before.day(2, "09:30")
    sent = stage.send(
        "zhangjianguo", "赵玉珍", "county-hospital", "orthopaedics",
        **letter(
            "腰椎间盘突出症", "M51.202", kind="inpatient", urgency="urgent",
            history="腰痛伴左下肢放射痛 2 月，近一周加重，直腿抬高试验左 40 度阳性。",
            purpose="保守治疗无效，请评估手术指征", signs=["beyond_surgery_level"],
            insurance={
                "kind": "resident", "area": "四川省广元市云溪县", "certificate_number": "YX-2026-00318",
                "valid_from": stage.before.date(-2).isoformat(), "valid_to": stage.before.date(178).isoformat(),
            },
        ),
    )  # fmt: skip
    yield stage.before.day(2, "11:00")
    stage.do("accept", sent, "huanglihua", remark="骨科同意收治，床位协调中。")


def deferred(stage):
    """No bed this week: it stands on the deferred list with a date to call."""
    yield stage.before.day(4, "08:40")
    sent = stage.send(
        "wanghaiyan", "周文斌", "county-hospital", "rehabilitation",
        **letter(
            "膝关节置换术后功能障碍", "Z96.601", kind="inpatient",
            history="右膝关节置换术后 5 周，屈曲仅 75 度，行走疼痛。", purpose="请收住康复科强化训练",
        ),
    )  # fmt: skip
    yield stage.before.day(4, "10:30")
    stage.do("approve", sent, "zhaozhiqiang")
    yield stage.before.day(3, "09:10")
    stage.do("accept", sent, "huanglihua")
    yield stage.before.day(3, "09:20")
    stage.do("defer", sent, "huanglihua", contact_by=stage.before.date(1), reason="康复科本周无空床，预计明日有出院")


def scheduled(stage):
    """Booked for tomorrow."""
    yield stage.before.day(1, "08:50")
    sent = stage.send(
        "zhangjianguo", "陈志明", "county-hospital", "cardiology",
        **letter(
            "心律失常，频发室性早搏", "I49.300",
            history="心悸 1 月，动态心电图示室性早搏 11260 次/24 小时。", purpose="请评估是否需要射频消融",
            vitals={"heart_rate": 88, "systolic": 126, "diastolic": 80},
        ),
    )  # fmt: skip
    yield stage.before.day(1, "10:15")
    slot = stage.place("county-hospital", "cardiology", "slot", "am", 1)
    stage.do(
        "accept", sent, "huanglihua", slot=slot, at=time(9, 30), place="门诊楼 2 楼心血管内科 3 诊室",
        bring="身份证、医保卡、动态心电图报告",
    )  # fmt: skip


def stayed_away(stage):
    """Booked for the day before yesterday; nobody came, and the sender was told the next morning."""
    yield stage.before.day(5, "09:00")
    sent = stage.send(
        "liuchunsheng", "韩永强", "county-hospital", "general-surgery",
        **letter(
            "右侧腹股沟疝", "K40.900", history="右侧腹股沟可复性包块半年，近期增大。", purpose="请评估手术时机",
        ),
    )  # fmt: skip
    yield stage.before.day(4, "14:20")
    slot = stage.place("county-hospital", "general-surgery", "slot", "pm", -2)
    stage.do("accept", sent, "huanglihua", slot=slot, at=time(15, 0), bring="身份证、医保卡")


def missed(stage):
    """Booked, never seen: after a week the township must find out what became of her."""
    yield stage.before.day(12, "09:15")
    sent = stage.send(
        "wanghaiyan", "吴翠花", "county-hospital", "general-surgery",
        **letter("胆囊结石", "K80.200", history="右上腹隐痛半年，超声示胆囊多发结石。", purpose="请评估手术"),
    )  # fmt: skip
    yield stage.before.day(12, "10:05")
    stage.do("approve", sent, "zhaozhiqiang")
    yield stage.before.day(12, "15:40")
    slot = stage.place("county-hospital", "general-surgery", "slot", "am", -10)
    stage.do("accept", sent, "huanglihua", slot=slot, at=time(10, 0))


def forwarded(stage):
    """The hospital passes it on; the hospital of Chinese medicine accepts."""
    yield stage.before.day(3, "10:20")
    sent = stage.send(
        "liuchunsheng", "何光荣", "county-hospital", "orthopaedics",
        **letter(
            "肩周炎", "M75.001", history="右肩疼痛、活动受限 4 月，夜间痛醒。", purpose="请明确诊断并康复治疗",
            reason="patient_request",
        ),
    )  # fmt: skip
    yield stage.before.day(3, "15:30")
    bones = stage.department("county-tcm", "bones")
    onward = stage.do(
        "forward", sent, "huanglihua", receiver=bones.institution, department=bones, reason="更适合中医骨伤科综合治疗"
    )
    yield stage.before.day(2, "09:50")
    stage.do("accept", onward, "linguodong")


def refused(stage):
    """Not what the department treats: the township must say what becomes of the child's mother."""
    yield stage.before.day(2, "10:40")
    sent = stage.send(
        "liuchunsheng", "杨春梅", "county-hospital", "paediatrics",
        **letter("乳腺结节", "N63.x00", history="右乳外上象限结节 1.2cm，质韧。", purpose="请超声引导下活检"),
    )  # fmt: skip
    yield stage.before.day(1, "15:10")
    stage.do(
        "reject",
        sent,
        "huanglihua",
        reason="not_indicated",
        remark="成人乳腺疾病请转普外科，请重新选择科室。",
    )


def by_telephone(stage):
    """The village clinic is not on the platform: the cardiologist writes down what was said on the telephone."""
    yield stage.before.day(2, "16:00")
    sent = stage.send(
        "zhoumingyuan", "石长贵", "lizhuang", "general", direction="down",
        **letter(
            "冠心病，心功能 II 级", "I25.103", kind="follow_up", reason="stable_step_down",
            history="因活动后气促住院 9 天，症状缓解出院。", purpose="血压、体重和用药随访",
            treatment="利尿、抗血小板、调脂治疗，双肺无啰音。", plan="每周测体重两次，3 天内增加 2 公斤及时联系。",
            medications=[ASPIRIN], follow_up_on=stage.before.date(3),
        ),
    )  # fmt: skip
    yield stage.before.day(2, "16:25")
    stage.do("accept", sent, "zhoumingyuan", **TOLD_BY_CLINIC)
    stage.do("schedule", sent, "zhoumingyuan", date=stage.before.date(3), place="患者家中", **TOLD_BY_CLINIC)


def out_of_the_county(stage):
    """To the city hospital, outside the consortium (外转); its answer came by telephone."""
    yield stage.before.day(1, "11:20")
    sent = stage.send(
        "songjianing", "谢晓峰", "city-first", "oncology", direction="out",
        **letter(
            "直肠占位，恶性待排", "D37.500", kind="inpatient", urgency="urgent",
            history="便血 2 月，肠镜示距肛缘 7cm 菜花样肿物，病理提示中分化腺癌。", purpose="请行新辅助治疗评估",
        ),
    )  # fmt: skip
    yield stage.before.day(1, "14:50")
    stage.do("accept", sent, "songjianing", remark="对方同意收治，等待床位通知。", **TOLD_BY_CITY)


SCENES = [accepted, deferred, scheduled, stayed_away, missed, forwarded, refused, by_telephone, out_of_the_county]
