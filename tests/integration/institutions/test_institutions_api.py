import pytest

from institutions import actions, examples
from institutions.models import Institution
from tests.unit.institutions.builders import SYSTEM, institution

LIST = "/api/v1/institutions/"
EAST = "/api/v1/institutions/east-township/"


def codes(response):
    assert response.status_code == 200, response.json()
    return [each["code"] for each in response.json()["results"]]


def errors(response):
    return [(error["pointer"], error["code"]) for error in response.json()["errors"]]


def test_one_lists_the_own_consortium(colleague, outsider):
    assert codes(colleague.get(LIST)) == ["clinic", "county-hospital", "east-township", "west-township"]
    assert codes(outsider.get(LIST)) == ["outsider"]


def test_one_institution_carries_all_it_is_known_by_and_its_version(colleague, world):
    joined = world.east.members.get().joined_on.isoformat()
    response = colleague.get(EAST)
    assert (response.status_code, response.headers["ETag"]) == (200, '"1"')
    assert response.json() == {
        "code": "east-township",
        "name": "东河镇卫生院",
        "short_name": "",
        "consortium": "qingchuan",
        "role": "member",
        "level": "unrated",
        "type": "C220",
        "credit_code": "",
        "licence_number": "",
        "joined_on": joined,
        "left_on": None,
        "memberships": [
            {
                "consortium": "qingchuan",
                "role": "member",
                "closeness": "tight",
                "joined_on": joined,
                "left_on": None,
                "agreement": "",
            }
        ],
        "address": "",
        "desk_phone": "",
        "duty_phone": "",
        "handles_on": "platform",
        "reviews_outgoing": False,
        "opening_hours": [],
        "release_time": "16:00",
        "active": True,
        "version": 1,
    }


def test_memberships_of_others_consortia_are_not_told(world, colleague):
    actions.admit_member(actor=SYSTEM, consortium=world.other, institution=world.east, role="collaborating")
    assert [each["consortium"] for each in colleague.get(EAST).json()["memberships"]] == ["qingchuan"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("level=2a", ["county-hospital"]),
        ("type=D600", ["clinic"]),
        ("role=core", ["county-hospital"]),
        ("consortium=qingchuan&role=member", ["clinic", "east-township", "west-township"]),
        ("consortium=linxian", []),
        ("q=dhzwsy", ["east-township"]),
        ("q=县医院", ["county-hospital"]),
        ("active=false", []),
        ("handles_on=phone", []),
    ],
)
def test_filters(colleague, query, expected):
    assert codes(colleague.get(f"{LIST}?{query}")) == expected


@pytest.mark.parametrize("query", ["colour=red", "level=9z", "active=perhaps", "limit=0", "cursor=x"])
def test_wrong_questions_are_malformed(colleague, query):
    response = colleague.get(f"{LIST}?{query}")
    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+json")


def test_paging_walks_through_all_once(colleague):
    seen, url = [], f"{LIST}?limit=3"
    while url:
        page = colleague.get(url).json()
        seen += [each["code"] for each in page["results"]]
        url = page["next"]
    assert seen == ["clinic", "county-hospital", "east-township", "west-township"]


