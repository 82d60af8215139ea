"""The life of an inquiry as one table: asked, answered, asked again, and in the end closed or become a referral.

An unanswered one never ends by itself: it climbs. An answer nobody takes up is closed by the clock.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from advice import guards
from advice.parties import permissions_of, sides_of
from advice.stamps import on_moved
from advice.statuses import LIVE, STATUS_LABELS
from events.workflow import CLOCK, Hand, Move, State, Workflow

SENDER, RECEIVER = "sender", "receiver"
ASK, ANSWER = "advice.ask", "advice.answer"

ASKED_DEPARTMENT = Hand(RECEIVER, "department", ANSWER)
WHO_ASKED = Hand(SENDER, "department", ASK)

STATES = [
    State(code="open", label=STATUS_LABELS["open"], hand=ASKED_DEPARTMENT, live=True, clock="ladder"),
    State(code="answered", label=STATUS_LABELS["answered"], hand=WHO_ASKED, live=True, clock="lapse"),
    *(State(code=code, label=STATUS_LABELS[code]) for code in ("closed", "converted", "withdrawn")),
]


def move(verb, label, sources, target, *sides, permission, event, **more) -> Move:
    return Move(
        verb=verb,
        label=label,
        sources=frozenset(sources),
        target=target,
        sides=frozenset(sides),
        permission=permission,
        event=f"advice.{event}",
        **more,
    )


# fmt: off
MOVES = [
    move("answer", _("答复"), LIVE, "answered", RECEIVER,
         permission=ANSWER, event="answered", needs=("outcome", "text"), guard=guards.of_the_department,
         tone="primary"),
    move("convert", _("转为转诊"), LIVE, "converted", SENDER, permission=ASK, event="converted", tone="primary"),
    move("ask_again", _("追问"), ["answered"], "open", SENDER, permission=ASK, event="asked_again", needs=("text",)),
    move("close", pgettext_lazy("inquiry", "问题已解决"), ["answered"], "closed", SENDER,
         permission=ASK, event="closed"),
    move("add", _("补充说明"), ["open"], None, SENDER,
         permission=ASK, event="added", quiet=True, needs=("text",)),
    move("withdraw", _("撤回咨询"), ["open"], "withdrawn", SENDER,
         permission=ASK, event="withdrawn", needs=("text",), tone="danger"),
    move("attach", _("添加附件"), LIVE, None, SENDER, RECEIVER,
         permission=ASK, event="attached", quiet=True, offered=False),
    move("withdraw_attachment", _("撤回附件"), list(STATUS_LABELS), None, SENDER, RECEIVER,
         permission=ASK, event="attachment_withdrawn", quiet=True, needs=("reason",), offered=False),
    move("escalate", _("逾期升级"), ["open"], None, CLOCK, permission="", event="escalated", quiet=True),
    move("lapse", _("答复后无人处理，自动结束"), ["answered"], "closed", CLOCK, permission="", event="lapsed"),
    move("reopen", _("转诊草稿已删除，恢复待处理"), ["converted"], "answered", CLOCK, permission="", event="reopened",
         also_targets=("open",)),
]
# fmt: on

LIFE = Workflow(
    name="inquiry",
    states=STATES,
    moves=MOVES,
    sides_of=sides_of,
    permissions_of=permissions_of,
    on_moved=on_moved,
    side_words={SENDER: _("咨询方"), RECEIVER: _("答复方")},
    related=("sender", "receiver", "department", "sender_department", "patient", "consent", "hand_institution",
             "hand_department"),
)  # fmt: skip
