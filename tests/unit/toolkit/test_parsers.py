import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.refusals import Malformed, TooLarge
from toolkit.rest.parsers import JSONParser


def parse(body):
    return JSONParser().parse(io.BytesIO(body if isinstance(body, bytes) else body.encode()))


def _refused(body):
    with pytest.raises(Malformed) as caught:
        parse(body)
    json.dumps([str(each.detail) for each in caught.value.errors], ensure_ascii=False).encode()
    return caught.value


storable = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), inner)
    ),
    max_leaves=20,
)


@given(storable)
def test_ordinary_json_passes_unchanged(value):
    assert parse(json.dumps(value)) == value


def test_a_byte_order_mark_is_forgiven():
    assert parse(b"\xef\xbb\xbf{}") == {}


@pytest.mark.parametrize(
    ("body", "code", "pointers"),
    [
        (r'{"name": "a\u0000b"}', "bad_character", ["/name"]),
        (r'{"a": [1, {"b/c": "\ud800"}]}', "bad_character", ["/a/1/b~1c"]),
        (r'{"a\u0000": 1}', "bad_character", ["/a�"]),
        (r'{"\udfff": 1}', "bad_character", ["/�"]),
        (r'"\u0000"', "bad_character", [""]),
        ('{"a": NaN, "b": [Infinity, -Infinity, 1e999]}', "not_a_number", ["/a", "/b/0", "/b/1", "/b/2"]),
        ('{"a": 9223372036854775808}', "number_too_large", ["/a"]),
        ('{"a": -9223372036854775809}', "number_too_large", ["/a"]),
        ('{"a": {"x": 1, "y": 2, "x": 3}}', "repeated_name", ["/a/x"]),
        ("{", "not_json", []),
        ("", "not_json", []),
        ("{'a': 1}", "not_json", []),
        (b"\xff\xfe{}", "not_utf8", []),
        (b'{"a": "\xed\xa0\x80"}', "not_utf8", []),
        ("1" * 5000, "number_too_large", []),
    ],
)
def test_what_the_database_cannot_hold(body, code, pointers):
    refusal = _refused(body)
    assert (refusal.code, [each.pointer for each in refusal.errors]) == (code, pointers)


def test_a_surrogate_pair_is_a_character():
    assert parse(r'{"a": "\ud840\udc00"}') == {"a": "\U00020000"}


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_depth(opening):
    closing = "]" if opening == "[" else "}"
    assert parse(opening * 50 + "1" + closing * 50)
    for depth in (51, 100_000):
        assert _refused(opening * depth + "1" + closing * depth).code == "too_deep"


def test_the_list_of_errors_ends():
    assert len(_refused(json.dumps(["\x00"] * 500)).errors) == 50


@pytest.mark.parametrize(("size", "fits"), [(100, True), (101, False)])
def test_size(settings, size, fits):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = '"' + "x" * (size - 2) + '"'
    if fits:
        assert parse(body) == "x" * (size - 2)
    else:
        with pytest.raises(TooLarge):
            parse(body)


def test_without_a_limit(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    assert parse("[1]") == [1]
