"""Examples of the OpenAPI document; a test sends each of them."""

from drf_spectacular.utils import OpenApiExample

NAMED = {
    "receiver": "county-hospital",
    "department": "cardiology",
    "patient": "P0123456789AB",
    "consent": {
        "covers": ["referral", "sharing"],
        "given_by": "self",
        "method": "signed_paper",
        "given_at": "2026-11-20T09:30:00+08:00",
    },
    "question": "活动后胸闷三月，静息心电图 ST-T 改变，是否需要冠脉造影？",
    "done": "阿司匹林 100mg 每日一次，两周",
    "vitals": "血压 152/94，心率 86",
    "medications": "氨氯地平 5mg 每日一次",
}
NAMELESS = {
    "receiver": "county-hospital",
    "department": "cardiology",
    "urgency": "urgent",
    "age": 54,
    "sex": "1",
    "question": "华法林治疗中 INR 4.2，无出血，如何调整？",
}
MOVES = {
    "answer": {
        "outcome": "refer",
        "text": "建议门诊造影评估，就诊前停用活血类中成药。",
        "kind": "outpatient",
        "urgency": "urgent",
        "department": "cardiology",
    },
    "ask_again": {"text": "患者对他汀不耐受，可否改用依折麦布？"},
    "add": {"text": "今晨复查肌钙蛋白阴性。"},
    "close": {},
    "withdraw": {"text": "已电话沟通"},
    "convert": {},
}


def request(name: str, value: dict) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)
