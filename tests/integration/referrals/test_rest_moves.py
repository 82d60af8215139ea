"""Every move over REST: what it answers, which moves follow, and that the same request twice is one."""

from datetime import datetime

import pytest

from accounts.models import IdempotentRequest
from referrals.actions import ACTS
from referrals.models import Referral
from referrals.workflow import LIFE
from tests.integration.referrals.seeing import everything
from tests.integration.referrals.speaking import ROOT, Side, address, facts_as_json, letter, problem, untouched
from tests.walk import FOR_MOVE, referral_at, step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

OPENS = {"divert", "refer_back", "resubmit"}
FROM = {"arrive": "scheduled", "dispatch": "accepted", "claim": "submitted", "comment": "closed", "upgrade": "accepted",
        "record_death": "arrived", "void": "closed"}  # fmt: skip


def started(verb, cast):
    referral = referral_at(FROM.get(verb) or sorted(LIFE.moves[verb].sources)[-1], cast, **FOR_MOVE.get(verb, {}))
    if verb == "miss":
        step("schedule", referral, cast, slot=cast.slot(days=0))
    return referral


@pytest.mark.parametrize("verb", sorted(ACTS))
def test_each_move_answers_what_stands_there_now(cast, verb):
    referral = started(verb, cast)
    side = Side.moving(cast, verb, referral)
    facts = facts_as_json(verb, referral, cast)
    answer = side.post(address(referral.number, verb), facts, version=referral.version)
    assert answer.status_code == (201 if verb in OPENS else 200), answer.content.decode()
    body = answer.json()
    shown = Referral.objects.get(number=body["number"])
    assert (shown.pk == referral.pk) == (verb not in OPENS)
    assert answer.headers["ETag"] == f'"{shown.version}"' == f'"{body["version"]}"'
    assert (body["status"], body["status_label"]) == (shown.status, str(LIFE.states[shown.status].label))
    if verb in OPENS:
        assert answer.headers["Location"].endswith(address(shown.number))
        assert body["parent"] == referral.number
    assert answer.headers["Cache-Control"] == "no-store"


# status: who → verbs open to him, in the order of the table
OPEN = {
    "draft": {"township_doctor": ["submit", "upgrade", "discard", "record_death", "claim", "comment"],
              "township_desk": ["upgrade", "void", "comment"]},
    "submitted": {
        "core_desk": ["accept", "arrive", "return", "redirect", "forward", "reject", "upgrade", "claim", "comment"],
        "cardiologist": ["accept", "arrive", "return", "redirect", "forward", "reject", "upgrade", "record_death",
                         "comment"],
        "township_doctor": ["upgrade", "withdraw", "record_death", "comment"],
        "township_colleague": ["upgrade", "withdraw", "record_death", "void", "comment"],
    },
    "scheduled": {"core_desk": ["schedule", "arrive", "cancel", "upgrade", "claim", "comment"],
                  "township_doctor": ["dispatch", "upgrade", "withdraw", "record_death", "comment"]},
    "arrived": {"core_desk": ["undo_arrival", "comment"],
                "cardiologist": ["conclude", "refer_back", "undo_arrival", "record_death", "claim", "comment"]},
    "concluded": {"township_doctor": ["acknowledge", "record_death", "claim", "comment"],
                  "cardiologist": ["refer_back", "record_death", "comment"]},
    "rejected": {"township_doctor": ["settle", "resubmit", "record_death", "claim", "comment"],
                 "core_desk": ["comment"]},
    "closed": {"township_colleague": ["void", "comment"], "township_doctor": ["comment"]},
    "void": {"township_colleague": ["comment"]},
}  # fmt: skip


@pytest.mark.parametrize("status", OPEN)
def test_the_moves_are_those_one_may_make(cast, status):
    referral = referral_at(status, cast)
    found = {}
    for who in OPEN[status]:
        moves = Side.of(cast, who).read(referral.number)["moves"]
        assert [move["href"] for move in moves] == [address(referral.number, move["verb"]) for move in moves]
        found[who] = [move["verb"] for move in moves if move["verb"] != "miss"]
    assert found == OPEN[status]


def test_who_is_over_all_sees_and_does_not_move(cast):
    referral = referral_at("submitted", cast)
    office = Side(cast, "county-hospital", cast.memberships.consortium_administrator.staff_number)
    office.partner = cast.client("county-hospital", roles=("consortium_administrator",))
    assert office.read(referral.number)["moves"] == []
    problem(untouched(lambda: office.post(address(referral.number, "accept"), {}, version=referral.version)), 403)


