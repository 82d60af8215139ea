"""The alarm as it hangs in the corridor: numbers, places and minutes, nothing of the patient and nothing clinical."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from referrals.models import Referral
from referrals.parties import is_in_turn
from toolkit.pages.remaining import duration_words

MOST, COUNTED = 5, 30
"""So many lines, and so many are counted."""


@dataclass(frozen=True)
class Alarm:
    """One line of the banner: `missed` somebody on the way who is overdue, `mine` whether the reader may claim it."""

    number: str
    kind: str
    sender: str
    department: str
    waiting: str
    phone: str
    missed: bool
    mine: bool


@dataclass(frozen=True)
class Alarms:
    """`lines` longest waiting first, `more` beyond them; `key` changes when something new comes or something goes."""

    lines: list[Alarm]
    more: int

    @property
    def count(self) -> int:
        return len(self.lines) + self.more

    @property
    def key(self) -> str:
        return " ".join(f"{line.number}{'!' if line.missed else ''}" for line in self.lines)


def alarms_of(actor) -> Alarms:
    """One query."""
    now = timezone.now()
    rows = Referral.objects.as_rows().telling_turn_of(actor).alarming(actor, now).order_by("submitted_at", "id")
    found = list(rows[:COUNTED])
    return Alarms([_line(row, actor, now) for row in found[:MOST]], max(len(found) - MOST, 0))


def _line(referral, actor, now) -> Alarm:
    missed = referral.status == "in_transit" and referral.expected_at < now
    since = referral.expected_at if missed else referral.submitted_at
    sender = referral.sender
    return Alarm(
        number=referral.number,
        kind=referral.get_green_channel_display() or _("急诊"),
        sender=sender.label,
        department=referral.department.name,
        waiting=duration_words(now - since),
        phone=referral.author_phone or sender.duty_phone or sender.desk_phone,
        missed=missed,
        mine=is_in_turn(referral, actor),
    )
