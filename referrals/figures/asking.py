"""Of which referrals a figure is asked, by whom; and which ones stand behind a number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from referrals.figures.definitions import Figure, did, tier
from referrals.figures.periods import Period
from referrals.models import Referral

COLUMNS = {
    "sender": "sender__code",
    "receiver": "receiver__code",
    "way": "direction",
    "tier": "tier",
    "hand": "hand_institution__code",
    "unit": "hand_unit",
    "place": "hand_department__code",
    "channel": "green_channel",
}
"""What a number can be broken down by, and the column that says it. Besides there is "reason", of a move."""
REASON = "reason"
NONE = "-"
"""In an address: nothing stands there (no department, no reason said)."""


@dataclass(frozen=True)
class Asked:
    """The period, and what narrows it: a house that sent or received, a direction. "" narrows nothing."""

    period: Period
    house: str = ""
    direction: str = ""


def counted_for(actor):
    """What this actor's figures are about: his consortia's, or what his house sent and received. `Forbidden` else."""
    actor.require("figures.read")
    sent = Referral.objects.filter(submitted_at__isnull=False).exclude(status="void")
    if actor.may("figures.oversee"):
        return sent.filter(consortium_id__in=actor.home_ids)
    return sent.filter(Q(sender_id=actor.institution_id) | Q(receiver_id=actor.institution_id))


def opens_rows(actor) -> bool:
    """Whether the referrals behind this actor's figures may be listed for him; a regulator has numbers alone."""
    return all(map(actor.may, _needed_for_rows(actor)))


def require_rows(actor) -> None:
    """`Forbidden`, with what is missing, unless `opens_rows`."""
    for permission in ("figures.read", *_needed_for_rows(actor)):
        actor.require(permission)


def _needed_for_rows(actor) -> tuple[str, ...]:
    return ("referral.read", "referral.oversee") if actor.may("figures.oversee") else ("referral.read",)


def population(actor, asked: Asked, *, now_figures: bool = False):
    """The referrals of the period, or for figures of the moment all of them; narrowed by house and direction."""
    rows = counted_for(actor)
    if not now_figures:
        rows = rows.filter(submitted_at__gte=asked.period.begin, submitted_at__lt=asked.period.end)
    if asked.house:
        rows = rows.filter(Q(sender__code=asked.house) | Q(receiver__code=asked.house))
    return rows.filter(direction=asked.direction) if asked.direction else rows


def rows_of(actor, asked: Asked, figure: Figure, *, side: str, now: datetime, keys: Mapping[str, str] = {}):
    """The referrals behind a number: of a figure's "part" or "whole", within `keys` (of `COLUMNS`, and "reason").

    Only what the actor may see at all: whoever may not read referrals gets none.
    """
    rows = population(actor, asked, now_figures=figure.now) & Referral.objects.visible_to(actor)
    rows = rows.annotate(tier=tier()).filter(figure.condition(side, now))
    for key, value in keys.items():
        rows = rows.filter(_within(figure, key, value))
    return rows


def _within(figure: Figure, key: str, value: str) -> Q:
    if key == REASON:
        return did(*figure.verbs, reason="" if value == NONE else value)
    column = COLUMNS[key]
    return Q(**{f"{column}__isnull": True}) if value == NONE else Q(**{column: value})
