from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from toolkit.calendar import WorkingCalendar, is_national_working_day

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLAIN = WorkingCalendar()
NIGHT = WorkingCalendar(hours=[(time(0), time(6)), (time(20), time(0))])
moments = st.datetimes(datetime(2025, 12, 1), datetime(2027, 3, 1), timezones=st.just(SHANGHAI))
spans = st.timedeltas(timedelta(), timedelta(days=12))
calendars = st.sampled_from(
    [
        PLAIN,
        NIGHT,
        WorkingCalendar({date(2026, 2, 17): True, date(2026, 2, 25): False}),
        WorkingCalendar(hours=[(time(0), time(0))]),
    ]
)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def hours(count):
    return timedelta(hours=count)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-13", True),
        ("2026-02-14", True),  # Saturday made up for Spring Festival
        ("2026-02-15", False),
        ("2026-02-16", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),  # Saturday
        ("2026-01-04", True),  # Sunday
        ("2026-10-01", False),
        ("2025-01-26", True),  # Sunday before Spring Festival
        ("2025-10-08", False),
        ("2026-03-07", False),
        ("2090-01-02", True),  # Monday of a year nobody has decided on
        ("2090-01-01", False),  # Sunday
        ("1999-10-01", True),
    ],
)
def test_national_days(day, works):
    assert is_national_working_day(date.fromisoformat(day)) is works
    assert PLAIN.is_working_day(date.fromisoformat(day)) is works


def test_overrides_come_first():
    calendar = WorkingCalendar({date(2026, 2, 17): True, date(2026, 2, 13): False})
    assert (calendar.is_working_day(date(2026, 2, 17)), calendar.is_working_day(date(2026, 2, 13))) == (True, False)
    assert calendar.is_open(at("2026-02-17T09:00"))


def test_a_moment_is_of_its_day_in_shanghai():
    assert PLAIN.is_working_day(datetime(2026, 2, 14, 17, 0, tzinfo=UTC)) is False  # Sunday 01:00 there


@pytest.mark.parametrize(
    ("moment", "is_open", "opening"),
    [
        ("2026-02-13T07:59:59", False, "2026-02-13T08:00"),
        ("2026-02-13T08:00", True, "2026-02-13T08:00"),
        ("2026-02-13T11:59:59", True, "2026-02-13T11:59:59"),
        ("2026-02-13T12:00", False, "2026-02-13T14:00"),
        ("2026-02-13T17:30", False, "2026-02-14T08:00"),
        ("2026-02-14T17:30", False, "2026-02-24T08:00"),
        ("2026-02-18T10:00", False, "2026-02-24T08:00"),
    ],
)
def test_openings(moment, is_open, opening):
    assert PLAIN.is_open(at(moment)) is is_open
    assert PLAIN.next_opening(at(moment)) == at(opening)


@pytest.mark.parametrize(
    ("moment", "span", "due"),
    [
        ("2026-02-13T09:00", hours(0), "2026-02-13T09:00"),
        ("2026-02-13T12:30", hours(0), "2026-02-13T14:00"),
        ("2026-02-13T09:00", hours(2), "2026-02-13T11:00"),
        ("2026-02-13T09:00", hours(3), "2026-02-13T12:00"),
        ("2026-02-13T09:00", hours(4), "2026-02-13T15:00"),
        ("2026-02-13T16:00", hours(4), "2026-02-14T10:30"),
        ("2026-02-14T17:00", hours(1), "2026-02-24T08:30"),
        ("2026-02-15T03:00", hours(7.5), "2026-02-24T17:30"),
        ("2026-02-13T08:00", hours(7.5 * 5), "2026-02-26T17:30"),
        ("2026-02-13T08:00", hours(7.5 * 6), "2026-02-27T17:30"),
        ("2026-02-27T16:30", hours(2), "2026-02-28T09:00"),
        ("2090-01-06T17:00", hours(1), "2090-01-09T08:30"),
    ],
)
def test_adding_time(moment, span, due):
    assert PLAIN.add_time(at(moment), span) == at(due)


