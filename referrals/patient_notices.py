"""What the patient is told by short message at each step: houses, days, a telephone and his link, nothing else.

No name, no department, nothing of an illness: a telephone lies on the table, and its number may be another's by now.
The place within the house names departments often enough, so it stands behind the link and its question.
"""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from events.actor import system_actor
from events.models import Event
from events.notices import Audience, Notice, Recipient, Text, Words, register, register_recipient
from referrals.actions.links import issue_link
from referrals.deadlines import appointment_at
from referrals.models import Referral
from referrals.notices import link
from referrals.showing.patient_page import is_over_by_death, when_words

KIND = "patient"
KEY = "patient"
LANGUAGE = "zh-hans"
SENDER, RECEIVER = "sender", "receiver"

# template: (words, whose desk is named)
TEXTS = {
    "sent": (noop("您的转诊已发给%(receiver)s，有答复会再通知您，请先不要前往。"), SENDER),
    "accepted": (noop("%(receiver)s已同意接收您，正在安排时间，定下来会再通知您。"), RECEIVER),
    "deferred": (noop("%(receiver)s暂时没有空位，最迟%(when)s联系您，请保持电话畅通。"), RECEIVER),
    "placed": (
        noop("已为您约好：%(when)s，%(receiver)s。请带身份证、医保卡和转诊单，先到转诊服务台。"),
        RECEIVER,
    ),
    "called_off": (noop("%(receiver)s原来的安排取消了，很抱歉。%(sender)s的医生会联系您重新商量。"), SENDER),
    "passed_on": (noop("%(receiver)s为您联系了更合适的医院，正在办理。"), SENDER),
    "not_taken": (noop("%(receiver)s这次不能接收，不是您的原因。%(sender)s的医生会和您商量别的办法。"), SENDER),
    "taken_back": (noop("%(sender)s已撤回您的转诊。想知道原因或还需要看病，请打电话。"), SENDER),
    "arrived": (noop("您已在%(receiver)s登记到诊，那里的医生会为您看病。"), RECEIVER),
    "lapsed": (
        noop(
            "这次转诊因为时间过了，已经停下来，不是您的原因，请先不要前往。还需要看的话，%(sender)s的医生会为您重新办。"
        ),
        SENDER,
    ),
    "not_seen": (noop("约好的时间没有等到您。还需要看的话，请打电话重新安排。"), SENDER),
    "going_home": (noop("您在%(receiver)s的诊疗结束了，请与%(sender)s联系，那里的医生会接着照顾您。"), SENDER),
    "follow_up": (noop("您约好%(when)s前后由%(sender)s的医生随访。"), SENDER),
}


def _accepted(event) -> str:
    """Who is on his way need not be told that he is awaited."""
    return {"scheduled": "placed", "accepted": "accepted"}.get(event.facts["target"], "")


def _sent(event) -> str:
    """Not while it is reviewed at home, not again after a question; on the green channel he is on his way."""
    facts = event.facts
    again = facts.get("source") == "returned" or facts["green"]
    return "" if again or facts["target"] != "submitted" else "sent"


def _always(template):
    return lambda event: template


def _if_sent(template):
    return lambda event: template if event.facts.get("sent") else ""


TELLS = {
    "submitted": _sent,
    "approved": _sent,
    "accepted": _accepted,
    "deferred": _always("deferred"),
    "scheduled": _always("placed"),
    "cancelled": _always("called_off"),
    "forwarded": lambda event: "passed_on" if event.facts.get("linked_waits") else "",  # else the successor tells
    "rejected": _always("not_taken"),
    "expired": _always("lapsed"),
    "withdrawn": _if_sent("taken_back"),
    "arrived": _always("arrived"),
    "missed": _always("not_seen"),
    "concluded": _always("going_home"),
    "acknowledged": lambda event: "follow_up" if event.facts["target"] == "following_up" else "",
}
"""Event → which text it has, "" for none."""
NAMES = [f"referral.{name}" for name in TELLS]


def told(event) -> list[Audience]:
    """The patient, where this event has a text for him; his house at home looks after the telling."""
    if not TELLS[event.name.partition(".")[2]](event):
        return []
    return [Audience(institution_id=event.facts["sender"], unit="patient", ref=f"{KIND}:{event.facts['number']}")]


def reached_at(ref: str, event) -> Recipient | None:
    """His telephone, unless he refused, nobody should be told (any more), or something newer is to be told anyway."""
    referral = _referral(ref.partition(":")[2])
    if referral is None or referral.no_sms or not referral.patient.phone:
        return None
    if referral.status != event.facts["target"] or is_over_by_death(referral) or _overtaken(event):
        return None
    if event.name == "referral.scheduled" and _is_over(referral):
        return None
    return Recipient(phone=referral.patient.phone, language=LANGUAGE)


def _is_over(referral) -> bool:
    """Whether the day was there before the message could be: held back too long, it would only confuse."""
    place = referral.place_held()
    return place is not None and appointment_at(place) <= timezone.now()


def text_of(event) -> Text:
    """Made when it is sent, from how things stand then; each has a link of its own, see `actions.links`."""
    referral = _referral(event.facts["number"])
    template = TELLS[event.name.partition(".")[2]](event)
    words, whose = TEXTS[template]
    house = referral.sender if whose == SENDER else referral.receiver
    params = {
        "sender": referral.sender.label,
        "receiver": referral.receiver.label,
        "when": _when(referral, template),
        "phone": house.desk_phone or house.duty_phone,
        "link": issue_link(referral, actor=system_actor(), made_for="sms", message=str(event.pk)),
    }
    said = [_(words) % params]
    said += [_("电话：%(phone)s。") % params] if params["phone"] else []
    said += [_("详情：%(link)s") % params] if params["link"] else []
    return Text(template=f"patient_{template}", params=_used(words, params), words="".join(said))


def _used(words: str, params: dict) -> dict:
    """What the registered template has places for."""
    return {name: value for name, value in params.items() if f"%({name})s" in words or name in ("phone", "link")}


def _when(referral, template: str) -> str:
    day = {"deferred": referral.contact_by, "follow_up": referral.follow_up_agreed_on}.get(template)
    if day:
        return date_format(day, "DATE_FORMAT")
    booking = referral.place_held() if template == "placed" else None
    return when_words(booking) if booking else ""


def _referral(number: str) -> Referral | None:
    rows = Referral.objects.select_related("sender", "receiver", "department", "patient", "summary")
    return rows.filter(number=number).first()


def _overtaken(event) -> bool:
    """Whether the patient is to be told of something later about the same referral."""
    later = Event.objects.filter(subject=event.subject, pk__gt=event.pk, name__in=NAMES)
    return any(TELLS[each.name.partition(".")[2]](each) for each in later)


def _words(event) -> Words:
    """For the list of deliveries; the patient reads `text_of`."""
    return Words(_("短信通知患者：%(number)s") % {"number": event.facts["number"]})


def register_all() -> None:
    register_recipient(KIND, reached_at)
    for name in NAMES:
        register(
            Notice(
                event=name, key=KEY, audience=told, words=_words, link=link, channels=(), text=text_of, urgent=_presses
            )
        )


def _presses(event) -> bool:
    """Of an emergency the family hears at night, too."""
    return bool(event.facts.get("urgent"))
