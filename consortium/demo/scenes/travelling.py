"""On the way and in hospital: a stroke in the ambulance, a heart patient in bed, somebody seen this morning."""

from consortium.demo.scenes.letters import BY_DEPUTY, letter


def stroke(stage):
    """Green channel: sent, accepted and under way within ten minutes."""
    yield stage.before.ago(minutes=45)
    sent = stage.send(
        "wanghaiyan", "冯秀云", "county-hospital", "neurology", kind="emergency", urgency="emergency",
        green_channel="stroke", reason="critical", caller_phone="0839-7240120", consent=BY_DEPUTY,
        history="1 小时前突发左侧肢体无力、言语不清，NIHSS 9 分。", purpose="溶栓评估",
        diagnoses=[{"text": "急性脑卒中", "code": "I64.x00", "primary": True}],
        vitals={"systolic": 168, "diastolic": 96, "heart_rate": 84, "glucose": 6.8, "spo2": 97},
    )  # fmt: skip
    yield stage.before.ago(minutes=41)
    stage.do("accept", sent, "xujing", remark="卒中团队已启动，CT 室待命。")
    yield stage.before.ago(minutes=35)
    stage.do(
        "dispatch", sent, "wanghaiyan", escort="王海燕医师、护士小罗", vehicle="救护车 川H·7K120", confirmed_by="徐静"
    )


def in_hospital(stage):
    """Came at night as an emergency, lies in cardiology."""
    yield stage.before.day(3, "20:40")
    sent = stage.send(
        "zhangjianguo", "李大山", "county-hospital", "cardiology",
        **letter(
            "不稳定型心绞痛", "I20.000", kind="inpatient", urgency="emergency", reason="critical",
            history="静息胸痛 3 次/日，含服硝酸甘油 5 分钟缓解，心电图 ST 段压低。", purpose="请急诊评估、收住院",
            vitals={"systolic": 142, "diastolic": 86, "heart_rate": 92, "spo2": 97},
        ),
    )  # fmt: skip
    yield stage.before.day(3, "20:48")
    bed = stage.place("county-hospital", "cardiology", "bed", "day", -3)
    stage.do("accept", sent, "zhoumingyuan", slot=bed, place="住院楼 6 楼心血管内科")
    yield stage.before.day(3, "21:05")
    stage.do("dispatch", sent, "zhangjianguo", escort="张建国", vehicle="救护车 川H·5C120")
    yield stage.before.day(3, "21:20")
    stage.do(
        "arrive", sent, "zhoumingyuan", handed_over_by="张建国", received_by="周明远",
        handover="神志清楚，胸痛缓解，已建立静脉通路。",
    )  # fmt: skip


def seen_today(stage):
    """Arrived today; the summary is due within a day."""
    yield stage.before.day(3, "09:40")
    sent = stage.send(
        "chenxiaolan", "邓建设", "county-hospital", "respiratory",
        **letter(
            "慢性阻塞性肺疾病", "J44.900", history="咳嗽气促 10 年，近一年急性加重 3 次。",
            purpose="请行肺功能检查并调整吸入方案", vitals={"spo2": 93, "respiration": 20}, priority=["elderly"],
        ),
    )  # fmt: skip
    yield stage.before.day(2, "10:00")
    slot = stage.place("county-hospital", "respiratory", "slot", "am", 0)
    stage.do("accept", sent, "huanglihua", slot=slot, bring="既往肺功能报告、吸入剂")
    yield stage.before.ago(minutes=50)
    stage.do("arrive", sent, "huanglihua", handover="患者自行到诊，分诊至呼吸内科。")


SCENES = [stroke, in_hospital, seen_today]
