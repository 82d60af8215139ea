"""Where a patient is, in one plain sentence; and the legs of his journey as the village doctor reads them."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy, pgettext_lazy

from referrals import codes
from referrals.models import PatientWord, Referral, Step
from referrals.parties import is_in_turn
from referrals.showing.bookings import day_words
from referrals.showing.houses import closed_words
from referrals.showing.patients import masked_name
from toolkit.pages.remaining import remaining

SENT = {
    "draft": gettext_lazy("还没有发出，点开接着写。"),
    "in_review": gettext_lazy("本机构正在审核，还没有发出。"),
    "submitted": gettext_lazy("已发给%(receiver)s%(department)s，等对方答复。"),
    "returned": gettext_lazy("%(receiver)s要您补充，补好后再发。"),
    "accepted": gettext_lazy("%(receiver)s已同意接收，正在安排时间。"),
    "waiting": gettext_lazy("%(receiver)s已同意接收，暂时没有位置，最迟 %(contact_by)s 联系。"),
    "scheduled": gettext_lazy("约好了：%(day)s 到%(receiver)s%(department)s，请告诉患者。"),
    "in_transit": gettext_lazy("正在去%(receiver)s的路上。"),
    "arrived": gettext_lazy("已到%(receiver)s%(department)s，正在看病。"),
    "concluded": gettext_lazy("%(receiver)s看完了，小结已回来，请看后点“小结已看”。"),
    "following_up": gettext_lazy("回来了，请在 %(follow_up)s 前随访。"),
    "rejected": gettext_lazy("%(receiver)s不能接收，请另转或登记患者去向。"),
    "cancelled": gettext_lazy("%(receiver)s取消了，请另转或登记患者去向。"),
    "no_show": gettext_lazy("没有去%(receiver)s，请问问患者，登记去向。"),
    "expired": gettext_lazy("过期没有补充，请另转或登记患者去向。"),
    "closed": gettext_lazy("%(receiver)s看完了，这次转诊已办完。"),
    "settled": gettext_lazy("没有在%(receiver)s看成，去向已登记。"),
    "withdrawn": gettext_lazy("您已撤回，没有去%(receiver)s。"),
    "forwarded": gettext_lazy("%(receiver)s已把病人转往别的医院。"),
    "died": gettext_lazy("已登记死亡。"),
    "void": gettext_lazy("登记错误，已作废。"),
}
CAME = {
    "submitted": gettext_lazy("%(sender)s把病人转回来了：请点“同意接回”，病人到了请点“病人到了”。"),
    "accepted": gettext_lazy("已同意接回，等病人来；到了请点“病人到了”。"),
    "scheduled": gettext_lazy("已同意接回，%(day)s 来；到了请点“病人到了”。"),
    "in_transit": gettext_lazy("%(sender)s正送病人回来。"),
    "arrived": gettext_lazy("病人已回来，由您管理；管理告一段落请办结。"),
    "concluded": gettext_lazy("您已办结，等%(sender)s签收。"),
    "closed": gettext_lazy("已办完。"),
}
LATE = {
    "submitted": gettext_lazy("对方还没有答复，请打电话问。"),
    "accepted": gettext_lazy("对方还没有安排好，请打电话问。"),
    "in_transit": gettext_lazy("超时未到，请打电话问。"),
}
UNDONE = ("withdrawn", "void")
PASSED = {
    "forward": gettext_lazy("经%(from)s转出："),
    "divert": gettext_lazy("途中改送："),
    "refer_back": pgettext_lazy("leg", "转回来："),
    "resubmit": gettext_lazy("重新转诊："),
}


@dataclass(frozen=True)
class Where:
    """One referral as one line: `words` the sentence, `late` what to do where the limit is over, `phone` whom to call,
    `note` when they are back at work, `mine` whether the reader has to do something."""

    referral: Referral
    name: str
    words: str
    late: str
    phone: str
    note: str
    mine: bool


def where_of(referral, actor) -> Where:
    """Needs what `Referral.objects.as_rows()` loads, and `held`; asks nothing but the calendar of the receiver."""
    left = remaining(referral.deadline) if referral.is_live else None
    waits = referral.hand_side == "receiver" and referral.sender_id == actor.institution_id
    late = str(LATE.get(referral.status, "")) if waits and left and left.level == "late" else ""
    asks = waits and referral.status in ("submitted", "accepted") and not referral.is_emergency
    return Where(
        referral=referral,
        name=masked_name(referral.patient),
        words=where_words(referral, actor),
        late=late,
        phone=referral.number_to_call if waits else "",
        note=closed_words(referral.receiver) if asks else "",
        mine=is_in_turn(referral, actor),
    )


def where_words(referral, actor) -> str:
    """The sentence, from where the reader stands."""
    status = "waiting" if referral.status == "accepted" and referral.contact_by else referral.status
    came = referral.receiver_id == actor.institution_id
    held = getattr(referral, "held", None)
    words = {
        "sender": referral.sender.label,
        "receiver": referral.receiver.label,
        "department": referral.department.name,
        "contact_by": _day(referral.contact_by),
        "follow_up": _day(referral.follow_up_agreed_on),
        "day": day_words(held) if held else "",
    }
    said = (CAME.get(referral.status) if came else None) or SENT[status]
    return _passed(referral) + str(said) % words


def _passed(referral) -> str:
    """What led here, where it is not the first leg."""
    if not referral.parent_id or referral.link not in PASSED:
        return ""
    return str(PASSED[referral.link]) % {"from": referral.parent.receiver.label}


def _day(day) -> str:
    return date_format(day, "m-d") if day else ""


SAID_WHEN = {"rejected": "reject", "cancelled": "cancel", "returned": "return", "expired": "return"}
"""In these statuses the reader wants to know why: the move that said it."""


@dataclass(frozen=True)
class Said:
    """Why the other house did what it did, or what it asks for: the reason of its list, and in its own words."""

    asks: bool
    reason: str
    remark: str


def said_on(legs) -> dict[int, Said]:
    """By leg, what was said when it was last rejected, cancelled or sent back for more. One query where any was."""
    wanted = {leg.pk: SAID_WHEN[leg.status] for leg in legs if leg.status in SAID_WHEN}
    if not wanted:
        return {}
    steps = Step.objects.filter(referral__in=wanted, verb__in=set(wanted.values())).order_by("id")
    return {step.referral_id: _said(step) for step in steps if step.verb == wanted[step.referral_id]}


def _said(step) -> Said:
    reason = codes.CODED_REASONS[step.verb].get(step.facts.get("reason"), "")
    return Said(asks=step.verb == "return", reason=str(reason), remark=step.remark)


def declined_on(legs) -> dict[int, PatientWord]:
    """By leg, the patient's standing word that he cannot come. One query where there is one."""
    declined = [leg.pk for leg in legs if leg.declined_at]
    return {word.referral_id: word for word in PatientWord.objects.standing().filter(referral__in=declined)}


