"""What is said after a move: what has happened, and what comes next."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from referrals.showing.bookings import day_words
from referrals.showing.hands import hand_of, turn_words
from referrals.workflow import LIFE

DEEDS = {
    "submit": gettext_lazy("已提交"),
    "approve": gettext_lazy("已审核通过"),
    "send_back": gettext_lazy("已退回修改"),
    "accept": pgettext_lazy("deed", "已接收"),
    "return": gettext_lazy("已退回，请对方补充"),
    "reject": gettext_lazy("已登记不予接收"),
    "cancel": gettext_lazy("已取消接收"),
    "withdraw": pgettext_lazy("deed", "已撤回"),
    "redirect": gettext_lazy("已改派科室"),
    "forward": pgettext_lazy("deed", "已转他院"),
    "schedule": gettext_lazy("已安排"),
    "defer": gettext_lazy("已列入候诊名单"),
    "dispatch": gettext_lazy("已登记出发"),
    "divert": gettext_lazy("已改送"),
    "turn_back": gettext_lazy("已登记中途返回"),
    "arrive": gettext_lazy("已登记到诊"),
    "undo_arrival": gettext_lazy("已撤销到诊登记"),
    "miss": gettext_lazy("已登记未到诊"),
    "discharge": gettext_lazy("已登记出院"),
    "conclude": gettext_lazy("已办结，小结已回传"),
    "refer_back": gettext_lazy("已起草下转单"),
    "resubmit": gettext_lazy("已另起草一份转诊单"),
    "acknowledge": gettext_lazy("已签收"),
    "follow_up": gettext_lazy("已登记随访"),
    "settle": gettext_lazy("已登记患者去向"),
    "upgrade": gettext_lazy("已提高紧急程度"),
    "record_death": gettext_lazy("已登记死亡"),
    "void": gettext_lazy("已作废"),
    "discard": gettext_lazy("已删除草稿"),
    "claim": gettext_lazy("已由您办理"),
    "comment": gettext_lazy("已留言"),
}
BOOKING = {"accept", "schedule"}
NEXT = {
    "draft": gettext_lazy("请补充完整后提交"),
    "in_review": gettext_lazy("请审核"),
    "submitted": gettext_lazy("请答复"),
    "returned": gettext_lazy("请补充后重新提交"),
    "accepted": gettext_lazy("请安排预约"),
    "scheduled": gettext_lazy("患者到院后请登记到诊"),
    "in_transit": gettext_lazy("患者送达后请登记到诊"),
    "arrived": gettext_lazy("诊疗结束后请办结并回传小结"),
    "concluded": gettext_lazy("请阅读小结并签收"),
    "following_up": gettext_lazy("请按约定日期随访并登记"),
    "rejected": gettext_lazy("请登记患者去向"),
    "cancelled": gettext_lazy("请登记患者去向"),
    "no_show": gettext_lazy("请登记患者去向"),
    "expired": gettext_lazy("请登记患者去向"),
}
"""What whoever has it in hand does next."""


def told(verb: str, referral, actor) -> str:
    """ "R26…：已接收，预约 11-22 上午 心血管内科；患者到院后请登记到诊。" `referral` is loaded `for_page`."""
    deed = str(DEEDS.get(verb) or LIFE.moves[verb].label)
    held = getattr(referral, "held", None)
    if verb in BOOKING and held:
        words = {"deed": deed, "when": day_words(held), "department": referral.department.name}
        deed = _("%(deed)s，预约 %(when)s %(department)s") % words
    words = {"number": referral.number, "deed": deed, "next": _next(referral, actor)}
    return _("%(number)s：%(deed)s；%(next)s") % words


def _next(referral, actor) -> str:
    if hand_of(referral, actor).mine and referral.status in NEXT:
        return _("%(next)s。") % {"next": NEXT[referral.status]}
    return turn_words(referral, actor)
