"""Limits and the ladder as arithmetic, without a database row."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from referrals import codes, limits
from referrals.limits import DEFAULTS, TOP_RUNG, Limit, next_rung_at, rung_reached
from toolkit.calendar import WorkingCalendar
from toolkit.calendar.working import ZONE

WEDNESDAY = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)
CALENDAR = WorkingCalendar()


def test_every_urgency_has_every_limit():
    steps = {"respond", "arrange", "escalate", "settle"}
    registered = {("urgent", "advise"), ("routine", "advise")}  # of advice before referral: emergencies are not asked
    assert set(DEFAULTS) == {(urgency, step) for urgency in codes.URGENCIES for step in steps} | registered


def test_emergencies_run_by_night_and_nothing_milder_is_shorter():
    for step in ("respond", "arrange", "escalate", "settle"):
        ends = [DEFAULTS[urgency, step].after(WEDNESDAY, CALENDAR) for urgency in ("emergency", "urgent", "routine")]
        assert ends == sorted(ends)
        assert DEFAULTS["emergency", step].runs_at_night


@pytest.mark.parametrize(
    ("limit", "end"),
    [
        (Limit(15, "minutes"), WEDNESDAY + timedelta(minutes=15)),
        (Limit(150, "working_minutes"), datetime(2026, 3, 11, 14, 30, tzinfo=ZONE)),
        (Limit(3, "working_days"), datetime(2026, 3, 16, 10, 0, tzinfo=ZONE)),
        (Limit(0, "working_days"), WEDNESDAY),
    ],
)
def test_units(limit, end):
    assert limit.after(WEDNESDAY, CALENDAR) == end


@pytest.fixture
def emergency(monkeypatch):
    """An escalation every five minutes."""
    monkeypatch.setattr(limits, "limit_of", lambda referral, step: DEFAULTS["emergency", step])
    return SimpleNamespace()


def test_rungs_one_after_the_other(emergency):
    ladder = {"deadline": WEDNESDAY, "calendar": CALENDAR}
    for minutes, rung in [(-1, 0), (0, 1), (4, 1), (5, 2), (9, 2), (10, 3), (10_000, 3)]:
        assert rung_reached(emergency, now=WEDNESDAY + timedelta(minutes=minutes), **ladder) == rung
    later = [next_rung_at(emergency, rung=rung, **ladder) for rung in range(TOP_RUNG + 1)]
    assert later == [WEDNESDAY, WEDNESDAY + timedelta(minutes=5), WEDNESDAY + timedelta(minutes=10), None]


def test_the_next_look_is_never_before_what_was_reached(emergency):
    """Otherwise the clock would look, do nothing, and look again at once."""
    ladder = {"deadline": WEDNESDAY, "calendar": CALENDAR}
    for minutes in range(0, 20):
        now = WEDNESDAY + timedelta(minutes=minutes)
        following = next_rung_at(emergency, rung=rung_reached(emergency, now=now, **ladder), **ladder)
        assert following is None or following > now
