"""What each move takes, as one table: forms, REST serializers and the API document read it.

Kinds: text, line, choice, date, datetime, phone, institution, department, slot, diagnoses,
medications, handover, flag. A fact is named as in the REST interface.
"""

from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from referrals import codes


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One fact of a move; `choices` for kind "choice" maps slugs to words."""

    name: str
    kind: str
    label: str
    required: bool = False
    choices: dict | None = None
    help: str = ""


def fact(name, kind, label, required=False, choices=None, help="") -> Fact:  # noqa: A002 - the word of the forms
    return Fact(name=name, kind=kind, label=label, required=required, choices=choices, help=help)


_RECEIVER = fact("receiver", "institution", _("转往机构"), required=True)
_DEPARTMENT = fact("department", "department", _("科室"), required=True)
_SLOT = fact("slot", "slot", _("号源或床位"))
_AT = fact("at", "time", _("就诊时间"))
_PLACE = fact("place", "line", _("就诊地点"))
_BRING = fact("bring", "line", _("请患者携带"))
_AGREED_BY = fact("agreed_by", "line", _("对方同意人（电话）"))

FACTS: dict[str, tuple[Fact, ...]] = {
    "submit": (),
    "approve": (),
    "send_back": (),
    "accept": (_SLOT, _AT, _PLACE, _BRING),
    "return": (fact("reason", "choice", _("退回原因"), False, codes.RETURN_REASONS),),
    "reject": (fact("reason", "choice", _("不予接收的原因"), True, codes.REJECT_REASONS),),
    "cancel": (fact("reason", "choice", _("取消原因"), True, codes.CANCEL_REASONS),),
    "withdraw": (fact("reason", "choice", _("撤回原因"), True, codes.WITHDRAW_REASONS),),
    "redirect": (_DEPARTMENT, fact("reason", "line", _("改派原因"))),
    "forward": (_RECEIVER, _DEPARTMENT, fact("reason", "line", _("转他院原因")), _AGREED_BY),
    "schedule": (
        _SLOT,
        _AT,
        fact("date", "date", _("上门或随访日期"), help=_("随访接续不占号源时填写")),
        _PLACE,
        _BRING,
    ),
    "defer": (
        fact("contact_by", "date", _("最迟联系日期"), required=True),
        fact("reason", "line", _("暂无位置的原因")),
    ),
    "dispatch": (
        fact("escort", "line", _("护送人员")),
        fact("vehicle", "line", _("车辆或交通方式")),
        fact("confirmed_by", "line", _("电话确认接收人"), help=_("绿色通道在对方接收前出发时必填")),
    ),
    "divert": (_RECEIVER, _DEPARTMENT, fact("reason", "line", _("改送原因"))),
    "turn_back": (fact("reason", "line", _("返回原因"), required=True),),
    "arrive": (
        fact("handed_over_by", "line", _("送达人（转出方）")),
        fact("received_by", "line", _("接诊人（接收方）")),
        fact("handover", "text", _("交接时患者情况"), help=_("神志、生命体征、管路、携带的资料和药品")),
        fact("arrived_at", "datetime", _("到达时间"), help=_("留空即现在")),
    ),
    "undo_arrival": (fact("reason", "line", _("撤销原因"), required=True),),
    "miss": (),
    "discharge": (
        fact("discharged_at", "datetime", _("出院（康复结束）时间"), help=_("留空即现在；登记有误时再登记一次即更正")),
    ),
    "conclude": (
        fact("ended_at", "datetime", _("诊疗结束（出院）时间"), help=_("留空即登记的出院时间，没有登记的即现在")),
        fact("outcome", "choice", _("转归"), True, codes.OUTCOMES),
        fact("diagnoses", "diagnoses", _("诊断结果"), required=True),
        fact("treatment", "text", _("主要检查结果和治疗经过"), required=True),
        fact("advice", "text", _("下一步治疗方案及康复建议"), required=True),
        fact("medications", "medications", _("带药和用药方案")),
        fact("follow_up_on", "date", _("建议随访日期")),
    ),
    "refer_back": (
        fact("receiver", "institution", _("转往机构"), help=_("默认转回原转出机构")),
        fact("department", "department", _("科室")),
    ),
    "resubmit": (),
    "acknowledge": (fact("follow_up_on", "date", _("随访日期"), help=_("留空表示无需随访")),),
    "follow_up": (fact("found", "text", _("随访所见"), required=True),),
    "settle": (
        fact("outcome", "choice", _("患者去向"), True, codes.SETTLEMENTS),
        fact("attempts", "number", _("联系次数")),
        fact("number", "line", _("后续单号"), help=_("已重新转诊时：只有一张后续转诊单可不填，有几张须填写。")),
    ),
    "upgrade": (
        fact("urgency", "choice", _("紧急程度"), True, codes.URGENCIES),
        fact("green_channel", "choice", _("绿色通道"), False, codes.GREEN_CHANNELS),
    ),
    "record_death": (
        fact("died_at", "datetime", _("死亡时间"), required=True),
        fact("source", "line", _("信息来源"), required=True),
    ),
    "void": (fact("reason", "line", _("作废原因"), required=True),),
    "discard": (),
    "claim": (),
    "comment": (fact("text", "text", _("留言"), required=True),),
}

SPOKEN = (
    fact("told_by", "line", _("对方答复人"), required=True),
    fact("told_phone", "phone", _("对方电话"), required=True),
    fact("told_at", "datetime", _("通话时间")),
)
"""What a telephone answer of a member off the platform needs besides (代录)."""

REQUIRED_FROM = {
    ("arrive", "in_transit"): ("handed_over_by", "received_by"),
    ("dispatch", "submitted"): ("confirmed_by",),
}
"""Facts that a move needs only from some statuses: who was brought is handed over by both sides; who sets out before
the answer has been told on the telephone that he may."""

REMARK = fact("remark", "text", _("备注"))
REMARKS = {"return": _("请对方补充什么"), "send_back": _("请作者修改什么")}
"""What the remark of a move is, where it is the whole of it."""
OCCURRED_AT = fact("occurred_at", "datetime", _("实际发生时间"), help=_("补录时填写；留空即现在"))


def required_from(verb: str, status: str) -> tuple[str, ...]:
    return REQUIRED_FROM.get((verb, status), ())


def facts_of(verb: str, *, spoken: bool = False, remark_required: bool = False, status: str = "") -> tuple[Fact, ...]:
    """Everything a form of this move asks, in order; `status` is where the referral stands, if there is one."""
    remark = replace(REMARK, label=REMARKS.get(verb, REMARK.label), required=remark_required)
    needed = required_from(verb, status)
    own = (replace(each, required=True) if each.name in needed else each for each in FACTS[verb])
    return (*own, *(SPOKEN if spoken else ()), remark, OCCURRED_AT)
