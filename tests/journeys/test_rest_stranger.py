"""The same journey by two hospitals' systems over REST: nothing known but var/demo.json and what the answers say."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.journeys.partner import Partner

pytestmark = pytest.mark.journey
CLOSED_WITHIN = 30
"""Seconds until the worker has closed the way up."""


def test_up_and_back_down_over_rest(site):
    township, hospital = Partner(site, "chengguan"), Partner(site, "county-hospital")

    # Given a patient the township registers, who is known from then on
    patient = township.posts("/api/v1/patients/", PATIENT).body["id"]
    again = township.posts("/api/v1/patients/", PATIENT)
    assert (again.status, again.body["id"]) == (200, patient)

    # when she is referred up, it lies with the hospital's desk, and a second one is refused
    up = sent(township, patient)
    assert up["hand"]["institution"] == "county-hospital"
    number = up["number"]
    assert number in [row["number"] for row in hospital.reads("/api/v1/referrals/?box=incoming")["results"]]
    assert township.posts("/api/v1/referrals/", letter(patient)).status == 409

    # and is accepted with a place, received and treated
    place = free_place(hospital)
    accepted = hospital.moves(number, "accept", slot=place["id"], bring="身份证、医保卡")
    assert (accepted["status"], accepted["booking"]["slot"]) == ("scheduled", place["id"])
    assert hospital.moves(number, "arrive", handover="资料已交接")["status"] == "arrived"
    assert hospital.moves(number, "conclude", **CONCLUSION)["status"] == "concluded"

    # Then she goes back down with a plan and a source for her drug
    down = hospital.moves(number, "refer_back")["number"]
    hospital.changes(down, medications=[DRUG | {"supply": "available_there"}], consent=signed(), follow_up_on=day(14))
    assert hospital.moves(down, "submit")["status"] == "submitted"
    township.moves(down, "accept")
    township.moves(down, "schedule", date=day(1), place="城关镇卫生院门诊")
    township.moves(down, "arrive", handover="患者自行到院")

    # the way up closes by itself
    wait_until_closed(township, number)

    # and the township's conclusion comes back, is read and followed up
    township.moves(
        down,
        "conclude",
        outcome="discharged_home",
        diagnoses=[{"text": "高血压病"}],
        treatment="血压 136/84 mmHg",
        advice="纳入随访管理",
    )
    assert hospital.moves(down, "acknowledge", follow_up_on=day(7))["status"] == "following_up"
    assert hospital.moves(down, "follow_up", found="血压平稳，按时服药")["status"] == "closed"
    assert verbs(township, number) == ["submit", "accept", "arrive", "conclude", "refer_back", "close"]


def test_a_stranger_hears_of_nothing(site):
    township, stranger = Partner(site, "chengguan"), Partner(site, "shiqiao")
    number = township.reads("/api/v1/referrals/?box=outgoing")["results"][0]["number"]
    with pytest.raises(AssertionError, match="status=404"):
        stranger.referral(number)


PATIENT = {
    "name": "唐玉梅",
    "sex": "2",
    "birth_date": "1962-05-20",
    "identifiers": [{"type": "resident_id", "value": "510899196205209020", "owner": "self"}],
    "phone": "13908390999",
    "insurance_kind": "resident",
}
DRUG = {"name": "苯磺酸氨氯地平片", "dose": "5mg", "frequency": "每日一次", "long_term": True}
CONCLUSION = {
    "outcome": "referred_back",
    "diagnoses": [{"text": "高血压病 2 级", "primary": True}],
    "treatment": "动态血压监测后调整为联合治疗",
    "advice": "每周测血压 3 次，两周后复诊",
    "medications": [DRUG],
}


def letter(patient: str) -> dict:
    return {
        "direction": "up",
        "kind": "outpatient",
        "urgency": "routine",
        "patient": patient,
        "receiver": "county-hospital",
        "department": "cardiology",
        "reason": "beyond_capability",
        "purpose": "明确诊断并调整治疗",
        "diagnoses": [{"text": "高血压病", "primary": True}],
        "history": "血压 172/98 mmHg，两药联用未达标",
        "consent": signed(),
        "submit": True,
    }


def signed() -> dict:
    given_at = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    return {"covers": ["referral", "sharing"], "given_by": "self", "method": "signed_paper", "given_at": given_at}


def sent(township: Partner, patient: str) -> dict:
    answer = township.posts("/api/v1/referrals/", letter(patient))
    assert answer.status == 201, answer
    assert answer.headers["Location"].endswith(f"/{answer.body['number']}/")
    return answer.body


def free_place(hospital: Partner) -> dict:
    found = hospital.reads("/api/v1/capacity/?institution=county-hospital&department=cardiology&free=true")["results"]
    return next(place for place in found if place["kind"] == "slot")


def wait_until_closed(township: Partner, number: str) -> None:
    end = time.monotonic() + CLOSED_WITHIN
    while (status := township.referral(number)["status"]) != "closed":
        assert time.monotonic() < end, f"still {status}"


def verbs(township: Partner, number: str) -> list[str]:
    return [step["verb"] for step in township.reads(f"/api/v1/referrals/{number}/events/")["results"]]


def day(days: int) -> str:
    return f"{datetime.now(UTC).astimezone() + timedelta(days=days):%Y-%m-%d}"
