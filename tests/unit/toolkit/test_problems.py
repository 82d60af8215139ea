import json
import logging

import pytest
from django.db import IntegrityError
from django.test import Client

from toolkit.rest import problems

PROBLEM = "application/problem+json"


@pytest.fixture(autouse=True)
def _quiet(caplog):
    caplog.set_level(logging.CRITICAL)


@pytest.mark.parametrize(
    ("name", "status", "kind", "code", "detail"),
    [
        ("refused", 422, "refused", "future", "出生日期不能晚于今天"),
        ("full", 409, "conflict", "full", "号源已满"),
        ("too_many", 429, "too_many", "too_many", "请求过于频繁"),
        ("validation", 400, "malformed", "invalid", "有 2 处填写有误"),
        ("django_validation", 400, "malformed", "invalid", "必填"),
        ("http404", 404, "not_found", "not_found", "没有这个对象，或者它不在您可以看到的范围内"),
        ("rest_missing", 404, "not_found", "not_found", "没有这个对象，或者它不在您可以看到的范围内"),
        ("denied", 403, "forbidden", "forbidden", "您没有执行此操作的权限"),
        ("rest_denied", 403, "forbidden", "forbidden", "缺少范围 referrals:write"),
        ("no_login", 401, "unauthenticated", "unauthenticated", "请先登录，或在 Authorization 头中带上访问令牌"),
        ("bad_token", 401, "unauthenticated", "unauthenticated", "令牌已过期"),
        ("parse", 400, "malformed", "malformed", "不是 JSON"),
        ("throttled", 429, "too_many", "too_many", "请求过于频繁，请在 13 秒后重试"),
        ("too_big", 413, "too_large", "too_large", "提交的内容超过上限，请减少内容或分批提交"),
        ("suspicious", 400, "malformed", "malformed", "请求格式有误"),
        ("bad", 400, "malformed", "malformed", "请求格式有误"),
    ],
)
@pytest.mark.parametrize("road", ["fail", "page"])
def test_every_exception_has_its_problem(site, road, name, status, kind, code, detail):
    response = site.get(f"/api/{road}/{name}")
    body = json.loads(response.content)
    assert (response.status_code, response["Content-Type"]) == (status, PROBLEM)
    assert response["Content-Language"] == "zh-hans"
    assert list(body) == ["type", "title", "status", "code", "detail", "request_id", "errors"]
    assert (body["type"], body["status"], body["code"]) == (f"urn:problem-type:{kind}", status, code)
    assert body["detail"] == detail
    assert body["request_id"] == response["X-Request-ID"]
    assert "secret" not in response.content.decode()


def test_a_failure_of_rest_itself(site):
    response = site.get("/api/fail/unavailable")
    assert (response.status_code, response.json()["detail"]) == (500, "系统出错")


def _errors(site, name):
    return [(each["pointer"], each["code"], each["detail"]) for each in site.get(f"/api/fail/{name}").json()["errors"]]


def test_errors_point_into_the_body(site):
    assert _errors(site, "refused") == [("/birth_date", "future", "出生日期不能晚于今天")]
    assert _errors(site, "validation") == [("/patient/name", "invalid", "必填"), ("/items/1/code", "invalid", "错")]


def test_headers_say_what_to_do(site):
    assert site.get("/api/fail/throttled")["Retry-After"] == "13"
    assert site.get("/api/page/too_many")["Retry-After"] == "7"
    assert site.get("/api/fail/no_login")["WWW-Authenticate"] == 'Bearer realm="api"'
    assert sorted(site.put("/api/fail/echo")["Allow"].split(", ")) == ["GET", "OPTIONS", "POST"]


@pytest.mark.parametrize(
    ("method", "options", "status"),
    [
        ("put", {}, 405),
        ("get", {"headers": {"accept": "text/csv"}}, 406),
        ("post", {"data": "a=1", "content_type": "text/plain"}, 415),
        ("post", {"data": "{", "content_type": "application/json"}, 400),
        ("post", {"data": r'{"a": "\u0000"}', "content_type": "application/json"}, 400),
        ("post", {"data": "[" * 60 + "]" * 60, "content_type": "application/json"}, 400),
        ("post", {"data": '"' + "x" * 300 + '"', "content_type": "application/json"}, 413),
    ],
)
def test_bad_requests_are_problems(site, settings, method, options, status):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 200
    response = getattr(site, method)("/api/fail/echo", **options)
    assert (response.status_code, response["Content-Type"], response.json()["status"]) == (status, PROBLEM, status)


def test_a_database_error_stays_loud(site):
    with pytest.raises(IntegrityError):
        Client().get("/api/fail/integrity")


@pytest.mark.parametrize("address", ["/api/fail/integrity", "/api/fail/bug", "/api/page/bug", "/page/bug"])
def test_a_bug_tells_nothing_but_its_request(site, address):
    response = site.get(address)
    body = response.content.decode()
    assert (response.status_code, "secret" in body, "UNIQUE" in body) == (500, False, False)
    if address.startswith("/api/"):
        assert json.loads(body)["request_id"] == response["X-Request-ID"]


@pytest.mark.parametrize(
    ("address", "media_type"), [("/api/nowhere", PROBLEM), ("/nowhere", "text/html; charset=utf-8")]
)
def test_addresses_that_do_not_exist(site, address, media_type):
    response = site.get(address)
    assert (response.status_code, response["Content-Type"]) == (404, media_type)


def test_other_languages(site):
    response = site.get("/api/fail/no_login", headers={"accept-language": "en"})
    assert (response["Content-Language"], response.status_code) == ("en", 401)


@pytest.mark.parametrize(("path", "media_type"), [("/api/x", PROBLEM), ("/x", "text/html; charset=utf-8")])
def test_csrf_failures(site, rf, path, media_type):
    response = problems.csrf_failure(rf.post(path), reason="secret")
    assert (response.status_code, response["Content-Type"], b"secret" in response.content) == (403, media_type, False)


def test_a_broken_error_page_still_answers(site, rf, monkeypatch):
    def broken(refusal, request):
        raise RuntimeError

    monkeypatch.setattr(problems, "refusal_page", broken)
    response = problems.server_error(rf.get("/x"))
    assert (response.status_code, "系统出错" in response.content.decode()) == (500, True)
