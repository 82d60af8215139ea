"""The houses of the demo: a county consortium of eight and a city hospital outside it."""

from datetime import date, timedelta

from stdnum.cn import uscc

from events.actor import system_actor
from institutions import actions
from institutions.models import Capacity, Institution, Relation

CODE = "yunxi"
REGION = "510899"
LONG_AGO = date(2021, 3, 1)
PAST_DAYS, DAYS_AHEAD = 12, 14
SYSTEM = system_actor()

# code, name, short name, level, type, telephone exchange, address, further fields
HOUSES = (
    (
        "county-hospital",
        "云溪县人民医院",
        "县人民医院",
        "2a",
        "A100",
        "0839-7210",
        "云溪县滨河路 88 号",
        {"role": "core"},
    ),
    ("county-tcm", "云溪县中医医院", "县中医医院", "2b", "A210", "0839-7220", "云溪县文昌街 16 号", {}),
    ("chengguan", "城关镇卫生院", "", "1a", "C220", "0839-7230", "云溪县城关镇东街 12 号", {}),
    ("hekou", "河口镇卫生院", "", "1b", "C220", "0839-7240", "云溪县河口镇码头路 3 号", {"reviews_outgoing": True}),
    ("shiqiao", "石桥镇中心卫生院", "石桥镇卫生院", "1a", "C210", "0839-7250", "云溪县石桥镇正街 45 号", {}),
    ("nanhu", "南湖社区卫生服务中心", "南湖社区中心", "unrated", "B100", "0839-7260", "云溪县南湖街道湖滨路 20 号", {}),
    (
        "lizhuang",
        "李庄村卫生室",
        "",
        "unrated",
        "D600",
        "0839-7270",
        "云溪县城关镇李庄村村委会旁",
        {"handles_on": "phone"},
    ),
    ("beiguan", "北关村卫生室", "", "unrated", "D600", "0839-7280", "云溪县城关镇北关村 2 组 15 号", {}),
)
OUTSIDE = (
    "city-first",
    "广陵市第一人民医院",
    "市第一医院",
    "3a",
    "A100",
    "0839-3310",
    "广陵市人民路 1 号",
    {"handles_on": "phone"},
)

# house: code, name, specialty
DEPARTMENTS = {
    "county-hospital": (
        ("cardiology", "心血管内科", "cardiology"),
        ("neurology", "神经内科", "neurology"),
        ("respiratory", "呼吸内科", "respiratory"),
        ("endocrinology", "内分泌科", "endocrinology"),
        ("general-surgery", "普外科", "general_surgery"),
        ("orthopaedics", "骨科", "orthopaedics"),
        ("rehabilitation", "康复医学科", "rehabilitation"),
        ("paediatrics", "儿科", "paediatrics"),
        ("emergency", "急诊科", "emergency"),
    ),
    "county-tcm": (("bones", "骨伤科", "orthopaedics"), ("heart", "心病科", "cardiology")),
    "chengguan": (("general", "全科医学科", "general_practice"),),
    "hekou": (("general", "全科医学科", "general_practice"),),
    "shiqiao": (("general", "全科医学科", "general_practice"),),
    "nanhu": (("general", "全科诊室", "general_practice"), ("rehabilitation", "康复科", "rehabilitation")),
    "lizhuang": (("general", "全科", "general_practice"),),
    "beiguan": (("general", "全科", "general_practice"),),
    "city-first": (("oncology", "肿瘤科", "oncology"),),
}
PUBLISHED_BEFORE = ("county-hospital", "chengguan")
"""Houses that already took patients in the days the demo tells of."""
PUBLISHING = ("county-hospital", "county-tcm", "chengguan", "hekou", "shiqiao", "nanhu")
TRAVEL_MINUTES = {
    "chengguan": 12,
    "hekou": 45,
    "shiqiao": 60,
    "nanhu": 15,
    "lizhuang": 35,
    "beiguan": 18,
    "county-tcm": 8,
}
"""By road to the core hospital."""
TO_TOWNSHIP = ("beiguan", "chengguan", 6)
"""The village clinic on the platform and its own township."""


