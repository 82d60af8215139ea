"""Who is told what of a referral. References only: number, institutions, dates; never the patient."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from events.notices import Audience, Notice, Words, register, register_visibility
from referrals import codes
from referrals.models import Referral
from referrals.statuses import ENDED
from referrals.workflow import LIFE


def _stays_with_sender(event) -> bool:
    """Of what is not sent yet the receiver hears nothing; one on the telephone is called, and spoken for (代录)."""
    return event.facts.get("by_phone") or not event.facts.get("sent", True)


def receivers_desk(event) -> list[Audience]:
    if _stays_with_sender(event):
        return senders_doctor(event)
    return [Audience(institution_id=event.facts["receiver"], unit="desk")]


def receivers_department(event) -> list[Audience]:
    facts = event.facts
    if _stays_with_sender(event):
        return senders_doctor(event)
    return [Audience(institution_id=facts["receiver"], unit="department", department_id=facts["department"])]


def receivers_desk_and_department(event) -> list[Audience]:
    return receivers_desk(event) + receivers_department(event)


def sent_to(event) -> list[Audience]:
    """Whoever has it in hand; of an emergency those who will treat as well, at the same moment."""
    return receivers_desk_and_department(event) if _is_loud(event) else hand(event)


def _is_loud(event) -> bool:
    """An emergency on its way to somebody who has not answered: it stands apart from what can wait."""
    return event.facts.get("target") == "submitted" and "minutes" in event.facts


def senders_reviewers(event) -> list[Audience]:
    return [Audience(institution_id=event.facts["sender"], unit="desk")]


def senders_doctor(event) -> list[Audience]:
    """The author, and the others of his department: nobody is always on duty."""
    facts = event.facts
    unit = {"institution_id": facts["sender"]}
    audience = [Audience(unit="department", department_id=facts["sender_department"], **unit)]
    if facts["author"]:
        audience.append(Audience(unit="user", user_id=facts["author"], **unit))
    return audience


def senders_doctor_and_receivers_department(event) -> list[Audience]:
    """Who treats has it in hand from now on; who sent knows that the patient is there."""
    return senders_doctor(event) + receivers_department(event)


def told_of_undoing(event) -> list[Audience]:
    """The desk as well where the place is gone: it has to find another."""
    told = senders_doctor_and_receivers_department(event)
    return told + receivers_desk(event) if event.facts.get("place_lost") else told


def other_side(event) -> list[Audience]:
    """Whichever party did not do it; both, when the clock did."""
    if event.facts["actor_institution"] == event.facts["receiver"]:
        return senders_doctor(event)
    if event.facts["actor_institution"] == event.facts["sender"]:
        return receivers_desk_and_department(event)
    return senders_doctor(event) + receivers_desk_and_department(event)


def hand(event) -> list[Audience]:
    """The unit in whose hand it lies by the table."""
    state = LIFE.states[event.facts["target"]]
    if state.hand.side == "receiver":
        return receivers_desk(event) if state.hand.unit == "desk" else receivers_department(event)
    return senders_reviewers(event) if state.hand.unit == "desk" else senders_doctor(event)


def ladder(event) -> list[Audience]:
    """Rung 1 the hand's desk, 2 its duty line, 3 the consortium office."""
    side = "sender" if event.facts.get("by_phone") else LIFE.states[event.facts["target"]].hand.side
    house, rung = event.facts[side], event.facts["rung"]
    if rung <= 1:
        return hand(event)
    return [Audience(institution_id=house, unit="duty_line")] if rung == 2 else office(event, house)


def completion_ladder(event) -> list[Audience]:
    """When the paper is due its author and his department; then the desk of his house, then the consortium office."""
    step = event.facts["step"]
    if step <= AUTHORS_STEPS:
        return senders_doctor(event)
    return senders_reviewers(event) if step == DESKS_STEP else office(event)


def office(event, house=None) -> list[Audience]:
    """The office of the referral's own consortium, whichever others its houses are in; `house` is what it is about."""
    facts = event.facts
    about = house or facts["sender"]
    return [Audience(institution_id=about, unit="office", consortium_id=facts.get("consortium"))]


