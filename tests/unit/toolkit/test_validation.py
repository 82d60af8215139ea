import pytest
from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework.exceptions import ErrorDetail, ValidationError

from toolkit.rest.validation import field_errors


def _flat(exc):
    return [(each.pointer, each.code, each.detail) for each in field_errors(exc)]


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ("错", [("", "invalid", "错")]),
        (["一", "二"], [("", "invalid", "一"), ("", "invalid", "二")]),
        ({"name": ["必填"]}, [("/name", "invalid", "必填")]),
        ({"name": "必填"}, [("/name", "invalid", "必填")]),
        ({"non_field_errors": ["错"]}, [("", "invalid", "错")]),
        ({"patient": {"non_field_errors": ["错"]}}, [("/patient", "invalid", "错")]),
        ({"patient": {"identifiers": [{}, {"value": ["错"]}]}}, [("/patient/identifiers/1/value", "invalid", "错")]),
        ({"tags": {1: ["错"]}}, [("/tags/1", "invalid", "错")]),
        ([{}, {"a": ["错"]}], [("/1/a", "invalid", "错")]),
        ({"a/b~c": ["错"]}, [("/a~1b~0c", "invalid", "错")]),
        ({"a": [ErrorDetail("错", code="blank")]}, [("/a", "blank", "错")]),
        ({}, []),
    ],
)
def test_rest_framework(detail, expected):
    assert _flat(ValidationError(detail)) == expected


@pytest.mark.parametrize(
    ("exc", "expected"),
    [
        (DjangoValidationError("错"), [("", "invalid", "错")]),
        (DjangoValidationError("%(n)s 错", code="bad", params={"n": 3}), [("", "bad", "3 错")]),
        (
            DjangoValidationError({"name": ["一"], "__all__": ["二"]}),
            [("/name", "invalid", "一"), ("", "invalid", "二")],
        ),
    ],
)
def test_django(exc, expected):
    assert _flat(exc) == expected
