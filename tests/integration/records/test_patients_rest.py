import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import IdempotentRequest
from events.models import AccessEntry, Event
from records import examples
from records.actions import register_patient
from records.models import Patient, Person
from tests.unit.records.builders import WOMAN, number, resident_number, woman

PATIENTS = "/api/v1/patients/"
SECRETS = (WOMAN, "13800001234", "张秀兰", "东山村", "李建国")


def at(patient, tail=""):
    return f"{PATIENTS}{patient.public_id}/{tail}"


def problem(response, status, code):
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    answer = response.json()
    assert answer["code"] == code
    assert [secret for secret in SECRETS if secret in response.content.decode()] == []
    return answer


def test_register_new_then_known(township):
    first = township.post(PATIENTS, examples.REGISTER)
    assert (first.status_code, first["ETag"]) == (201, '"1"')
    answer = first.json()
    assert first["Location"] == f"http://testserver{PATIENTS}{answer['id']}/"
    assert {**answer, "age": 0} == {
        "id": Patient.objects.get().public_id,
        "institution": "township",
        "name": "张**",
        "sex": "2",
        "birth_date": "1949-**-**",
        "age": 0,
        "estimated_age": None,
        "unknown": False,
        "last4": "002X",
        "identifiers": [{"type": "resident_id", "value": "110105********002X", "owner": "self", "history": False}],
        "phone": "138****1234",
        "address": "浙江省丽水市莲都区***",
        "next_of_kin": {"name": "李**", "relation": "儿子", "phone": "139****5678"},
        "insurance_kind": "resident",
        "version": 1,
    }
    again = township.post(PATIENTS, examples.REGISTER)
    assert again.json() == answer | {"ignored": ["phone", "address", "next_of_kin", "insurance_kind"]}


def test_known_elsewhere_is_new_here_and_says_nothing_of_there(hospital, patient):
    answer = hospital.post(PATIENTS, {"name": "张秀兰", "identifiers": [{"type": "resident_id", "value": WOMAN}]})
    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["id"] == patient.public_id, shown["institution"], shown["phone"]) == (False, "hospital", "")
    assert Person.objects.count() == 1


@pytest.mark.parametrize("body", [examples.REGISTER, examples.REGISTER_UNKNOWN, examples.REGISTER_NEWBORN])
def test_every_example_registers(township, body):
    assert township.post(PATIENTS, body).status_code == 201


def test_the_same_key_registers_an_unknown_patient_once(township):
    posts = [township.post(PATIENTS, examples.REGISTER_UNKNOWN, headers={"Idempotency-Key": "k1"}) for _n in range(2)]
    assert [post.status_code for post in posts] == [201, 201]
    assert posts[0].json() == posts[1].json()
    assert Patient.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"birth_date": "1949-02-30"}, 400, "/birth_date"),
        ({"birth_date": "yesterday"}, 400, "/birth_date"),
        ({"sex": "5"}, 400, "/sex"),
        ({"name": "张\x00三"}, 400, "/name"),
        ({"name": ["张三"]}, 400, "/name"),
        ({"identifiers": {}}, 400, "/identifiers"),
        ({"identifiers": [{"type": "tattoo", "value": "1"}]}, 400, "/identifiers/0/type"),
        ({"identifiers": [{"type": "resident_id", "value": "1\x00"}]}, 400, "/identifiers/0/value"),
        ({"identifiers": [{"type": "resident_id", "value": WOMAN[:-1] + "1"}]}, 422, "/identifiers/0/value"),
        ({"identifiers": [{"type": "resident_id", "value": "110105491231002"}]}, 422, "/identifiers/0/value"),
        ({"next_of_kin": {"name": "李", "secret": 1}}, 400, "/next_of_kin/secret"),
        ({"birth_date": "2999-01-01", "identifiers": []}, 422, "/birth_date"),
        ({"birth_date": "1800-01-01", "identifiers": []}, 422, "/birth_date"),
        ({"birth_date": "1950-01-01"}, 422, "/birth_date"),
        ({"sex": "1"}, 422, "/sex"),
        ({"estimated_age": 131}, 400, "/estimated_age"),
        ({"phone": "电话"}, 422, "/phone"),
        ({"hobby": "chess"}, 400, "/hobby"),
        ({"identifiers": [{"type": "mrn", "value": f"M{n}"} for n in range(11)]}, 400, "/identifiers"),
    ],
)
def test_bad_input_is_named_and_nothing_is_kept(township, change, status, pointer):
    response = township.post(PATIENTS, examples.REGISTER | change)
    assert (response.status_code, [each["pointer"] for each in response.json()["errors"]]) == (status, [pointer])
    assert [secret for secret in SECRETS if secret in response.content.decode()] == []
    assert (
        Patient.objects.count(),
        Person.objects.count(),
        Event.objects.filter(name="patient.registered").count(),
    ) == (
        0,
        0,
        0,
    )


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_an_empty_patient_is_told_what_is_missing(township, body):
    response = township.generic("POST", PATIENTS, body, content_type="application/json")
    assert response.status_code == 422
    assert {each["pointer"] for each in response.json()["errors"]} >= {"/sex", "/birth_date"}


