"""Examples of the OpenAPI document; a test sends each of them along one referral's life."""

from drf_spectacular.utils import OpenApiExample

CONSENT = {
    "covers": ["referral", "sharing"],
    "given_by": "self",
    "method": "signed_paper",
    "given_at": "2026-11-20T09:30:00+08:00",
}

REFERRAL = {
    "direction": "up",
    "kind": "outpatient",
    "urgency": "routine",
    "patient": "P0123456789AB",
    "receiver": "county-hospital",
    "department": "cardiology",
    "reason": "beyond_capability",
    "purpose": "明确胸闷原因，评估冠脉情况",
    "diagnoses": [{"code": "I10.x00x002", "system": "icd10-cn-2.0", "text": "高血压", "primary": True}],
    "history": "反复胸闷三个月，活动后加重，休息可缓解。",
    "past_history": "高血压十年",
    "allergies": ["青霉素"],
    "treatment": "氨氯地平 5 mg 每日一次",
    "medications": [{"name": "氨氯地平片", "strength": "5mg", "dose": "5mg", "frequency": "qd", "long_term": True}],
    "vitals": {"systolic": 186, "diastolic": 102, "heart_rate": 78},
    "signs": ["severe_headache"],
    "insurance": {
        "kind": "resident",
        "area": "四川省广元市青川县",
        "certificate_number": "BA20261120001",
        "valid_from": "2026-11-20",
        "valid_to": "2027-05-20",
    },
    "consent": CONSENT,
    "submit": True,
}

GREEN_CHANNEL = {
    "direction": "up",
    "kind": "emergency",
    "urgency": "emergency",
    "green_channel": "chest_pain",
    "patient": "P0123456789AB",
    "receiver": "county-hospital",
    "department": "cardiology",
    "history": "突发胸痛两小时，大汗",
    "caller_phone": "13800001234",
    "onset_at": "2026-11-23T08:10:00+08:00",
    "called_at": "2026-11-23T09:40:00+08:00",
    "submit": True,
}

REVIEW = {"verdict": "partly", "times_kept": True, "remark": "起病已超过一天，可走加急，不必启用绿色通道。"}

ON_PAPER = REFERRAL | {"blank_number": "R26123456782", "occurred_at": "2026-11-20T09:40:00+08:00"}

CHANGE = {"history": "反复胸闷三个月，近一周夜间发作两次。", "preferred_from": "2027-01-11"}

MOVES = {
    "accept": {"slot": 1, "at": "09:30", "bring": "身份证、医保卡、既往病历"},
    "schedule": {"slot": 1, "at": "10:00"},
    "defer": {"contact_by": "2027-01-15", "reason": "专家门诊停诊一周"},
    "return": {"reason": "exam", "remark": "请补充近期心电图"},
    "reject": {"reason": "no_specialty"},
    "redirect": {"department": "neurology", "reason": "头晕为主，先神经内科"},
    "forward": {"receiver": "city-hospital", "department": "cardiac-surgery", "reason": "需外科手术"},
    "cancel": {"reason": "capacity_lost", "remark": "设备检修"},
    "withdraw": {"reason": "improved"},
    "dispatch": {"escort": "护士一名", "vehicle": "本院救护车"},
    "divert": {"receiver": "county-hospital", "department": "emergency", "reason": "途中病情加重，就近抢救"},
    "turn_back": {"reason": "家属要求返回"},
    "arrive": {"handed_over_by": "王芳", "received_by": "周强", "handover": "神志清楚，生命体征平稳，资料已交接"},
    "discharge": {"discharged_at": "2026-11-23T10:00:00+08:00"},
    "undo_arrival": {"reason": "登记错患者"},
    "conclude": {
        "outcome": "referred_back",
        "diagnoses": [{"code": "I20.900", "text": "稳定型心绞痛", "primary": True}],
        "treatment": "冠脉造影示前降支中度狭窄，药物治疗后症状缓解。",
        "advice": "规律服药，控制血压，两周后复诊。",
        "medications": [{"name": "阿司匹林肠溶片", "dose": "100mg", "frequency": "qd", "long_term": True}],
        "follow_up_on": "2027-01-20",
    },
    "refer_back": {},
    "acknowledge": {"follow_up_on": "2027-01-20"},
    "follow_up": {"found": "血压 130/80，无胸闷，服药规律。"},
    "settle": {"outcome": "treated_here"},
    "upgrade": {"urgency": "urgent"},
    "record_death": {"died_at": "2026-11-20T03:10:00+08:00", "source": "家属电话告知"},
    "void": {"reason": "患者选错"},
    "comment": {"text": "家属明早陪同"},
    "send_back": {"remark": "请补充用药情况"},
}


SUGGESTIONS = {
    "order": ["direction", "first_free", "core", "waiting", "travel", "level"],
    "results": [
        {
            "direction": "up",
            "receiver": "county-hospital",
            "receiver_name": "县人民医院",
            "level": "2a",
            "core": True,
            "direct": True,
            "department": "cardiology",
            "department_name": "心血管内科",
            "places": {"kind": "slot", "published": True, "free": 46, "first_free": "2026-11-24"},
            "waiting": {
                "state": "known",
                "median_minutes": 2880,
                "sample": 12,
                "window_days": 90,
                "computed_at": "2026-11-23T10:00:00+08:00",
                "stale": False,
            },
            "travel_minutes": 12,
            "at_work": True,
            "back_at": None,
            "by_phone": False,
            "phone": "0839-7210001",
            "last_referred_on": None,
        }
    ],
}

WITHDRAW_ATTACHMENT = {"reason": "传错患者的报告"}


def request(name: str, value: dict) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)


def answer(name: str, value: dict) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True)


def of_move(verb: str) -> list[OpenApiExample]:
    return [request(verb, MOVES[verb])] if verb in MOVES else []
