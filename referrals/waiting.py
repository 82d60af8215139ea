"""How long patients wait for a department: the definition, once.

Counted are the referrals that came to the department and arrived within the last `WINDOW`: no emergency and no green
channel (they do not wait), no follow-up at home (its day is agreed, not waited for), none that is void. Who never
arrived (withdrawn, refused, cancelled, not come) has no wait to count. Each waits from the moment it was sent, or the
first day the patient wished if that is later, until the place that was held for him, or until he came if that was
earlier. The figure is the median in minutes of calendar time, apart for each department, kind of place and urgency.
With fewer than `LEAST` referrals there is none, so that no figure is about somebody.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median

from referrals import codes

WINDOW = timedelta(days=90)
LEAST = 6
STALE_AFTER = timedelta(hours=1)
"""It is computed every quarter of an hour; what is older than this is shown with its age."""

WAITING_URGENCIES = ("routine", "urgent")
NOT_WAITED_FOR = ("emergency", "follow_up")
CARE = {kind: places[0] for kind, places in codes.PLACES_FOR.items() if kind not in NOT_WAITED_FOR}
"""Kind of referral → the kind of place it waits for (`institutions.Capacity.Kind`)."""


def waited(*, sent_at: datetime, arrived_at: datetime, wished_at=None, appointed_at=None) -> int:
    """Whole minutes one patient waited, never below 0. `wished_at` is the first moment that would have suited him,
    `appointed_at` that of the place he held when he came; None where there was neither.
    """
    begun = max(sent_at, wished_at) if wished_at else sent_at
    ended = min(arrived_at, appointed_at) if appointed_at else arrived_at
    return max(0, int((ended - begun).total_seconds() // 60))


def typical(minutes: Iterable[int]) -> int | None:
    """The median in whole minutes, the middle of the two in the middle rounded down; None where they are too few."""
    several = list(minutes)
    return int(median(several)) if len(several) >= LEAST else None
