from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from toolkit.rest import paging

from .samples import Sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_table")]


@pytest.fixture
def rows(sample_table):
    Sample.objects.bulk_create(
        [Sample(id=n, name="ab"[n % 2], rank=n % 4, day=date(2026, 1, 1 + n % 20)) for n in range(30)]
    )


def _ids(response):
    return [each["id"] for each in response.json()["results"]]


ALL = sorted(range(30), key=lambda n: (-(n % 4), n))


@pytest.mark.usefixtures("rows")
class TestPaging:
    def test_the_default(self, site):
        response = site.get("/api/samples/")
        assert (list(response.json()), _ids(response)) == (["next", "previous", "results"], ALL[:20])

    def test_addresses_lead_on_and_back(self, site):
        first = site.get("/api/samples/?limit=12&box=in")
        second = site.get(first.json()["next"])
        third = site.get(second.json()["next"])
        assert _ids(first) + _ids(second) + _ids(third) == ALL
        assert (first.json()["previous"], third.json()["next"]) == (None, None)
        assert _ids(site.get(third.json()["previous"])) == _ids(second)
        parts = urlsplit(second.json()["next"])
        assert (parts.scheme, parts.netloc, parts.path) == ("http", "testserver", "/api/samples/")
        assert {name: values for name, values in parse_qs(parts.query).items() if name != "cursor"} == {
            "limit": ["12"],
            "box": ["in"],
        }

    @pytest.mark.parametrize("limit", ["1", "200", ""])
    def test_limits(self, site, limit):
        assert len(_ids(site.get(f"/api/samples/?limit={limit}"))) == min(30, int(limit or 20))

    @pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "1.5", "1e2", "٣", "9" * 30, "%00", "+5"])
    def test_wrong_limits(self, site, limit):
        response = site.get(f"/api/plain/?limit={limit}")
        assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/limit")

    @pytest.mark.parametrize("how", ["exact", "estimate"])
    def test_counts_on_request(self, site, how):
        assert site.get(f"/api/samples/?count={how}&name=a&limit=3").json()["count"] == 15
        assert site.get(f"/api/samples/?count={how}&name=none").json()["count"] == 0

    @pytest.mark.parametrize(
        ("address", "pointer"), [("?count=yes", "/count"), ("?cursor=x", "/cursor"), ("?cursor=%00", "/cursor")]
    )
    def test_other_wrong_values(self, site, address, pointer):
        response = site.get("/api/samples/" + address)
        assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, pointer)

    @pytest.mark.parametrize("limit", [1, 30])
    def test_statements(self, site, limit, django_assert_num_queries):
        with django_assert_num_queries(1):
            site.get(f"/api/samples/?limit={limit}")


def test_a_long_list_is_estimated(monkeypatch):
    monkeypatch.setattr(paging, "EXACT_UP_TO", 5)
    Sample.objects.bulk_create([Sample(id=n) for n in range(40)])
    assert paging._estimate(Sample.objects.filter(id__gte=0)) >= 6


@pytest.mark.usefixtures("rows")
class TestFilters:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("name=a&rank=2", [2, 6, 10, 14, 18, 22, 26]),
            ("born_after=2026-01-19&name=a", [18]),
            ("born_before=2026-01-01", [0, 20]),
            ("format=json&rank=3&limit=2", [3, 7]),
        ],
    )
    def test_known(self, site, query, expected):
        assert sorted(_ids(site.get(f"/api/samples/?{query}"))) == expected

    @pytest.mark.parametrize("query", ["naem=a", "born=2026-01-01", "name__icontains=a", "NAME=a", "page=2"])
    def test_unknown(self, site, query):
        response = site.get(f"/api/samples/?{query}")
        name = query.split("=")[0]
        assert (response.status_code, response.json()["code"]) == (400, "unknown_parameter")
        assert [each["pointer"] for each in response.json()["errors"]] == [f"/{name}"]
        known = "born_after, born_before, box, count, cursor, format, limit, name, rank"
        assert response.json()["detail"] == f"不认识的查询参数：{name}；可用的参数：{known}"

    def test_unknown_where_there_are_no_filters(self, site):
        response = site.get("/api/plain/?name=a")
        assert response.json()["detail"] == "不认识的查询参数：name；可用的参数：box, count, cursor, format, limit"

    @pytest.mark.parametrize(
        ("query", "pointer"),
        [
            ("rank=x", "/rank"),
            ("born_after=2026-02-30", "/born"),
            ("name=%00", "/name"),
            ("box=a%00b", "/box"),
            ("rank=" + "9" * 30, "/rank"),
        ],
    )
    def test_wrong_values(self, site, query, pointer):
        response = site.get(f"/api/samples/?{query}")
        if query.startswith("rank=9"):
            assert (response.status_code, _ids(response)) == (200, [])
            return
        assert (response.status_code, [each["pointer"] for each in response.json()["errors"]]) == (400, [pointer])

    def test_a_strange_name_is_shown_harmlessly(self, site):
        response = site.get("/api/samples/", {"\x00<b>" + "x" * 100: "1"})
        assert response.json()["errors"][0]["pointer"] == "/\ufffd<b>" + "x" * 56


def test_the_schema_knows_the_parameters():
    found = paging.KeysetPagination().get_schema_operation_parameters(None)
    assert [(each["name"], each["in"], each["required"]) for each in found] == [
        ("limit", "query", False),
        ("cursor", "query", False),
        ("count", "query", False),
    ]
    schema = paging.KeysetPagination().get_paginated_response_schema({"type": "array"})
    assert (sorted(schema["properties"]), schema["required"]) == (
        ["count", "next", "previous", "results"],
        ["next", "previous", "results"],
    )
