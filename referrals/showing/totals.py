"""The line above the office's list: how much is under way, how much is late, and in whose hand it lies."""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from referrals.models import Referral

MOST_HOUSES = 12


@dataclass(frozen=True)
class Total:
    """A number and the rows behind it; `late` marks what presses."""

    label: str
    count: int
    query: str
    late: bool = False


def totals_of(actor) -> list[Total]:
    """Of the live ones the office oversees: all, overdue, then by the house in whose hand they lie. One query."""
    house = ("hand_institution__code", "hand_institution__short_name", "hand_institution__name")
    late = Count("pk", filter=Q(deadline__lt=timezone.now()))
    rows = Referral.objects.overseen_by(actor).live()
    found = list(rows.order_by().values(*house).annotate(count=Count("pk"), late=late))
    if not found:
        return []
    houses, names = Counter(), {}
    for row in found:
        code, short, name = (row[key] for key in house)
        houses[code] += row["count"]
        names[code] = short or name
    whole = [
        Total(_("进行中"), sum(row["count"] for row in found), urlencode({"live": "on"})),
        Total(_("已超时"), sum(row["late"] for row in found), urlencode({"live": "on", "overdue": "on"}), late=True),
    ]
    return whole + [
        Total(names[code], count, urlencode({"hand": code})) for code, count in houses.most_common(MOST_HOUSES)
    ]
