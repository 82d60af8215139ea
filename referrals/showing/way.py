"""Where a referral stands on its way, and the journey of the patient over several referrals."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from referrals.models import Referral
from referrals.statuses import STATUS_LABELS, UNSETTLED

STAGES = (
    ("submitted_at", pgettext_lazy("stage", "提交")),
    ("responded_at", pgettext_lazy("stage", "接收")),
    ("booked_at", pgettext_lazy("stage", "预约")),
    ("arrived_at", pgettext_lazy("stage", "到诊")),
    ("concluded_at", pgettext_lazy("stage", "办结回传")),
    ("acknowledged_at", pgettext_lazy("stage", "签收")),
)
AHEAD = {
    "submitted_at": _("待提交"), "responded_at": _("待接收"), "booked_at": _("待预约"), "arrived_at": _("待到诊"),
    "concluded_at": _("待办结"), "acknowledged_at": _("待签收"),
}  # fmt: skip
"""What is still to come is named as that."""
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


SKIPPED = {"booked_at", "acknowledged_at"}
"""Stages that need not come: who comes at once has no appointment, and what its down-referral closes nobody signs."""

TAKEN_IN = {"accept", "arrive", "turn_back"}
"""Moves that say the receiver takes the patient; to refuse him or pass him on is an answer, but not that."""


def stages_of(referral, steps) -> list[Stage]:
    """The way as far as it went and what is ahead; a bad ending stands where the way broke off."""
    times = _times(referral, steps)
    if referral.status in WAITING_FOR:
        return _ahead(referral, times)
    done = [Stage(label, "done", times[name]) for name, label in STAGES if times[name]]
    state = "bad" if referral.status in (*UNSETTLED, "died", "void") else "done"
    last = Stage(referral.get_status_display(), state, referral.ended_at or referral.status_since)
    return [*done, *_what_was_settled(referral, steps), last]


def _what_was_settled(referral, steps) -> list[Stage]:
    """The bad ending that was settled stays in sight."""
    ended = [step for step in steps if step.target in UNSETTLED and step.source != step.target]
    if referral.status != "settled" or not ended:
        return []
    return [Stage(str(STATUS_LABELS[ended[-1].target]), "bad", ended[-1].occurred_at)]


def _times(referral, steps) -> dict:
    """Stage → when it was reached, as far as it really was; the last of several."""
    by_verb = {step.verb: step.occurred_at for step in steps}
    moved = [step for step in steps if step.version is not None]  # a word said meanwhile is no booking
    booked = {step.target: step.occurred_at for step in moved}.get("scheduled")
    times = {name: getattr(referral, name, None) for name, _label in STAGES}
    undone = {"arrive"} if referral.arrived_at is None else set()
    if not (TAKEN_IN - undone) & by_verb.keys():
        times["responded_at"] = None
    later = {"acknowledged_at": by_verb.get("acknowledge"), "followed_up_at": by_verb.get("follow_up")}
    return times | {"booked_at": booked} | later


def _ahead(referral, times) -> list[Stage]:
    """What was reached is done, the first that was not is next: the patient may be under way before he is accepted."""
    waiting, stages, waits = WAITING_FOR[referral.status], [], False
    for place, (name, label) in enumerate(STAGES):
        reached = place < waiting and times[name] is not None
        if place < waiting and not reached and name in SKIPPED:
            continue
        state = "done" if reached else "todo" if waits else "now"
        waits = waits or not reached
        stages.append(Stage(label, state, times[name]) if reached else Stage(AHEAD[name], state))
    if referral.status == "following_up":
        stages.append(Stage(_("待随访"), "now"))
    elif times["followed_up_at"]:
        stages.append(Stage(_("随访"), "done", times["followed_up_at"]))
    if referral.status == "closed" and times["acknowledged_at"] is None:
        stages.append(Stage(referral.get_status_display(), "done", referral.ended_at))
    return stages


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
    return [Leg(row, LINKS.get(row.link) or row.get_direction_display(), row.pk == referral.pk) for row in rows]
