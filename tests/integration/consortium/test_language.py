"""Chinese first, English one click away; machines are answered in the language they ask for."""

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db


def test_an_english_browser_sees_chinese_until_somebody_chooses(client):
    page = client.get("/login/", headers={"Accept-Language": "en-US,en"})
    assert page.headers["Content-Language"] == "zh-hans"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get("/login/", headers={"Accept-Language": "zh-CN"})
    assert page.headers["Content-Language"] == "en"


@pytest.mark.parametrize("nonsense", ["", "xx", "../../etc", "en" * 300])
def test_a_broken_cookie_is_no_language(client, nonsense):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = nonsense
    assert client.get("/login/").headers["Content-Language"] == "zh-hans"


def test_rest_follows_accept_language(client):
    answer = client.get("/api/v1/referrals/", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Content-Language"]) == (401, "en")
