"""Taking a place and giving it back: one conditional UPDATE each, so that parallel bookings cannot overbook.

The caller's own act records the event: a place is only ever taken for something.
"""

from django.db.models import F
from django.db.models.lookups import GreaterThan
from django.utils import timezone
from django.utils.translation import gettext as _

from institutions.models import Capacity
from institutions.models.capacity import free_for_referrals
from toolkit.refusals import Conflict, Missing, Refused


def book(capacity_id, *, now, agreed_at=None):
    """Take one place at the moment `now`; raises Conflict "full", Refused "past" or "over", or Missing.

    `agreed_at` is when it was agreed, where that is entered afterwards: the session must not have been over then.
    """
    free = GreaterThan(free_for_referrals(now, agreed_at), 0)
    rows = Capacity.objects.filter(free, pk=capacity_id, date__gte=timezone.localdate(now))
    if not rows.update(booked=F("booked") + 1):
        _refuse(capacity_id, now, agreed_at or now)


def _refuse(capacity_id, now, agreed_at):
    capacity = Capacity.objects.filter(pk=capacity_id).first()
    if capacity is None:
        raise Missing(_("没有这个号源或床位。"))
    if capacity.date < timezone.localdate(now):
        raise Refused.of("/slot", "past", _("该日期已过，请另选日期。"))
    if capacity.is_over(agreed_at):
        raise Refused.of("/slot", "over", _("该时段今天已经结束，请另选时段；早先已约好的，请补录实际发生时间。"))
    raise Conflict.of("/slot", "full", _("该时段的号源或床位已约满，请另选时段。"))


def give_back(capacity_id):
    """Return one place taken by `book`; raises Conflict "nothing_booked", or Missing."""
    if Capacity.objects.filter(pk=capacity_id, booked__gt=0).update(booked=F("booked") - 1):
        return
    if not Capacity.objects.filter(pk=capacity_id).exists():
        raise Missing(_("没有这个号源或床位。"))
    raise Conflict(_("该时段没有已约的转诊。"), code="nothing_booked")
