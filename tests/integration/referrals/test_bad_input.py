"""Whatever is sent to REST: the right status, a problem in words with pointers, nothing half-written, never a 500."""

import json
from datetime import date, datetime, timedelta

import pytest

from referrals.models import Referral
from tests.cast import resident_number
from tests.integration.referrals.speaking import (
    ROOT,
    Side,
    address,
    letter,
    pointers,
    problem,
    raw,
    untouched,
)
from tests.walk import draft, referral_at
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def township(cast):
    return Side.of(cast, "township_doctor")


@pytest.fixture
def patient(cast):
    return cast.patient().public_id


# --- a new referral ---------------------------------------------------------------------------------------------------

WRONG_LETTERS = [
    ("an unknown patient", {"patient": "P000000000000"}, 422, ["/patient"]),
    ("an unknown hospital", {"receiver": "atlantis"}, 422, ["/receiver"]),
    ("an outsider hospital", {"receiver": "city-second"}, 422, ["/receiver"]),
    ("an unknown department", {"department": "alchemy"}, 422, ["/department"]),
    ("a department of another house", {"receiver": "county-tcm", "department": "neurology"}, 422, ["/department"]),
    ("one's own house", {"receiver": "chengguan", "department": "general"}, 422, ["/receiver"]),
    ("the wrong direction", {"direction": "down", "treatment": "x", "plan": "x", "follow_up_on": "2026-03-20"}, 422,
     ["/direction"]),
    ("no direction there is", {"direction": "sideways"}, 400, ["/direction"]),
    ("no kind there is", {"kind": "teleport"}, 400, ["/kind"]),
    ("no urgency there is", {"urgency": "asap"}, 400, ["/urgency"]),
    ("no date", {"follow_up_on": "2026-02-30"}, 400, ["/follow_up_on"]),
    ("a date in a year nobody writes", {"preferred_from": "26-3-1"}, 400, ["/preferred_from"]),
    ("a wish that ends before it begins", {"preferred_from": "2026-03-20", "preferred_to": "2026-03-19"}, 422,
     ["/preferred_to"]),
    ("a mistyped name", {"histroy": "胸闷"}, 400, ["/histroy"]),
    ("a word for a list", {"diagnoses": "胸闷"}, 400, ["/diagnoses"]),
    ("a list of words", {"diagnoses": ["胸闷"]}, 400, ["/diagnoses/0"]),
    ("a code that is none", {"diagnoses": [{"text": "胸闷", "code": "胸闷"}]}, 422, ["/diagnoses/0/code"]),
    ("two primary ones", {"diagnoses": [{"text": "a", "primary": True}, {"text": "b", "primary": True}]}, 422,
     ["/diagnoses"]),
    ("a diagnosis without words", {"diagnoses": [{"code": "I10"}]}, 422, ["/diagnoses/0/text"]),
    ("fifty-one drugs", {"medications": [{"name": "x"}] * 51}, 422, ["/medications"]),
    ("half a day of tablets", {"medications": [{"name": "x", "days": 0.5}]}, 400, ["/medications/0/days"]),
    ("tablets for a thousand days", {"medications": [{"name": "x", "days": 1000}]}, 422, ["/medications/0/days"]),
    ("a supply there is not", {"medications": [{"name": "x", "supply": "magic"}]}, 422, ["/medications/0/supply"]),
    ("the pulse of a hummingbird", {"vitals": {"heart_rate": 1200}}, 422, ["/vitals/heart_rate"]),
    ("a sign nobody knows", {"vitals": {"aura": 7}}, 422, ["/vitals/aura"]),
    ("a telephone number of words", {"caller_phone": "隔壁"}, 422, ["/caller_phone"]),
    ("a history as long as a novel", {"history": "长" * 8001}, 422, ["/history"]),
    ("a priority there is not", {"priority": ["vip"]}, 400, ["/priority/0"]),
    ("insurance that ends before it begins",
     {"insurance": {"valid_from": "2026-03-02", "valid_to": "2026-03-01"}}, 422, ["/insurance/valid_to"]),
    ("a signature of tomorrow", {"consent": {"given_at": "2026-03-12T10:00:00+08:00"}}, 422, ["/consent/given_at"]),
    ("a signature before time began", {"consent": {"given_at": "0001-01-01T00:00:00+08:00"}}, 400,
     ["/consent/given_at"]),
    ("a signature of the year one, before the patient was born",
     {"consent": {"given_at": "0001-01-03T06:00:00+08:00"}}, 422, ["/consent/given_at"]),
    ("a signature of the end of time", {"consent": {"given_at": "9999-12-31T23:59:59-12:00"}}, (400, 422),
     ["/consent/given_at"]),
    ("a signature without a time", {"consent": {"given_at": None}}, 400, ["/consent/given_at"]),
    ("a signature for something else", {"consent": {"covers": ["everything"]}}, 422, ["/consent/covers"]),
    ("a signature by nobody", {"consent": {"given_by": "cat"}}, 422, ["/consent/given_by"]),
    ("submit by a word", {"submit": "please"}, 400, ["/submit"]),
    ("null for what is needed", {"patient": None, "receiver": None}, 400, ["/receiver", "/patient"]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "status", "where"), [row[1:] for row in WRONG_LETTERS],
                         ids=[row[0] for row in WRONG_LETTERS])  # fmt: skip
