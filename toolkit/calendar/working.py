"""The working calendar, in Asia/Shanghai.

National holidays and make-up working days come from `chinesecalendar` (notices of the State Council, published for one
year at a time). Years it does not know are Monday to Friday; overrides of consortium and institution come first.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import chinese_calendar

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
MIDNIGHT = time(0)
DEFAULT_HOURS = ((time(8), time(12)), (time(14), time(17, 30)))


@lru_cache(maxsize=8192)
def is_national_working_day(day):
    """Whether offices in China work on this date."""
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < 5


def knows_holidays_of(year: int) -> bool:
    """Whether the holidays of that year have been published and are known here."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


class WorkingCalendar:
    """`overrides` maps dates to True (works) or False (closed).

    `hours` are the openings of a working day as (start, end); an end of 00:00 is the end of the day. Datetimes must be
    aware; answers are in Asia/Shanghai.
    """

    def __init__(self, overrides=None, hours=DEFAULT_HOURS):
        self.overrides = dict(overrides or {})
        self.hours = _checked(hours)
        self.day_length = sum((_length(start, end) for start, end in self.hours), timedelta())

    def is_working_day(self, day):
        day = _local(day).date() if isinstance(day, datetime) else day
        own = self.overrides.get(day)
        return is_national_working_day(day) if own is None else own

    def is_open(self, moment):
        """An opening includes its start and not its end."""
        moment = _local(moment)
        return any(start <= moment < end for start, end in self._openings(moment.date()))

    def next_opening(self, moment):
        """The moment itself when open, otherwise the start of the next opening."""
        moment = _local(moment)
        start, _ = next(self._openings_from(moment))
        return max(start, moment)

    def add_time(self, moment, span):
        """The moment at which `span` of open time has passed; counting starts when it is open."""
        if span < timedelta():
            raise ValueError("a span of working time cannot be negative")
        moment = _local(moment)
        if span == timedelta():
            return self.next_opening(moment)
        first_day = moment.date() + DAY
        left_today = self.working_time_between(moment, _at(first_day, MIDNIGHT))
        if span > left_today:
            moment, span = self._skip_days(first_day, span - left_today)
        for start, end in self._openings_from(moment):
            begin = max(start, moment)
            if span <= end - begin:
                return begin + span
            span -= end - begin
        raise AssertionError("openings never end")

    def add_days(self, moment, days):
        """The same clock time `days` working days on; outside hours it counts from the next opening.

        What would end as an opening begins ends when the one before it closes: from a Sunday, one working day is over
        on Monday evening and not on Tuesday morning.
        """
        if days < 0:
            raise ValueError("a number of working days cannot be negative")
        start = self.next_opening(moment)
        day = start.date()
        for _ in range(days):
            day = self.next_working_day(day)
        end = _at(day, start.timetz().replace(tzinfo=None))
        return self._closing_before(end) if days and any(end == opens for opens, _end in self._openings(day)) else end

    def _closing_before(self, opening):
        """When it last closed before this moment, at which it opens."""
        day = opening.date()
        while True:
            for _start, end in reversed(self._openings(day)):
                if end <= opening:
                    return end
            day -= DAY

    def next_working_day(self, day):
        """The first working day after this date."""
        day += DAY
        while not self.is_working_day(day):
            day += DAY
        return day

    def working_time_between(self, earlier, later):
        """Open time from one moment to another; negative when they are the other way round."""
        earlier, later = _local(earlier), _local(later)
        if later < earlier:
            return -self.working_time_between(later, earlier)
        first, last = earlier.date(), later.date()
        if first == last:
            return self._open_within(first, earlier, later)
        whole = sum(self.is_working_day(first + n * DAY) for n in range(1, (last - first).days))
        return (
            self._open_within(first, earlier, _at(first + DAY, MIDNIGHT))
            + whole * self.day_length
            + self._open_within(last, _at(last, MIDNIGHT), later)
        )

    def _skip_days(self, day, span):
        """Whole working days are taken off without looking at their hours; the last one is left to be looked at."""
        while not self.is_working_day(day) or span > self.day_length:
            span -= self.day_length if self.is_working_day(day) else timedelta()
            day += DAY
        return _at(day, MIDNIGHT), span

    def _open_within(self, day, earlier, later):
        pieces = (min(end, later) - max(start, earlier) for start, end in self._openings(day))
        return sum((max(piece, timedelta()) for piece in pieces), timedelta())

    def _openings(self, day):
        if not self.is_working_day(day):
            return []
        return [(_at(day, start), _at(day + DAY if end == MIDNIGHT else day, end)) for start, end in self.hours]

    def _openings_from(self, moment):
        """Openings that end after the moment, without end."""
        day = moment.date()
        while True:
            yield from (opening for opening in self._openings(day) if opening[1] > moment)
            day += DAY


def _checked(hours):
    hours = tuple((start, end) for start, end in hours)
    if not hours:
        raise ValueError("a working day needs at least one opening")
    before = None
    for start, end in hours:
        if (end != MIDNIGHT and start >= end) or (before is not None and (before == MIDNIGHT or start < before)):
            raise ValueError("openings must be in order, must not overlap and must end after they start")
        before = end
    return hours


def _length(start, end):
    last = DAY if end == MIDNIGHT else _since_midnight(end)
    return last - _since_midnight(start)


def _since_midnight(clock):
    return datetime.combine(date.min, clock) - datetime.combine(date.min, MIDNIGHT)


def _local(moment):
    if moment.tzinfo is None:
        raise ValueError("working time needs an aware datetime")
    return moment.astimezone(ZONE)


def _at(day, clock):
    return datetime.combine(day, clock, tzinfo=ZONE)