def told_successor(event) -> list[Audience]:
    return senders_doctor(event) + receivers_desk(event)


def told_redirected(event) -> list[Audience]:
    """Who made ready for an emergency or a patient on the way stands down, and the next gets ready."""
    facts = event.facts
    if not (facts["urgent"] or facts["target"] == "in_transit") or _stays_with_sender(event):
        return other_side(event)
    left = Audience(institution_id=facts["receiver"], unit="department", department_id=facts["left_department"])
    return [*other_side(event), *receivers_department(event), left]


def told_withdrawn(event) -> list[Audience]:
    """Of an emergency the department has heard as well, and need not wait any more."""
    return receivers_desk_and_department(event) if event.facts["urgent"] else receivers_desk(event)


def told_diverted(event) -> list[Audience]:
    return told_successor(event) + receivers_department(event)


def link(event) -> str:
    return reverse("referrals:detail", args=[event.facts["number"]])


def review_link(event) -> str:
    return reverse("referrals:review", args=[event.facts["number"]])


def say(title: str, body: str, *, always: bool = False):
    """Words from msgids, translated when they are read; `%(…)s` are the event's references.

    `always` these, whatever `_said_instead` knows of the event.
    """

    def words(event) -> Words:
        names = _names(event)
        said, more = (None if always else _said_instead(event)) or (title, body)
        more = WAITING if event.facts.get("linked_waits") else more
        return Words(_(said) % names, _(more) % names if more else "")

    return words


def _said_instead(event) -> tuple[str, str] | None:
    """Accepted with a place, the sender has to tell the patient the day; the own reviewer is asked for a review; who
    has not arrived after all and has lost his place needs another."""
    target = event.facts.get("target")
    if event.name == "referral.arrival_undone" and event.facts.get("place_lost"):
        return PLACE_LOST
    if event.name == "referral.submitted" and event.facts.get("source") == "returned":
        return RESENT
    if event.name == "referral.accepted" and target == "scheduled" and event.facts.get("date"):
        return BOOKED
    if _is_loud(event):
        return GREEN if event.facts["green"] else EMERGENCY
    return TO_REVIEW if event.name == "referral.submitted" and target == "in_review" else None


def _names(event) -> dict:
    """The references words may name; read from the event alone, so that an inbox costs no queries."""
    facts = event.facts
    return {
        "number": facts["number"],
        "sender": facts["sender_name"],
        "receiver": facts["receiver_name"],
        "department": facts["department_name"],
        "date": facts.get("date", ""),
        "linked": facts.get("linked", ""),
        "rung": facts.get("rung", 0),
        "due": facts.get("due", ""),
        "minutes": facts.get("minutes", ""),
        "green": codes.GREEN_CHANNELS.get(facts.get("green"), ""),
        "verdict": codes.GREEN_VERDICTS.get(facts.get("verdict"), ""),
        "phone": facts.get("phone") or "-",
    }


AUTHORS_STEPS, DESKS_STEP = 2, 3
"""Of `limits.COMPLETION_STEPS`: so many are told to the author, the next to his desk, the last to the office."""
BOOKED = (noop("%(number)s 已预约 %(date)s"), noop("%(receiver)s %(department)s，请通知患者。"))
RESENT = (noop("%(sender)s 已补充 %(number)s，再次提交"), noop("转往%(department)s，请尽快答复。"))
PLACE_LOST = (noop("%(number)s 到诊登记已撤销"), noop("原预约的位置已让出且约满，请%(receiver)s重新安排。"))
GREEN = (
    noop("绿色通道·%(green)s：%(sender)s 转来 %(number)s，请在 %(minutes)s 分钟内答复"),
    noop("转往%(department)s，请立即答复并准备接诊。"),
)
EMERGENCY = (
    noop("急诊：%(sender)s 转来 %(number)s，请在 %(minutes)s 分钟内答复"),
    noop("转往%(department)s，请立即答复并准备接诊。"),
)
TO_REVIEW = (noop("%(number)s 待院内审核"), noop("转往%(receiver)s %(department)s，请审核。"))
WAITING = noop("后续单号 %(linked)s 存为转出方的草稿，请补齐知情同意等内容后提交。")

