"""What was done, as the timeline and the trail tell it.

Chinese has one word for the button and for the deed (接收); other languages have two: "Accept", "Accepted". The moves
of the clock have no button, their labels tell already.
"""

from django.utils.translation import pgettext_lazy

from referrals.workflow import LIFE

DONE = {
    "submit": pgettext_lazy("done", "提交"),
    "approve": pgettext_lazy("done", "审核通过"),
    "send_back": pgettext_lazy("done", "审核退回"),
    "accept": pgettext_lazy("done", "接收"),
    "schedule": pgettext_lazy("done", "安排预约"),
    "arrive": pgettext_lazy("done", "登记到诊"),
    "discharge": pgettext_lazy("done", "登记出院"),
    "conclude": pgettext_lazy("done", "办结并回传小结"),
    "refer_back": pgettext_lazy("done", "下转回基层"),
    "acknowledge": pgettext_lazy("done", "签收"),
    "follow_up": pgettext_lazy("done", "登记随访"),
    "settle": pgettext_lazy("done", "登记去向"),
    "resubmit": pgettext_lazy("done", "修改后重新转诊"),
    "dispatch": pgettext_lazy("done", "出发转运"),
    "return": pgettext_lazy("done", "退回补充"),
    "defer": pgettext_lazy("done", "暂无位置，约定联系日"),
    "redirect": pgettext_lazy("done", "改派科室"),
    "forward": pgettext_lazy("done", "转他院"),
    "reject": pgettext_lazy("done", "不予接收"),
    "cancel": pgettext_lazy("done", "取消接收"),
    "miss": pgettext_lazy("done", "登记未到诊"),
    "undo_arrival": pgettext_lazy("done", "撤销到诊"),
    "divert": pgettext_lazy("done", "途中改送"),
    "turn_back": pgettext_lazy("done", "中途返回"),
    "upgrade": pgettext_lazy("done", "病情加重，提高紧急程度"),
    "withdraw": pgettext_lazy("done", "撤回"),
    "discard": pgettext_lazy("done", "删除草稿"),
    "record_death": pgettext_lazy("done", "登记死亡"),
    "void": pgettext_lazy("done", "登记错误，作废"),
    "amend": pgettext_lazy("done", "补充资料"),
    "claim": pgettext_lazy("done", "我来办"),
    "comment": pgettext_lazy("done", "留言"),
    "attach": pgettext_lazy("done", "添加附件"),
    "withdraw_attachment": pgettext_lazy("done", "撤回附件"),
}


def done(verb: str) -> str:
    """The words for a move that was made."""
    return str(DONE.get(verb) or LIFE.moves[verb].label)
