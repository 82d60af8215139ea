"""When and where the patient is awaited, in words."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def day_words(booking) -> str:
    """ "11-22 上午", with the hour where one was appointed; of a bed or a call only the day."""
    return " ".join(filter(None, [date_format(booking.date, "m-d"), hour_words(booking)]))


def appointment_words(booking, referral) -> str:
    """As paper says it: "2026-11-22 上午，心血管内科，门诊楼二层"."""
    when = " ".join(filter(None, [date_format(booking.date, "Y-m-d"), hour_words(booking)]))
    return _("%(when)s，%(department)s，%(place)s") % {
        "when": when, "department": referral.department.name, "place": booking.place,
    }  # fmt: skip


def hour_words(booking) -> str:
    if booking.at:
        return f"{booking.at:%H:%M}"
    slot = booking.capacity if booking.capacity_id else None
    return str(slot.get_session_display()) if slot and slot.kind == slot.Kind.SLOT else ""
