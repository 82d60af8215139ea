from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from institutions import actions, examples
from institutions.models import Capacity
from tests.unit.institutions.builders import SYSTEM

ADDRESS = "/api/v1/capacity/"
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2027, 2, 22, 9, 0, tzinfo=SHANGHAI)
DAY = examples.CAPACITY_DAY["date"]
ONE_DAY = f"{ADDRESS}?institution=county-hospital&date_from={DAY}&date_to={DAY}"


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def published(administrator):
    response = administrator.put(ADDRESS, examples.CAPACITY_DAY)
    assert response.status_code == 200, response.json()
    return response


def errors(response):
    return [(error["pointer"], error["code"]) for error in response.json()["errors"]]


def test_the_example_is_published_and_read_back(published, administrator):
    slots = {
        "id": Capacity.objects.get(kind="slot").pk,
        "institution": "county-hospital",
        "department": "cardiology",
        "date": DAY,
        "kind": "slot",
        "session": "am",
        "total": 20,
        "referral_quota": 6,
        "booked": 0,
        "booked_elsewhere": 0,
        "release_at": "2027-02-28T16:00:00+08:00",
        "free": 6,
        "version": 1,
    }
    assert (published.json()["date"], published.json()["rows"][0]) == (DAY, slots)
    read = administrator.get(ONE_DAY)
    assert (read.json()["results"], read.headers["ETag"]) == (published.json()["rows"], '"2"')
    assert published.headers["ETag"] == '"2"'


def test_publishing_over_something_needs_its_version(published, administrator):
    assert administrator.put(ADDRESS, examples.CAPACITY_DAY).status_code == 428
    assert administrator.put(ADDRESS, examples.CAPACITY_DAY, headers={"If-Match": '"1"'}).status_code == 412
    row = examples.CAPACITY_DAY["rows"][0] | {"total": 30}
    changed = administrator.put(ADDRESS, {"date": DAY, "rows": [row]}, headers={"If-Match": '"2"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"3"')
    assert sorted(Capacity.objects.values_list("kind", "total")) == [("bed", 4), ("slot", 30)]


def test_every_wrong_row_is_named(administrator):
    right = examples.CAPACITY_DAY["rows"][0]
    response = administrator.put(
        ADDRESS,
        {"date": "2027-02-21", "rows": [right, right | {"department": "magic"}, right | {"referral_quota": 99}]},
    )
    assert (response.status_code, errors(response)) == (
        422,
        [
            ("/date", "past"),
            ("/rows/1/department", "unknown_department"),
            ("/rows/2", "twice"),
            ("/rows/2/referral_quota", "above_total"),
        ],
    )
    malformed = administrator.put(ADDRESS, {"date": "2027-02-30", "rows": [right | {"total": "many", "colour": 1}]})
    assert malformed.status_code == 400
    assert [pointer for pointer, _code in errors(malformed)] == ["/date", "/rows/0/colour"]
    for body in ({"date": DAY}, {"date": DAY, "rows": []}, [], "x"):
        assert administrator.put(ADDRESS, body).status_code == 400
    assert Capacity.objects.count() == 0


@pytest.mark.parametrize(("total", "status"), [(10**12, 422), (10**30, 400)])
def test_numbers_too_large_for_the_database_are_refused(administrator, total, status):
    row = examples.CAPACITY_DAY["rows"][0] | {"total": total}
    response = administrator.put(ADDRESS, {"date": DAY, "rows": [row]})
    assert (response.status_code, [each["pointer"] for each in response.json()["errors"]]) == (
        status,
        ["/rows/0/total"],
    )


def test_who_does_not_keep_the_capacity_does_not_publish(colleague, outsider, neighbour):
    assert colleague.put(ADDRESS, {}).status_code == 403
    for client in (outsider, neighbour):
        response = client.put(ADDRESS, examples.CAPACITY_DAY)
        assert (response.status_code, errors(response)[0]) == (422, ("/rows/0/department", "unknown_department"))
    assert Capacity.objects.count() == 0


def test_the_neighbour_sees_it_through_a_relation_only(world, published, neighbour, outsider):
    assert neighbour.get(ADDRESS).json()["results"] == []
    actions.generate_relations(actor=SYSTEM, consortium=world.consortium)
    response = neighbour.get(ONE_DAY)
    assert (len(response.json()["results"]), "ETag" in response.headers) == (2, False)
    assert outsider.get(ADDRESS).json()["results"] == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["slot", "bed"]),
        ("kind=bed", ["bed"]),
        ("free=true", ["bed"]),
        ("free=false", ["slot"]),
        ("department=cardiology&date_from=2027-03-01", ["slot", "bed"]),
        ("department=neurology", []),
        ("institution=outsider", []),
        ("date_to=2027-02-28", []),
        ("date_from=2027-03-02", []),
    ],
)
def test_filters(published, administrator, query, expected):
    Capacity.objects.filter(kind="slot").update(booked=6)
    response = administrator.get(f"{ADDRESS}?{query}")
    assert [row["kind"] for row in response.json()["results"]] == expected


