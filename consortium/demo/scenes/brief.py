"""Short ones that came to little, and one between two townships: what the office's overview counts besides."""

from consortium.demo.scenes.letters import impression, letter


def declined(stage):
    """The department has no such examination: followed up at the township instead."""
    yield stage.before.day(10, "09:20")
    sent = stage.send(
        "liuchunsheng", "邓建设", "county-hospital", "respiratory",
        **letter("睡眠呼吸暂停待查", "G47.300", history="夜间打鼾、憋醒半年。", purpose="请行多导睡眠监测"),
    )  # fmt: skip
    yield stage.before.day(10, "10:05")
    stage.do("reject", sent, "huanglihua", reason="no_specialty")
    yield stage.before.day(10, "11:40")
    stage.do("settle", sent, "liuchunsheng", outcome="treated_here", remark="暂予减重和侧卧位指导。")


def cancelled(stage):
    """Accepted, and then the patient's family thought otherwise."""
    yield stage.before.day(9, "08:50")
    sent = stage.send(
        "chenxiaolan", "梁宝山", "county-hospital", "endocrinology",
        **letter("甲状腺结节", "E04.101", history="体检发现甲状腺结节 0.8cm。", purpose="请评估是否穿刺"),
    )  # fmt: skip
    yield stage.before.day(9, "09:30")
    stage.do("accept", sent, "huanglihua")
    yield stage.before.day(8, "10:00")
    stage.do("cancel", sent, "huanglihua", reason="patient_changed_mind")
    yield stage.before.day(8, "11:10")
    stage.do("settle", sent, "chenxiaolan", outcome="treated_here", remark="改为三个月后本中心复查超声。")


def asked_back_and_withdrawn(stage):
    """The letter did not say what for; on second thoughts it was another department's."""
    yield stage.before.day(11, "14:20")
    sent = stage.send(
        "zhangjianguo", "田国富", "county-hospital", "endocrinology",
        **letter("乏力待查", "R53.x00", history="乏力、食欲下降 1 月。", purpose="请进一步诊治"),
    )  # fmt: skip
    yield stage.before.day(11, "15:10")
    stage.do("return", sent, "huanglihua", reason="diagnosis", remark="请说明考虑的方向和已做的检查。")
    yield stage.before.day(11, "16:30")
    stage.do("withdraw", sent, "zhangjianguo", reason="wrong_receiver")


def between_townships(stage):
    """To the neighbouring township with an ultrasound of its own (平级转诊), found to be something else."""
    yield stage.before.day(12, "08:40")
    sent = stage.send(
        "liuchunsheng", "杨春梅", "chengguan", "general", direction="lateral",
        **letter("胃炎", "K29.700", history="上腹隐痛 2 周，进食后加重。", purpose="请行腹部超声"),
    )  # fmt: skip
    yield stage.before.day(12, "09:25")
    stage.do("accept", sent, "lixiumei", slot=stage.place("chengguan", "general", "slot", "pm", -12))
    yield stage.before.day(12, "14:30")
    stage.do("arrive", sent, "lixiumei", handover="自行到院，空腹。")
    yield stage.before.day(12, "16:10")
    stage.do(
        "conclude", sent, "zhangjianguo", outcome="outpatient_done", diagnoses=impression("胆囊结石", "K80.200"),
        treatment="腹部超声示胆囊结石 0.9cm，胆囊壁不厚。", advice="低脂饮食，腹痛发作随诊，半年复查超声。",
    )  # fmt: skip
    yield stage.before.day(11, "09:00")
    stage.do("acknowledge", sent, "liuchunsheng")


SCENES = [declined, cancelled, asked_back_and_withdrawn, between_townships]
