"""REST as partner hospitals speak it: letters, the right person for each move, and what an answer must look like."""

from datetime import timedelta

from django.utils import timezone

from referrals.models import Referral
from tests.integration.referrals.seeing import everything
from tests.walk import actor_for, default_facts

ROOT = "/api/v1/referrals/"
CODES = {"institution": lambda row: row.code, "department": lambda row: row.code, "capacity": lambda row: row.pk}


def letter(patient, **changes) -> dict:
    """A complete referral to cardiology, sent at once; `patient` is a public id."""
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
            "given_at": (timezone.now() - timedelta(minutes=5)).isoformat(),
        },
        "submit": True,
        **changes,
    }


class Side:
    """A hospital's system with one of its staff on the line."""

    def __init__(self, cast, code, staff):
        self.partner, self.staff = cast.client(code), staff

    @classmethod
    def of(cls, cast, who: str) -> "Side":
        """The system of the house where `who` of the cast works, and he on the line."""
        job = getattr(cast.memberships, who)
        return cls(cast, job.institution.code, job.staff_number)

    @classmethod
    def moving(cls, cast, verb, referral) -> "Side":
        """Whoever's move it is."""
        actor = actor_for(verb, referral, cast)
        return cls(cast, actor.institution_code, actor.staff_number)

    def call(self, method, path, body=None, **options):
        return self.partner.call(method, path, body, **{"on_behalf_of": self.staff} | options)

    def get(self, path, **options):
        return self.call("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.call("POST", path, {} if body is None else body, **options)

    def patch(self, path, body, **options):
        return self.call("PATCH", path, body, **options)

    def read(self, number):
        answer = self.get(address(number))
        assert answer.status_code == 200, answer.content
        return answer.json()

    def move(self, number, verb, **facts):
        version = self.read(number)["version"]
        answer = self.post(address(number, verb), facts, version=version)
        assert answer.status_code in (200, 201), answer.content
        return answer.json()


def address(number, verb="") -> str:
    return f"{ROOT}{number}/{verb}/" if verb else f"{ROOT}{number}/"


def facts_as_json(verb, referral: Referral, cast) -> dict:
    """What the move needs, as a partner sends it: codes and ids for rows."""
    sent = {}
    for name, value in default_facts(verb, referral, cast).items():
        kind = getattr(getattr(value, "_meta", None), "model_name", "")
        sent[name] = CODES[kind](value) if kind else value
    return sent


def problem(answer, status: int) -> dict:
    """The problem document of a refusal: translated, with title, request id, and pointers where fields are meant."""
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[:2000])
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    body = answer.json()
    assert body["status"] == status
    assert body["request_id"] == answer.headers["X-Request-ID"]
    assert body["title"] and body["detail"]
    for error in body.get("errors", []):
        assert set(error) in ({"pointer", "code", "detail"}, {"header", "code", "detail"})
        assert error["detail"]
        assert error.get("pointer", "") == "" or error["pointer"].startswith("/")
    return body


def pointers(answer, status: int) -> list[str]:
    return [error["pointer"] for error in problem(answer, status)["errors"]]


def untouched(act):
    """The answer of `act`, which wrote nothing."""
    before = everything()
    answer = act()
    assert everything() == before
    return answer


def raw(side, path, data: bytes, *, content_type="application/json", method="POST", **headers):
    sent = {"Authorization": f"Bearer {side.partner.token}", "On-Behalf-Of": side.staff, **headers}
    return side.partner._http.generic(method, path, data, content_type=content_type, headers=sent)
