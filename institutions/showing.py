"""What a reader of the booking calendar sees of a place: free for referrals, taken, and when the rest is released."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from institutions.models import Capacity

FEW = 2


@dataclass(frozen=True)
class Place:
    """One session of a department on a day."""

    session: str
    free: int
    booked: int
    elsewhere: int
    total: int
    rest: int
    release_at: datetime | None
    over: bool = False

    @property
    def level(self) -> str:
        if not self.free:
            return "full"
        return "few" if self.free <= FEW else "free"

    @property
    def words(self) -> str:
        if self.over:
            return _("已结束")
        return _("余 %(free)s") % {"free": self.free} if self.free else _("已满")

    @property
    def taken(self) -> int:
        return self.booked + self.elsewhere


def place_of(row: Capacity, now) -> Place:
    """A row of `Capacity.objects.with_free(now)`; `rest` is what `release_at` will add."""
    waiting = row.release_at > now
    untaken = row.total - row.booked - row.booked_elsewhere
    return Place(
        session="" if row.kind == Capacity.Kind.BED else str(row.get_session_display()),
        free=row.free_places,
        booked=row.booked,
        elsewhere=row.booked_elsewhere,
        total=row.total,
        rest=max(0, untaken - row.free_places) if waiting else 0,
        release_at=row.release_at if waiting else None,
        over=row.is_over(now),
    )
