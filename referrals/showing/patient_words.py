"""How a referral stands, as one tells a patient: one sentence for now, one for what comes next. Nothing clinical."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

# status: (now, next, how it looks)
STATES = {
    "draft": (noop("医生正在为您准备转诊，还没有发出。"), noop("发出后，这里会告诉您对方的答复。"), "wait"),
    "in_review": (noop("您的转诊正在%(sender)s内部审核。"), noop("审核通过就会发给%(receiver)s。"), "wait"),
    "submitted": (
        noop("您的转诊已经发给%(receiver)s，正在等对方答复。"),
        noop("有了答复，这里会更新；您先不用跑。"),
        "wait",
    ),
    "returned": (
        noop("%(receiver)s想多了解一些情况，您的医生正在补充。"),
        noop("补充好会再次发出；需要您配合时，医生会联系您。"),
        "wait",
    ),
    "accepted": (
        noop("%(receiver)s已经同意接收您，正在安排时间。"),
        noop("时间定下来后会通知您，这里也会更新；请保持电话畅通。"),
        "good",
    ),
    "scheduled": (noop("已经为您约好了。"), noop("请按下面的时间，带好东西前往。"), "good"),
    "in_transit": (noop("您正在转往%(receiver)s的路上。"), noop("对方已经知道您要来，到了会有人接。"), "good"),
    "arrived": (noop("您已经到了%(receiver)s，正在那里看病。"), noop("看完后，%(sender)s会接着照顾您。"), "good"),
    "concluded": (
        noop("这次在%(receiver)s的诊疗结束了，结果已经传回%(sender)s。"),
        noop("请与%(sender)s联系，那里的医生会接着照顾您。"),
        "good",
    ),
    "following_up": (
        noop("您已经回到%(sender)s，那里的医生会跟进您的恢复。"),
        noop("医生会在约定的日子看您；有不舒服随时联系。"),
        "good",
    ),
    "closed": (noop("这次转诊已经办完。"), noop("以后有不舒服，先找%(sender)s的医生。"), "good"),
    "rejected": (
        noop("%(receiver)s这次不能接收，这不是您的原因。"),
        noop("您的医生会和您商量别的办法；也可以打电话问%(sender)s。"),
        "care",
    ),
    "cancelled": (
        noop("原来的安排取消了，很抱歉给您添了麻烦。"),
        noop("%(sender)s的医生会联系您，和您重新商量。"),
        "care",
    ),
    "no_show": (
        noop("约好的时间里没有等到您。"),
        noop("没有关系。还需要看的话，请打电话给%(sender)s重新安排。"),
        "care",
    ),
    "expired": (
        noop("这次转诊因为时间过了，已经停下来。"),
        noop("还需要看的话，请打电话给%(sender)s，医生会为您重新办。"),
        "care",
    ),
    "settled": (noop("这次转诊已经结束。"), noop("以后有不舒服，先找%(sender)s的医生。"), "wait"),
    "withdrawn": (
        noop("%(sender)s已经撤回这次转诊。"),
        noop("想知道原因，或者还需要看病，请打电话给%(sender)s。"),
        "care",
    ),
    "forwarded": (
        noop("%(receiver)s为您联系了更合适的医院，正在办理。"),
        noop("办好后，这里会显示新的医院；也可以打电话问%(sender)s。"),
        "wait",
    ),
    "died": (
        noop("我们对逝者的离去深感悲痛，请家属节哀。"),
        noop("需要帮助办理后续手续的，请打下面的电话。"),
        "care",
    ),
    "void": (noop("这张转诊单已经作废。"), noop("请打电话给%(sender)s。"), "care"),
}

PREPARED = (noop("身份证"), noop("医保卡（或医保电子凭证）"), noop("转诊单"), noop("以前的检查资料、正在吃的药"))
"""What everybody brings."""


def state_words(referral, status: str) -> tuple[str, str, str]:
    """(now, next, look); the look is wait, good or care. `status` is the referral's, or what it means to the family."""
    now, coming, look = STATES[status]
    names = {"sender": referral.sender.label, "receiver": referral.receiver.label}
    return _(now) % names, _next(referral, coming) % names, look


def _next(referral, coming: str) -> str:
    """With the day, where one has been agreed on."""
    if referral.status == "accepted" and referral.contact_by:
        day = date_format(referral.contact_by, "DATE_FORMAT")
        return _("暂时没有空位，%(receiver)s最迟会在 %(day)s 联系您。").replace("%(day)s", day)
    if referral.status == "following_up" and referral.follow_up_agreed_on:
        day = date_format(referral.follow_up_agreed_on, "DATE_FORMAT")
        return _("约好 %(day)s 前后医生看您；有不舒服随时联系。").replace("%(day)s", day)
    return _(coming)