@dataclass(frozen=True)
class Elsewhere:
    """A leg between other houses: where the patient is now, and nothing more."""

    sender: str
    receiver: str
    words: str


def elsewhere_of(referral, actor, seen) -> list[Elsewhere]:
    """The legs that go on, between other houses, from what the reader's house sent: it learns where its patient is.

    Houses and status only; the papers of these legs stay closed. Nothing for whoever received the patient or sent him
    on for somebody else. `seen` are the legs the reader has before him. One query.
    """
    rows = Referral.objects.filter(journey=referral.journey).select_related("sender", "receiver").order_by("id")
    legs = {row.pk: row for row in rows}
    sent = _sent_first(legs, referral.pk, actor.institution_id)
    if sent is None:
        return []
    shown = legs.keys() - {leg.pk for leg in seen}
    return [
        Elsewhere(row.sender.label, row.receiver.label, row.get_status_display())
        for row in legs.values()
        if row.pk in shown and row.submitted_at and row.status not in UNDONE and sent in _line(legs, row.pk)
    ]


def _sent_first(legs: dict, leg: int, house: int) -> int | None:
    """Of this leg and those it came from, the earliest this house sent."""
    own = [each for each in _line(legs, leg) if legs[each].sender_id == house and legs[each].status not in UNDONE]
    return own[-1] if own else None


def _line(legs: dict, leg: int | None) -> list[int]:
    """This leg, what it came from, and so on to the first."""
    line = []
    while leg in legs:
        line.append(leg)
        leg = legs[leg].parent_id
    return line