@pytest.mark.parametrize(
    ("moment", "days", "due"),
    [
        ("2026-02-13T15:00", 0, "2026-02-13T15:00"),
        ("2026-02-13T15:00", 1, "2026-02-14T15:00"),
        ("2026-02-13T15:00", 2, "2026-02-24T15:00"),
        ("2026-02-13T20:00", 2, "2026-02-24T17:30"),
        ("2026-02-13T12:30", 1, "2026-02-14T12:00"),
        ("2026-02-16T10:00", 1, "2026-02-24T17:30"),
        ("2026-02-13T08:00", 1, "2026-02-13T17:30"),
        ("2026-02-16T10:00", 0, "2026-02-24T08:00"),
        ("2026-12-31T10:00", 1, "2027-01-01T10:00"),  # not yet decided: Friday
    ],
)
def test_adding_days(moment, days, due):
    assert PLAIN.add_days(at(moment), days) == at(due)


@pytest.mark.parametrize(
    ("earlier", "later", "span"),
    [
        ("2026-02-13T11:00", "2026-02-13T15:00", hours(2)),
        ("2026-02-13T12:10", "2026-02-13T13:50", hours(0)),
        ("2026-02-13T17:00", "2026-02-14T08:30", hours(1)),
        ("2026-02-14T17:00", "2026-02-24T09:00", hours(1.5)),
        ("2026-02-15T00:00", "2026-02-23T23:59", hours(0)),
        ("2026-02-24T09:00", "2026-02-14T17:00", hours(-1.5)),
    ],
)
def test_time_between(earlier, later, span):
    assert PLAIN.working_time_between(at(earlier), at(later)) == span


def test_answers_are_in_shanghai_whatever_was_asked():
    found = PLAIN.add_days(datetime(2026, 2, 13, 7, 0, tzinfo=UTC), 1)
    assert (found, found.tzinfo) == (at("2026-02-14T15:00"), SHANGHAI)


def test_openings_to_midnight():
    assert NIGHT.day_length == hours(10)
    assert NIGHT.is_open(at("2026-02-13T23:59:59"))
    assert NIGHT.add_time(at("2026-02-13T23:00"), hours(2)) == at("2026-02-14T01:00")


@given(calendars, moments, spans)
def test_time_added_is_time_passed(calendar, moment, span):
    due = calendar.add_time(moment, span)
    assert due >= moment
    assert calendar.working_time_between(moment, due) == span


@given(calendars, moments, spans, spans)
def test_adding_in_two_steps_is_adding_at_once(calendar, moment, first, second):
    assume(second)
    assert calendar.add_time(calendar.add_time(moment, first), second) == calendar.add_time(moment, first + second)


@given(calendars, st.lists(moments, min_size=3, max_size=3))
def test_time_between_adds_up(calendar, three):
    a, b, c = three
    between = calendar.working_time_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert abs(between(a, b)) <= abs(b - a)


@given(calendars, moments, st.integers(0, 30))
def test_working_days_are_counted(calendar, moment, days):
    """What ends as an opening begins has ended when the one before it closed: in between nobody works."""
    start, due = calendar.next_opening(moment), calendar.add_days(moment, days)
    opening = calendar.next_opening(due)
    passed = sum(calendar.is_working_day(start.date() + timedelta(n)) for n in range(1, (opening - start).days + 1))
    assert (passed, opening.time()) == (days, start.time())
    assert calendar.working_time_between(due, opening) == timedelta()
    begins = any(opening.time() == begin for begin, _end in calendar.hours)
    assert days == 0 or not begins or any(due.time() == end for _begin, end in calendar.hours)


@given(calendars, moments)
def test_the_next_opening_is_the_first_open_moment(calendar, moment):
    opening = calendar.next_opening(moment)
    assert calendar.is_open(opening)
    assert calendar.working_time_between(moment, opening) == timedelta()


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [(time(12), time(8))],
        [(time(8), time(8))],
        [(time(8), time(12)), (time(11), time(17))],
        [(time(14), time(17)), (time(8), time(12))],
        [(time(8), time(0)), (time(14), time(17))],
    ],
)
def test_impossible_hours(wrong):
    with pytest.raises(ValueError, match="opening"):
        WorkingCalendar(hours=wrong)


def test_no_way_back_and_no_naive_moments():
    with pytest.raises(ValueError, match="negative"):
        PLAIN.add_time(at("2026-02-13T09:00"), timedelta(seconds=-1))
    with pytest.raises(ValueError, match="negative"):
        PLAIN.add_days(at("2026-02-13T09:00"), -1)
    with pytest.raises(ValueError, match="aware"):
        PLAIN.is_open(datetime(2026, 2, 13, 9))
