"""What the doctors of the demo write, shared by the scenes."""

SIGNED = {"covers": ["referral", "sharing"], "given_by": "self", "method": "signed_paper"}
BY_DEPUTY = {
    "covers": ["referral", "sharing"],
    "given_by": "institution",
    "method": "emergency",
    "approved_by": "赵志强",
    "approved_title": "医务科长",
}


def impression(text: str, code: str = "") -> list[dict]:
    return [{"text": text, "code": code, "primary": True}]


def letter(text: str, code: str = "", *, history: str, purpose: str, **more) -> dict:
    """A complete outpatient letter upward; `more` overrides."""
    return {
        "kind": "outpatient",
        "urgency": "routine",
        "reason": "beyond_capability",
        "diagnoses": impression(text, code),
        "history": history,
        "purpose": purpose,
        "consent": SIGNED,
    } | more


def medicine(name: str, strength: str, dose: str, frequency: str, **more) -> dict:
    line = {"name": name, "strength": strength, "dose": dose, "frequency": frequency, "route": "口服", "days": 28}
    return line | {"long_term": True, "supply": "available_there"} | more


ASPIRIN = medicine("阿司匹林肠溶片", "100mg×30片", "100mg", "每日一次")
STATIN = medicine("阿托伐他汀钙片", "20mg×7片", "20mg", "每晚一次")
AMLODIPINE = medicine("苯磺酸氨氯地平片", "5mg×28片", "5mg", "每日一次")
METFORMIN = medicine("盐酸二甲双胍片", "0.5g×20片", "0.5g", "每日三次")
TICAGRELOR = medicine("替格瑞洛片", "90mg×14片", "90mg", "每日两次", supply="brings_own")