def test_a_number_json_does_not_know_is_malformed(township):
    response = township.generic("POST", PATIENTS, b'{"name": 1e999}', content_type="application/json")
    assert response.status_code == 400
    assert [each["pointer"] for each in response.json()["errors"]] == ["/name"]


@pytest.mark.parametrize("body", [b"[]", b"null", b"{", b'"x"', b"\xff"])
def test_what_is_no_patient_at_all_is_malformed(township, body):
    response = township.generic("POST", PATIENTS, body, content_type="application/json")
    assert response.status_code == 400


def test_full_width_digits_and_a_small_x_are_the_same_number(township, patient):
    for typed in ("１１０１０５１９４９１２３１００２Ｘ", WOMAN.lower()):
        answer = township.post(PATIENTS, {"name": "张秀兰", "identifiers": [{"type": "resident_id", "value": typed}]})
        assert (answer.status_code, answer.json()["id"]) == (200, patient.public_id)


def test_another_name_under_the_number_is_a_conflict(hospital, patient):
    answer = hospital.post(PATIENTS, {"name": "王大力", "identifiers": [{"type": "resident_id", "value": WOMAN}]})
    problem(answer, 409, "number_of_another")
    assert patient.public_id not in answer.content.decode()


def test_reading_writes_one_entry(township, patient):
    answer = township.get(at(patient))
    assert (answer.status_code, answer["ETag"], answer.json()["id"]) == (200, '"1"', patient.public_id)
    assert [secret for secret in SECRETS if secret in answer.content.decode()] == []
    entry = AccessEntry.objects.get()
    assert (entry.patient_id, entry.basis, entry.route) == (patient.pk, "registration", "GET /api/v1/patients/{id}/")


@pytest.mark.parametrize(
    ("method", "tail", "body"),
    [("get", "", None), ("patch", "", {"phone": ""}), ("post", "reveal/", examples.REVEAL)],
)
def test_strangers_neighbours_and_colleagues(outsider, hospital, administrator, patient, method, tail, body):
    headers = {"If-Match": '"1"'}
    for stranger in (outsider, hospital):
        problem(getattr(stranger, method)(at(patient, tail), body, headers=headers), 404, "not_found")
    told = problem(getattr(administrator, method)(at(patient, tail), body, headers=headers), 403, "forbidden")
    assert "医生" in told["detail"]
    assert AccessEntry.objects.count() == 0


@pytest.mark.parametrize(
    "call", [("get", "", None), ("post", "", examples.REGISTER), ("post", "search/", examples.SEARCH)]
)
def test_a_colleague_without_the_permission_is_told_why(administrator, call):
    method, tail, body = call
    problem(getattr(administrator, method)(PATIENTS + tail, body), 403, "forbidden")


def test_a_party_reads_but_does_not_change(hospital, granted, patient):
    assert hospital.get(at(patient)).status_code == 200
    assert AccessEntry.objects.get().basis == "referral"
    problem(hospital.patch(at(patient), {"phone": ""}, headers={"If-Match": '"1"'}), 403, "not_custodian")


def test_change_with_the_version_read(township, patient):
    answer = township.patch(at(patient), examples.CHANGE, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer["ETag"], answer.json()["phone"]) == (200, '"2"', "138****4321")
    assert [each["type"] for each in answer.json()["identifiers"]] == ["resident_id", "health_card"]
    problem(township.patch(at(patient), {"phone": ""}, headers={"If-Match": '"1"'}), 412, "stale")
    problem(township.patch(at(patient), {"phone": ""}), 428, "precondition_required")
    removed = {"identifiers": [{**examples.CHANGE["identifiers"][0], "remove": True}]}
    answer = township.patch(at(patient), removed, headers={"If-Match": '"2"'})
    assert [each["type"] for each in answer.json()["identifiers"]] == ["resident_id"]


