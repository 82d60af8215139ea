"""The main job over REST: up, treated, back down, followed up; each hospital through its own client."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events import outbox
from events.models import Event
from notifications.models import InboxMessage
from referrals.models import Referral

pytestmark = pytest.mark.django_db


def letter(patient, **changes) -> dict:
    now = timezone.now()
    return {
        "direction": "up",
        "kind": "outpatient",
        "urgency": "routine",
        "patient": patient,
        "receiver": "county-hospital",
        "department": "cardiology",
        "reason": "beyond_capability",
        "purpose": "明确胸闷原因",
        "diagnoses": [{"text": "胸闷待查", "primary": True}],
        "history": "反复胸闷三个月",
        "past_history": "高血压十年",
        "consent": {
            "covers": ["referral", "sharing"],
            "given_by": "self",
            "method": "signed_paper",
            "given_at": (now - timedelta(minutes=5)).isoformat(),
        },
        "submit": True,
        **changes,
    }


class Side:
    """A hospital's system with its doctor on the line."""

    def __init__(self, cast, code, staff):
        self.partner, self.staff = cast.client(code), staff

    def post(self, path, body=None, **options):
        return self.partner.post(path, body, on_behalf_of=self.staff, **options)

    def read(self, number):
        answer = self.partner.get(f"/api/v1/referrals/{number}/", on_behalf_of=self.staff)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def move(self, number, verb, **facts):
        version = self.read(number)["version"]
        answer = self.post(f"/api/v1/referrals/{number}/{verb}/", facts, version=version)
        assert answer.status_code in (200, 201), answer.content
        return answer.json()


@pytest.fixture
def township(cast):
    return Side(cast, "chengguan", cast.memberships.township_doctor.staff_number)


@pytest.fixture
def hospital(cast):
    return Side(cast, "county-hospital", cast.memberships.cardiologist.staff_number)


def register(side) -> str:
    answer = side.post(
        "/api/v1/patients/",
        {
            "name": "王秀英",
            "sex": "2",
            "birth_date": "1949-12-31",
            "identifiers": [{"type": "resident_id", "value": "11010519491231002X", "owner": "self"}],
            "phone": "13800001234",
        },
    )
    assert answer.status_code == 201, answer.content
    return answer.json()["id"]


def test_up_and_back_down_to_closed(cast, township, hospital):
    patient = register(township)
    created = township.post("/api/v1/referrals/", letter(patient))
    assert created.status_code == 201, created.content
    body = created.json()
    number = body["number"]
    assert created.headers["Location"].endswith(f"/api/v1/referrals/{number}/")
    assert created.headers["ETag"] == f'"{body["version"]}"'
    assert body["status"] == "submitted"
    assert body["hand"] == {
        "side": "receiver",
        "institution": "county-hospital",
        "unit": "desk",
        "department": None,
        "claimed_by": None,
    }

    accepted = hospital.move(number, "accept", slot=cast.slot(days=1).pk, at="09:30", bring="身份证")
    assert accepted["status"] == "scheduled"
    assert accepted["booking"]["slot"] == cast.slot(days=1).pk
    assert cast.slot(days=1).booked == 1

    assert hospital.move(number, "arrive", handover="资料已交接")["status"] == "arrived"
    concluded = hospital.move(
        number,
        "conclude",
        outcome="referred_back",
        diagnoses=[{"code": "I20.900", "text": "稳定型心绞痛", "primary": True}],
        treatment="冠脉造影后药物治疗",
        advice="规律服药，两周复诊",
        medications=[{"name": "阿司匹林肠溶片", "dose": "100mg", "frequency": "qd", "long_term": True}],
        follow_up_on=str(timezone.localdate() + timedelta(days=14)),
    )
    assert concluded["status"] == "concluded"
    assert concluded["hand"]["institution"] == "chengguan"

    back = hospital.move(number, "refer_back")
    assert (back["direction"], back["status"], back["receiver"]) == ("down", "draft", "chengguan")
    refused = hospital.post(f"/api/v1/referrals/{back['number']}/submit/", {}, version=back["version"])
    assert refused.status_code == 422
    pointers = {error["pointer"] for error in refused.json()["errors"]}
    assert pointers == {"/consent", "/medications/0/supply"}

    sent = hospital.partner.patch(
        f"/api/v1/referrals/{back['number']}/",
        {
            "medications": [
                {"name": "阿司匹林肠溶片", "dose": "100mg", "long_term": True, "supply": "available_there"}
            ],
            "consent": letter(patient)["consent"],
        },
        version=back["version"],
        on_behalf_of=hospital.staff,
    )
    assert sent.status_code == 200, sent.content
    assert hospital.move(back["number"], "submit")["status"] == "submitted"

    down = back["number"]
    assert township.move(down, "accept")["status"] == "accepted"
    assert township.move(down, "schedule", date=str(timezone.localdate()))["status"] == "scheduled"
    assert township.move(down, "arrive", handover="已到卫生院")["status"] == "arrived"
    outbox.run_due()
    assert township.read(number)["status"] == "closed"

    township.move(
        down,
        "conclude",
        outcome="outpatient_done",
        diagnoses=[{"text": "冠心病恢复期"}],
        treatment="血压平稳",
        advice="继续用药",
    )
    hospital.move(down, "acknowledge", follow_up_on=str(timezone.localdate() + timedelta(days=7)))
    closed = hospital.move(down, "follow_up", found="电话随访，无不适")
    assert closed["status"] == "closed"
    assert closed["moves"] == [move for move in closed["moves"] if move["verb"] in ("void", "comment")]
    assert not Referral.objects.live().exists()

    outbox.run_due()
    verbs = [step["verb"] for step in township.partner.get(f"/api/v1/referrals/{number}/events/").json()["results"]]
    assert verbs == ["submit", "accept", "arrive", "conclude", "refer_back", "close"]
    told = set(InboxMessage.objects.filter(event__subject=f"referral:{number}").values_list("notice", "user__username"))
    assert ("submitted", "core-desk") in told
    assert ("scheduled", "township-doctor") in told or ("accepted", "township-doctor") in told
    assert ("concluded", "township-doctor") in told
    assert not any(user.startswith("outsider") for _notice, user in told)
    assert Event.objects.filter(subject=f"referral:{number}").count() == 7
