"""The moves of a referral as buttons, and for those that are closed the reasons why."""

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.actor import PERMISSION_WORDS
from referrals.workflow import LIFE
from toolkit.words import listed

DIRECT = {
    "submit": None,
    "approve": None,
    "claim": None,
    "miss": gettext_lazy("确认患者没有来？登记后由转出方登记患者去向。"),
    "discard": gettext_lazy("确认删除这份草稿？"),
}
"""Moves with nothing to fill in, made by one click; the words are the question asked before."""

ICONS = {
    "submit": "send", "approve": "checks", "accept": "circle-check", "schedule": "calendar-plus",
    "arrive": "building-hospital", "discharge": "door-exit", "conclude": "clipboard-check",
    "acknowledge": "mail-opened", "claim": "hand-grab",
    "follow_up": "phone-check", "settle": "flag-check", "dispatch": "ambulance", "refer_back": "arrow-back-up",
    "upgrade": "trending-up", "resubmit": "repeat", "return": "message-question", "defer": "hourglass",
}  # fmt: skip
ORDER = {"primary": 0, "secondary": 1, "danger": 2}
USUAL_NEXT = {"scheduled": "arrive", "in_transit": "arrive"}
"""Where the table's order would put something else first."""

APART = {"comment"}
"""Moves that have a place of their own on the page."""


@dataclass(frozen=True)
class Button:
    """A move open to the reader; `direct` ones are made at once, the `primary` one is what is usually done next."""

    verb: str
    label: str
    href: str
    tone: str
    direct: bool
    confirm: str
    icon: str
    primary: bool = False
    allowed: bool = True

    @property
    def danger(self) -> bool:
        return self.tone == "danger"


@dataclass(frozen=True)
class Closed:
    """Moves that somebody can make now but not the reader, with the one reason they share."""

    labels: list[str]
    reason: str


@dataclass(frozen=True)
class Moves:
    """`first` stand in front, `more` behind "更多"; `closed` say why not; `comment` whether a word may be left."""

    first: list[Button]
    more: list[Button]
    closed: list[Closed]
    comment: bool


def moves_of(referral, actor) -> Moves:
    options = LIFE.options(referral, actor)
    offered = [option for option in options if option.move.verb not in APART]
    usual = USUAL_NEXT.get(referral.status)
    buttons = sorted(
        (_button(each.move, referral) for each in offered if each.open),
        key=lambda button: (button.verb != usual, ORDER[button.tone]),
    )
    buttons = [replace(button, primary=place == 0 and button.tone == "primary") for place, button in enumerate(buttons)]
    return Moves(
        first=[button for button in buttons if not button.danger],
        more=[button for button in buttons if button.danger],
        closed=_closed([option for option in offered if not option.open], referral),
        comment=any(option.move.verb == "comment" and option.open for option in options),
    )


def _button(move, referral) -> Button:
    confirm = DIRECT.get(move.verb)
    return Button(
        verb=move.verb,
        label=str(move.label),
        href=reverse("referrals:move", args=[referral.number, move.verb]),
        tone=move.tone,
        direct=move.verb in DIRECT,
        confirm=str(confirm) if confirm else "",
        icon=ICONS.get(move.verb, ""),
    )


def _closed(options, referral) -> list[Closed]:
    """Closed moves with the same reason stand on one line."""
    groups: dict[str, list[str]] = {}
    for option in options:
        groups.setdefault(why_closed(option.move, option.refusal, referral), []).append(str(option.move.label))
    return [Closed(labels, reason) for reason, labels in groups.items()]


def why_closed(move, refusal, referral) -> str:
    """Why this move is not the reader's, in the words of the page."""
    if refusal.code == "wrong_side":
        houses = {"sender": referral.sender.label, "receiver": referral.receiver.label}
        sides = {"sender": _("转出方（%(house)s）"), "receiver": _("接收方（%(house)s）")}
        who = [sides[side] % {"house": houses[side]} for side in sides if side in move.sides]
        return _("由%(who)s办理。") % {"who": listed(who)}
    if refusal.code == "wrong_role":
        needed = PERMISSION_WORDS.get(move.permission, move.permission)
        return _("您当前的身份不能做这一步，需要：%(needed)s。") % {"needed": needed}
    return str(refusal.detail)
