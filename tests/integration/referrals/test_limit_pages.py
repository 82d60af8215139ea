"""The office's page of time limits."""

import pytest
from django.urls import reverse

from referrals.actions.limiting import limits_of
from referrals.limits import Limit

pytestmark = pytest.mark.django_db
CELL = ["urgent", "respond"]


def test_the_office_sets_a_limit_and_takes_it_back(cast):
    office = cast.browser("consortium_administrator")
    page = office.get(reverse("referrals:limits")).content.decode()
    assert "工作时间 2 小时" in page
    assert "1 个工作日" in page
    saved = office.post(reverse("referrals:limit", args=CELL), {"amount": "30", "unit": "minutes"})
    assert (saved.status_code, saved.url) == (302, reverse("referrals:limits"))
    assert limits_of(cast.consortium)["urgent", "respond"] == (Limit(30, "minutes"), True)
    assert "本医联体设定" in office.get(reverse("referrals:limits")).content.decode()
    office.post(reverse("referrals:limit_reset", args=CELL))
    cast.consortium.refresh_from_db()
    assert limits_of(cast.consortium)["urgent", "respond"] == (Limit(120, "working_minutes"), False)


def test_what_is_wrong_stands_at_the_field_and_what_was_typed_stays(cast):
    office = cast.browser("consortium_administrator")
    page = office.post(
        reverse("referrals:limit", args=["emergency", "respond"]), {"amount": "7", "unit": "working_days"}
    )
    assert page.status_code == 422
    assert "急诊和绿色通道昼夜计时，单位只能是分钟。" in page.content.decode()
    assert 'value="7"' in page.content.decode()


@pytest.mark.parametrize("who", ["core_administrator", "cardiologist", "core_desk"])
def test_nobody_else_may(cast, who):
    browser = cast.browser(who)
    for name, args in (("limits", []), ("limit", CELL)):
        assert browser.get(reverse(f"referrals:{name}", args=args)).status_code == 403
    assert browser.post(reverse("referrals:limit_reset", args=CELL)).status_code == 403


def test_a_cell_that_is_none_is_not_found(cast):
    office = cast.browser("consortium_administrator")
    assert office.get(reverse("referrals:limit", args=["someday", "respond"])).status_code == 404


def test_query_count(cast, django_assert_max_num_queries):
    office = cast.browser("consortium_administrator")
    with django_assert_max_num_queries(12):
        assert office.get(reverse("referrals:limits")).status_code == 200
