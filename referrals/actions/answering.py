"""The receiver's answers: accept, schedule, defer, return, reject, redirect, forward, cancel."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models import Relation
from referrals import rules
from referrals.actions import drafts, sending
from referrals.actions.attaching import carry
from referrals.actions.places import check_planned, give_place_back, hold_date, hold_place
from referrals.content import CONTENT_FIELDS
from referrals.deadlines import pause_response
from referrals.workflow import LIFE
from toolkit.refusals import FieldError, Refused


def accept(referral, *, actor, version=None, slot=None, at=None, place="", bring="", **when):
    """Accept; with a slot, accept and schedule in one transaction. One under way stays under way."""
    with LIFE.moving(referral, "accept", actor=actor, version=version, **when) as passage:
        mine = passage.subject
        if slot:
            _hold(passage, _place(passage, slot, at=at, place=place, bring=bring))
        else:
            _refuse_lost(at=at, place=place, bring=bring)
        passage.target = _where_accepted(mine, slot)
    return referral


def _where_accepted(referral, slot) -> str:
    if referral.status == "in_transit":
        return "in_transit"
    return "scheduled" if slot else "accepted"


def schedule(referral, *, actor, version=None, slot=None, date=None, at=None, place="", bring="", **when):
    """Give the patient a place; follow-up at home needs only a day."""
    with LIFE.moving(referral, "schedule", actor=actor, version=version, **when) as passage:
        mine = passage.subject
        if slot and date and date != slot.date:
            words = _("所选号源或床位在 %(day)s；改日期请另选号源或床位。") % {"day": slot.date.isoformat()}
            raise Refused.of("/date", "other_day", words)
        if slot:
            booking = _place(passage, slot, at=at, place=place, bring=bring)
        elif mine.kind == "follow_up" or mine.by_phone:
            booking = hold_date(mine, date or _follow_up_day(mine), at=at, place=place, bring=bring)
        else:
            raise Refused.of("/slot", "required", _("请选择号源或床位；暂无位置时请用“暂无位置，约定联系日”。"))
        _hold(passage, booking)
    return referral


def _refuse_lost(**words) -> None:
    """Hour, place and what to bring belong to an appointment; without one they would be dropped in silence."""
    detail = _("没有选择号源或床位时，不填就诊时间、地点和携带物品；请选择号源或床位，或接收后再安排预约。")
    errors = [FieldError(f"/{name}", "no_slot", detail) for name, value in words.items() if value]
    if errors:
        raise Refused(detail, code="no_slot", errors=errors)


def _place(passage, slot, **words):
    return hold_place(passage.subject, slot, agreed_at=passage.occurred_at, **words)


def _follow_up_day(referral):
    today = timezone.localdate()
    return max(referral.follow_up_on or today, today)


def _hold(passage, booking) -> None:
    passage.facts.update(booking=booking, date=booking.date, at=booking.at, place=booking.place, bring=booking.bring)
    passage.facts["event_facts"] = {"date": booking.date.isoformat()}


def defer(referral, *, actor, version=None, contact_by=None, reason="", **when):
    """No place now: a contact-by date; it stands on the deferred list and nobody is dropped."""
    with LIFE.moving(
        referral, "defer", actor=actor, version=version, contact_by=contact_by, reason=reason, **when
    ) as passage:
        check_planned("/contact_by", contact_by)
        passage.subject.contact_by = contact_by
    return referral


def return_(referral, *, actor, version=None, reason="", remark="", **when):
    """Ask back; the response clock is paused until the sender has answered."""
    with LIFE.moving(referral, "return", actor=actor, version=version, remark=remark, reason=reason, **when) as passage:
        passage.subject.response_left = pause_response(passage.subject, now=passage.recorded_at)
    return referral


def reject(referral, *, actor, version=None, reason="", remark="", **when):
    rules.check_comment("reject", reason, remark)
    with LIFE.moving(referral, "reject", actor=actor, version=version, remark=remark, reason=reason, **when):
        pass
    return referral


def redirect(referral, *, actor, version=None, department=None, reason="", **when):
    """Another department of the same institution; the answer is owed by the same deadline."""
    facts = {"department": department, "reason": reason}
    with (
        sending.person_locked(referral),
        LIFE.moving(referral, "redirect", actor=actor, version=version, **facts, **when) as passage,
    ):
        mine = passage.subject
        if department.institution_id != mine.receiver_id:
            raise Refused.of("/department", "foreign", _("只能改派到本机构的科室；转往其他机构请用“转他院”。"))
        if department.pk == mine.department_id:
            raise Refused.of("/department", "same", _("已在该科室，请选择另一科室。"))
        if not (department.active and department.takes_referrals):
            raise Refused.of("/department", "closed", _("该科室目前不接收转诊，请选择其他科室。"))
        give_place_back(mine)  # held at the department it leaves
        passage.facts["event_facts"] = {"left_department": mine.department_id}
        mine.department, mine.specialty = department, department.specialty
        for other in rules.others_holding(mine):
            raise rules.duplicate_of(other, actor)
    return referral


def cancel(referral, *, actor, version=None, reason="", remark="", **when):
    rules.check_comment("cancel", reason, remark)
    with LIFE.moving(referral, "cancel", actor=actor, version=version, remark=remark, reason=reason, **when) as passage:
        give_place_back(passage.subject)
    return referral


def miss(referral, *, actor, version=None, **when):
    """The patient did not come. Before the appointed day is over nobody has missed anything."""
    with LIFE.moving(referral, "miss", actor=actor, version=version, **when) as passage:
        booking = passage.subject.place_held()
        if booking and booking.date > timezone.localdate():
            raise Refused(_("预约日期未到，不能登记未到诊。"), code="too_early")
        give_place_back(passage.subject)
    return referral


def forward(referral, *, actor, version=None, receiver=None, department=None, reason="", agreed_by="", **when):
    """To another institution: a linked new referral; the original sender stays on the journey.

    On the green channel the other hospital must have agreed by telephone.
    """
    if referral.green_channel and not agreed_by:
        raise Refused.of("/agreed_by", "required", _("绿色通道转他院前须电话商定，请填写对方同意人。"))
    if receiver and not Relation.objects.open().filter(sender=referral.receiver, receiver=receiver).exists():
        raise Refused.of("/receiver", "no_relation", _("接收方与该机构没有有效的转诊关系，请另选机构或退回转出方。"))
    return pass_on(
        referral, "forward", actor=actor, version=version, receiver=receiver, department=department,
        reason=reason, agreed_by=agreed_by, **when,
    )  # fmt: skip


@transaction.atomic
def pass_on(referral, verb, *, actor, version, receiver, department, **facts):
    """Shared by forward and divert: ends this one as `forwarded`, opens its successor.

    Consent is carried only if it covers forwarding; then the successor is sent at once, else it
    stands as the sender's draft. Answers the successor.
    """
    with (
        sending.person_locked(referral),
        LIFE.moving(
            referral, verb, actor=actor, version=version, receiver=receiver, department=department, **facts
        ) as passage,
    ):
        if receiver.pk == referral.receiver_id:
            raise Refused.of("/receiver", "same", _("转诊单已在该机构；换科室请由该机构改派科室。"))
        if receiver.pk == referral.sender_id:
            raise Refused.of("/receiver", "sender", _("该机构就是转出方，请另选机构，或退回补充、不予接收。"))
        give_place_back(passage.subject)
        new = _successor(referral, actor, receiver, department, verb)
        passage.facts["number"] = new.number
        goes_on = _goes_on(new)
        passage.facts["event_facts"] = {
            "linked": new.number, "linked_receiver": new.receiver_id, "linked_waits": not goes_on,
        }  # fmt: skip
    if goes_on:
        sending.send_on(new, actor=actor)
    return new


def _goes_on(new) -> bool:
    """Whether the successor can be sent without asking the patient or the sender again."""
    agreed = new.consent_id or new.green_channel
    return bool(agreed) and rules.may_go_to(new)


def _successor(referral, actor, receiver, department, link):
    content = {name: getattr(referral, name) for name in CONTENT_FIELDS}
    new = drafts.draft(
        actor=actor, sender=referral.sender, parent=referral, link=link, patient=referral.patient,
        receiver=receiver, department=department, direction=sending.direction_to(referral.sender, receiver),
        **content,
    )  # fmt: skip
    if rules.consent_carries(referral, receiver):
        new.consent_id = referral.consent_id
        new.save(update_fields=["consent"])
    carry(referral, new)
    return new