def test_a_letter_with(township, patient, changes, status, where):
    body = letter(patient)
    if "consent" in changes:
        changes = {"consent": body["consent"] | changes["consent"]}
    answer = untouched(lambda: township.post(ROOT, body | changes))
    assert answer.status_code in (status if isinstance(status, tuple) else (status,))
    assert pointers(answer, answer.status_code) == where


def test_several_faults_are_said_at_once(township, patient):
    body = letter(patient, history="", purpose="", diagnoses=[])
    answer = untouched(lambda: township.post(ROOT, body))
    assert pointers(answer, 422) == ["/history", "/purpose", "/diagnoses"]


def test_the_words_are_chinese_or_english_as_asked(township, patient):
    body = letter(patient, department="alchemy")
    chinese = problem(township.post(ROOT, body), 422)
    english = problem(township.post(ROOT, body, **{"Accept-Language": "en"}), 422)
    assert chinese["errors"][0]["code"] == english["errors"][0]["code"]
    assert chinese["detail"].startswith("该机构没有这个科室；可选科室代码：cardiology、emergency")
    assert "cardiology" in english["detail"]


PEOPLE_THAT_ARE_NOT = [
    ("a wrong check digit", {"identifiers": [{"type": "resident_id", "value": "110105194912310021"}]},
     ["/identifiers/0/value"]),
    ("born on the thirtieth of February", {"birth_date": "1980-02-30"}, ["/birth_date"]),
    ("born tomorrow", {"birth_date": "2026-03-12"}, ["/birth_date"]),
    ("a number that contradicts the birth date",
     {"birth_date": "1980-01-01",
      "identifiers": [{"type": "resident_id", "value": resident_number(date(1958, 3, 12), 900)}]},
     ["/birth_date"]),
    ("an unknown type", {"identifiers": [{"type": "library_card", "value": "1"}]}, ["/identifiers/0/type"]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "where"), [row[1:] for row in PEOPLE_THAT_ARE_NOT],
                         ids=[row[0] for row in PEOPLE_THAT_ARE_NOT])  # fmt: skip
def test_a_person_with(township, changes, where):
    body = {"name": "王秀英", "sex": "2", "birth_date": "1958-03-12"} | changes
    answer = untouched(lambda: township.post("/api/v1/patients/", body))
    assert answer.status_code in (400, 422)
    assert pointers(answer, answer.status_code) == where


# --- the envelope -----------------------------------------------------------------------------------------------------


