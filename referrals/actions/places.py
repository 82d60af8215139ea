"""Holding a place for a referral, and giving it back. Atomic with the move that asks for it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.actions import book, give_back
from institutions.models import Capacity
from institutions.models.capacity import SESSION_ENDS, SESSION_STARTS
from referrals import codes
from referrals.models import Booking
from referrals.values import planned_fault
from toolkit.refusals import Refusal, Refused
from toolkit.words import listed


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
    _check_fits(referral, slot)
    _check_hour(slot, at)
    _check_ahead(slot.date, at, agreed_at or now)
    give_place_back(referral)
    book(slot.pk, now=now, agreed_at=agreed_at)
    return Booking.objects.create(
        referral=referral, capacity=slot, date=slot.date, at=at, place=place or default_place(referral), bring=bring
    )


def hold_date(referral, day, *, at=None, place="", bring="") -> Booking:
    """Follow-up at home takes no place: only the day is agreed."""
    check_planned("/date", day)
    _check_ahead(day, at, timezone.now())
    give_place_back(referral)
    return Booking.objects.create(
        referral=referral, date=day, at=at, place=place or str(_("上门或电话随访")), bring=bring
    )


def _check_fits(referral, slot) -> None:
    """A bed is for who stays, an outpatient place for who goes home again; in an emergency that is seen later."""
    if slot.kind not in codes.PLACES_FOR[referral.kind]:
        fitting = listed(Capacity.Kind(kind).label for kind in codes.PLACES_FOR[referral.kind])
        words = _("“%(kind)s”转诊应安排%(fitting)s，所选的是%(chosen)s，请另选。")
        words %= {"kind": referral.get_kind_display(), "fitting": fitting, "chosen": slot.get_kind_display()}
        raise Refused.of("/slot", "wrong_kind", words)


def _check_hour(slot, at) -> None:
    """An outpatient session has its hours; a bed is there all day."""
    first, last = SESSION_STARTS[slot.session], SESSION_ENDS[slot.session]
    if at and slot.kind == Capacity.Kind.SLOT and not first <= at <= last:
        words = _("该号源为%(session)s（%(first)s–%(last)s），请填写此时段内的时间。")
        words %= {"session": slot.get_session_display(), "first": f"{first:%H:%M}", "last": f"{last:%H:%M}"}
        raise Refused.of("/at", "outside_session", words)


def _check_ahead(day, at, agreed_at) -> None:
    """Nobody agrees on an hour that is over."""
    agreed = timezone.localtime(agreed_at)
    if at and day == agreed.date() and at < agreed.time().replace(second=0, microsecond=0):
        raise Refused.of("/at", "past", _("该时间已过，请填写现在以后的时间。"))


def check_planned(pointer: str, day) -> None:
    """A day people agree on lies ahead, and not in a year nobody means."""
    fault = planned_fault(day)
    if fault:
        raise Refused.of(pointer, *fault)


def give_place_back(referral) -> None:
    """Give back what is held, so that somebody else can have it; nothing happens without a booking."""
    booking = referral.place_held()
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
