"""The OpenAPI document says how to sign in and which headers are read."""

import pytest
from drf_spectacular.generators import SchemaGenerator

from accounts.schema import ActorSchema
from tests.integration.accounts.urls import DeedViewSet


@pytest.fixture
def described(monkeypatch):
    """The operations of the small resource, by method, and the whole document."""
    monkeypatch.setattr(DeedViewSet, "schema", ActorSchema())
    document = SchemaGenerator(urlconf="tests.integration.accounts.schema_urls").get_schema(public=True)
    return document["paths"]["/api/v1/deeds/"], document


def headers_of(operation):
    return sorted(each["name"] for each in operation.get("parameters", []) if each["in"] == "header")


def test_each_operation_names_its_scope(described):
    operations, _document = described
    assert {method: each["security"] for method, each in operations.items()} == {
        "get": [{"client": ["referrals:read"]}, {"session": []}],
        "post": [{"client": ["referrals:write"]}, {"session": []}],
    }


def test_each_operation_names_the_headers_it_reads(described):
    operations, _document = described
    assert {method: headers_of(each) for method, each in operations.items()} == {
        "get": ["On-Behalf-Of"],
        "post": ["Idempotency-Key", "On-Behalf-Of"],
    }


def test_where_tokens_are_got(described, settings):
    schemes = described[1]["components"]["securitySchemes"]
    flow = schemes["client"]["flows"]["clientCredentials"]
    assert (flow["tokenUrl"], set(flow["scopes"])) == ("/oauth2/token", set(settings.OAUTH2_PROVIDER["SCOPES"]))
    assert schemes["session"]["name"] == settings.SESSION_COOKIE_NAME
