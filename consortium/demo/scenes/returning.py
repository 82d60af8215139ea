"""Coming back: concluded and not yet read, followed up, overdue for follow-up, and a whole journey up and down."""

from consortium.demo.scenes.letters import ASPIRIN, METFORMIN, SIGNED, STATIN, TICAGRELOR, impression, letter


def up_and_concluded(stage, *, by, patient, department, doctor, days, letter_, outcome, summary):
    """Sent, booked, seen and concluded on four days (`days`, counted back); answers the referral."""
    sent_on, answered_on, seen_on, concluded_on = days
    yield stage.before.day(sent_on, "09:05")
    sent = stage.send(by, patient, "county-hospital", department, **letter_)
    yield stage.before.day(answered_on, "10:35")
    kind, session = ("bed", "day") if letter_["kind"] == "inpatient" else ("slot", "am")
    place = stage.place("county-hospital", department, kind, session, -seen_on)
    stage.do("accept", sent, "huanglihua", slot=place)
    yield stage.before.day(seen_on, "11:10")
    stage.do("arrive", sent, "huanglihua", handover="患者持转诊单到诊，身份核对无误。")
    if kind == "bed":
        yield stage.before.day(concluded_on, "10:15")
        stage.do("discharge", sent, "huanglihua")
    yield stage.before.day(concluded_on, "16:20")
    stage.do("conclude", sent, doctor, outcome=outcome, **summary)
    return sent


def unread(stage):
    """Operated, sent home with a plan: the township has not read it yet."""
    yield from up_and_concluded(
        stage, by="zhangjianguo", patient="赵玉珍", department="general-surgery", doctor="songjianing",
        days=(8, 7, 6, 1), outcome="referred_back",
        letter_=letter(
            "慢性胆囊炎，胆囊结石", "K80.100", kind="inpatient", history="右上腹痛反复发作 1 年。", purpose="请手术治疗"
        ),
        summary={
            "diagnoses": impression("慢性胆囊炎伴胆囊结石", "K80.100"),
            "treatment": "腹腔镜胆囊切除术，术后恢复顺利，切口甲级愈合。",
            "advice": "低脂饮食 1 月；术后第 7 天拆线；发热或腹痛及时复诊。",
            "follow_up_on": stage.before.date(2),
        },
    )  # fmt: skip


def to_be_followed_up(stage):
    """Read and taken over; the visit is in three days."""
    sent = yield from up_and_concluded(
        stage, by="zhangjianguo", patient="孙德福", department="endocrinology", doctor="zhoumingyuan",
        days=(10, 9, 7, 6), outcome="outpatient_done",
        letter_=letter("2型糖尿病", "E11.900", history="糖化血红蛋白 9.1%，口服药效果不佳。", purpose="请调整方案"),
        summary={
            "diagnoses": impression("2型糖尿病，血糖控制不佳", "E11.900"),
            "treatment": "加用基础胰岛素，完成注射培训。", "advice": "监测空腹血糖，每 3 天上调 2 单位至达标。",
            "medications": [METFORMIN], "follow_up_on": stage.before.date(3),
        },
    )  # fmt: skip
    yield stage.before.day(5, "08:40")
    stage.do("acknowledge", sent, "zhangjianguo", follow_up_on=stage.before.date(3))


def follow_up_overdue(stage):
    """The visit was due yesterday."""
    sent = yield from up_and_concluded(
        stage, by="chenxiaolan", patient="欧阳淑芬", department="cardiology", doctor="zhoumingyuan",
        days=(11, 10, 9, 8), outcome="outpatient_done",
        letter_=letter("高血压病", "I10.x05", history="血压波动大，晨峰明显。", purpose="请调整降压方案"),
        summary={
            "diagnoses": impression("高血压病 2 级", "I10.x05"),
            "treatment": "动态血压监测，改为长效制剂联合治疗。", "advice": "家庭自测血压，一周后随访。",
            "follow_up_on": stage.before.date(-1),
        },
    )  # fmt: skip
    yield stage.before.day(7, "09:30")
    stage.do("acknowledge", sent, "chenxiaolan", follow_up_on=stage.before.date(-1))


def up_and_back(stage):
    """A stent, then rehabilitation at home: the way down has arrived and closed the way up."""
    sent = yield from up_and_concluded(
        stage, by="zhangjianguo", patient="刘桂兰", department="cardiology", doctor="zhoumingyuan",
        days=(12, 12, 11, 4), outcome="referred_back",
        letter_=letter(
            "急性冠脉综合征", "I24.900", kind="inpatient", urgency="urgent", reason="critical",
            history="胸痛 2 天，肌钙蛋白升高。", purpose="请行冠脉造影",
        ),
        summary={
            "diagnoses": impression("不稳定型心绞痛，冠脉支架植入术后", "I20.000"),
            "treatment": "冠脉造影示前降支近段狭窄 85%，植入支架 1 枚，术后无胸痛。",
            "advice": "双联抗血小板至少 12 月；心脏康复；两周后复查血常规和血脂。",
            "medications": [ASPIRIN, TICAGRELOR, STATIN], "follow_up_on": stage.before.date(10),
        },
    )  # fmt: skip
    yield stage.before.day(4, "16:40")
    down = stage.do("refer_back", sent, "zhoumingyuan")
    stage.change(down, "zhoumingyuan", kind="rehabilitation", consent=SIGNED)
    stage.do("submit", down, "zhoumingyuan")
    yield stage.before.day(3, "08:30")
    bed = stage.place("chengguan", "general", "bed", "day", -2)
    stage.do("accept", down, "lixiumei", slot=bed, place="城关镇卫生院住院部 2 楼")
    yield stage.before.day(2, "10:10")
    stage.do("arrive", down, "lixiumei", handover="家属陪同到院，药品随带。")


SCENES = [unread, to_be_followed_up, follow_up_overdue, up_and_back]
