"""Waiting for the first answer: a draft, one under review, one overdue, one returned, and one just sent."""

from consortium.demo.scenes.letters import AMLODIPINE, METFORMIN, letter


def overdue(stage):
    """Urgent, sent two working days ago and never answered: by that evening it had climbed to the office.

    Counted in working hours of a day that is over, so that it has on whatever day somebody looks.
    """
    yield stage.before.working_day(2, "08:40")
    stage.send(
        "liuchunsheng", "罗玉兰", "county-hospital", "endocrinology",
        **letter(
            "2型糖尿病，血糖控制不佳", "E11.900", urgency="urgent",
            history="发现血糖升高 6 年，口服降糖药，近一月空腹血糖 11～13 mmol/L，伴双足麻木。",
            purpose="请调整降糖方案并评估慢性并发症", medications=[METFORMIN],
            vitals={"systolic": 138, "diastolic": 84, "glucose": 12.4, "weight": 68},
        ),
    )  # fmt: skip


def returned(stage):
    """The hospital asks for an X-ray before it answers."""
    yield stage.before.day(2, "15:20")
    sent = stage.send(
        "chenxiaolan", "梁宝山", "county-hospital", "respiratory",
        **letter(
            "慢性咳嗽待查", history="反复咳嗽、咳痰 3 月余，夜间为著，抗感染治疗 10 天效果不佳。",
            purpose="请明确咳嗽原因", vitals={"spo2": 96, "temperature": 36.7}, past_history="吸烟 30 年",
        ),
    )  # fmt: skip
    yield stage.before.day(1, "09:05")
    stage.do(
        "return", sent, "huanglihua", reason="exam", remark="请补充近一月胸部 X 线或 CT 结果，并注明是否痰中带血。"
    )


def in_review(stage):
    """Hekou lets a second person look before anything leaves the house."""
    yield stage.before.ago(hours=3)
    stage.send(
        "wanghaiyan", "郑国庆", "county-hospital", "endocrinology",
        **letter(
            "甲状腺结节", "E04.100", history="体检发现右叶甲状腺结节 1.6cm，边界欠清，无压迫症状。",
            purpose="请评估是否需要细针穿刺",
        ),
    )  # fmt: skip


def downward(stage):
    """The neurologist sends a patient home to rehabilitation; the community centre has not answered yet."""
    yield stage.before.ago(hours=4)
    stage.send(
        "xujing", "欧阳淑芬", "nanhu", "rehabilitation", direction="down",
        **letter(
            "脑梗死恢复期", "I69.300", kind="rehabilitation", reason="stable_step_down",
            history="右侧肢体无力 3 周，入院诊断急性脑梗死，病情稳定。",
            purpose="继续康复训练，控制血压", treatment="抗血小板、调脂、早期康复；右上肢肌力 4 级，可扶行 20 米。",
            plan="每周 5 次肢体康复；血压控制在 140/90 mmHg 以下；两周后复评吞咽功能。",
            medications=[AMLODIPINE], follow_up_on=stage.before.date(14),
        ),
    )  # fmt: skip


def draft(stage):
    """Begun between two patients and not finished."""
    yield stage.before.ago(minutes=40)
    stage.draft(
        "zhangjianguo", "刘桂兰", "county-hospital", "cardiology", kind="outpatient",
        diagnoses=[{"text": "高血压病 3 级", "code": "I10.x05", "primary": True}],
        history="高血压 12 年，近两周晨起血压 176～184/98～104 mmHg，三药联用仍未达标。",
        vitals={"systolic": 182, "diastolic": 102, "heart_rate": 78}, medications=[AMLODIPINE],
        signs=["three_drugs_not_enough"],
    )  # fmt: skip


def just_sent(stage):
    """The one the tour begins with: it lies with the hospital's referral desk."""
    yield stage.before.ago(minutes=2)
    stage.send(
        "zhangjianguo", "王秀英", "county-hospital", "cardiology",
        **letter(
            "稳定型心绞痛？", "I20.801", urgency="urgent",
            history="活动后胸闷 2 月，上三层楼即发作，休息 3～5 分钟缓解；心电图示 V4～V6 导联 T 波低平。",
            past_history="高血压病 8 年，规律服药。", purpose="请行运动平板或冠脉 CT，明确诊断并制定治疗方案",
            allergies=["青霉素"], medications=[AMLODIPINE], priority=["elderly", "contracted"],
            vitals={"systolic": 148, "diastolic": 88, "heart_rate": 76, "spo2": 98},
            preferred_from=stage.before.date(1), preferred_to=stage.before.date(5),
        ),
    )  # fmt: skip


SCENES = [overdue, returned, in_review, downward, draft, just_sent]
