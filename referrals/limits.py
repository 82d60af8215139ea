"""Time limits as data, and how long a step may lie in a hand.

Defaults are the table of the referral specification; a consortium's own rows replace them.
Working time follows the calendar of the institution in whose hand the referral lies;
emergencies and the green channel run day and night.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from referrals.models import TimeLimit


@dataclass(frozen=True)
class Limit:
    """An amount of wall-clock minutes, working minutes or working days."""

    amount: int
    unit: str

    @property
    def runs_at_night(self) -> bool:
        """Wall-clock time, as for emergencies; otherwise only working time counts."""
        return self.unit == "minutes"

    def after(self, start: datetime, calendar) -> datetime:
        """The moment this limit ends when it begins at `start`."""
        if self.unit == "minutes":
            return start + timedelta(minutes=self.amount)
        if self.unit == "working_minutes":
            return calendar.add_time(start, timedelta(minutes=self.amount))
        return calendar.add_days(start, self.amount)


AT_ONCE = Limit(0, "minutes")
GRACE = Limit(5, "minutes")
"""Of an accepted emergency, "at once" is as long as a step of its ladder: the way has to be set out on first."""

DEFAULTS: dict[tuple[str, str], Limit] = {
    ("emergency", "respond"): Limit(15, "minutes"),
    ("emergency", "arrange"): GRACE,
    ("emergency", "escalate"): Limit(5, "minutes"),
    ("emergency", "settle"): AT_ONCE,
    ("urgent", "respond"): Limit(120, "working_minutes"),
    ("urgent", "arrange"): Limit(1440, "minutes"),
    ("urgent", "escalate"): Limit(60, "working_minutes"),
    ("urgent", "settle"): Limit(120, "working_minutes"),
    ("routine", "respond"): Limit(1, "working_days"),
    ("routine", "arrange"): Limit(3, "working_days"),
    ("routine", "escalate"): Limit(1, "working_days"),
    ("routine", "settle"): Limit(1, "working_days"),
}


def register(step: str, limits: dict[str, Limit]) -> None:
    """A step of something above this app: urgency → its default. A consortium sets its own like the others."""
    DEFAULTS.update({(urgency, step): limit for urgency, limit in limits.items()})


REVIEW = Limit(1, "working_days")
ACKNOWLEDGE = Limit(2, "working_days")
RETURNED_EXPIRES = timedelta(days=7)
DRAFT_KEPT = timedelta(days=30)
SUMMARY_DUE = timedelta(hours=24)
COMPLETION_DUE = timedelta(hours=24)
COMPLETION_STEPS = (timedelta(hours=-4), timedelta(0), timedelta(hours=4), timedelta(hours=24))
"""Of the paper, before and after it is due: the author twice, then his house's desk, then the consortium office."""
GREEN_REVIEW_DUE = timedelta(days=7)
GREEN_REVIEW_STEPS = (timedelta(0),)
"""The office is reminded of a review once, when it is due."""
UNDO_ARRIVAL = timedelta(hours=24)
MISSED_AFTER = {"slot": timedelta(days=7), "bed": timedelta(days=3)}
PLANNED_AT_MOST = timedelta(days=731)
"""How far ahead people agree on a day; what is further is a slip of the pen."""
SLIP_VALID = timedelta(days=30)
ACCESS_KEPT = timedelta(days=90)
TOP_RUNG = 3


def limit_of(referral, step: str) -> Limit:
    """The limit of one step ("respond", "arrange", "escalate", "settle", or one registered) for this referral."""
    urgency = "emergency" if referral.is_emergency else referral.urgency
    own = TimeLimit.objects.filter(consortium_id=referral.consortium_id, urgency=urgency, step=step).first()
    return Limit(own.amount, own.unit) if own else DEFAULTS[urgency, step]


def next_rung_at(referral, *, deadline: datetime, rung: int, calendar) -> datetime | None:
    """When the ladder climbs from `rung` to the next step; None at the top."""
    if rung >= TOP_RUNG:
        return None
    at, interval = deadline, limit_of(referral, "escalate")
    for _step in range(rung):
        at = interval.after(at, calendar)
    return at


def rung_reached(referral, *, deadline: datetime, now: datetime, calendar) -> int:
    """How high the ladder stands at `now`: 0 in time, 1 desk, 2 duty line, 3 office.

    Missed steps collapse: after downtime only the highest step reached is told.
    """
    at, rung, interval = deadline, 0, limit_of(referral, "escalate")
    while rung < TOP_RUNG and at <= now:
        rung += 1
        at = interval.after(at, calendar)
    return rung


def steps_reached(steps, *, due: datetime, now: datetime) -> int:
    """How many of the steps around `due` have come; those missed in a downtime collapse into the last."""
    return sum(due + step <= now for step in steps)


def next_step_at(steps, *, due: datetime, reached: int) -> datetime | None:
    """When the step after the `reached` ones comes; None after the last."""
    return due + steps[reached] if reached < len(steps) else None