def test_what_is_read_masked_cannot_be_written_back(township, patient):
    shown = township.get(at(patient)).json()
    sent = {key: shown[key] for key in ("name", "phone", "address", "next_of_kin")}
    answer = township.patch(at(patient), sent, headers={"If-Match": '"1"'})
    assert answer.status_code == 422
    assert {each["code"] for each in answer.json()["errors"]} == {"masked"}
    assert Patient.objects.get().name == "张秀兰"


def test_reveal_with_a_reason(township, patient):
    answer = township.post(at(patient, "reveal/"), examples.REVEAL)
    assert answer.json() == {
        "identifiers": [{"type": "resident_id", "value": WOMAN, "owner": "self", "history": False}],
        "address": "浙江省丽水市莲都区东山村 12 号",
    }
    assert AccessEntry.objects.get().purpose == "reveal identifiers,address: 核对身份并填写住院登记"
    assert township.post(at(patient, "reveal/"), {"fields": ["phone"], "reason": "看看"}).status_code == 422
    assert township.post(at(patient, "reveal/"), {"fields": ["all"], "reason": "核对身份"}).status_code == 400
    assert township.post(at(patient, "reveal/"), {"reason": "核对身份"}).status_code == 400


def test_what_was_known_already_is_looked_at(township, patient):
    """A registration found by its number, or changed, is shown: masked, but of somebody the caller had not entered."""
    township.post(PATIENTS, {"name": "李安", "sex": "1", "birth_date": "1990-01-01"})
    assert AccessEntry.objects.count() == 0
    entered = {"name": "张秀兰", "identifiers": [{"type": "resident_id", "value": WOMAN}]}
    assert township.post(PATIENTS, entered).status_code == 200
    township.patch(at(patient), {"phone": "13900009999"}, headers={"If-Match": '"1"'})
    looks = AccessEntry.objects.order_by("pk").values_list("patient_id", "basis", "purpose")
    assert list(looks) == [(patient.pk, "registration", "register"), (patient.pk, "registration", "change")]


def test_each_reveal_is_a_look_of_its_own_also_under_one_key(township, patient):
    """A kept answer would show the whole number for a week without a word in the trail."""
    asked = {"fields": ["identifiers"], "reason": "入院登记核对身份"}
    answers = [township.post(at(patient, "reveal/"), asked, headers={"Idempotency-Key": "k"}) for _each in range(2)]
    assert [(each.status_code, "Idempotency-Replayed" in each) for each in answers] == [(200, False)] * 2
    assert AccessEntry.objects.count() == 2
    assert not IdempotentRequest.objects.exists()
    bad = township.post(at(patient, "reveal/"), asked, headers={"Idempotency-Key": "not a key"})
    problem(bad, 400, "bad_idempotency_key")


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "k"}])
def test_to_hear_whose_number_it_is_not_is_a_look_up(hospital, patient, key):
    """The refusal says that the number is registered: written down, although nothing else is kept."""
    entered = {"name": "刘德", "identifiers": [{"type": "resident_id", "value": WOMAN}]}
    problem(hospital.post(PATIENTS, entered, headers=key), 409, "number_of_another")
    looked = AccessEntry.objects.get()
    assert (looked.person_id, looked.patient_id, looked.basis) == (patient.person_id, patient.pk, "number")
    own = hospital.post(PATIENTS, {"name": "刘德", "sex": "1", "birth_date": "1990-01-01"}).json()
    change = {"identifiers": entered["identifiers"]}
    assert hospital.patch(f"{PATIENTS}{own['id']}/", change, headers={"If-Match": '"1"'}).status_code == 409
    assert AccessEntry.objects.count() == 2


