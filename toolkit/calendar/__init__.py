"""Working time: which days an institution works, when it is open, when a deadline falls."""

from .working import DEFAULT_HOURS, WorkingCalendar, is_national_working_day, knows_holidays_of

__all__ = ["DEFAULT_HOURS", "WorkingCalendar", "is_national_working_day", "knows_holidays_of"]
