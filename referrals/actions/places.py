"""Holding a place for a referral, and giving it back. Atomic with the move that asks for it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.actions import book, give_back
from referrals.limits import PLANNED_AT_MOST
from referrals.models import Booking
from toolkit.refusals import Refusal, Refused


@transaction.atomic
def hold_place(referral, slot, *, at=None, place="", bring="", agreed_at=None) -> Booking:
    """Book a slot or bed (`institutions.Capacity`) of the referral's department; the old place goes back first.

    `agreed_at` is when it was agreed, where that is entered afterwards.
    """
    if slot.department_id != referral.department_id:
        raise Refused.of("/slot", "foreign", _("该号源或床位不属于转诊科室，请先改派科室或另选。"))
    now = timezone.now()
    if slot.date < timezone.localdate(now):
        raise Refused.of("/slot", "past", _("该日期已过，请选择今天或以后的号源、床位。"))
    give_place_back(referral)
    book(slot.pk, now=now, agreed_at=agreed_at)
    return Booking.objects.create(
        referral=referral, capacity=slot, date=slot.date, at=at, place=place or default_place(referral), bring=bring
    )


def hold_date(referral, day, *, at=None, place="", bring="") -> Booking:
    """Follow-up at home takes no place: only the day is agreed."""
    check_planned("/date", day)
    give_place_back(referral)
    return Booking.objects.create(
        referral=referral, date=day, at=at, place=place or str(_("上门或电话随访")), bring=bring
    )


def check_planned(pointer: str, day) -> None:
    """A day people agree on lies ahead, and not in a year nobody means."""
    today = timezone.localdate()
    if day < today:
        raise Refused.of(pointer, "past", _("该日期已过，请选择今天或以后的日期。"))
    if day > today + PLANNED_AT_MOST:
        raise Refused.of(pointer, "too_far", _("日期过远，请核对年份；最多可约定两年以内的日期。"))


def give_place_back(referral) -> None:
    """Give back what is held, so that somebody else can have it; nothing happens without a booking."""
    booking = referral.bookings.filter(given_back_at=None).first()
    if booking is None:
        return
    if booking.capacity_id and booking.date >= timezone.localdate():
        give_back(booking.capacity_id)
    booking.given_back_at = timezone.now()
    booking.save(update_fields=["given_back_at"])


def give_future_place_back(referral, day) -> Booking | None:
    """Who came before the booked day leaves that place to others; answers the booking, if there was one."""
    booking = referral.bookings.filter(given_back_at=None, date__gt=day).first()
    if booking:
        give_place_back(referral)
    return booking


@transaction.atomic
def take_place_back(booking) -> bool:
    """Hold again what was given back, if it can still be had."""
    now = timezone.now()
    if booking.date < timezone.localdate(now):
        return False
    try:
        if booking.capacity_id:
            book(booking.capacity_id, now=now)
    except Refusal:
        return False
    booking.given_back_at = None
    booking.save(update_fields=["given_back_at"])
    return True


def default_place(referral) -> str:
    """Where to go, as long as the line takes it."""
    parts = (referral.receiver.label, referral.department.name, referral.receiver.address)
    return " ".join(part for part in parts if part)[: Booking._meta.get_field("place").max_length]