BODIES = [
    ("nothing", b"", 400),
    ("no JSON", b"{history: 1}", 400),
    ("half of it", b'{"patient": "P', 400),
    ("null", b"null", 400),
    ("a number", b"7", 400),
    ("a list", b"[]", 400),
    ("a list of letters", b"[{}, {}]", 400),
    ("another alphabet", '{"patient": "王"}'.encode("gbk"), 400),
    ("sixteen bits", '{"patient": "P"}'.encode("utf-16"), 400),
    ("a NUL", b'{"patient": "P\\u0000"}', 400),
    ("half a character", b'{"patient": "\\ud800"}', 400),
    ("a NUL in a name", b'{"pat\\u0000ient": "P"}', 400),
    ("not a number", b'{"patient": NaN}', 400),
    ("infinity", b'{"vitals": {"glucose": Infinity}}', 400),
    ("a number beyond measure", b'{"patient": ' + b"9" * 5000 + b"}", 400),
    ("sixty-five bits", b'{"patient": 18446744073709551617}', 400),
    ("the same name twice", b'{"patient": "P1", "patient": "P2"}', 400),
    ("a tower", b'{"diagnoses": ' + b"[" * 100 + b"]" * 100 + b"}", 400),
    ("a tower without end", b"[" * 100_000, 400),
    ("three megabytes", b'{"history": "' + b"a" * 3_000_000 + b'"}', 413),
]


@pytest.mark.parametrize(("body", "status"), [row[1:] for row in BODIES], ids=[row[0] for row in BODIES])
def test_a_body_of(township, cast, body, status):
    problem(untouched(lambda: raw(township, ROOT, body)), status)
    number, version = draft_of(cast)
    match = {"If-Match": f'"{version}"'}
    if body:  # a move may need nothing
        problem(untouched(lambda: raw(township, address(number, "submit"), body, **match)), status)
        problem(untouched(lambda: raw(township, address(number), body, method="PATCH", **match)), status)


def draft_of(cast):
    referral = draft(cast)
    return referral.number, referral.version


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
                                          "application/xml", "image/png"])  # fmt: skip
def test_another_kind_of_content(township, patient, content_type):
    body = json.dumps(letter(patient)).encode()
    problem(untouched(lambda: raw(township, ROOT, body, content_type=content_type)), 415)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("?colour=red", "/colour"),
        ("?status=happy", "/status"),
        ("?box=under-the-bed", "/box"),
        ("?cursor=bm90aGluZw", "/cursor"),
        ("?cursor=%00", "/cursor"),
        ("?limit=0", "/limit"),
        ("?limit=201", "/limit"),
        ("?limit=١٢", "/limit"),
        ("?count=please", "/count"),
        ("?since=2026-02-30", "/since"),
        ("?overdue=perhaps", "/overdue"),
        ("?department=a%00b", "/department"),
        ("?urgency=routine&urgency=", None),
        ("?since=0001-01-01&until=9999-12-31", None),
        ("?partner=nobody", None),
        ("?status=draft&status=closed", None),
    ],
)
def test_a_list_asked_for_with(township, query, pointer):
    answer = township.get(ROOT + query)
    if pointer:
        assert pointers(answer, 400) == [pointer]
    else:
        assert (answer.status_code, answer.json()["results"]) == (200, [])


def test_a_cursor_of_another_list_is_none(cast, township):
    for _number in range(2):
        referral_at("submitted", cast)
    link = township.get(f"{ROOT}?box=outgoing&limit=1").json()["next"]
    cursor = link.partition("cursor=")[2].partition("&")[0]
    assert pointers(township.get(f"{ROOT}?box=my_turn&cursor={cursor}"), 400) == ["/cursor"]


# --- moves ------------------------------------------------------------------------------------------------------------

