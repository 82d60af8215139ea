"""Conditions of single moves beyond side, role and status: pure, on the loaded referral."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.codes import WITH_BED
from referrals.limits import SLIP_VALID, UNDO_ARRIVAL
from referrals.parties import is_in_turn, speaks_for_receiver
from toolkit.refusals import Forbidden, Refused


def second_person(referral, actor):
    """Review and voiding need somebody other than the author."""
    if not actor.is_machine and (actor.user_id is None or actor.user_id == referral.author_id):
        return Forbidden(_("须由转诊医生以外的另一位同事办理。"), code="second_person")
    return None


def not_answered_yet(referral, actor):
    if referral.status == "in_transit" and referral.responded_at:
        return Refused(_("该转诊已接收，无需重复接收。"), code="already_accepted")
    return None


def not_on_green_channel(referral, actor):
    if referral.green_channel:
        return Refused(_("绿色通道的转诊不能退回补充，请先接收，资料可在24小时内补录。"), code="green_channel")
    return None


def rejectable(referral, actor):
    """The green channel is never simply refused: a place is agreed by telephone, then forwarded."""
    if referral.green_channel:
        return Refused(
            _("绿色通道不能直接拒收：请先与另一家医院电话商定，再用“转他院”并登记对方同意人。"), code="green_channel"
        )
    return None


def accepted_or_green(referral, actor):
    if referral.status == "submitted" and not referral.green_channel:
        return Refused(_("接收方尚未接收；只有绿色通道可在接收前出发。"), code="not_accepted")
    return None


def slip_still_valid(referral, actor):
    if referral.status == "no_show" and not slip_valid(referral, timezone.now()):
        return Refused(_("转诊单已超过有效期，请由转出方登记去向后重新转诊。"), code="slip_expired")
    return None


def slip_valid(referral, now) -> bool:
    return bool(referral.submitted_at) and now <= referral.submitted_at + SLIP_VALID


def arrived_just_now(referral, actor):
    if referral.arrived_at and timezone.now() > referral.arrived_at + UNDO_ARRIVAL:
        return Refused(_("到诊登记已超过24小时，不能撤销。"), code="too_late")
    return None


def stays_in_bed(referral, actor):
    """Who came for a visit or an examination leaves when it is over; an emergency may have been admitted."""
    if referral.kind not in WITH_BED:
        return Refused(_("门诊、检查和随访的患者没有出院，看完请直接“办结并回传小结”。"), code="no_stay")
    return None


def closed_by_return(referral, actor):
    """Only what its down-referral has closed comes back when that arrival was a mistake. One query; for the clock."""
    if closing_step(referral) is None:
        return Refused(_("该转诊单不是随下转到诊办结的，不能恢复。"), code="not_closed_by_return")
    return None


def closing_step(referral):
    """The step by which its down-referral closed it, while that stands; paper written afterwards ends nothing anew."""
    last = referral.steps.filter(version__isnull=False).exclude(verb="amend").order_by("-id").first()
    return last if last and last.verb == "close" else None


def may_refer_back(referral, actor):
    """Written by the house that treats: what was heard on the telephone is no letter."""
    if speaks_for_receiver(referral, actor):
        return Forbidden(_("电话联系的机构不能由他人代写下转单；请据电话内容登记办结小结。"), code="spoken_for")
    summary = getattr(referral, "summary", None)
    if summary and summary.outcome == "died":
        return Refused(_("患者已死亡，不能下转。"), code="died")
    return None


def still_to_be_completed(referral, actor):
    """What the other side has read is fixed; only an asked-for answer or the green channel's paper may follow."""
    if referral.status != "returned" and not referral.completion_due:
        return Refused(_("转诊单已提交，内容不能再改；需要补充时请留言，或由接收方退回补充。"), code="wrong_status")
    return None


def can_rise(referral, actor):
    if referral.urgency == "emergency" and referral.green_channel:
        return Refused(_("已是最高紧急程度。"), code="already_highest")
    return None


def in_my_hand(referral, actor):
    if not is_in_turn(referral, actor):
        return Forbidden(_("目前不在您手上，不能认领。"), code="not_in_hand")
    mine = referral.claimed_by_id and referral.claimed_by_id == actor.membership_id
    if mine and not _missed_since(referral):
        return Refused(_("您已认领。"), code="already_claimed")
    return None


def _missed_since(referral) -> bool:
    """On the way and overdue since it was claimed: whoever sees to it now says so once more."""
    overdue = referral.status == "in_transit" and referral.deadline and referral.deadline < timezone.now()
    return bool(overdue and referral.claimed_at <= referral.deadline)
