"""The trail in words: what happened to what, on which basis."""

from django.utils.translation import gettext_lazy as _

from records.codes import Basis
from referrals.done import done
from referrals.workflow import LIFE

KINDS = {
    "referral": _("转诊"),
    "blank": _("空白转诊单"),
    "advice": _("转诊前咨询"),
    "inquiry": _("转诊前咨询"),
    "patient": _("患者"),
    "link": _("患者链接"),
    "rating": _("患者评价"),
    "consent": _("知情同意"),
    "access": _("查阅授权"),
    "session": _("登录"),
    "user": _("账号"),
    "membership": _("任职"),
    "shift": _("值班"),
    "client": _("接口客户端"),
    "institution": _("机构"),
    "department": _("科室"),
    "capacity": _("号源床位"),
    "calendar": _("工作日历"),
    "relation": _("转诊关系"),
    "relations": _("转诊关系"),
    "consortium": _("医联体"),
    "member": _("成员资格"),
    "limit": _("时限"),
    "notice": _("通知"),
    "delivery": _("通知发送"),
    "errand": _("后台任务"),
    "robot": _("群机器人"),
    "digest": _("每日待办"),
    "trail": _("审计记录"),
    "figures": _("统计"),
}

DEEDS = {
    "referral.drafted": _("新建草稿"),
    "referral.completed": _("补录完成"),
    "referral.reviewed": _("绿色通道评审"),
    "advice.asked": _("提出咨询"),
    "advice.answered": _("答复咨询"),
    "advice.asked_again": _("追问"),
    "advice.added": _("补充说明"),
    "advice.converted": _("转为转诊"),
    "advice.closed": _("结束咨询"),
    "advice.withdrawn": _("撤回咨询"),
    "advice.attached": _("添加附件"),
    "advice.attachment_withdrawn": _("撤回附件"),
    "advice.escalated": _("逾期升级"),
    "advice.lapsed": _("答复后无人处理，自动结束"),
    "advice.reopened": _("转诊草稿已删除，恢复待处理"),
    "blank.printed": _("印空白转诊单"),
    "blank.reprinted": _("补印空白转诊单"),
    "blank.spoiled": _("作废空白转诊单"),
    "blank.entered": _("录入纸质转诊单"),
    "patient.registered": _("登记患者"),
    "patient.changed": _("修改患者登记"),
    "patient.identified": _("确认患者身份"),
    "link.issued": _("生成患者链接"),
    "link.revoked": _("作废患者链接"),
    "link.locked": _("患者链接因多次输错被锁"),
    "link.guessed": _("有人反复尝试打开患者链接"),
    "link.sms_refused": _("患者不要短信"),
    "link.sms_wanted": _("患者恢复短信"),
    "rating.given": _("患者评价"),
    "consent.given": _("登记同意"),
    "consent.refused": _("登记拒绝"),
    "consent.withdrawn": _("撤回同意"),
    "access.granted": _("授予查阅"),
    "access.ended": _("结束查阅授权"),
    "session.opened": _("登录"),
    "session.closed": _("退出"),
    "session.locked": _("账号锁定"),
    "user.created": _("新建账号"),
    "user.changed": _("修改账号"),
    "user.password_reset": _("重设密码"),
    "user.password_changed": _("本人修改密码"),
    "membership.added": _("登记任职"),
    "membership.changed": _("修改任职"),
    "membership.ended": _("登记离职"),
    "membership.chosen": _("切换任职"),
    "shift.added": _("排班"),
    "shift.removed": _("取消值班"),
    "client.registered": _("登记客户端"),
    "client.revoked": _("停用客户端"),
    "institution.added": _("新增机构"),
    "institution.changed": _("修改机构资料"),
    "department.added": _("新增科室"),
    "department.changed": _("修改科室"),
    "capacity.published": _("发布号源床位"),
    "calendar.set": _("登记停诊或调班"),
    "calendar.cleared": _("取消停诊或调班"),
    "relations.generated": _("按等级生成转诊关系"),
    "relation.set": _("设置转诊关系"),
    "relation.ended": _("停用转诊关系"),
    "consortium.founded": _("建立医联体"),
    "consortium.changed": _("修改医联体资料"),
    "member.admitted": _("接纳成员"),
    "member.changed": _("修改成员资格"),
    "member.left": _("成员退出"),
    "limit.set": _("设置时限"),
    "limit.reset": _("恢复默认时限"),
    "notice.unheard": _("无人收到通知"),
    "delivery.resent": _("重发通知"),
    "delivery.resent_all": _("重发全部失败的通知"),
    "digest.made": _("发每日待办"),
    "robot.added": _("添加群机器人"),
    "robot.changed": _("修改群机器人"),
    "robot.switched": _("启用或停用群机器人"),
    "robot.removed": _("删除群机器人"),
    "robot.tested": _("测试群机器人"),
    "errand.replayed": _("重做后台任务"),
    "trail.read": _("查阅审计记录"),
    "figures.exported": _("导出统计"),
}

BASES = {**dict(Basis.choices), "number": _("按证件号查询"), "system": _("系统处理")}

PURPOSES = {
    "referral": _("转诊"),
    "write referral": _("发起转诊"),
    "what runs": _("查询在办转诊"),
    "inquiry": _("转诊前咨询"),
    "print slip": _("打印转诊单"),
    "print consent": _("打印知情同意书"),
    "timeline": _("经过"),
    "attachment": _("附件"),
    "outcome": _("看转诊结局"),
    "read": _("查看"),
    "identify": _("登记患者身份"),
    "change": _("更正患者登记"),
    "register": _("登记患者"),
    "exact number": _("按证件号查询"),
}
"""What pages and partners' systems look for; a person who reveals writes the reason in own words."""


def deed(name: str) -> str:
    """An event's name in words; the name itself where it has none."""
    if name in DEEDS:
        return str(DEEDS[name])
    verbs = {move.event: move.verb for move in LIFE.moves.values()}
    return done(verbs[name]) if name in verbs else name


def kind(name: str) -> str:
    """The noun an event is about, in words."""
    code = name.partition(".")[0]
    return str(KINDS.get(code, code))


def basis_words(code: str) -> str:
    return str(BASES.get(code, code))


def purpose_words(purpose: str) -> str:
    """A purpose of the platform's own in words, that of a move by its button; what a person wrote as it is."""
    if purpose in LIFE.moves:
        return str(LIFE.moves[purpose].label)
    return str(PURPOSES.get(purpose, purpose))
