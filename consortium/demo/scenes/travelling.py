"""On the way and in hospital: a stroke in the ambulance, two who came before their paper, a heart patient in bed,
somebody seen this morning."""

from consortium.demo.papers import electrocardiogram
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


def unwritten(stage):
    """Green channel with the least it may be sent with: the patient is in, the paper is owed in three hours."""
    yield stage.before.ago(hours=21)
    sent = stage.send(
        "zhangjianguo", "田国富", "county-hospital", "cardiology", kind="emergency", urgency="emergency",
        green_channel="chest_pain", caller_phone="0839-7230120",
        history="持续胸痛 50 分钟，大汗，心电图 II、III、aVF 导联 ST 段抬高。",
        onset_at=stage.before.ago(hours=21, minutes=50), called_at=stage.before.ago(hours=21, minutes=25),
    )  # fmt: skip
    yield stage.before.ago(hours=20, minutes=58)
    stage.attach(sent, "zhangjianguo", electrocardiogram(), kind="ecg", title="院前心电图 II、III、aVF")
    yield stage.before.ago(hours=20, minutes=56)
    stage.do("dispatch", sent, "zhangjianguo", escort="张建国", vehicle="救护车 川H·5C120", confirmed_by="周明远")
    yield stage.before.ago(hours=20, minutes=51)
    stage.do("accept", sent, "zhoumingyuan", remark="导管室已启动，绕行急诊直达。")
    yield stage.before.ago(hours=20, minutes=30)
    stage.do(
        "arrive", sent, "zhoumingyuan", handed_over_by="张建国", received_by="周明远",
        handover="神志清楚，血压 104/66，直送导管室。",
    )  # fmt: skip


def to_be_reviewed(stage):
    """Green channel, written up in time and over: the office has still to say whether the channel was needed."""
    yield stage.before.day(2, "10:12")
    sent = stage.send(
        "wanghaiyan", "彭小兰", "county-hospital", "general-surgery", kind="emergency", urgency="emergency",
        green_channel="trauma", caller_phone="0839-7240120", history="车祸后腹痛 40 分钟，腹肌紧张，血压 92/58。",
        onset_at=stage.before.day(2, "09:26"), called_at=stage.before.day(2, "09:31"),
    )  # fmt: skip
    yield stage.before.day(2, "10:15")
    stage.do("accept", sent, "huanglihua", remark="手术室和血库已通知。")
    yield stage.before.day(2, "10:20")
    stage.do("dispatch", sent, "wanghaiyan", escort="王海燕医师、护士小罗", vehicle="救护车 川H·7K120")
    yield stage.before.day(2, "10:58")
    stage.do(
        "arrive", sent, "huanglihua", handed_over_by="王海燕", received_by="宋佳宁",
        handover="神志清楚，双通路补液，腹腔穿刺抽出不凝血。",
    )  # fmt: skip
    yield stage.before.day(2, "15:30")
    stage.change(
        sent, "wanghaiyan", reason="critical", purpose="请急诊剖腹探查", consent=BY_DEPUTY,
        diagnoses=[{"text": "闭合性腹部损伤，脾破裂？", "code": "S36.000", "primary": True}],
    )  # fmt: skip
    yield stage.before.day(1, "09:20")
    stage.do(
        "conclude", sent, "songjianing", outcome="transferred",
        diagnoses=[{"text": "外伤性脾破裂", "code": "S36.000", "primary": True}],
        treatment="急诊脾切除术，输红细胞 4 单位，术后生命体征平稳。",
        advice="转市第一医院重症监护继续治疗，出院后另行联系。",
    )  # fmt: skip
    yield stage.before.day(1, "10:05")
    stage.do("acknowledge", sent, "wanghaiyan")


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


SCENES = [stroke, unwritten, to_be_reviewed, in_hospital, seen_today]
