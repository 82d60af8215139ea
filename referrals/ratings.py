"""What patients found, as figures of many: per house, never with fewer than `FEWEST` answers, never one by one."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Avg, Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models import Institution, Member
from referrals.models import PatientRating
from referrals.models.patient_link import QUESTIONS

FEWEST = 5
ASKED = {"waiting": _("等待合理"), "handover": _("对接满意"), "clear": _("清楚回来后怎么做")}
PERIOD = timedelta(days=365)
MOST_TEXTS = 50


@dataclass(frozen=True)
class HouseRating:
    """`averages` are (what was asked, mean to one decimal), or None where there are too few answers."""

    house: Institution
    as_receiver: bool
    averages: list[tuple[str, float]] | None


def ratings_for(actor) -> list[HouseRating]:
    """The own house, and every house of the own consortia; as sender and as receiver. Three queries.

    How many there were is not told below `FEWEST` either. `Forbidden` to whom referrals are nothing.
    """
    actor.require("referral.read")
    members = Member.objects.current().filter(consortium_id__in=actor.consortium_ids).values("institution_id")
    houses = Institution.objects.filter(pk__in=members) | Institution.objects.filter(pk=actor.institution_id)
    figures = {side: _figures(side) for side in ("receiver", "sender")}
    return [
        HouseRating(house=house, as_receiver=side == "receiver", averages=figures[side].get(house.pk))
        for house in houses.order_by("pk")
        for side in ("receiver", "sender")
    ]


def texts_for(actor) -> list[str]:
    """What patients wrote, for the consortium's office alone: without number, house or day. Newest first."""
    if not actor.may("referral.oversee"):
        return []
    rows = _recent().filter(referral__consortium_id__in=actor.home_ids).exclude(text__isnull=True)
    return [row.text for row in rows.order_by("-pk")[:MOST_TEXTS]]


def _figures(side: str) -> dict[int, list]:
    """House → (what was asked, mean), where there are enough."""
    path = f"referral__{side}_id"
    rows = _recent().values(path).annotate(many=Count("pk"), **{f"{name}_on": Avg(name) for name in QUESTIONS})
    return {
        row[path]: [(str(ASKED[name]), round(row[f"{name}_on"], 1)) for name in QUESTIONS]
        for row in rows.order_by()
        if row["many"] >= FEWEST
    }


def _recent():
    return PatientRating.objects.filter(rated_at__gt=timezone.now() - PERIOD)
