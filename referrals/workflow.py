"""The life of a referral as one table (specification: the referral's life in docs/states.md).

Upward, downward, lateral and outward referrals live the same life; what they need differs
(`rules.py`). Patients come before paperwork: an emergency may travel and arrive first.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.workflow import CLOCK, Hand, Move, State, Workflow
from referrals import guards
from referrals.parties import permissions_of, sides_of
from referrals.stamps import on_moved
from referrals.statuses import (
    BEFORE_ARRIVAL,
    DECLINABLE,
    HOLDING,
    LIVE,
    PAPERLESS,
    REVIEWABLE,
    STATUS_LABELS,
    UNSETTLED,
)

SENDER, RECEIVER = "sender", "receiver"

SENDERS_DOCTOR = Hand(SENDER, "department", "referral.write")
SENDERS_REVIEWER = Hand(SENDER, "desk", "referral.review")
SENDERS_SETTLER = Hand(SENDER, "department", "referral.send")
RECEIVERS_DESK = Hand(RECEIVER, "desk", "referral.answer")
RECEIVERS_DOCTOR = Hand(RECEIVER, "department", "referral.treat")


def live(code: str, hand: Hand, clock: str = "") -> State:
    return State(code=code, label=STATUS_LABELS[code], hand=hand, live=True, clock=clock)


def ended(code: str) -> State:
    return State(code=code, label=STATUS_LABELS[code])


STATES = [
    live("draft", SENDERS_DOCTOR, "discard"),
    live("in_review", SENDERS_REVIEWER, "remind"),
    live("submitted", RECEIVERS_DESK, "ladder"),
    live("returned", SENDERS_DOCTOR, "expire"),
    live("accepted", RECEIVERS_DESK, "ladder"),
    live("scheduled", RECEIVERS_DESK, "miss"),
    live("in_transit", RECEIVERS_DESK, "ladder"),
    live("arrived", RECEIVERS_DOCTOR, "remind"),
    live("concluded", SENDERS_DOCTOR, "remind"),
    live("following_up", SENDERS_DOCTOR, "remind"),
    live("rejected", SENDERS_SETTLER, "ladder"),
    live("cancelled", SENDERS_SETTLER, "ladder"),
    live("no_show", SENDERS_SETTLER, "ladder"),
    live("expired", SENDERS_SETTLER, "ladder"),
    ended("closed"),
    ended("settled"),
    ended("withdrawn"),
    ended("forwarded"),
    ended("died"),
    ended("void"),
]


def move(verb, label, sources, target, *sides, permission, event, **more) -> Move:
    return Move(
        verb=verb,
        label=label,
        sources=frozenset(sources),
        target=target,
        sides=frozenset(sides),
        permission=permission,
        event=f"referral.{event}",
        **more,
    )


WRITE, SEND, REVIEW = "referral.write", "referral.send", "referral.review"
ANSWER, TREAT = "referral.answer", "referral.treat"
ARRIVABLE = ["submitted", "accepted", "scheduled", "in_transit", "no_show"]
AMENDABLE = [code for code in STATUS_LABELS if code not in (*PAPERLESS, "rejected", "expired")]
"""Returned, or of the green channel, which is neither rejected nor left to expire, its end included."""
EVERYTHING_BUT_VOID = [code for code in STATUS_LABELS if code != "void"]

# fmt: off
MOVES = [
    move("submit", _("提交"), ["draft", "returned"], "submitted", SENDER,
         permission=WRITE, event="submitted", also_targets=("in_review",), tone="primary"),
    move("approve", _("审核通过"), ["in_review"], "submitted", SENDER,
         permission=REVIEW, event="approved", guard=guards.second_person, tone="primary"),
    move("send_back", _("审核退回"), ["in_review"], "draft", SENDER,
         permission=REVIEW, event="sent_back", needs=("remark",), guard=guards.second_person),
    move("accept", _("接收"), ["submitted", "in_transit"], None, RECEIVER,
         permission=ANSWER, event="accepted", also_targets=("accepted", "scheduled"),
         guard=guards.not_answered_yet, tone="primary"),
    move("schedule", _("安排预约"), ["accepted", "scheduled"], "scheduled", RECEIVER,
         permission=ANSWER, event="scheduled", tone="primary"),
    move("arrive", _("登记到诊"), ARRIVABLE, "arrived", RECEIVER,
         permission=ANSWER, event="arrived", guard=guards.slip_still_valid, tone="primary"),
    move("discharge", _("登记出院"), ["arrived"], None, RECEIVER,
         permission=ANSWER, event="discharged", guard=guards.stays_in_bed),
    move("conclude", _("办结并回传小结"), ["arrived"], "concluded", RECEIVER,
         permission=TREAT, event="concluded", needs=("outcome", "diagnoses", "treatment", "advice"), tone="primary"),
    move("refer_back", _("下转回基层"), ["arrived", "concluded"], None, RECEIVER,
         permission=WRITE, event="referred_back", quiet=True, guard=guards.may_refer_back),
    move("acknowledge", _("签收"), ["concluded"], "closed", SENDER,
         permission=WRITE, event="acknowledged", also_targets=("following_up",), tone="primary"),
    move("follow_up", _("登记随访"), ["following_up"], "closed", SENDER,
         permission=WRITE, event="followed_up", needs=("found",), tone="primary"),
    move("settle", _("登记去向"), UNSETTLED, "settled", SENDER,
         permission=SEND, event="settled", needs=("outcome",), tone="primary"),
    move("resubmit", _("修改后重新转诊"), ["rejected", "expired"], None, SENDER,
         permission=WRITE, event="resubmitted", quiet=True),
    move("dispatch", _("出发转运"), ["accepted", "scheduled", "submitted"], "in_transit", SENDER,
         permission=SEND, event="dispatched", guard=guards.accepted_or_green),
    move("return", pgettext_lazy("verb", "退回补充"), ["submitted"], "returned", RECEIVER,
         permission=ANSWER, event="returned", needs=("remark",), guard=guards.not_on_green_channel),
    move("defer", _("暂无位置，约定联系日"), ["accepted"], None, RECEIVER,
         permission=ANSWER, event="deferred", needs=("contact_by",)),
    move("redirect", _("改派科室"), ["submitted", "in_transit"], None, RECEIVER,
         permission=ANSWER, event="redirected", needs=("department",)),
    move("forward", _("转他院"), ["submitted"], "forwarded", RECEIVER,
         permission=ANSWER, event="forwarded", needs=("receiver", "department")),
    move("reject", pgettext_lazy("verb", "不予接收"), ["submitted"], "rejected", RECEIVER,
         permission=ANSWER, event="rejected", needs=("reason",), guard=guards.rejectable, tone="danger"),
    move("cancel", _("取消接收"), ["accepted", "scheduled"], "cancelled", RECEIVER,
         permission=ANSWER, event="cancelled", needs=("reason",), tone="danger"),
    move("miss", _("登记未到诊"), ["scheduled"], "no_show", RECEIVER, CLOCK,
         permission=ANSWER, event="missed"),
    move("undo_arrival", _("撤销到诊"), ["arrived"], "accepted", RECEIVER,
         permission=ANSWER, event="arrival_undone", needs=("reason",), guard=guards.arrived_just_now,
         also_targets=tuple(ARRIVABLE)),
    move("divert", _("途中改送"), ["in_transit"], "forwarded", SENDER,
         permission=SEND, event="diverted", needs=("receiver", "department")),
    move("turn_back", _("中途返回"), ["in_transit"], "accepted", SENDER,
         permission=SEND, event="turned_back", needs=("reason",)),
    move("upgrade", _("病情加重，提高紧急程度"), BEFORE_ARRIVAL, None, SENDER, RECEIVER,
         permission=SEND, event="upgraded", needs=("urgency",), guard=guards.can_rise),
    move("withdraw", _("撤回"), ["in_review", "submitted", "returned", "accepted", "scheduled"], "withdrawn", SENDER,
         permission=SEND, event="withdrawn", needs=("reason",), tone="danger"),
    move("discard", _("删除草稿"), ["draft"], "withdrawn", SENDER, CLOCK,
         permission=WRITE, event="discarded", tone="danger"),
    move("record_death", _("登记死亡"), LIVE, "died", SENDER, RECEIVER,
         permission=TREAT, event="death_recorded", needs=("died_at", "source"), tone="danger"),
    move("void", _("登记错误，作废"), EVERYTHING_BUT_VOID, "void", SENDER,
         permission=SEND, event="voided", needs=("reason",), guard=guards.second_person, tone="danger"),
    move("amend", _("补充资料"), AMENDABLE, None, SENDER,
         permission=WRITE, event="amended", guard=guards.still_to_be_completed, offered=False),
    move("claim", _("我来办"), LIVE, None, SENDER, RECEIVER,
         permission="referral.read", event="claimed", quiet=True, guard=guards.in_my_hand),
    move("comment", _("留言"), list(STATUS_LABELS), None, SENDER, RECEIVER,
         permission=SEND, event="commented", quiet=True, needs=("text",)),
    move("attach", _("添加附件"), LIVE, None, SENDER, RECEIVER,
         permission=SEND, event="attached", quiet=True, offered=False),
    move("withdraw_attachment", _("撤回附件"), list(STATUS_LABELS), None, SENDER, RECEIVER,
         permission=SEND, event="attachment_withdrawn", quiet=True, needs=("reason",), offered=False),
    move("close", _("随下转到诊办结"), ["concluded"], "closed", CLOCK,
         permission="", event="closed"),
    move("reopen", _("下转到诊已撤销，恢复待签收"), ["closed"], "concluded", CLOCK,
         permission="", event="reopened", guard=guards.closed_by_return),
    move("expire", _("补充逾期"), ["returned"], "expired", CLOCK,
         permission="", event="expired"),
    move("supersede", _("由急诊转诊取代"), [code for code in HOLDING if code not in ("in_transit", "arrived")],
         "withdrawn", CLOCK, permission="", event="superseded"),
    move("escalate", _("逾期升级"), LIVE, None, CLOCK, permission="", event="escalated", quiet=True),
    move("remind", _("到期提醒"), LIVE, None, CLOCK, permission="", event="reminded", quiet=True),
    move("press_summary", _("下转已到诊，催回传小结"), ["arrived"], None, CLOCK,
         permission="", event="summary_wanted", quiet=True),
    move("patient_declined", _("患者告知不能来"), DECLINABLE, None, CLOCK,
         permission="", event="patient_declined", quiet=True, needs=("reason",)),
    move("patient_coming", _("患者告知又能来了"), DECLINABLE, None, CLOCK,
         permission="", event="patient_coming", quiet=True),
    move("remind_completion", _("补录提醒"), AMENDABLE, None, CLOCK,
         permission="", event="completion_due", quiet=True),
    move("escalate_completion", _("补录逾期"), AMENDABLE, None, CLOCK,
         permission="", event="completion_overdue", quiet=True),
    move("remind_review", _("绿色通道评审到期提醒"), REVIEWABLE, None, CLOCK,
         permission="", event="review_due", quiet=True),
    move("notice_absence", _("次日未到提醒"), ["scheduled"], None, CLOCK,
         permission="", event="not_arrived", quiet=True),
]
# fmt: on

LIFE = Workflow(
    name="referral",
    states=STATES,
    moves=MOVES,
    sides_of=sides_of,
    permissions_of=permissions_of,
    on_moved=on_moved,
    related=("sender", "receiver", "department", "sender_department", "patient", "consent", "blank"),
)