# event, audience, title, body
# fmt: off
TABLE = [
    ("submitted", sent_to, noop("%(sender)s 转来 %(number)s"), noop("转往%(department)s，请尽快答复。")),
    ("approved", sent_to, noop("%(sender)s 转来 %(number)s"), noop("转往%(department)s，请尽快答复。")),
    ("sent_back", senders_doctor, noop("%(number)s 审核退回"), noop("请按审核意见修改后再提交。")),
    ("accepted", senders_doctor, noop("%(receiver)s 已接收 %(number)s"), noop("%(department)s正在安排。")),
    ("returned", senders_doctor, noop("%(receiver)s 退回补充 %(number)s"), noop("请在7天内补充后重新提交。")),
    ("rejected", senders_doctor, noop("%(receiver)s 不予接收 %(number)s"), noop("请登记患者去向或重新转诊。")),
    ("redirected", told_redirected, noop("%(number)s 已改派到%(department)s"), ""),
    ("forwarded", told_successor, noop("%(number)s 已转他院"), noop("后续单号 %(linked)s。")),
    ("scheduled", senders_doctor, *BOOKED),
    ("deferred", senders_doctor, noop("%(number)s 暂无位置"), noop("%(receiver)s 已约定联系日期，未放弃安排。")),
    ("dispatched", receivers_desk_and_department, noop("%(number)s 患者已出发"),
     noop("%(sender)s 转往%(department)s，请准备接诊。")),
    ("diverted", told_diverted, noop("%(number)s 途中改送"), noop("后续单号 %(linked)s。")),
    ("turned_back", receivers_desk_and_department, noop("%(number)s 患者中途返回"), ""),
    ("arrived", senders_doctor_and_receivers_department, noop("%(number)s 患者已到诊"),
     noop("%(receiver)s %(department)s 已接诊。")),
    ("arrival_undone", told_of_undoing, noop("%(number)s 到诊登记已撤销"), ""),
    ("discharged", senders_doctor, noop("%(number)s 患者已出院"), noop("%(receiver)s 应在24小时内回传小结。")),
    ("summary_wanted", receivers_department, noop("%(number)s 患者已转回基层，小结未回传"),
     noop("下转单 %(linked)s 已到诊，请在24小时内办结并回传小结。")),
    ("not_arrived", senders_doctor, noop("%(number)s 患者昨日未到诊"), noop("请联系患者了解情况。")),
    ("missed", senders_doctor, noop("%(number)s 登记为未到诊"), noop("请登记患者去向。")),
    ("cancelled", senders_doctor, noop("%(receiver)s 取消接收 %(number)s"), noop("请登记患者去向或重新转诊。")),
    ("concluded", senders_doctor, noop("%(number)s 已办结，小结已回传"), noop("请阅读并签收。")),
    ("acknowledged", receivers_department, noop("%(sender)s 已签收 %(number)s"), ""),
    ("followed_up", receivers_department, noop("%(sender)s 已登记随访 %(number)s"), ""),
    ("settled", receivers_desk, noop("%(sender)s 已登记 %(number)s 患者去向"), ""),
    ("withdrawn", told_withdrawn, noop("%(sender)s 撤回 %(number)s"), ""),
    ("discarded", senders_doctor, noop("草稿 %(number)s 已删除"), ""),
    ("superseded", told_successor, noop("%(number)s 已由急诊转诊取代"), ""),
    ("upgraded", other_side, noop("%(number)s 病情加重，紧急程度已提高"), noop("请立即处理。")),
    ("death_recorded", other_side, noop("%(number)s 已登记死亡"), ""),
    ("voided", other_side, noop("%(number)s 因登记错误作废"), noop("请勿再据此办理。")),
    ("commented", other_side, noop("%(number)s 有新留言"), ""),
    ("patient_declined", told_successor, noop("%(number)s 患者告知不能来"),
     noop("%(sender)s → %(receiver)s %(department)s，请联系患者，改期或取消。")),
    ("patient_coming", told_successor, noop("%(number)s 患者告知又能来了"), noop("原安排照旧，请留意。")),
    ("attached", other_side, noop("%(number)s 有新附件"), ""),
    ("attachment_withdrawn", other_side, noop("%(number)s 一份附件已撤回"), ""),
    ("closed", senders_doctor, noop("%(number)s 随下转到诊办结"), ""),
    ("reopened", senders_doctor_and_receivers_department, noop("%(number)s 恢复待签收"),
     noop("下转单 %(linked)s 的到诊登记已撤销。")),
    ("expired", senders_doctor, noop("%(number)s 补充逾期，已过期"), noop("请登记患者去向或重新转诊。")),
    ("completed", receivers_desk_and_department, noop("%(number)s 绿色通道资料已补齐"),
     noop("%(sender)s → %(receiver)s %(department)s，请查看转诊单。")),
    ("escalated", ladder, noop("%(number)s 已逾期，请立即处理"),
     noop("%(sender)s → %(receiver)s %(department)s，联系电话 %(phone)s。")),
    ("completion_due", senders_doctor, noop("%(number)s 绿色通道资料待补录"),
     noop("%(sender)s → %(receiver)s %(department)s，请在 %(due)s 前补齐。")),
    ("completion_overdue", completion_ladder, noop("%(number)s 绿色通道资料逾期未补录"),
     noop("%(sender)s → %(receiver)s %(department)s，应于 %(due)s 前补齐，请尽快补录。")),
    ("review_due", office, noop("%(number)s 绿色通道使用待评审"),
     noop("%(sender)s → %(receiver)s %(department)s，评审已到期，请登记评审结论。")),
    ("reviewed", senders_doctor_and_receivers_department, noop("%(number)s 绿色通道评审：%(verdict)s"),
     noop("%(sender)s → %(receiver)s %(department)s，评审意见见转诊单页面。")),
    ("reminded", hand, noop("%(number)s 已到期，请处理"), noop("%(sender)s → %(receiver)s %(department)s。")),
]
# fmt: on

