import pytest

from institutions import actions, examples
from institutions.models import Department
from tests.unit.institutions.builders import SYSTEM

LIST = "/api/v1/institutions/county-hospital/departments/"
CARDIOLOGY = f"{LIST}cardiology/"


def codes(response):
    assert response.status_code == 200, response.json()
    return [each["code"] for each in response.json()["results"]]


def test_one_department(neighbour):
    response = neighbour.get(CARDIOLOGY)
    assert (response.status_code, response.headers["ETag"]) == (200, '"1"')
    assert response.json() == {
        "code": "cardiology",
        "name": "心内科",
        "specialty": "cardiology",
        "phone": "",
        "takes_referrals": True,
        "active": True,
        "version": 1,
    }


def test_the_example_is_added(administrator):
    response = administrator.post(LIST, examples.DEPARTMENT)
    assert response.status_code == 201, response.json()
    assert response.headers["Location"] == f"http://testserver{LIST}stroke-unit/"
    assert response.json() == examples.DEPARTMENT | {"active": True, "version": 1}
    assert administrator.post(LIST, examples.DEPARTMENT).status_code == 409


def test_the_example_changes_what_it_names(administrator):
    response = administrator.patch(CARDIOLOGY, examples.DEPARTMENT_CHANGE, headers={"If-Match": '"1"'})
    assert (response.status_code, response.headers["ETag"]) == (200, '"2"')
    body = response.json()
    assert {name: body[name] for name in examples.DEPARTMENT_CHANGE} == examples.DEPARTMENT_CHANGE
    again = administrator.patch(CARDIOLOGY, examples.DEPARTMENT_CHANGE, headers={"If-Match": '"1"'})
    assert again.status_code == 412


def test_changes_ask_in_order(administrator, colleague, neighbour, outsider):
    current = {"If-Match": '"1"'}
    assert outsider.patch(CARDIOLOGY, {"specialty": "magic"}).status_code == 404
    assert colleague.patch(CARDIOLOGY, {"specialty": "magic"}).status_code == 428
    for client in (colleague, neighbour):
        assert client.patch(CARDIOLOGY, {"specialty": "magic"}, headers=current).status_code == 403
        assert client.post(LIST, {}).status_code == 403
    assert administrator.patch(CARDIOLOGY, {"specialty": "magic"}, headers=current).status_code == 422
    assert administrator.patch(CARDIOLOGY, {"code": "x"}, headers=current).status_code == 400
    assert outsider.post(LIST, examples.DEPARTMENT).status_code == 404
    assert Department.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [("", ["cardiology", "ward"]), ("?specialty=cardiology", ["cardiology"]), ("?takes_referrals=false", ["ward"])],
)
def test_filters(world, neighbour, query, expected):
    actions.add_department(
        actor=SYSTEM,
        institution=world.hospital,
        code="ward",
        name="病区",
        specialty="general_internal",
        takes_referrals=False,
    )
    assert codes(neighbour.get(LIST + query)) == expected


def test_the_number_of_queries_does_not_grow_with_the_list(world, neighbour, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        assert len(codes(neighbour.get(LIST))) == 1
    for number in range(29):
        actions.add_department(
            actor=SYSTEM, institution=world.hospital, code=f"d{number}", name="x", specialty="cardiology"
        )
    with django_assert_max_num_queries(6):
        assert len(codes(neighbour.get(f"{LIST}?limit=100"))) == 30
