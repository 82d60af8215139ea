"""Referrals in any status, reached by walking the workflow through the real acts.

referral_at("accepted", cast)
referral_at("arrived", cast, urgency="emergency", department=cast.departments.neurology)
step("conclude", referral, cast)
"""

from datetime import timedelta

from django.utils import timezone

from events.actor import clock_actor
from records.models import Patient
from referrals import actions
from referrals.actions.performing import needs_spoken_word
from referrals.models import Referral
from referrals.workflow import LIFE
from tests.cast import Cast

CAME_BY = {
    "in_review": ("draft", "submit"),
    "submitted": ("draft", "submit"),
    "returned": ("submitted", "return"),
    "accepted": ("submitted", "accept"),
    "scheduled": ("accepted", "schedule"),
    "in_transit": ("accepted", "dispatch"),
    "arrived": ("scheduled", "arrive"),
    "concluded": ("arrived", "conclude"),
    "following_up": ("concluded", "acknowledge"),
    "closed": ("concluded", "acknowledge"),
    "rejected": ("submitted", "reject"),
    "cancelled": ("accepted", "cancel"),
    "no_show": ("scheduled", "miss"),
    "expired": ("returned", "expire"),
    "settled": ("rejected", "settle"),
    "withdrawn": ("submitted", "withdraw"),
    "forwarded": ("submitted", "forward"),
    "died": ("arrived", "record_death"),
    "void": ("submitted", "void"),
}
"""Status → (the status before, the verb that leads here)."""

FOR_MOVE = {"discharge": {"kind": "inpatient"}}
"""Verb → what must be written on a referral on which it is possible: `referral_at(…, **FOR_MOVE.get(verb, {}))`."""

PARTS = {
    "approve": "second", "send_back": "second", "void": "second",
    "submit": "doctor", "acknowledge": "doctor", "follow_up": "doctor", "resubmit": "doctor", "discard": "doctor",
    "settle": "doctor", "withdraw": "doctor", "dispatch": "doctor", "divert": "doctor", "turn_back": "doctor",
    "conclude": "doctor", "refer_back": "doctor", "record_death": "doctor",
}  # fmt: skip
"""Who of the side makes the move; all others its desk."""

CONTENT = {
    "kind": "outpatient",
    "urgency": "routine",
    "reason": "beyond_capability",
    "purpose": "请进一步明确诊断并调整治疗",
    "history": "反复胸闷 3 个月，活动后加重，休息后缓解",
    "past_history": "高血压病 10 年",
    "diagnoses": [{"code": "I20.900", "text": "心绞痛", "primary": True}],
    "allergies": ["青霉素"],
    "vitals": {"systolic": 156, "diastolic": 94, "heart_rate": 82},
    "consent": {"covers": ["referral", "sharing"], "given_by": "self", "method": "signed_paper"},
}
DOWNWARD = {
    "kind": "follow_up",
    "reason": "stable_step_down",
    "purpose": "继续治疗、康复和随访",
    "treatment": "冠状动脉造影后药物治疗，症状缓解",
    "plan": "按时服药，两周后复查血压和心电图",
    "medications": [
        {"name": "阿司匹林肠溶片", "strength": "100mg", "dose": "100mg", "route": "口服", "frequency": "每日一次",
         "days": 28, "long_term": True, "supply": "available_there"},
    ],
}  # fmt: skip


def referral_at(
    status: str, cast: Cast, *, sender=None, receiver=None, department=None, direction="up", patient: Patient = None,
    by=None, **content,
) -> Referral:  # fmt: skip
    """A referral in `status`; `content` overrides what is written on it (see `CONTENT`).

    Upward from the township centre (for "in_review" from the one that reviews) to cardiology; downward from the
    hospital to the township. `sender`, `receiver` are institutions, `department` one of the receiver, `by` the
    author. A new patient each time, unless one is given.
    """
    if status == "draft":
        return draft(cast, sender=sender, receiver=receiver, department=department, direction=direction,
                     patient=patient, by=by, **content)  # fmt: skip
    if status == "in_review" and sender is None:
        sender = cast.institutions.hekou
    before, verb = CAME_BY[status]
    referral = referral_at(
        before, cast, sender=sender, receiver=receiver, department=department, direction=direction, patient=patient,
        by=by, **content,
    )  # fmt: skip
    facts = _facts_towards(status, verb, referral, cast)
    if before == "scheduled" and status == "no_show":
        step("schedule", referral, cast, **_place(referral, cast, days=0))
    step(verb, referral, cast, **facts)
    if status == "submitted" and referral.status == "in_review":
        step("approve", referral, cast)
    assert referral.status == status, f"{verb} led to {referral.status}"
    return Referral.objects.with_parties().get(pk=referral.pk)


