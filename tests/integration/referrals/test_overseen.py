"""The consortium office sees where everything stands, and no patient."""

import pytest
from django.urls import reverse

from tests.walk import referral_at

pytestmark = pytest.mark.django_db


def test_the_office_sees_what_was_sent_in_its_consortium_masked(cast):
    sent = referral_at("accepted", cast)
    between_townships = referral_at("submitted", cast, direction="lateral")
    draft = referral_at("draft", cast)
    page = cast.browser("consortium_administrator").get(reverse("referrals:overseen")).content.decode()
    assert sent.number in page
    assert between_townships.number in page
    assert draft.number not in page
    assert "王秀英" not in page
    assert "王**" in page


def test_the_office_of_another_consortium_sees_nothing(cast):
    sent = referral_at("accepted", cast)
    page = cast.browser("outsider_office").get(reverse("referrals:overseen")).content.decode()
    assert sent.number not in page


@pytest.mark.parametrize("who", ["core_desk", "cardiologist", "core_administrator"])
def test_nobody_else_has_this_list(cast, who):
    assert cast.browser(who).get(reverse("referrals:overseen")).status_code == 403


def test_over_rest_too_with_its_own_permission(cast):
    sent = referral_at("accepted", cast)
    office = cast.client("county-hospital", roles=["consortium_administrator"])
    rows = office.get("/api/v1/referrals/?box=overseen").json()["results"]
    assert [row["number"] for row in rows] == [sent.number]
    assert cast.client("county-hospital").get("/api/v1/referrals/?box=overseen").status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_query_count(cast, rows, django_assert_max_num_queries):
    for _number in range(rows):
        referral_at("submitted", cast)
    browser = cast.browser("consortium_administrator")
    with django_assert_max_num_queries(12):
        assert browser.get(reverse("referrals:overseen")).status_code == 200
