"""What the overview counts as it happens: days of Shanghai, reasons, medians; and what it costs."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from referrals.figures import Asked, period_named, population
from referrals.figures.measuring import answer_times
from referrals.models import Referral
from tests.integration.pages import at_most
from tests.integration.referrals.overviewing import OFFICE, overview, rows_behind, shares
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_days_are_those_of_shanghai(cast, clock):
    clock.move_to(datetime(2026, 3, 10, 23, 59, tzinfo=ZONE))
    referral_at("submitted", cast)
    clock.move_to(datetime(2026, 3, 11, 0, 1, tzinfo=ZONE))
    referral_at("submitted", cast)
    browser = cast.browser(OFFICE)
    for day in ("2026-03-10", "2026-03-11"):
        assert shares(overview(browser, period="custom", since=day, until=day))["sent"] == (1, 1)


@pytest.mark.parametrize(
    ("minutes", "median"), [([], None), ([7], 7), ([30, 10, 20], 20), ([10, 40, 20, 30], 25), ([5, 5, 600], 5)]
)
def test_the_median_of_the_first_answers(cast, minutes, median):
    for wait in minutes:
        one = referral_at("accepted", cast)
        Referral.objects.filter(pk=one.pk).update(responded_at=one.submitted_at + timedelta(minutes=wait))
    referral_at("submitted", cast)  # nobody has answered it
    green = referral_at("accepted", cast, urgency="emergency", green_channel="trauma", caller_phone="13800001111")
    Referral.objects.filter(pk=green.pk).update(responded_at=green.submitted_at + timedelta(minutes=1))
    rows = population(cast.actors.consortium_administrator, Asked(period_named("this_month")))
    expected = {("county-hospital", "green"): timedelta(minutes=1)}
    if median is not None:
        expected["county-hospital", "routine"] = timedelta(minutes=median)
    assert answer_times(rows) == expected


def test_the_reason_of_a_return_is_counted(cast):
    browser = cast.browser(OFFICE)
    step("return", referral_at("submitted", cast), cast, reason="exam")
    reason = overview(browser).context["shown"].reasons[0]
    assert (reason.words, len(rows_behind(browser, reason.number.url))) == ("缺检查检验结果", 1)


def test_as_many_statements_for_one_as_for_thirty(cast):
    browser = cast.browser(OFFICE)
    referral_at("rejected", cast)
    rows = reverse("overview_rows", query={"figure": "sent"})
    with at_most(12):
        assert overview(browser).status_code == 200
    for _each in range(6):
        for status in ("submitted", "returned", "withdrawn"):
            referral_at(status, cast)
    for _each in range(12):
        referral_at("submitted", cast, sender=cast.institutions.hekou, urgency="urgent")
    with at_most(12):
        assert shares(overview(browser))["sent"] == (31, 31)
    with at_most(9):
        assert len(browser.get(rows).context["rows"]) == 20
    assert len(rows_behind(browser, rows)) == 31
