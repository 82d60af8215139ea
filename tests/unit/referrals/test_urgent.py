"""What waits for nobody's quiet hours: everything told of an emergency, until it is over."""

from types import SimpleNamespace

import pytest

from events import notices
from referrals.notices import ALSO, TABLE

TOLD = [(row[0], row[0]) for row in TABLE] + [(row[0], row[1]) for row in ALSO]
ALWAYS = {"escalated", "upgraded", "dispatched"}


def presses(name, key, **facts) -> bool:
    event = SimpleNamespace(name=f"referral.{name}", facts=facts)
    return notices.find(event.name, key).is_urgent(event)


@pytest.mark.parametrize(("name", "key"), TOLD, ids=[key for _name, key in TOLD])
def test_all_of_an_emergency_until_it_is_over(name, key):
    cases = [
        {"urgent": True, "source": "submitted", "target": "submitted"},
        {"urgent": True, "source": "in_transit", "target": "accepted"},
        {"urgent": True, "source": "submitted", "target": "withdrawn"},  # somebody has made ready for it
        {"urgent": True, "source": "arrived", "target": "concluded"},
        {"urgent": True, "source": "withdrawn", "target": "withdrawn"},
        {"urgent": False, "source": "submitted", "target": "accepted"},
    ]
    rest = name in ALWAYS
    assert [presses(name, key, **facts) for facts in cases] == [True, True, True, rest, rest, rest]


def test_a_draft_that_is_tidied_away_wakes_nobody():
    facts = {"urgent": True, "source": "draft", "target": "withdrawn", "sent": False}
    assert not presses("discarded", "discarded", **facts)
