"""Who is told what of an inquiry. References only: number, houses, times; never the patient, never a word of it."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from advice.codes import OUTCOMES
from advice.models import Inquiry
from events.notices import Audience, Notice, Words, register, register_visibility
from referrals.notices import office, receivers_department, senders_doctor

DEPARTMENT_RUNG, HOUSE_RUNG = 1, 2


def ladder(event) -> list[Audience]:
    """The department once more; then the house's desk and duty line; then the consortium office."""
    house, rung = event.facts["receiver"], event.facts["rung"]
    if rung <= DEPARTMENT_RUNG:
        return receivers_department(event)
    if rung == HOUSE_RUNG:
        return [Audience(institution_id=house, unit="desk"), Audience(institution_id=house, unit="duty_line")]
    return office(event, house)


def both(event) -> list[Audience]:
    return senders_doctor(event) + receivers_department(event)


def the_other(event) -> list[Audience]:
    """Whoever of the two departments did not do it."""
    if event.facts["actor_institution"] == event.facts["receiver"]:
        return senders_doctor(event)
    return receivers_department(event) if event.facts["actor_institution"] else both(event)


# fmt: off
TABLE = [
    ("asked", receivers_department, noop("%(sender)s 咨询 %(number)s"), noop("%(department)s，请在 %(due)s 前答复。")),
    ("answered", senders_doctor, noop("%(receiver)s %(department)s 已答复 %(number)s"), noop("%(outcome)s，请查看。")),
    ("asked_again", receivers_department, noop("%(sender)s 追问 %(number)s"),
     noop("%(department)s，请在 %(due)s 前答复。")),
    ("added", receivers_department, noop("%(sender)s 补充说明 %(number)s"), ""),
    ("attached", the_other, noop("%(number)s 有新附件"), ""),
    ("attachment_withdrawn", the_other, noop("%(number)s 一份附件已撤回"), ""),
    ("converted", receivers_department, noop("%(sender)s 已把咨询 %(number)s 转为转诊"),
     noop("转诊单提交后会另行通知。")),
    ("closed", receivers_department, noop("%(sender)s 已结束咨询 %(number)s"), ""),
    ("withdrawn", receivers_department, noop("%(sender)s 撤回咨询 %(number)s"), noop("不必再答复。")),
    ("escalated", ladder, noop("咨询 %(number)s 逾期未答复"),
     noop("%(sender)s → %(receiver)s %(department)s，请尽快答复，联系电话 %(phone)s。")),
    ("lapsed", both, noop("咨询 %(number)s 答复后14天无人处理，已自动结束"), noop("仍需要时请重新咨询或发起转诊。")),
    ("reopened", senders_doctor, noop("转诊草稿已删除，咨询 %(number)s 恢复待处理"), ""),
]
# fmt: on


def say(title: str, body: str):
    """Words from msgids, translated when they are read; `%(…)s` are the event's references."""

    def words(event) -> Words:
        facts = event.facts
        names = {
            "number": facts["number"],
            "sender": facts["sender_name"],
            "receiver": facts["receiver_name"],
            "department": facts["department_name"],
            "due": facts["due"],
            "phone": facts["phone"] or "-",
            "outcome": OUTCOMES.get(facts.get("outcome"), ""),
        }
        return Words(_(title) % names, _(body) % names if body else "")

    return words


def link(event) -> str:
    return reverse("advice:detail", args=[event.facts["number"]])


def is_urgent(event) -> bool:
    """What climbs, and an answer that says it is an emergency."""
    return event.name == "advice.escalated" or bool(event.facts.get("urgent"))


def visible_to(ref: str, actor) -> bool:
    """By institution, not by role, like a referral: the duty line must hear that somebody waits."""
    return Inquiry.objects.in_reach_of(actor).filter(number=ref.partition(":")[2]).exists()


def register_all() -> None:
    register_visibility("inquiry", visible_to)
    for name, audience, title, body in TABLE:
        register(
            Notice(
                event=f"advice.{name}",
                key=name,
                audience=audience,
                words=say(title, body),
                link=link,
                urgent=is_urgent,
            )
        )
