"""Figures as numbers: nothing of nothing, nearly all is not all, periods of whole days."""

from datetime import date, datetime, timedelta

import pytest

from referrals.figures import FIGURES, Period, Share, period_named
from toolkit.calendar.working import ZONE


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(0, 0, "—"), (0, 3, "0.0%"), (2, 3, "66.7%"), (3, 3, "100.0%"), (1999, 2000, "99.9%"), (1, 3000, "0.1%")],
)
def test_a_share(part, whole, shown):
    assert Share(FIGURES["arrived"], part, whole).shown == shown


@pytest.mark.parametrize(
    ("name", "since", "until"),
    [
        ("this_month", date(2026, 3, 1), date(2026, 3, 11)),
        ("last_month", date(2026, 2, 1), date(2026, 2, 28)),
        ("last_90", date(2025, 12, 12), date(2026, 3, 11)),
    ],
)
def test_periods(name, since, until):
    assert period_named(name, today=date(2026, 3, 11)) == Period(since, until)


def test_a_period_ends_with_its_last_day():
    period = Period(date(2026, 3, 1), date(2026, 3, 1))
    assert (period.begin, period.end - period.begin) == (datetime(2026, 3, 1, tzinfo=ZONE), timedelta(days=1))