NEEDS = {
    "accept": [], "return": ["remark"], "reject": ["reason"], "redirect": ["department"], "upgrade": ["urgency"],
    "forward": ["receiver", "department"], "comment": ["text"], "arrive": [], "claim": [],
}  # fmt: skip


def test_each_move_says_what_it_needs(cast):
    moves = Side.of(cast, "core_desk").read(referral_at("submitted", cast).number)["moves"]
    assert {move["verb"]: move["needs"] for move in moves} == NEEDS


# --- the same request again -------------------------------------------------------------------------------------------


@pytest.fixture
def township(cast):
    return Side.of(cast, "township_doctor")


def test_a_letter_sent_twice_with_one_key_is_one(cast, township):
    body = letter(cast.patient().public_id)
    first = township.post(ROOT, body, key="letter-1")
    once = everything()
    second = township.post(ROOT, body, key="letter-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert (second.content, second.headers["ETag"], second.headers["Location"]) == (
        first.content, first.headers["ETag"], first.headers["Location"]
    )  # fmt: skip
    assert (first.headers.get("Idempotency-Replayed"), second.headers["Idempotency-Replayed"]) == (None, "true")
    assert everything() == once
    assert Referral.objects.count() == 1


def test_without_a_key_it_is_a_duplicate(cast, township):
    body = letter(cast.patient().public_id)
    number = township.post(ROOT, body).json()["number"]
    assert number in problem(untouched(lambda: township.post(ROOT, body)), 409)["detail"]


def test_a_key_belongs_to_one_request(cast, township):
    patient = cast.patient().public_id
    township.post(ROOT, letter(patient), key="k")
    refused = untouched(lambda: township.post(ROOT, letter(patient, purpose="另一封"), key="k"))
    assert problem(refused, 422)["code"] == "idempotency_key_reused"


def test_what_was_refused_leaves_the_key_free(cast, township):
    body = letter(cast.patient().public_id)
    problem(untouched(lambda: township.post(ROOT, body | {"purpose": ""}, key="k")), 422)
    assert not IdempotentRequest.objects.exists()
    assert township.post(ROOT, body, key="k").status_code == 201


def test_a_move_repeated_under_its_key_is_answered_again_though_the_version_is_old(cast):
    referral = referral_at("submitted", cast)
    desk, path = Side.of(cast, "core_desk"), address(referral.number, "accept")
    first = desk.post(path, {}, version=referral.version, key="a")
    second = untouched(lambda: desk.post(path, {}, version=referral.version, key="a"))
    assert (second.status_code, second.content) == (200, first.content)
    problem(untouched(lambda: desk.post(path, {}, version=referral.version)), 412)


def test_the_key_of_one_hospital_is_nothing_to_another(cast, township):
    referral = referral_at("submitted", cast)
    for who in ("township_doctor", "cardiologist"):
        answer = Side.of(cast, who).post(
            address(referral.number, "comment"), {"text": "已阅"}, version=referral.version, key="same"
        )
        assert answer.status_code == 200
        assert "Idempotency-Replayed" not in answer.headers
    assert referral.steps.filter(verb="comment").count() == 2


def test_who_is_unknown_to_the_house_does_nothing(cast, township):
    referral = referral_at("draft", cast)
    stranger = cast.memberships.core_desk.staff_number
    answer = untouched(lambda: township.post(address(referral.number, "submit"), {}, version=1, on_behalf_of=stranger))
    assert problem(answer, 422)["code"] == "unknown_staff"


def test_a_system_without_a_person_claims_nothing_and_is_no_second_person(cast):
    referral = referral_at("submitted", cast)
    for code, verb, facts, status in (
        ("county-hospital", "claim", {}, 422), ("chengguan", "void", {"reason": "登错患者"}, 403),
    ):  # fmt: skip
        partner, before = cast.client(code), everything()
        problem(partner.post(address(referral.number, verb), facts, version=referral.version), status)
        assert everything() == before


def test_a_token_to_read_does_not_write(cast):
    partner, body = cast.client("chengguan", scopes=("referrals:read",)), letter(cast.patient().public_id)
    answer = untouched(lambda: partner.post(ROOT, body))
    assert problem(answer, 403)["code"] == "insufficient_scope"