WRONG_FACTS = [
    ("schedule", "accepted", {}, 422, ["/slot"]),
    ("schedule", "accepted", {"slot": -1}, 400, ["/slot"]),
    ("schedule", "accepted", {"slot": 2**62}, 422, ["/slot"]),
    ("schedule", "accepted", {"slot": 2**63}, 400, ["/slot"]),
    ("schedule", "accepted", {"slot": "first", "at": "25:00"}, 400, ["/slot", "/at"]),
    ("defer", "accepted", {}, 422, ["/contact_by"]),
    ("defer", "accepted", {"contact_by": "2026-03-10"}, 422, ["/contact_by"]),
    ("defer", "accepted", {"contact_by": "9999-12-31"}, 422, ["/contact_by"]),
    ("reject", "submitted", {}, 422, ["/reason"]),
    ("reject", "submitted", {"reason": "mood"}, 400, ["/reason"]),
    ("reject", "submitted", {"reason": "other"}, 422, ["/remark"]),
    ("return", "submitted", {"remark": "  "}, 422, ["/remark"]),
    ("redirect", "submitted", {"department": "alchemy"}, 422, ["/department"]),
    ("redirect", "submitted", {"department": "cardiology"}, 422, ["/department"]),
    ("redirect", "submitted", {"department": "pharmacy"}, 422, ["/department"]),
    ("forward", "submitted", {"receiver": "atlantis", "department": "x"}, 422, ["/receiver"]),
    ("forward", "submitted", {"receiver": "county-tcm"}, 422, ["/department"]),
    ("arrive", "scheduled", {"arrived_at": "2026-03-11T12:00:00+08:00"}, 422, ["/arrived_at"]),
    ("arrive", "scheduled", {"arrived_at": "0001-01-03T06:00:00+08:00"}, 422, ["/arrived_at"]),
    ("arrive", "scheduled", {"arrived_at": "noon"}, 400, ["/arrived_at"]),
    ("arrive", "scheduled", {"occurred_at": "9999-12-31T23:59:59+00:00"}, (400, 422), ["/occurred_at"]),
    ("conclude", "arrived", {}, 422, ["/outcome", "/diagnoses", "/treatment", "/advice"]),
    ("conclude", "arrived", {"outcome": "cured"}, 400, ["/outcome"]),
    ("acknowledge", "concluded", {"follow_up_on": "2026-03-10"}, 422, ["/follow_up_on"]),
    ("acknowledge", "concluded", {"follow_up_on": "9999-12-31"}, 422, ["/follow_up_on"]),
    ("settle", "rejected", {"outcome": "unreachable", "attempts": 2}, 422, ["/attempts"]),
    ("settle", "rejected", {"outcome": "unreachable", "attempts": -3}, 400, ["/attempts"]),
    ("upgrade", "submitted", {"urgency": "routine"}, 422, ["/urgency"]),
    ("upgrade", "submitted", {}, 422, ["/urgency"]),
    ("record_death", "arrived", {"died_at": "2026-03-12T00:00:00+08:00", "source": "x"}, 422, ["/died_at"]),
    ("record_death", "arrived", {"died_at": "0001-01-01T00:00:00Z", "source": "x"}, (400, 422), ["/died_at"]),
    ("comment", "closed", {"text": "长" * 2001}, 422, ["/text"]),
    ("comment", "closed", {"text": "长" * 8001}, 400, ["/text"]),
    ("comment", "closed", {"text": "x", "colour": "red"}, 400, ["/colour"]),
    ("dispatch", "accepted", {"escort": "长" * 201}, 400, ["/escort"]),
    ("void", "submitted", {"reason": ["x"]}, 400, ["/reason"]),
]


@pytest.mark.parametrize(("verb", "source", "facts", "status", "where"), WRONG_FACTS,
                         ids=[f"{row[0]} {list(row[2].items())!s:.60}" for row in WRONG_FACTS])  # fmt: skip
def test_a_move_with(cast, verb, source, facts, status, where):
    referral = referral_at(source, cast)
    side = Side.moving(cast, verb, referral)
    answer = untouched(lambda: side.post(address(referral.number, verb), facts, version=referral.version))
    assert answer.status_code in (status if isinstance(status, tuple) else (status,)), answer.content.decode()
    assert pointers(answer, answer.status_code) == where


def test_a_refusal_among_many_leaves_time_and_number_alone(cast, township, patient):
    """A letter that is refused takes no number, no signature and no draft with it."""
    body = letter(patient, department="alchemy")
    untouched(lambda: township.post(ROOT, body))
    body = letter(patient, purpose="")
    untouched(lambda: township.post(ROOT, body))
    assert township.post(ROOT, letter(patient)).status_code == 201
    assert Referral.objects.count() == 1
    assert MOMENT + timedelta(days=1) == Referral.objects.get().deadline
