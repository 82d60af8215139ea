"""The REST contract of advice before referral: the same rules as everywhere, the same acts as the pages."""

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from advice.models import Inquiry
from events.models import AccessEntry
from referrals.models import Referral
from tests import files
from tests.cast import SCOPES
from tests.inquire import ANSWER, QUESTION, REFER, SHARING, again, ask, inquiry_at
from tests.integration.referrals.test_query_counts import statements
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)
ROOT = "/api/v1/advice/"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "empty_store", "judged_at_home")]

PLACE = {"receiver": "county-hospital", "department": "cardiology"}


@pytest.fixture
def lines(cast):
    """(township, hospital): each speaks for its doctor."""

    def line(code, who, **more):
        partner, staff = cast.client(code, **more), getattr(cast.actors, who).staff_number
        return lambda method, path, body=None, **options: partner.call(
            method, path, {} if body is None and method == "POST" else body, on_behalf_of=staff, **options
        )

    return line


def test_from_question_to_referral(cast, lines):
    township, hospital = lines("chengguan", "township_doctor"), lines("county-hospital", "cardiologist")
    patient = cast.patient()
    body = QUESTION | PLACE | {"patient": patient.public_id, "consent": SHARING | {"given_at": MOMENT}}
    asked, replayed = (township("POST", ROOT, body, key="one") for _time in range(2))
    assert (asked.status_code, replayed.status_code) == (201, 201)
    assert asked.json() == replayed.json() and Inquiry.objects.count() == 1
    inquiry = asked.json()
    address = f"{ROOT}{inquiry['number']}/"
    assert asked.headers["Location"].endswith(address) and asked.headers["ETag"] == '"1"'
    assert (inquiry["status"], inquiry["patient_shown"]["name"], inquiry["question"]) == (
        "open", "王秀英", QUESTION["question"])  # fmt: skip

    read = hospital("GET", address)
    assert [move["verb"] for move in read.json()["moves"]] == ["answer"]
    assert read.json()["moves"][0]["needs"] == ["outcome", "text"]
    missing = hospital("POST", f"{address}answer/", REFER)
    stale = hospital("POST", f"{address}answer/", REFER, version=9)
    assert (missing.status_code, stale.status_code) == (428, 412)
    half = hospital("POST", f"{address}answer/", {"outcome": "refer", "text": "请转来"}, version=1)
    assert (half.status_code, [error["pointer"] for error in half.json()["errors"]]) == (422, ["/kind", "/urgency"])
    answered = hospital("POST", f"{address}answer/", REFER | {"department": "cardiology"}, version=1)
    assert (answered.status_code, answered.json()["status"]) == (200, "answered")
    last = answered.json()["entries"][-1]
    assert (last["outcome"], last["kind"], last["department"], last["by"]) == (
        "refer", "outpatient", "cardiology", "周强")  # fmt: skip

    first, second = (township("POST", f"{address}convert/", version=2) for _time in range(2))
    referral = Referral.objects.get()
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["referral"] == second.json()["referral"] == referral.number
    assert hospital("GET", address).json()["referral"] is None
    assert AccessEntry.objects.filter(person_id=patient.person_id, purpose="inquiry").count() == 6


def test_what_cannot_be_asked(cast, lines):
    township = lines("chengguan", "township_doctor")
    nobody = QUESTION | PLACE | {"age": 54, "sex": "1"}
    emergency = township("POST", ROOT, nobody | {"urgency": "emergency"})
    assert (emergency.status_code, emergency.json()["errors"][0]["pointer"]) == (422, "/urgency")
    assert "危急情况请走绿色通道或直接打电话" in emergency.json()["detail"]
    far = township("POST", ROOT, nobody | {"receiver": "city-second"})
    unknown = township("POST", ROOT, nobody | {"speed": 3})
    unsigned = township("POST", ROOT, QUESTION | PLACE | {"patient": cast.patient().public_id})
    assert [each.status_code for each in (far, unknown, unsigned)] == [422, 400, 422]
    desk = lines("chengguan", "township_desk", roles=("desk",))
    assert desk("POST", ROOT, nobody).status_code == 403
    assert township("POST", ROOT, nobody).json()["age"] == 54


def test_scopes_strangers_and_words_that_are_no_verb(cast, lines):
    inquiry = ask(cast)
    address = f"{ROOT}{inquiry.number}/"
    without = [scope for scope in SCOPES if not scope.startswith("advice")]
    assert lines("county-hospital", "cardiologist", scopes=without)("GET", address).status_code == 403
    writer = lines("chengguan", "township_doctor", scopes=[*without, "advice:write"])
    told = writer("POST", f"{address}add/", {"text": "又痛了"}, version=1)
    assert (told.status_code, told.json()["question"], told.json()["entries"][-1]["text"]) == (200, None, "")
    assert lines("county-tcm", "tcm_doctor")("GET", address).status_code == 404
    township = lines("chengguan", "township_doctor")
    assert township("POST", f"{address}fly/", version=1).status_code == 404
    assert township("POST", f"{address}answer/", ANSWER, version=1).status_code == 403
    assert township("POST", f"{address}close/", version=1).status_code == 422


def test_lists_are_boxes(cast, lines):
    mine, answered = ask(cast), inquiry_at("answered", cast)
    hospital, township = lines("county-hospital", "cardiologist"), lines("chengguan", "township_doctor")

    def numbers(line, query):
        answer = line("GET", f"{ROOT}?{query}")
        assert answer.status_code == 200, answer.content
        return [row["number"] for row in answer.json()["results"]]

    assert numbers(hospital, "") == [answered.number, mine.number]
    assert numbers(hospital, "box=my_turn") == [mine.number]
    assert numbers(township, "box=my_turn") == [answered.number]
    assert numbers(township, "box=asked&status=open") == [mine.number]
    assert numbers(township, "overdue=true&box=asked") == []
    row = hospital("GET", ROOT).json()["results"][0]
    assert row["patient_shown"]["name"] == "王**" and "question" not in row
    assert hospital("GET", f"{ROOT}?box=overseen").status_code == 403
    assert hospital("GET", f"{ROOT}?box=bin").status_code == 400
    one = statements(lambda: hospital("GET", f"{ROOT}?limit=200"))
    for _each in range(30):
        ask(cast, patient=mine.patient)
    assert statements(lambda: hospital("GET", f"{ROOT}?limit=200")) == one <= 12


def test_files_come_and_go_over_rest(cast):
    inquiry = ask(cast)
    partner, staff = cast.client("chengguan"), cast.actors.township_doctor.staff_number
    headers = {"Authorization": f"Bearer {partner.token}", "On-Behalf-Of": staff, "Idempotency-Key": "f1"}
    address = f"{ROOT}{inquiry.number}/attachments/"
    for _time in range(2):
        file = SimpleUploadedFile("ecg.jpg", files.jpeg(), content_type="image/jpeg")
        sent = partner._http.post(address, {"file": file, "kind": "ecg", "title": "心电图"}, headers=headers)
        assert sent.status_code == 201, sent.content
    (row,) = sent.json()["attachments"]
    assert (row["ordinal"], row["kind"], row["title"]) == (1, "ecg", "心电图")
    hospital = cast.client("county-hospital")
    got = hospital.get(row["href"], on_behalf_of=cast.actors.cardiologist.staff_number)
    assert (got.status_code, got.headers["Content-Type"]) == (200, "image/jpeg")
    assert got.headers["Content-Disposition"] == f'inline; filename="{inquiry.number}-01.jpg"'
    assert cast.client("county-tcm").get(row["href"]).status_code == 404
    assert again(inquiry).version == 1