def draft(cast: Cast, *, sender=None, receiver=None, department=None, direction="up", patient=None, by=None, **content):
    """A complete draft, ready to be sent."""
    sender = sender or (cast.institutions.hospital if direction == "down" else cast.institutions.chengguan)
    author = by or cast.hand(sender, "doctor")
    department = department or _department(cast, sender, receiver, direction)
    written = CONTENT | (_downward() if direction == "down" else {}) | content
    return actions.draft(
        actor=author,
        patient=patient or cast.patient(author),
        receiver=receiver or department.institution,
        department=department,
        direction=direction,
        **written,
    )


def _downward() -> dict:
    return DOWNWARD | {"follow_up_on": timezone.localdate() + timedelta(days=14)}


def _department(cast, sender, receiver, direction):
    if receiver is not None:
        return receiver.departments.filter(active=True, takes_referrals=True).order_by("pk").first()
    at_hekou = sender.code == "hekou"
    if direction == "down":
        return cast.departments.general_clinic if at_hekou else cast.departments.general_chengguan
    if direction == "lateral":
        return cast.departments.general_chengguan if at_hekou else cast.departments.general_hekou
    return cast.departments.cardiology


def step(verb: str, referral: Referral, cast: Cast, *, actor=None, **facts):
    """One move by the right person with what it needs; `facts` override. Answers what the act answers."""
    if not LIFE.moves[verb].by_people:
        with LIFE.moving(referral, verb, actor=clock_actor()):
            return referral
    actor = actor or actor_for(verb, referral, cast)
    given = default_facts(verb, referral, cast) | facts
    if needs_spoken_word(verb, referral, actor):
        given = {"told_by": "村医 老李", "told_phone": "13800000001"} | given
    return actions.perform(verb, referral, actor=actor, **given)


def actor_for(verb: str, referral: Referral, cast: Cast):
    """The person of the cast whose move it is; for a receiver on the telephone, the sender's."""
    if verb == "claim":
        return cast.hand(referral.hand_institution, "desk" if referral.hand_unit == "desk" else "doctor")
    sides = LIFE.moves[verb].sides
    side = "sender" if "sender" in sides or referral.by_phone else "receiver"
    if "sender" in sides and "receiver" in sides and referral.arrived_at:
        side = "receiver"
    house = referral.sender if side == "sender" or referral.by_phone else referral.receiver
    return cast.hand(house, PARTS.get(verb, "desk"))


def default_facts(verb: str, referral: Referral, cast: Cast) -> dict:
    """What the move needs, made up plausibly."""
    today, now = timezone.localdate(), timezone.now()
    if verb == "schedule":
        return _place(referral, cast, days=1)
    if verb in ("forward", "divert"):
        other = cast.departments.tcm_cardiology
        return {"receiver": other.institution, "department": other, "reason": "该院有床"}
    if verb == "redirect":
        return {"department": cast.departments.neurology}
    return {
        "send_back": {"remark": "请补充心电图结果"},
        "return": {"remark": "请补充近期心电图"},
        "reject": {"reason": "full"},
        "cancel": {"reason": "patient_changed_mind"},
        "withdraw": {"reason": "improved"},
        "defer": {"contact_by": today + timedelta(days=2), "reason": "暂无床位"},
        "dispatch": {"escort": "王芳", "vehicle": "救护车 川H·12345"},
        "turn_back": {"reason": "道路中断"},
        "arrive": {"handed_over_by": "王芳", "received_by": "周强", "handover": "生命体征平稳"},
        "undo_arrival": {"reason": "登记错了人"},
        "conclude": {
            "outcome": "referred_back",
            "diagnoses": [{"text": "稳定型心绞痛", "code": "I20.900", "primary": True}],
            "treatment": "冠状动脉造影，药物治疗",
            "advice": "规律服药，两周后复查",
            "follow_up_on": today + timedelta(days=14),
        },
        "follow_up": {"found": "血压 132/80，无胸闷"},
        "settle": {"outcome": "treated_here"},
        "upgrade": {"urgency": "emergency"},
        "record_death": {"died_at": now, "source": "心内科病房"},
        "void": {"reason": "登错患者"},
        "comment": {"text": "患者明早出发"},
    }.get(verb, {})  # fmt: skip


def _place(referral, cast, *, days) -> dict:
    """A bookable place of the department; a house that publishes none gets a day only."""
    if referral.kind == "follow_up" or referral.by_phone:
        return {"date": timezone.localdate() + timedelta(days=days)}
    if referral.kind in ("inpatient", "rehabilitation"):
        return {"slot": cast.bed(referral.department, days=days)}
    return {"slot": cast.slot(referral.department, days=days)}


def _facts_towards(status, verb, referral, cast) -> dict:
    if status == "following_up":
        return {"follow_up_on": timezone.localdate() + timedelta(days=7)}
    return {}
