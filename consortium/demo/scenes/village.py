"""The village doctor's lists: one on the way through two houses, one to be read, one sent back; and a call."""

from consortium.demo.scenes.letters import AMLODIPINE, SIGNED, impression, letter

LETTER = {"purpose": "请进一步诊治"}


def sent_on(stage):
    """The township sends a village patient on to the county, where a place is found: the village doctor stays on it."""
    yield stage.before.day(2, "08:20")
    sent = stage.send(
        "tangshoucheng", "韦兰英", "chengguan", "general",
        **letter("胃病？", history="上腹痛半月，饭后重，瘦了五六斤。", urgency="urgent", **LETTER),
    )  # fmt: skip
    yield stage.before.day(2, "09:05")
    onward = stage.do(
        "forward", sent, "lixiumei", receiver=stage.house("county-hospital"),
        department=stage.department("county-hospital", "general-surgery"), reason="需胃镜检查",
    )  # fmt: skip
    yield stage.before.day(2, "10:30")
    slot = stage.place("county-hospital", "general-surgery", "slot", "am", 1)
    stage.do("accept", onward, "huanglihua", slot=slot, place="门诊楼 3 楼胃镜室", bring="空腹，带身份证、医保卡")


def to_be_read(stage):
    """Seen at the township and done: the summary waits for the village doctor."""
    yield stage.before.day(3, "15:10")
    sent = stage.send(
        "tangshoucheng", "龙德才", "chengguan", "general",
        **letter("老慢支犯了", history="咳嗽、痰多一周，夜里喘。", urgency="urgent", **LETTER),
    )  # fmt: skip
    yield stage.before.day(3, "15:40")
    stage.do("accept", sent, "lixiumei")
    yield stage.before.day(3, "16:30")
    stage.do("arrive", sent, "lixiumei", handover="家属陪同，步行入院。")
    yield stage.before.day(1, "09:40")
    stage.do(
        "conclude", sent, "zhangjianguo", outcome="outpatient_done",
        diagnoses=impression("慢性支气管炎急性发作", "J44.101"), treatment="雾化、抗感染 2 天，喘息缓解，血氧 96%。",
        advice="继续口服药 5 天，戒烟，再喘立即来院。", medications=[], follow_up_on=stage.before.date(4),
    )  # fmt: skip


def sent_back(stage):
    """Down to the village to be looked after at home."""
    yield stage.before.day(1, "15:20")
    stage.send(
        "zhangjianguo", "覃素珍", "beiguan", "general", direction="down",
        **letter(
            "高血压病 2 级", "I10.x05", kind="follow_up", reason="stable_step_down", history="调整降压药后血压平稳。",
            purpose="村内随访血压", treatment="氨氯地平 5mg 每日一次，血压 136/84 mmHg。",
            plan="每周测血压 2 次，高于 160/100 或头晕即转回。", medications=[AMLODIPINE],
            follow_up_on=stage.before.date(6),
        ),
    )  # fmt: skip


def begun(stage):
    """Begun on the phone in the patient's home and not sent yet."""
    yield stage.before.ago(minutes=55)
    stage.draft(
        "tangshoucheng", "蒙国安", "chengguan", "general", kind="outpatient", urgency="routine",
        reason="beyond_capability", history="腰痛两月，弯腰重，贴膏药不管用。", consent=SIGNED, **LETTER,
    )  # fmt: skip


def calling_now(stage):
    """Green channel, just sent and in nobody's hand: the hospital's screens ring until somebody takes it."""
    yield stage.before.ago(minutes=3)
    stage.send(
        "liuchunsheng", "卢金凤", "county-hospital", "emergency", kind="emergency", urgency="emergency",
        green_channel="trauma", caller_phone="0839-7250120", history="从三轮车上摔下，头部着地，呕吐 2 次，嗜睡。",
    )  # fmt: skip


SCENES = [sent_on, to_be_read, sent_back, begun, calling_now]
