from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction

from institutions import actions
from institutions.models import CalendarDay, Institution
from toolkit.refusals import Forbidden, Missing, Refused

from .builders import events_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)  # a Monday
WEDNESDAY = date(2026, 3, 4)


@pytest.fixture
def monday(request):
    with time_machine.travel(NOW, tick=False):
        yield request.getfixturevalue("world")


def test_the_own_day_wins_over_the_consortium_and_both_over_the_nation(monday):
    world = monday
    actions.set_calendar_day(
        actor=world.office, consortium=world.consortium, date=WEDNESDAY, working=False, name="县庆"
    )
    actions.set_calendar_day(actor=world.east_administrator, institution=world.east, date=WEDNESDAY, working=True)
    works = {
        place.code: Institution.objects.get(pk=place.pk).calendar().is_working_day(WEDNESDAY)
        for place in (world.hospital, world.east, world.outsider)
    }
    assert works == {"county-hospital": False, "east-township": True, "outsider": True}


def test_setting_again_replaces_and_clearing_returns_to_the_nation(monday):
    own = {"actor": monday.administrator, "institution": monday.hospital, "date": WEDNESDAY}
    day = actions.set_calendar_day(**own, working=False)
    actions.set_calendar_day(**own, working=True, name="调班")
    assert CalendarDay.objects.get().name == "调班"
    actions.clear_calendar_day(**own)
    assert CalendarDay.objects.count() == 0
    assert events_of(day) == ["calendar.set", "calendar.set", "calendar.cleared"]
    with pytest.raises(Missing):
        actions.clear_calendar_day(**own)


def test_the_hours_are_the_institutions_own(monday):
    actions.change_institution(
        actor=monday.administrator, institution=monday.hospital, opening_hours=[["07:30", "11:30"]]
    )
    calendar = monday.hospital.calendar()
    assert calendar.is_open(NOW.replace(hour=7, minute=45)) is True
    assert calendar.is_open(NOW.replace(hour=11, minute=45)) is False


def test_a_calendar_takes_two_queries_once_and_many_take_no_more(monday, django_assert_num_queries):
    hospital = Institution.objects.get(pk=monday.hospital.pk)
    with django_assert_num_queries(2):
        hospital.calendar()
        hospital.calendar()
    everyone = list(Institution.objects.all())
    with django_assert_num_queries(2):
        Institution.prepare_calendars(everyone)
        assert [place.calendar().is_working_day(WEDNESDAY) for place in everyone] == [True] * 5


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2029, 4, 1)])
def test_dates_out_of_reach_are_refused(monday, day):
    with pytest.raises(Refused) as refused:
        actions.set_calendar_day(actor=monday.administrator, institution=monday.hospital, date=day, working=True)
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/date", "out_of_range")]


def test_only_the_owner_sets_days(monday):
    with pytest.raises(Forbidden):
        actions.set_calendar_day(
            actor=monday.administrator, consortium=monday.consortium, date=WEDNESDAY, working=False
        )
    with pytest.raises(Forbidden):
        actions.set_calendar_day(actor=monday.stranger, institution=monday.hospital, date=WEDNESDAY, working=False)
    assert CalendarDay.objects.count() == 0


def test_a_day_has_exactly_one_owner_also_in_the_database(monday):
    later = WEDNESDAY + timedelta(days=1)
    for owners in ({}, {"institution": monday.hospital, "consortium": monday.consortium}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CalendarDay.objects.create(date=later, working=True, **owners)


def test_days_are_seen_by_their_members(monday):
    actions.set_calendar_day(actor=monday.office, consortium=monday.consortium, date=WEDNESDAY, working=False)
    actions.set_calendar_day(actor=monday.administrator, institution=monday.hospital, date=WEDNESDAY, working=True)
    assert CalendarDay.objects.visible_to(monday.nurse).count() == 2
    assert CalendarDay.objects.visible_to(monday.east_administrator).count() == 2  # who refers there wants to know
    assert CalendarDay.objects.visible_to(monday.stranger).count() == 0