def test_the_number_of_queries_does_not_grow_with_the_list(colleague, world, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        assert len(codes(colleague.get(f"{LIST}?limit=100"))) == 4
    for number in range(30):
        institution(f"village-{number}", f"{number}号村卫生室", type="D600", consortium=world.consortium)
    with django_assert_max_num_queries(6):
        assert len(codes(colleague.get(f"{LIST}?limit=100"))) == 34


def test_the_example_is_added_once_however_often_it_is_sent(office):
    first = office.post(LIST, examples.INSTITUTION, headers={"Idempotency-Key": "a"})
    again = office.post(LIST, examples.INSTITUTION, headers={"Idempotency-Key": "a"})
    assert first.status_code == 201, first.json()
    assert first.headers["Location"] == "http://testserver/api/v1/institutions/dongshan-clinic/"
    assert first.headers["ETag"] == '"1"'
    assert again.json() == first.json() == office.get(first.headers["Location"]).json()
    body = first.json()
    expected = {name: body[name] for name in examples.INSTITUTION if name != "agreement"}
    assert expected == {name: value for name, value in examples.INSTITUTION.items() if name != "agreement"}
    assert body["memberships"][0]["agreement"] == examples.INSTITUTION["agreement"]


def test_adding_answers_what_is_wrong(office):
    taken = office.post(LIST, examples.INSTITUTION | {"code": "clinic"})
    assert (taken.status_code, errors(taken)) == (409, [("/code", "taken")])
    refused = office.post(LIST, examples.INSTITUTION | {"level": "9z", "licence_number": "1", "role": "member"})
    assert (refused.status_code, errors(refused)) == (
        422,
        [("/level", "unknown_code"), ("/licence_number", "length")],
    )
    unknown = office.post(LIST, examples.INSTITUTION | {"colour": "red"})
    assert (unknown.status_code, errors(unknown)) == (400, [("/colour", "unknown_field")])
    elsewhere = office.post(LIST, examples.INSTITUTION | {"consortium": "linxian"})
    assert (elsewhere.status_code, errors(elsewhere)) == (422, [("/consortium", "unknown_consortium")])
    for body in ([], "x", None, 3):
        assert office.post(LIST, body).status_code == 400
    assert Institution.objects.count() == 5


def test_who_administers_two_consortia_says_which(world, office):
    actions.found_consortium(actor=SYSTEM, code="group", name="集团", kind="city_group", core=world.hospital)
    response = office.post(LIST, examples.INSTITUTION)
    assert (response.status_code, errors(response)) == (422, [("/consortium", "unknown_consortium")])
    assert "group" in response.json()["detail"] and "qingchuan" in response.json()["detail"]
    response = office.post(LIST, examples.INSTITUTION | {"consortium": "group"})
    assert (response.status_code, response.json()["consortium"]) == (201, "group")


def test_the_example_changes_what_it_names(office):
    response = office.patch(EAST, examples.INSTITUTION_CHANGE, headers={"If-Match": '"1"'})
    assert (response.status_code, response.headers["ETag"]) == (200, '"2"'), response.json()
    body = response.json()
    assert {name: body[name] for name in examples.INSTITUTION_CHANGE} == examples.INSTITUTION_CHANGE
    assert body["name"] == "东河镇卫生院"


def test_changes_ask_for_existence_version_permission_and_sense_in_this_order(office, colleague, outsider, neighbour):
    nonsense = {"level": "9z"}
    current, stale = {"If-Match": '"1"'}, {"If-Match": '"7"'}
    assert outsider.patch(EAST, nonsense).status_code == 404
    assert colleague.patch(EAST, nonsense).status_code == 428
    assert colleague.patch(EAST, nonsense, headers={"If-Match": "1"}).status_code == 400
    assert colleague.patch(EAST, nonsense, headers=stale).status_code == 412
    forbidden = colleague.patch(EAST, nonsense, headers=current)
    assert (forbidden.status_code, bool(forbidden.json()["detail"])) == (403, True)
    assert neighbour.patch(EAST, {"level": "3a"}, headers=current).status_code == 403
    assert office.patch(EAST, nonsense, headers=current).status_code == 422
    assert neighbour.patch(EAST, {"desk_phone": "0839-7200011"}, headers=current).status_code == 200


def test_without_the_scope_or_the_role_nothing_is_added(world, colleague):
    from .conftest import caller

    reader = caller(world.hospital, "consortium_administrator", scopes=("institutions:read",))
    for client in (reader, colleague):
        response = client.post(LIST, {})
        assert (response.status_code, bool(response.json()["detail"])) == (403, True)
    assert Institution.objects.count() == 5


def test_strangers_find_nothing(outsider, client, world):
    for address in (EAST, f"{EAST}departments/", f"{LIST}county-hospital/departments/cardiology/", f"{LIST}nowhere/"):
        assert outsider.get(address).status_code == 404
    assert client.get(LIST).status_code == 401
