"""A Spring Festival, minute by minute: what the clock does while most houses are closed.

In 2026 the holiday runs from Sunday 15 to Monday 23 February; the Saturdays before and after, the 14th and the 28th,
are worked in exchange (State Council notice of November 2025). The calendars below are written by hand.
"""

from datetime import datetime, time, timedelta

import pytest

from events import outbox
from events.models import Event
from institutions.actions import set_calendar_day
from notifications.actions import deliver_due, set_preference
from notifications.models import Delivery
from referrals.actions import clock as referral_clock
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 2, 13, 15, 0, tzinfo=ZONE)  # the last Friday before the festival

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def at(text):
    """ "02-14 10:00" of 2026, in Shanghai."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def live_through(clock, until, *, every=timedelta(minutes=30), telling=False) -> list[tuple[str, str, str]]:
    """Let time pass in steps, the clock looking at each; (when, number, what) of all it recorded, in order.

    `telling`: what there is to tell is told and sent as well.
    """
    last = Event.objects.order_by("-pk").values_list("pk", flat=True)[0]
    now = datetime.now(ZONE)
    while now < until:
        now += every
        clock.move_to(now)
        referral_clock.tick()
        if telling:
            outbox.run_due()
            deliver_due()
    rows = Event.objects.filter(pk__gt=last, name__startswith="referral.").order_by("occurred_at", "pk")
    return [_line(row) for row in rows]


def _line(event) -> tuple[str, str, str]:
    what = event.name.removeprefix("referral.")
    rung = f" {event.facts['rung']}" if what == "escalated" else ""
    return _clock(event.occurred_at), event.facts["number"], f"{what}{rung}"


def _clock(moment) -> str:
    return moment.astimezone(ZONE).strftime("%m-%d %H:%M")


def test_what_waits_over_the_festival_climbs_on_working_days_only(cast, clock):
    names = {
        referral_at("submitted", cast).number: "routine",
        referral_at("returned", cast).number: "asked back",
        referral_at("scheduled", cast).number: "booked",  # for Saturday the 14th
    }
    clock.move_to(at("02-14 10:00"))
    names[referral_at("concluded", cast).number] = "concluded"
    clock.move_to(at("02-14 16:30"))
    names[referral_at("submitted", cast, urgency="urgent").number] = "urgent"

    clock.move_to(at("02-13 15:00"))
    found = live_through(clock, at("02-28 18:00"))
    assert [(when, names[number], what) for when, number, what in found] == [
        ("02-14 15:00", "routine", "escalated 1"),  # the Saturday is worked
        ("02-15 08:00", "booked", "not_arrived"),
        ("02-20 15:00", "asked back", "expired"),  # seven days are seven days
        ("02-21 18:00", "booked", "missed"),
        ("02-24 09:00", "urgent", "escalated 1"),  # an hour was left of Saturday, the other is the first of Tuesday
        ("02-24 10:00", "urgent", "escalated 2"),
        ("02-24 11:00", "urgent", "escalated 3"),
        ("02-24 15:00", "routine", "escalated 2"),
        ("02-24 17:30", "asked back", "escalated 1"),  # where is the patient? a working day begins on Tuesday
        ("02-24 17:30", "booked", "escalated 1"),
        ("02-25 10:00", "concluded", "reminded"),
        ("02-25 15:00", "routine", "escalated 3"),
        ("02-25 17:30", "asked back", "escalated 2"),
        ("02-25 17:30", "booked", "escalated 2"),
        ("02-26 17:30", "asked back", "escalated 3"),
        ("02-26 17:30", "booked", "escalated 3"),
    ]


def test_an_emergency_on_new_years_eve_climbs_at_night(cast, clock):
    clock.move_to(at("02-16 23:50"))
    number = referral_at(
        "submitted", cast, urgency="emergency", green_channel="stroke", caller_phone="13800001111"
    ).number
    assert live_through(clock, at("02-17 01:00"), every=timedelta(minutes=5)) == [
        ("02-17 00:05", number, "escalated 1"),
        ("02-17 00:10", number, "escalated 2"),
        ("02-17 00:15", number, "escalated 3"),
    ]


def test_a_house_that_opens_on_a_day_of_the_festival_answers_on_that_day(cast, clock):
    set_calendar_day(
        actor=cast.actors.core_administrator, institution=cast.institutions.hospital, date=at("02-18 00:00").date(),
        working=True, name="节日门诊",
    )  # fmt: skip
    clock.move_to(at("02-14 16:30"))
    urgent = referral_at("submitted", cast, urgency="urgent")
    assert urgent.deadline == at("02-18 09:00")


def test_an_ambulance_is_asked_for_on_a_holiday_night(cast, clock):
    clock.move_to(at("02-19 03:00"))
    referral = referral_at("in_transit", cast, urgency="emergency", green_channel="trauma", caller_phone="13800001111")
    deadline = referral.deadline
    assert at("02-19 03:00") < deadline < at("02-19 09:00")
    found = live_through(clock, deadline + timedelta(minutes=10), every=timedelta(minutes=5))
    assert [(number, what) for _when, number, what in found] == [
        (referral.number, "escalated 1"), (referral.number, "escalated 2"), (referral.number, "escalated 3")
    ]  # fmt: skip
    step("arrive", referral, cast, received_by="周强", handed_over_by="王芳")
    assert live_through(clock, deadline + timedelta(minutes=60), every=timedelta(minutes=5)) == []


def test_what_does_not_press_waits_for_the_morning_and_an_emergency_does_not(cast, clock):
    desk = cast.users.core_desk
    type(desk).objects.filter(pk=desk.pk).update(email="desk@example.org")
    wishes = {f"{pressing}_{way}": True for pressing in ("urgent", "ordinary") for way in ("email", "sms")}
    set_preference(actor=cast.actors.core_desk, quiet_from=time(21), quiet_to=time(7, 30), **wishes)

    clock.move_to(at("02-15 22:50"))
    routine = referral_at("submitted", cast)
    live_through(clock, at("02-17 01:50"), telling=True)
    emergency = referral_at("submitted", cast, urgency="emergency", green_channel="stroke", caller_phone="13800001111")
    live_through(clock, at("02-17 02:10"), every=timedelta(minutes=5), telling=True)
    live_through(clock, at("02-17 08:10"), telling=True)
    rows = Delivery.objects.filter(user=desk, channel="email").order_by("sent_at", "pk")
    assert [(_clock(row.sent_at), row.event.facts["number"], row.event.name) for row in rows] == [
        ("02-16 07:50", routine.number, "referral.submitted"),
        ("02-17 01:55", emergency.number, "referral.submitted"),  # when the worker looked
        ("02-17 02:05", emergency.number, "referral.escalated"),
        ("02-17 02:10", emergency.number, "referral.escalated"),  # the desk stands in where nobody has the duty line
    ]