def test_past_days_are_shown_when_asked_for(published, administrator):
    with time_machine.travel(NOW + timedelta(days=30), tick=False):
        from oauth2_provider.models import get_access_token_model

        get_access_token_model().objects.update(expires=timezone.now() + timedelta(hours=1))
        assert administrator.get(ADDRESS).json()["results"] == []
        assert len(administrator.get(f"{ADDRESS}?date_from=2027-01-01").json()["results"]) == 2


@pytest.mark.parametrize("query", ["kind=sofa", "date_from=2027-02-30", "from=2027-03-01", "date_from=x&date_to=x"])
def test_wrong_questions_are_malformed(administrator, query):
    assert administrator.get(f"{ADDRESS}?{query}").status_code == 400


def test_the_number_of_queries_does_not_grow_with_the_list(world, administrator, django_assert_max_num_queries):
    row = examples.CAPACITY_DAY["rows"][0]
    for day in range(30):
        date = (NOW + timedelta(days=day)).date()
        if day == 1:
            with django_assert_max_num_queries(6):
                assert len(administrator.get(ADDRESS).json()["results"]) == 1
        actions.publish_capacity(actor=SYSTEM, institution=world.hospital, date=date, rows=[row])
    with django_assert_max_num_queries(6):
        assert len(administrator.get(f"{ADDRESS}?limit=100").json()["results"]) == 30


def statements(queries):
    """The SQL of a request, without what only opens and closes transactions."""
    words = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return [query["sql"] for query in queries.captured_queries if not query["sql"].startswith(words)]


def test_a_day_of_many_rows_is_published_in_few_queries(world, administrator):
    rows = []
    for number in range(30):
        code = f"ward-{number}"
        actions.add_department(
            actor=SYSTEM, institution=world.hospital, code=code, name="病区", specialty="general_internal"
        )
        rows.append({"department": code, "kind": "bed", "session": "day", "total": 4})
    with CaptureQueriesContext(connection) as queries:
        assert administrator.put(ADDRESS, {"date": DAY, "rows": rows}).status_code == 200
    assert len(statements(queries)) <= 12
    more = [row | {"total": 5} for row in rows]
    with CaptureQueriesContext(connection) as queries:
        response = administrator.put(ADDRESS, {"date": DAY, "rows": more}, headers={"If-Match": '"30"'})
    assert (response.status_code, response.headers["ETag"]) == (200, '"60"')
    assert len(statements(queries)) <= 12


@pytest.mark.parametrize(("day", "status"), [("0001-01-01", 422), ("9999-12-31", 422), ("20270301", 400)])
def test_a_day_no_calendar_means(administrator, day, status):
    answer = administrator.put(ADDRESS, examples.CAPACITY_DAY | {"date": day})
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (status, ["/date"])


@pytest.mark.parametrize("moment", ["0001-01-01", "2027-02-28", "2027-02-28T16:00:00"])
def test_a_release_is_a_moment_with_its_offset(administrator, moment):
    row = examples.CAPACITY_DAY["rows"][0] | {"release_at": moment}
    answer = administrator.put(ADDRESS, examples.CAPACITY_DAY | {"rows": [row]})
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (
        400,
        ["/rows/0/release_at"],
    )
