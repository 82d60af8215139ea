"""The OpenAPI document: complete without a warning, and every example in it is sent and answered as it says."""

from datetime import datetime
from functools import cache
from http import HTTPStatus

import pytest
import time_machine
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from referrals.actions.attaching import attach
from referrals.actions.blanks import print_blanks
from referrals.workflow import LIFE
from tests import files, recast
from tests.inquire import inquiry_at
from tests.walk import FOR_MOVE, actor_for, referral_at
from toolkit.calendar.working import ZONE
from toolkit.uploads.child import judge

MOMENT = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
"""The examples carry dates: they are sent on this day."""

FROM = {"arrive": "scheduled", "dispatch": "accepted", "upgrade": "accepted", "record_death": "arrived",
        "void": "closed", "comment": "submitted"}  # fmt: skip
"""Verb → where its example is sent from, if not from the first status it is open in."""

FORMAT = "application/json"


@cache
def document() -> dict:
    return SchemaGenerator().get_schema(public=True)


def examples() -> list[tuple]:
    """(method, path, name, value) of every example of a request, wherever it stands."""
    return [
        (method, path, name, example["value"])
        for path, operations in sorted(document()["paths"].items())
        for method, operation in operations.items()
        for content in operation.get("requestBody", {}).get("content", {}).values()
        for name, example in content.get("examples", {}).items()
    ]


@pytest.fixture
def cast(db):
    with time_machine.travel(MOMENT, tick=False):
        yield recast.cast()


def test_the_document_has_no_warning_and_is_valid(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "openapi.yaml"))
    validate(document())


def test_every_operation_that_needs_facts_shows_an_example():
    """A body with required members cannot be guessed from their names alone."""
    shown = {(method, path) for method, path, _name, _value in examples()}
    wanted = {
        (method, path)
        for path, operations in document()["paths"].items()
        for method, operation in operations.items()
        if _required(operation)
    }
    assert sorted(wanted - shown) == []


@pytest.mark.parametrize(
    ("method", "path", "value"),
    [pytest.param(method, path, value, id=f"{method} {path} {name}") for method, path, name, value in examples()],
)
def test_each_example_is_sent_and_answered_as_described(cast, method, path, value):
    partner, address, body, options = sendable(cast, path, value)
    answer = partner.call(method.upper(), address, body, **options)
    responses = document()["paths"][path][method]["responses"]
    assert answer.status_code < HTTPStatus.BAD_REQUEST, answer.content.decode()
    described = responses[str(answer.status_code)]["content"][FORMAT]["schema"]
    schema = described | {"components": document()["components"]}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(answer.json())] == []


def test_a_refusal_is_a_problem_as_described(cast):
    answer = _of(cast, "township_doctor").post("/api/v1/patients/", {"sex": "9", "birth_date": "2026-02-30"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    responses = document()["paths"]["/api/v1/patients/"]["post"]["responses"]
    described = responses["default"]["content"]["application/problem+json"]["schema"]
    schema = described | {"components": document()["components"]}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(answer.json())] == []


def sendable(cast, path, value) -> tuple:
    """Who sends it where: the same body, with the ids and codes of the cast for those of the example."""
    part, *rest = path.removeprefix("/api/v1/").strip("/").split("/")
    make = {"referrals": _referral, "patients": _patient, "institutions": _house, "capacity": _capacity,
            "advice": _inquiry}[part]  # fmt: skip
    return make(cast, path, rest, dict(value))


def _referral(cast, path, rest, body):
    if not rest:
        body["patient"] = cast.patient().public_id
        return _of(cast, "township_doctor"), path, _on_paper_of(cast, body), {}
    verb = rest[1] if len(rest) > 1 else ""
    if verb == "review":
        return _review(cast, path, body)
    if verb == "attachments":
        return _attachment(cast, path, body)
    referral = _started(cast, verb)
    if "slot" in body:
        body["slot"] = cast.slot().pk
    if "receiver" in body:
        body |= {"receiver": "county-tcm", "department": "cardiology"}
    actor = actor_for(verb, referral, cast) if verb else cast.actors.township_doctor
    options = {"version": referral.version, "on_behalf_of": actor.staff_number}
    return cast.client(actor.institution_code), path.replace("{number}", referral.number), body, options


def _review(cast, path, body):
    referral = referral_at("arrived", cast, green_channel="stroke", caller_phone="13900007777")
    options = {"version": referral.version, "on_behalf_of": cast.actors.consortium_administrator.staff_number}
    office = cast.client("county-hospital", roles=("consortium_administrator",))
    return office, path.replace("{number}", referral.number), body, options


def _attachment(cast, path, body):
    referral, doctor = referral_at("accepted", cast), cast.actors.township_doctor
    attach(referral, actor=doctor, clean=judge(files.pdf()), kind="report")
    path = path.replace("{number}", referral.number).replace("{ordinal}", "1")
    return cast.client("chengguan"), path, body, {"on_behalf_of": doctor.staff_number}


def _on_paper_of(cast, body) -> dict:
    """With paper that was printed in time."""
    if "blank_number" not in body:
        return body
    with time_machine.travel(datetime.fromisoformat(body["occurred_at"]), tick=False):
        blank = print_blanks(actor=cast.actors.township_doctor, count=1, direction="up")[0]
    return body | {"blank_number": blank.number}


def _started(cast, verb):
    if not verb:
        return referral_at("draft", cast)
    first = [status for status in LIFE.states if status in LIFE.moves[verb].sources][0]
    return referral_at(FROM.get(verb, first), cast, **FOR_MOVE.get(verb, {}))


def _patient(cast, path, rest, body):
    partner = _of(cast, "township_doctor")
    options = {"version": 1} if rest == ["{id}"] else {}
    return partner, path.replace("{id}", cast.patient().public_id if "{id}" in path else ""), body, options


def _house(cast, path, rest, body):
    partner = cast.client("county-hospital", roles=("consortium_administrator", "institution_administrator"))
    filled = path.replace("{code}", "county-hospital").replace("{department}", "cardiology")
    return partner, filled, body, {"version": 1} if rest and rest[-1].startswith("{") else {}


def _inquiry(cast, path, rest, body):
    """Asked by the township, answered by cardiology; each verb from the status before it."""
    if not rest:
        body |= {"patient": cast.patient().public_id} if "patient" in body else {}
        return _of(cast, "township_doctor"), path, body, {"on_behalf_of": cast.actors.township_doctor.staff_number}
    inquiry = inquiry_at("open" if rest[1] in ("answer", "add", "withdraw") else "answered", cast)
    who = cast.actors.cardiologist if rest[1] == "answer" else cast.actors.township_doctor
    options = {"version": inquiry.version, "on_behalf_of": who.staff_number}
    return cast.client(who.institution_code), path.replace("{number}", inquiry.number), body, options


def _capacity(cast, path, rest, body):
    return _of(cast, "core_desk"), path, body, {}


def _of(cast, who):
    return cast.client(getattr(cast.memberships, who).institution.code)


def _required(operation) -> bool:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get(FORMAT, {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    return bool(document()["components"]["schemas"].get(name, schema).get("required"))
