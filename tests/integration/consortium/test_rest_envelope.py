"""What surrounds a call: how its body comes, which methods, addresses and parameters there are, and who may ask."""

import json
from io import BytesIO

import pytest
from gunicorn.http.errors import InvalidChunkSize

from referrals.models import Referral
from tests.integration.referrals.speaking import ROOT, Side, address, letter, problem, raw
from tests.walk import referral_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def township(cast):
    return Side.of(cast, "township_doctor")


def chunked(side, path, data: bytes, *, method="POST", terminated=True, stream=None, **headers):
    """As gunicorn hands over a body without a length."""
    environ = {"wsgi.input": stream or BytesIO(data), "wsgi.input_terminated": terminated, "CONTENT_LENGTH": ""}
    headers |= {"Authorization": f"Bearer {side.partner.token}", "On-Behalf-Of": side.staff}
    headers |= {"Transfer-Encoding": "chunked"}
    http = side.partner._http
    environ["CONTENT_TYPE"] = "application/json"
    return http.generic(method, path, b"", headers=headers, **environ)


class Broken(BytesIO):
    """gunicorn's own errors of a malformed chunk are no OSErrors."""

    def read(self, *_size):
        raise InvalidChunkSize(b"ZZ")


def test_a_chunked_body_is_read_whole(cast, township):
    referral = referral_at("draft", cast)
    body = json.dumps({"past_history": "分块传输"}).encode()
    match = {"If-Match": f'"{referral.version}"'}
    assert chunked(township, address(referral.number), body, method="PATCH", **match).status_code == 200
    assert Referral.objects.get().past_history == "分块传输"


def test_the_same_key_with_another_chunked_body_is_another_call(cast, township):
    patient = cast.patient().public_id
    key = {"Idempotency-Key": "k-1"}
    first = chunked(township, ROOT, json.dumps(letter(patient)).encode(), **key)
    other = chunked(township, ROOT, json.dumps(letter(patient, history="别的")).encode(), **key)
    assert first.status_code == 201
    assert problem(other, 422)["code"] == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"data": b'{"history": "' + b"a" * 3_000_000 + b'"}'}, 413),
        ({"data": b"{}", "terminated": False}, 411),
        ({"data": b"{}", "stream": Broken()}, 400),
    ],
    ids=["too long", "no end known", "cut off"],
)
def test_a_chunked_body_that_cannot_be_read_is_refused(township, options, status):
    problem(chunked(township, ROOT, **options), status)


def test_a_chunked_form_of_a_page_is_refused_where_its_end_is_not_known(cast):
    browser = cast.browser("township_doctor")
    answer = browser.generic("POST", "/logout/", b"", headers={"Transfer-Encoding": "chunked"})
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (411, "text/html")


@pytest.mark.parametrize(
    ("content_type", "headers"),
    [
        ("application/json", {"Content-Encoding": "gzip"}),
        ("application/json; charset=gbk", {}),
        ("application/json; charset=utf-16", {}),
    ],
)
def test_neither_compressed_nor_in_another_alphabet(township, content_type, headers):
    problem(raw(township, ROOT, b"{}", content_type=content_type, **headers), 415)


def test_utf8_may_be_said(township):
    problem(raw(township, ROOT, b"{}", content_type="application/json; charset=UTF-8"), 400)


@pytest.mark.parametrize("body", ["null", "[]", "3", '"text"', "[[1]]"])
def test_a_body_is_an_object(township, body):
    found = problem(raw(township, ROOT, body.encode(), **{"Accept-Language": "zh-hans"}), 400)
    assert [(error["pointer"], error["detail"]) for error in found["errors"]] == [
        ("", "应为 JSON 对象，即花括号中的名称和值")
    ]


def test_text_cannot_turn_round_what_follows(township):
    found = problem(township.post(ROOT, {"history": "5\u202egm", "purpose": "\u2066x\u2069"}), 400)
    assert [(error["pointer"], error["code"]) for error in found["errors"]] == [
        ("/history", "bad_character"),
        ("/purpose", "bad_character"),
    ]


def test_what_a_form_brings_along_unseen_is_taken_out(cast):
    browser = cast.browser("township_doctor")
    sent = {"username": "\u202dnobody\u202c", "password": "\u2066x\u2069"}
    page = browser.post("/login/", sent).content.decode()
    assert 'value="nobody"' in page


@pytest.mark.parametrize(
    "path", ["capacity/", "referrals/", "patients/", "codes/", "institutions/county-hospital/", "patients/search/"]
)
def test_options_is_no_method(township, path):
    answer = township.call("OPTIONS", f"/api/v1/{path}")
    problem(answer, 405)
    assert "OPTIONS" not in answer["Allow"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_last_slash_is_asked_for(township, method):
    answer = township.call(method, "/api/v1/referrals", {"x": 1})
    assert "/api/v1/referrals/" in problem(answer, 404)["detail"]


def test_reading_without_the_last_slash_is_sent_on(township):
    assert township.get("/api/v1/referrals").status_code == 301


@pytest.mark.parametrize("path", ["referrals/", "codes/", "patients/"])
def test_another_format_is_not_there(township, path):
    problem(township.get(f"/api/v1/{path}?format=xml"), 406)
    assert township.get(f"/api/v1/{path}?format=json").status_code == 200


def test_an_unknown_parameter_is_refused_wherever_it_stands(cast, township):
    referral = referral_at("draft", cast)
    number, patient = referral.number, referral.patient.public_id
    calls = [
        ("GET", f"referrals/{number}/", {}),
        ("PATCH", f"referrals/{number}/", {"version": referral.version}),
        ("POST", f"referrals/{number}/submit/", {"version": referral.version}),
        ("POST", "referrals/", {}),
        ("GET", f"patients/{patient}/", {}),
        ("POST", "patients/search/", {}),
        ("GET", "institutions/county-hospital/", {}),
        ("GET", "institutions/county-hospital/departments/cardiology/", {}),
    ]
    for method, path, options in calls:
        body = None if method == "GET" else {}
        found = problem(township.call(method, f"/api/v1/{path}?limit=1", body, **options), 400)
        assert (found["code"], found["errors"][0]["pointer"]) == ("unknown_parameter", "/limit"), path
    assert Referral.objects.get().status == "draft"


def test_a_mistyped_verb_is_named(cast, township):
    referral = referral_at("submitted", cast)
    found = problem(township.post(address(referral.number, "acept"), {}), 404)
    assert found["code"] == "unknown_verb"
    assert "acept" in found["detail"] and "accept" in found["detail"]
    stranger = Side.of(cast, "outsider_doctor")
    hidden = problem(stranger.post(address(referral.number, "acept"), {}), 404)
    assert hidden == problem(stranger.post(address(referral.number, "accept"), {}), 404) | {
        "request_id": hidden["request_id"]
    }


def test_what_a_known_registration_did_not_take_is_named(township):
    person = {"name": "王秀英", "identifiers": [{"type": "resident_id", "value": "11010519491231002X"}]}
    assert township.post("/api/v1/patients/", person).status_code == 201
    again = township.post("/api/v1/patients/", person | {"phone": "13900001111"})
    assert (again.status_code, again.json()["ignored"]) == (200, ["phone"])
    assert township.post("/api/v1/patients/", person).json()["ignored"] == []
