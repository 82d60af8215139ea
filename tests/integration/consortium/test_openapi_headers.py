"""What the OpenAPI document says of headers, parameters and bodies is what is answered."""

import pytest
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator

from tests.integration.referrals.speaking import ROOT, Side, address, letter

TOLD = ("ETag", "Location", "Idempotency-Replayed", "Retry-After")


@pytest.fixture(scope="module")
def paths():
    return SchemaGenerator().get_schema(public=True)["paths"]


def described(paths, path, method, status) -> list[str]:
    return sorted(paths[f"/api/v1/{path}"][method]["responses"][str(status)].get("headers", {}))


def test_every_refusal_may_ask_to_wait(paths):
    for path, operations in paths.items():
        for method, operation in operations.items():
            assert list(operation["responses"]["default"]["headers"]) == ["Retry-After"], (method, path)


def test_headers_are_answered_as_described(cast, paths):
    township = Side.of(cast, "township_doctor")
    patient = cast.patient().public_id
    body = letter(patient)
    calls = [
        ("referrals/", "post", township.post(ROOT, body, key="k-1"), False),
        ("referrals/", "post", township.post(ROOT, body, key="k-1"), True),
        ("referrals/", "get", township.get(ROOT), False),
        ("patients/{id}/", "get", township.get(f"/api/v1/patients/{patient}/"), False),
        ("codes/", "get", township.get("/api/v1/codes/"), False),
        (
            "patients/search/",
            "post",
            township.post("/api/v1/patients/search/", {"value": "510822195803120026"}, key="k-2"),
            False,
        ),
    ]
    person = {"unknown": True, "sex": "1", "estimated_age": 60, "identifiers": [{"type": "mrn", "value": "A-1"}]}
    calls += [("patients/", "post", township.post("/api/v1/patients/", person), False) for _each in range(2)]
    number = calls[0][2].json()["number"]
    calls.append(("referrals/{number}/", "get", township.get(address(number)), False))
    calls.append(("referrals/{number}/events/", "get", township.get(address(number, "events")), False))
    comment = township.post(address(number, "comment"), {"text": "请尽快"}, version=calls[0][2].json()["version"])
    calls.append(("referrals/{number}/comment/", "post", comment, False))
    for path, method, answer, replayed in calls:
        assert answer.status_code in (200, 201), (path, answer.content)
        answered = {name for name in TOLD if name in answer.headers}
        if not replayed:
            answered |= {"Idempotency-Replayed"} & set(described(paths, path, method, answer.status_code))
        assert sorted(answered) == described(paths, path, method, answer.status_code), (method, path)


def test_the_timeline_is_paged_and_nothing_else(paths):
    parameters = paths["/api/v1/referrals/{number}/events/"]["get"]["parameters"]
    assert sorted(each["name"] for each in parameters if each["in"] == "query") == ["count", "cursor", "limit"]


def test_what_is_needed_and_where(paths):
    assert paths["/api/v1/patients/"]["post"]["requestBody"]["required"] is True
    document = SchemaGenerator().get_schema(public=True)
    assert document["servers"] == [{"url": settings.PUBLIC_URL}]
    known = document["components"]["schemas"]["Institution"]["properties"]["release_time"]
    assert (known["type"], known["pattern"]) == ("string", r"^\d{2}:\d{2}(:\d{2})?$")
    assert "/api/v1/referrals/{number}/{verb}/" not in paths