def test_nobody_tries_numbers_one_after_the_other(hospital, patient, settings):
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] | {"reveal": "2/day"}
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": rates}
    entered = {"name": "刘德", "identifiers": [{"type": "resident_id", "value": WOMAN}]}
    answers = [hospital.post(PATIENTS, entered) for _each in range(3)]
    assert [each.status_code for each in answers] == [409, 409, 429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_searching_a_number_is_posted(township, hospital, outsider, patient):
    found = township.post(f"{PATIENTS}search/", examples.SEARCH)
    assert found.status_code == 200
    assert [row["id"] for row in found.json()["results"]] == [patient.public_id]
    there = hospital.post(f"{PATIENTS}search/", examples.SEARCH).json()
    assert (there["results"], there["elsewhere"]["id"], there["elsewhere"]["name"]) == ([], None, "张**")
    nothing = {"results": [], "elsewhere": None}
    assert outsider.post(f"{PATIENTS}search/", examples.SEARCH).json() == nothing
    assert township.post(f"{PATIENTS}search/", {"value": "11010519491231"}).json() == nothing
    wrong = township.post(f"{PATIENTS}search/", {"type": "resident_id", "value": WOMAN[:-1] + "1"})
    problem(wrong, 422, "check_digit")


def test_a_reading_token_may_search_but_not_register(world, patient):
    from .conftest import caller

    reader = caller(world.township, "doctor", scopes=("records:read",))
    assert reader.post(f"{PATIENTS}search/", examples.SEARCH).status_code == 200
    problem(reader.post(PATIENTS, examples.REGISTER), 403, "insufficient_scope")


def test_the_list_shows_whom_one_may_see(township, hospital, outsider, granted, patient):
    for client in (township, hospital):
        assert [each["id"] for each in client.get(PATIENTS).json()["results"]] == [patient.public_id]
    assert outsider.get(PATIENTS).json()["results"] == []
    assert [each["id"] for each in hospital.get(PATIENTS, {"own": "false"}).json()["results"]] == [patient.public_id]
    assert hospital.get(PATIENTS, {"own": "true"}).json()["results"] == []
    assert AccessEntry.objects.count() == 0


@pytest.mark.parametrize(("q", "hits"), [("张", 1), ("zxl", 1), ("zhangx", 1), ("xl", 0), ("%", 0)])
def test_the_list_is_searched_by_the_beginning_of_the_name(township, patient, q, hits):
    assert len(township.get(PATIENTS, {"q": q}).json()["results"]) == hits


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"q": WOMAN}, "number_in_address"),
        ({"q": "13800001234"}, "number_in_address"),
        ({"phone": "1"}, "unknown_parameter"),
        ({"q": "a\x00"}, "null_character"),
        ({"limit": "201"}, "bad_limit"),
        ({"cursor": "x"}, "bad_cursor"),
    ],
)
def test_what_the_list_refuses(township, query, code):
    response = township.get(PATIENTS, query)
    assert (response.status_code, response.json()["code"]) == (400, code)


@pytest.mark.parametrize("strange", ["P", "Pxx", "P" * 500, "0", "search"])
def test_strange_addresses(township, strange):
    assert township.get(f"{PATIENTS}{strange}/").status_code in (404, 405)


def test_the_list_costs_the_same_with_one_and_thirty(world, township, patient):
    with CaptureQueriesContext(connection) as one:
        assert len(township.get(PATIENTS, {"limit": 100}).json()["results"]) == 1
    for at_ in range(29):
        card = resident_number(patient.birth_date.replace(year=1950 + at_), 2)
        data = woman(name=f"病人{'甲乙丙丁戊己庚辛'[at_ % 8]}", birth_date=None, identifiers=[number(card)])
        register_patient(actor=world.doctor, data=data)
    with CaptureQueriesContext(connection) as thirty:
        assert len(township.get(PATIENTS, {"limit": 100}).json()["results"]) == 30
    assert len(one) == len(thirty)
    assert len(thirty) <= 8


def test_one_patient_costs_at_most_twelve(township, patient):
    with CaptureQueriesContext(connection) as queries:
        township.get(at(patient))
    assert len(queries) <= 12


def test_pages_follow_each_other(world, township):
    made = [
        register_patient(actor=world.doctor, data=woman(identifiers=[number(f"M{n}", "mrn")]))[0].public_id
        for n in range(5)
    ]
    seen, address = [], f"{PATIENTS}?limit=2"
    while address:
        page = township.get(address).json()
        seen += [each["id"] for each in page["results"]]
        address = page["next"]
    assert seen == made[::-1]


@pytest.mark.parametrize(("own", "found"), [("", 2), ("?own=true", 1), ("?own=false", 1), ("?own=perhaps", None)])
def test_own_registrations_or_those_of_others(hospital, granted, patient, own, found):
    assert hospital.post(PATIENTS, {"name": "李安", "sex": "1", "birth_date": "1990-01-01"}).status_code == 201
    answer = hospital.get(PATIENTS + own)
    if found is None:
        assert problem(answer, 400, "invalid")["errors"][0]["pointer"] == "/own"
    else:
        assert len(answer.json()["results"]) == found
