"""How long a way may take before somebody asks where the patient is."""

from datetime import timedelta

FACTOR = 1.5
UNKNOWN = timedelta(hours=2)
"""What a way of unknown length is taken as, so that somebody asks after three hours: long enough for any county."""


def allowed(minutes: int | None) -> timedelta:
    """FACTOR × the travel time in minutes; None where nobody has said how long the way is."""
    return (UNKNOWN if minutes is None else timedelta(minutes=minutes)) * FACTOR
