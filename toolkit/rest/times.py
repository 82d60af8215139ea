"""Days, moments and times of day in one form each.

Python reads more of ISO 8601 than partners mean: week dates, compact dates, digits of other scripts, moments without an
offset, the ends of the calendar. Only the form the guide names is taken; the wrong one is answered with an example.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_CLOCK = re.compile(r"\d{2}:\d{2}(:\d{2})?", re.ASCII)


class DayField(serializers.DateField):
    """A date such as 2026-03-31; a date field of DRF in everything else."""

    default_error_messages = {"invalid": _("应为日期，写作 2026-03-31。")}

    def to_internal_value(self, value):
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        return _read(self, value, _DAY, date.fromisoformat)


class MomentField(serializers.DateTimeField):
    """An aware moment such as 2026-03-31T09:30:00+08:00: date and time with their offset."""

    default_error_messages = {
        "invalid": _("应为带时区的日期和时间，写作 2026-03-31T09:30:00+08:00。"),
    }

    def to_internal_value(self, value):
        if isinstance(value, datetime):
            return super().to_internal_value(value)
        return self.enforce_timezone(_read(self, value, _MOMENT, _moment))


@extend_schema_field({"type": "string", "pattern": r"^\d{2}:\d{2}(:\d{2})?$", "example": "09:30"})
class ClockField(serializers.TimeField):
    """A time of day such as 09:30, without an offset: that of the institution's clocks."""

    default_error_messages = {"invalid": _("应为时刻，写作 09:30。")}

    def to_internal_value(self, value):
        if isinstance(value, time):
            return value
        return _read(self, value, _CLOCK, time.fromisoformat)


def _read(field, value, form, read):
    if not isinstance(value, str) or not form.fullmatch(value):
        field.fail("invalid")
    try:
        found = read(value)
    except (ValueError, OverflowError):
        field.fail("invalid")
    return found


def _moment(text) -> datetime:
    """OverflowError at either end of the calendar, where another offset would lead out of it."""
    found = datetime.fromisoformat(text).astimezone(UTC)
    for day in (timedelta(days=-1), timedelta(days=1)):
        found + day  # noqa: B018
    return found
