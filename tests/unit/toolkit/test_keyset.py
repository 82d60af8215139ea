from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolkit import keyset
from toolkit.crypto import encrypt
from toolkit.refusals import Malformed

from .samples import Sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_table")]
MOMENT = datetime(2026, 2, 13, 16, 0, 0, 123456, tzinfo=UTC)
ORDERS = [
    ("id",),
    ("-id",),
    ("rank", "id"),
    ("-rank", "id"),
    ("rank", "-id"),
    ("-rank", "-id"),
    ("name", "-rank", "id"),
    ("-due_at", "name", "-id"),
    ("day", "id"),
    ("weight", "-id"),
]


def _rows(count):
    return [
        Sample(
            id=n,
            name="ab"[n % 2],
            rank=None if n % 4 == 0 else n % 3,
            day=None if n % 5 == 0 else date(2026, 1, 1 + n % 3),
            due_at=None if n % 7 == 0 else MOMENT + timedelta(microseconds=n % 3),
            weight=None if n % 6 == 0 else Decimal(n % 4) / 4,
        )
        for n in range(count)
    ]


def _forward(queryset, order, limit):
    pages, cursor = [], None
    while True:
        page = keyset.page(queryset, order=order, cursor=cursor, limit=limit)
        pages.append(page)
        cursor = page.next
        if cursor is None:
            return pages


def _backward(queryset, order, limit, page):
    pages = [page]
    while page.previous:
        page = keyset.page(queryset, order=order, cursor=page.previous, limit=limit)
        pages.insert(0, page)
    return pages


def _expected(order):
    """Plain Python: NULLs after everything going up, before everything going down."""
    rows = list(Sample.objects.all())
    for name in reversed(order):
        field = name.lstrip("-")
        rows.sort(
            key=lambda row: (
                (getattr(row, field) is None, getattr(row, field) or 0) if getattr(row, field) is not None else (True,)
            ),
            reverse=name.startswith("-"),
        )
    return [row.id for row in rows]


def _ids(pages):
    return [row.id for page in pages for row in page.results]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [1, 3, 7, 23, 50])
def test_every_row_once_in_order_both_ways(order, limit):
    Sample.objects.bulk_create(_rows(23))
    pages = _forward(Sample.objects.all(), order, limit)
    assert _ids(pages) == _expected(order)
    assert [len(page.results) for page in pages[:-1]] == [limit] * (len(pages) - 1)
    back = _backward(Sample.objects.all(), order, limit, pages[-1])
    assert _ids(back) == _expected(order)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ranks=st.lists(st.none() | st.integers(-2, 2), max_size=12),
    order=st.tuples(st.sampled_from(["rank", "-rank"]), st.sampled_from(["id", "-id"])),
    limit=st.integers(1, 5),
)
def test_any_table_is_walked_whole(ranks, order, limit):
    Sample.objects.all().delete()
    Sample.objects.bulk_create([Sample(id=n, rank=rank) for n, rank in enumerate(ranks)])
    pages = _forward(Sample.objects.all(), order, limit)
    assert _ids(pages) == _expected(order)
    assert _ids(_backward(Sample.objects.all(), order, limit, pages[-1])) == _expected(order)


def test_the_ends_have_no_further_pages():
    Sample.objects.bulk_create(_rows(4))
    first, last = _forward(Sample.objects.all(), ("id",), 2)
    assert (first.previous, last.next) == (None, None)
    assert first.next and last.previous


def test_nothing_there():
    assert keyset.page(Sample.objects.all(), order=("id",), limit=5) == keyset.Page([], None, None)


def test_new_rows_do_not_shift_the_next_page():
    Sample.objects.bulk_create([Sample(id=n) for n in (10, 20, 30, 40)])
    first = keyset.page(Sample.objects.all(), order=("id",), limit=2)
    Sample.objects.bulk_create([Sample(id=5), Sample(id=15), Sample(id=25)])
    second = keyset.page(Sample.objects.all(), order=("id",), cursor=first.next, limit=2)
    assert _ids([second]) == [25, 30]


@pytest.mark.parametrize(("order", "kept"), [(("id",), 2), (("rank", "id"), 2)])
def test_when_all_rows_behind_are_gone_the_way_back_shows_the_last_seen(order, kept):
    Sample.objects.bulk_create([Sample(id=n, rank=None) for n in range(4)])
    first = keyset.page(Sample.objects.all(), order=order, limit=kept)
    Sample.objects.filter(id__gte=kept).delete()
    gone = keyset.page(Sample.objects.all(), order=order, cursor=first.next, limit=kept)
    assert (gone.results, gone.next) == ([], None)
    assert _ids([keyset.page(Sample.objects.all(), order=order, cursor=gone.previous, limit=kept)]) == [0, 1]


@pytest.mark.parametrize("limit", [1, 5, 20])
def test_one_statement_a_page(limit, django_assert_num_queries):
    Sample.objects.bulk_create(_rows(23))
    cursor = keyset.page(Sample.objects.all(), order=("rank", "id"), limit=limit).next
    with django_assert_num_queries(1) as caught:
        keyset.page(Sample.objects.all(), order=("rank", "id"), cursor=cursor, limit=limit)
    statement = caught.captured_queries[0]["sql"]
    assert ("COUNT(" in statement, "OFFSET" in statement) == (False, False)
    assert f"LIMIT {limit + 1}" in statement


def test_annotations_and_dictionaries_can_be_paged():
    Sample.objects.bulk_create(_rows(9))
    queryset = Sample.objects.annotate(twice=F("rank") * 2).values("id", "twice")
    found = [row["id"] for page in _forward(queryset, ("-twice", "id"), 2) for row in page.results]
    assert found == _expected(("-rank", "id"))


def test_cursors_hide_what_they_carry():
    Sample.objects.bulk_create([Sample(id=1, name="zhangsan"), Sample(id=2, name="zhangsi")])
    cursor = keyset.page(Sample.objects.all(), order=("name", "id"), limit=1).next
    assert "zhangsan" not in cursor
    assert cursor == cursor.encode("ascii").decode()


def _forged(content):
    return encrypt(content, keyset.PURPOSE)


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "0",
        "a1.x.y",
        "é",
        "\x00",
        "x" * 3000,
        encrypt('["toolkit.sample:id",0,0,[1]]'),
        _forged("nonsense"),
        _forged("[]"),
        _forged("7"),
        _forged('["toolkit.sample:name",0,0,[1]]'),
        _forged('["toolkit.sample:id",0,0,[1,2]]'),
        _forged('["toolkit.sample:id",0,0,[{"date":"2026-13-01"}]]'),
        _forged('["toolkit.sample:id",0,0,[{"Decimal":"x"}]]'),
        _forged('["toolkit.sample:id",0,0,[{"file":"x"}]]'),
        _forged('["toolkit.sample:id",0,0,[{}]]'),
        _forged('["toolkit.sample:id",0,0,7]'),
    ],
    ids=range(17),  # the sealed ones read differently in every process
)
def test_a_bad_cursor_is_malformed(cursor):
    with pytest.raises(Malformed) as caught:
        keyset.page(Sample.objects.all(), order=("id",), cursor=cursor, limit=5)
    assert [each.pointer for each in caught.value.errors] == ["/cursor"]


def test_a_cursor_of_another_order_is_malformed():
    Sample.objects.bulk_create(_rows(3))
    cursor = keyset.page(Sample.objects.all(), order=("id",), limit=1).next
    with pytest.raises(Malformed):
        keyset.page(Sample.objects.all(), order=("-id",), cursor=cursor, limit=1)
