"""Where a referral stands on its way, and the journey of the patient over several referrals."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from referrals.models import Referral
from referrals.statuses import UNSETTLED

STAGES = (
    ("submitted_at", pgettext_lazy("stage", "提交")),
    ("responded_at", pgettext_lazy("stage", "接收")),
    ("booked_at", pgettext_lazy("stage", "预约")),
    ("arrived_at", pgettext_lazy("stage", "到诊")),
    ("concluded_at", pgettext_lazy("stage", "办结回传")),
    ("acknowledged_at", pgettext_lazy("stage", "签收")),
)
WAITING_FOR = {
    "draft": 0, "in_review": 0, "returned": 0, "submitted": 1, "accepted": 2, "scheduled": 3, "in_transit": 3,
    "arrived": 4, "concluded": 5, "following_up": 6, "closed": 6,
}  # fmt: skip
"""Status → the stage that comes next."""

LINKS = {
    "forward": _("转他院"),
    "divert": _("途中改送"),
    "refer_back": _("下转"),
    "resubmit": _("重新转诊"),
}


@dataclass(frozen=True)
class Stage:
    """For partials/way.html; `state` is done, now, bad or todo."""

    label: str
    state: str
    at: datetime | None = None


def stages_of(referral, steps) -> list[Stage]:
    """The way as far as it went and what is ahead; a bad ending stands where the way broke off."""
    times = _times(referral, steps)
    if referral.status in WAITING_FOR:
        return _ahead(referral, times)
    done = [Stage(label, "done", times[name]) for name, label in STAGES if times[name]]
    state = "bad" if referral.status in (*UNSETTLED, "died", "void") else "done"
    return [*done, Stage(referral.get_status_display(), state, referral.ended_at or referral.status_since)]


def _times(referral, steps) -> dict:
    """Stage → when it was reached, as far as it was; the last of several."""
    by_verb = {step.verb: step.occurred_at for step in steps}
    booked = {step.target: step.occurred_at for step in steps}.get("scheduled")
    times = {name: getattr(referral, name, None) for name, _label in STAGES}
    if referral.status == "rejected":
        times["responded_at"] = None
    return times | {"booked_at": booked, "acknowledged_at": by_verb.get("acknowledge", referral.ended_at)}


def _ahead(referral, times) -> list[Stage]:
    waiting = WAITING_FOR[referral.status]
    stages = [
        Stage(label, _state(place, waiting), times[name] if place < waiting else None)
        for place, (name, label) in enumerate(STAGES)
        if not _was_skipped(name, place, waiting, times)
    ]
    if referral.status == "following_up":
        stages.append(Stage(_("随访"), "now"))
    return stages


def _was_skipped(name: str, place: int, waiting: int, times) -> bool:
    """Who comes at once needs no appointment."""
    return name == "booked_at" and place < waiting and times[name] is None


def _state(place: int, waiting: int) -> str:
    if place == waiting:
        return "now"
    return "done" if place < waiting else "todo"


@dataclass(frozen=True)
class Leg:
    """One referral of a journey."""

    referral: Referral
    link: str
    current: bool


def journey_of(referral, actor) -> list[Leg]:
    """All referrals of this journey the actor may know of, in the order they were opened. One query."""
    rows = Referral.objects.visible_to(actor).filter(journey=referral.journey)
    rows = rows.select_related("sender", "receiver", "department").order_by("id")
    return [Leg(row, LINKS.get(row.link, ""), row.pk == referral.pk) for row in rows]
