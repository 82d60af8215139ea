"""The definition of a waiting time, on rows made by hand."""

from datetime import datetime, timedelta

import pytest

from referrals import codes, waiting
from toolkit.calendar.working import ZONE

SENT = datetime(2026, 2, 13, 16, 0, tzinfo=ZONE)
DAY = 24 * 60


def after(**span) -> datetime:
    return SENT + timedelta(**span)


@pytest.mark.parametrize(
    ("facts", "minutes"),
    [
        ({"arrived_at": after(days=3)}, 3 * DAY),
        ({"arrived_at": after(days=3), "appointed_at": after(days=2)}, 2 * DAY),  # the place was there before he came
        ({"arrived_at": after(days=1), "appointed_at": after(days=2)}, DAY),  # he came before his place
        ({"arrived_at": after(days=9), "wished_at": after(days=7)}, 2 * DAY),  # he did not want to come earlier
        ({"arrived_at": after(days=9), "wished_at": after(days=-7)}, 9 * DAY),
        ({"arrived_at": after(minutes=-5)}, 0),  # entered afterwards, with the times as they were
        ({"arrived_at": after(hours=2), "wished_at": after(days=1)}, 0),
        ({"arrived_at": after(seconds=119)}, 1),
        # over the Spring Festival and the Sunday made up for it: patients wait on days nobody works
        ({"arrived_at": after(days=13)}, 13 * DAY),
    ],
)
def test_how_long_one_patient_waited(facts, minutes):
    assert waiting.waited(sent_at=SENT, **facts) == minutes


@pytest.mark.parametrize(
    ("minutes", "typical"),
    [
        ([], None),
        ([10] * 5, None),
        ([10] * 6, 10),
        ([60, 10, 20, 50, 30, 41], 35),  # between 30 and 41, rounded down
        ([1, 1, 1, 9, 9, 9, 9], 9),
        ([0, 0, 0, 0, 0, 99_999], 0),  # one who waited for ever does not make it long
    ],
)
def test_the_middle_one_of_six_or_more(minutes, typical):
    assert waiting.typical(minutes) == typical


def test_what_waits_for_which_place():
    assert waiting.CARE == {"outpatient": "slot", "inpatient": "bed", "exam": "slot", "rehabilitation": "bed"}
    assert codes.KINDS.keys() - waiting.CARE.keys() == {"emergency", "follow_up"}