ALSO = [
    (
        "approved",
        "approved_sender",
        senders_doctor,
        noop("%(number)s 已审核通过"),
        noop("已转往%(receiver)s %(department)s。"),
    ),
    (
        "expired",
        "expired_receiver",
        receivers_desk,
        noop("%(number)s 未按时补充，已过期"),
        noop("由%(sender)s 登记患者去向。"),
    ),
]
"""What the other side hears of the same event, in words of its own: event, key, audience, title, body."""

LINKS = {"review_due": review_link}
"""Where a notice leads, if not to the page of the referral."""
URGENT = {"escalated", "upgraded", "dispatched"}
"""Press whatever the referral is."""
OVER = {"concluded", "following_up", "closed", "settled"}
"""Of an emergency: seen and treated, or where the patient went is known."""


def is_urgent(event) -> bool:
    """What presses, for every notice here: it waits for nobody's quiet hours. All of an emergency, until it is over."""
    name = event.name.removeprefix("referral.")
    return name in URGENT or bool(event.facts.get("urgent") and not _is_over(event.facts))


def _is_over(facts) -> bool:
    """What ends a running one is not: somebody has made ready for it."""
    target = facts.get("target", "")
    source = facts.get("source") or target
    taken_back = target == "withdrawn" and not facts.get("sent", True)
    return taken_back or bool({source, target} & OVER) or (source == target and target in ENDED)


def visible_to(ref: str, actor) -> bool:
    """Whether this actor may know of the referral now; asked again when a notice is sent.

    By institution, not by role: the words are references only, and on the ladder's second rung an
    administrator on the duty line must hear that somebody waits, even if he may not open the record.
    """
    return Referral.objects.in_reach_of(actor).filter(number=ref.partition(":")[2]).exists()


def register_all() -> None:
    register_visibility("referral", visible_to)
    for name, audience, title, body in TABLE:
        register(
            Notice(
                event=f"referral.{name}",
                key=name,
                audience=audience,
                words=say(title, body),
                link=LINKS.get(name, link),
                urgent=is_urgent,
            )
        )
    for name, key, audience, title, body in ALSO:
        words = say(title, body, always=True)
        notice = Notice(event=f"referral.{name}", key=key, audience=audience, words=words, link=link, urgent=is_urgent)
        register(notice)