def build() -> dict[str, Institution]:
    """Code → institution. The consortium, its members, departments, relations and travel times."""
    consortium = actions.found_consortium(
        actor=SYSTEM, code=CODE, name="云溪县紧密型县域医共体", kind="county", office_phone="0839-7211000"
    )
    actions.change_consortium(actor=SYSTEM, consortium=consortium, deductible_up=True)
    houses = {row[0]: _add(serial, row, consortium) for serial, row in enumerate(HOUSES, start=1)}
    houses[OUTSIDE[0]] = _add(len(HOUSES) + 1, OUTSIDE, None)
    for code, departments in DEPARTMENTS.items():
        for serial, (department, name, specialty) in enumerate(departments, start=1):
            actions.add_department(
                actor=SYSTEM, institution=houses[code], code=department, name=name, specialty=specialty,
                phone=f"{houses[code].desk_phone[:9]}2{serial:02d}",
            )  # fmt: skip
    _relate(consortium, houses)
    return houses


def _add(serial, row, consortium) -> Institution:
    code, name, short_name, level, kind, exchange, address, more = row
    joined = {"consortium": consortium, "joined_on": LONG_AGO, "agreement": f"云医共体〔2021〕{serial}号"}
    return actions.add_institution(
        actor=SYSTEM, code=code, name=name, short_name=short_name, level=level, type=kind,
        desk_phone=f"{exchange}001", duty_phone=f"{exchange}120", address=address,
        credit_code=_credit_code(serial), licence_number=_licence(serial, kind),
        **(joined if consortium else {}), **more,
    )  # fmt: skip


def _credit_code(serial: int) -> str:
    body = f"12{REGION}MB10{serial:04d}X"
    return body + uscc.calc_check_digit(body)


def _licence(serial: int, kind: str) -> str:
    if kind == "D600":
        return f"{REGION}{serial:04d}16"
    return f"MB10{serial:04d}1{REGION}11{kind}1"


def _relate(consortium, houses) -> None:
    actions.generate_relations(actor=SYSTEM, consortium=consortium)
    actions.set_relation(
        actor=SYSTEM, consortium=consortium, sender=houses["county-hospital"], receiver=houses["city-first"],
        direction="out", travel_minutes=110,
    )  # fmt: skip
    for code, other, minutes in [
        *((code, "county-hospital", span) for code, span in TRAVEL_MINUTES.items()),
        TO_TOWNSHIP,
    ]:
        ends = (houses[code], houses[other])
        between = Relation.objects.filter(sender__in=ends, receiver__in=ends)
        for relation in between.select_related("sender", "receiver", "consortium"):
            actions.set_travel_time(actor=SYSTEM, relation=relation, minutes=minutes)


def publish(house: Institution, day: date) -> None:
    """Places and beds of one day, fewer at weekends."""
    busy = day.weekday() < 5
    rows = []
    for code, _name, _specialty in DEPARTMENTS[house.code]:
        rows += _rows(code, slots=12 if busy else 6, beds=5 if busy else 3)
    actions.publish_capacity(actor=SYSTEM, institution=house, date=day, rows=rows)


def _rows(department: str, *, slots: int, beds: int) -> list[dict]:
    row = {"department": department, "kind": "slot", "total": slots, "referral_quota": slots // 3}
    bed = {"department": department, "kind": "bed", "session": "day", "total": beds, "referral_quota": 2}
    return [row | {"session": "am"}, row | {"session": "pm"}, bed]


def publish_past(houses: dict, dates: list[date]) -> None:
    for day in dates:
        for code in PUBLISHED_BEFORE:
            publish(houses[code], day)


def publish_ahead(today: date) -> int:
    """Fill the days ahead that nobody has published yet; answers how many there were."""
    published = 0
    for house in Institution.objects.filter(code__in=PUBLISHING).order_by("pk"):
        known = set(
            Capacity.objects.filter(department__institution=house, date__gte=today).values_list("date", flat=True)
        )
        for ahead in range(DAYS_AHEAD + 1):
            day = today + timedelta(days=ahead)
            if day not in known:
                publish(house, day)
                published += 1
    return published
