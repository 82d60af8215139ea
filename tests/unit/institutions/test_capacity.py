from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Event
from institutions import actions
from institutions.models import Capacity, Relation
from toolkit.refusals import Conflict, Forbidden, Malformed, Missing, Refused, Stale

from .builders import SYSTEM

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
TOMORROW = date(2026, 3, 3)
RELEASE = datetime(2026, 3, 2, 16, 0, tzinfo=SHANGHAI)
MORNING = {"department": "cardiology", "kind": "slot", "session": "am", "total": 10, "referral_quota": 3}
BEDS = {"department": "cardiology", "kind": "bed", "session": "day", "total": 4, "referral_quota": 2}


@pytest.fixture
def monday(request):
    with time_machine.travel(NOW, tick=False):
        yield request.getfixturevalue("world")


def publish(world, *rows, actor=None, day=TOMORROW, version=None):
    return actions.publish_capacity(
        actor=actor or world.administrator, institution=world.hospital, date=day, rows=list(rows), version=version
    )


def errors_of(world, *rows, **more):
    with pytest.raises(Refused) as refused:
        publish(world, *rows, **more)
    return [(error.pointer, error.code) for error in refused.value.errors]


def test_a_day_is_published_whole_with_the_usual_release_and_is_recorded(monday):
    slots, beds = publish(monday, MORNING, BEDS | {"booked_elsewhere": 1})
    assert (slots.total, slots.referral_quota, slots.booked, slots.booked_elsewhere) == (10, 3, 0, 0)
    assert (slots.release_at, beds.booked_elsewhere) == (RELEASE, 1)
    facts = Event.objects.get(name="capacity.published").facts
    assert facts == {"date": "2026-03-03", "rows": 2, "total": 14}


def test_publishing_again_changes_only_what_is_said(monday):
    moment = RELEASE + timedelta(hours=2)
    publish(monday, MORNING | {"booked_elsewhere": 4, "release_at": moment}, BEDS)
    publish(monday, MORNING | {"total": 12})
    slots = Capacity.objects.get(kind="slot")
    assert (slots.total, slots.booked_elsewhere, slots.release_at, slots.version) == (12, 4, moment, 2)
    assert Capacity.objects.get(kind="bed").version == 1


def test_all_errors_of_all_rows_come_at_once(monday):
    assert errors_of(
        monday,
        MORNING | {"department": "magic"},
        MORNING | {"kind": "sofa"},
        BEDS | {"session": "am"},
        MORNING | {"total": -1, "referral_quota": 2.5},
        MORNING | {"session": "pm", "referral_quota": 11},
        MORNING | {"session": "night", "release_at": datetime(2026, 3, 4, 0, 0, tzinfo=SHANGHAI)},
        BEDS,
        BEDS,
    ) == [
        ("/rows/0/department", "unknown_department"),
        ("/rows/1/kind", "unknown_code"),
        ("/rows/2/session", "unknown_code"),
        ("/rows/3/total", "out_of_range"),
        ("/rows/3/referral_quota", "out_of_range"),
        ("/rows/4/referral_quota", "above_total"),
        ("/rows/5/release_at", "after_the_day"),
        ("/rows/7", "twice"),
    ]
    assert Capacity.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "code"), [(date(2026, 3, 1), "past"), (date(2027, 3, 4), "too_far"), (date(2026, 3, 2), None)]
)
def test_the_day_is_today_or_within_a_year(monday, day, code):
    if code:
        assert errors_of(monday, MORNING, day=day) == [("/date", code)]
    else:
        assert len(publish(monday, MORNING, day=day)) == 1


def test_the_total_never_falls_below_what_is_booked_and_the_number_is_named(monday):
    (slots,) = publish(monday, MORNING | {"booked_elsewhere": 2})
    for _place in range(3):
        actions.book(slots.pk, now=NOW)
    with pytest.raises(Refused) as refused:
        publish(monday, MORNING | {"total": 4, "referral_quota": 0})
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/rows/0/total", "below_booked")]
    assert "5" in refused.value.detail
    publish(monday, MORNING | {"total": 5})
    slots.refresh_from_db()
    assert (slots.total, slots.booked, slots.booked_elsewhere) == (5, 3, 2)


def test_of_two_publishers_of_one_version_the_second_is_stale(monday):
    assert actions.day_version(monday.hospital, TOMORROW) == 0
    publish(monday, MORNING, BEDS, version=0)
    assert actions.day_version(monday.hospital, TOMORROW) == 2
    with pytest.raises(Stale):
        publish(monday, MORNING | {"total": 20}, version=0)
    publish(monday, MORNING | {"total": 20}, version=2)
    assert actions.day_version(monday.hospital, TOMORROW) == 3


def test_booking_does_not_make_a_publishers_version_stale(monday):
    (slots,) = publish(monday, MORNING)
    actions.book(slots.pk, now=NOW)
    publish(monday, MORNING | {"total": 20}, version=1)
    slots.refresh_from_db()
    assert (slots.total, slots.booked) == (20, 1)


def test_departments_out_of_use_or_of_others_take_no_capacity(monday):
    actions.add_department(actor=SYSTEM, institution=monday.east, code="ward", name="x", specialty="general_practice")
    assert errors_of(monday, MORNING | {"department": "ward"}) == [("/rows/0/department", "unknown_department")]
    actions.change_department(actor=SYSTEM, department=monday.cardiology, active=False)
    assert errors_of(monday, MORNING) == [("/rows/0/department", "unknown_department")]


def test_only_who_keeps_the_capacity_publishes(monday):
    for actor in (monday.nurse, monday.stranger, monday.east_administrator):
        with pytest.raises(Forbidden):
            publish(monday, MORNING, actor=actor)
    publish(monday, MORNING, actor=monday.office)


def test_too_many_rows_are_refused_before_anything_is_looked_at(monday):
    with pytest.raises(Malformed):
        publish(monday, *[MORNING] * 1001)


CASES = [
    # total, quota, booked, elsewhere → free before the release, free after it
    (10, 3, 0, 0, 3, 10),
    (10, 3, 2, 4, 1, 4),
    (10, 3, 3, 4, 0, 3),
    (10, 3, 0, 9, 1, 1),  # the public took more than its part
    (10, 3, 5, 0, 0, 5),  # booked beyond the quota after an earlier release
    (10, 0, 0, 0, 0, 10),
    (4, 4, 2, 2, 0, 0),
]


@pytest.mark.parametrize(("total", "quota", "booked", "elsewhere", "before", "after"), CASES)
def test_free_places_before_and_after_the_release(monday, total, quota, booked, elsewhere, before, after):
    row = Capacity.objects.create(
        department=monday.cardiology,
        date=TOMORROW,
        kind="slot",
        session="am",
        total=total,
        referral_quota=quota,
        booked=booked,
        booked_elsewhere=elsewhere,
        release_at=RELEASE,
    )
    moments = [(RELEASE - timedelta(microseconds=1), before), (RELEASE, after)]
    for moment, free in moments:
        assert row.free(moment) == free
        assert Capacity.objects.with_free(moment).get().free_places == free
        bookable = Capacity.objects.bookable(monday.cardiology, TOMORROW, TOMORROW, moment)
        assert list(bookable) == ([row] if free else [])
        with transaction.atomic():
            taken = 0
            while taken <= total:
                try:
                    actions.book(row.pk, now=moment)
                except Conflict:
                    break
                taken += 1
            assert taken == free
            transaction.set_rollback(True)


def test_bookable_rows_come_soonest_first_within_the_dates(monday):
    days = [TOMORROW + timedelta(days=days) for days in range(4)]
    for day in reversed(days):
        publish(monday, MORNING, day=day)
    found = Capacity.objects.bookable(monday.cardiology, days[1], days[2], NOW)
    assert [row.date for row in found] == days[1:3]
    actions.change_department(actor=SYSTEM, department=monday.cardiology, active=False)
    assert list(Capacity.objects.bookable(monday.cardiology, days[1], days[2], NOW)) == []


def test_booking_is_one_statement_without_a_lock(monday):
    (slots,) = publish(monday, MORNING)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        actions.book(slots.pk, now=NOW)
        actions.give_back(slots.pk)
    statements = [query["sql"] for query in queries if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT"))]
    assert [statement.split()[0] for statement in statements] == ["UPDATE", "UPDATE"]
    assert [statement for statement in statements if "SELECT" in statement] == []


def test_a_full_row_a_past_day_and_an_unknown_row_are_told_apart(monday):
    (slots,) = publish(monday, MORNING | {"referral_quota": 0})
    with pytest.raises(Conflict) as conflict:
        actions.book(slots.pk, now=NOW)
    assert conflict.value.code == "full"
    with pytest.raises(Refused) as refused:
        actions.book(slots.pk, now=NOW + timedelta(days=2))
    assert refused.value.code == "past"
    with pytest.raises(Missing):
        actions.book(0, now=NOW)


def test_only_what_was_booked_is_given_back(monday):
    (slots,) = publish(monday, MORNING)
    with pytest.raises(Conflict) as conflict:
        actions.give_back(slots.pk)
    assert conflict.value.code == "nothing_booked"
    with pytest.raises(Missing):
        actions.give_back(0)
    actions.book(slots.pk, now=NOW)
    actions.give_back(slots.pk)
    slots.refresh_from_db()
    assert slots.booked == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"booked": 11},
        {"booked": 6, "booked_elsewhere": 5},
        {"referral_quota": 11},
        {"kind": "bed", "session": "am"},
        {"kind": "sofa"},
        {"session": "noon"},
    ],
)
def test_the_database_refuses_what_must_never_be(monday, wrong):
    right = {"kind": "slot", "session": "am", "total": 10, "referral_quota": 3, "release_at": RELEASE}
    with pytest.raises(IntegrityError), transaction.atomic():
        Capacity.objects.create(department=monday.cardiology, date=TOMORROW, **(right | wrong))


def test_capacity_is_seen_by_its_institution_and_by_those_who_may_refer_there(monday):
    (slots,) = publish(monday, MORNING)
    assert list(Capacity.objects.visible_to(monday.nurse)) == [slots]
    assert list(Capacity.objects.visible_to(monday.east_administrator)) == []
    actions.generate_relations(actor=monday.office, consortium=monday.consortium)
    assert list(Capacity.objects.visible_to(monday.east_administrator)) == [slots]
    relation = Relation.objects.get(sender=monday.east, receiver=monday.hospital)
    actions.end_relation(actor=monday.office, relation=relation)
    assert list(Capacity.objects.visible_to(monday.east_administrator)) == []
    assert list(Capacity.objects.visible_to(monday.stranger)) == []


def test_now_is_the_moment_of_shanghai_not_of_greenwich(monday):
    """At 07:30 in Shanghai it is still yesterday in Greenwich; the day that began must not be lost."""
    (slots,) = publish(monday, MORNING)
    early = datetime(2026, 3, 3, 7, 30, tzinfo=SHANGHAI)
    assert list(Capacity.objects.free(now=early.astimezone(ZoneInfo("UTC")))) == [slots]
    assert list(Capacity.objects.free(now=early + timedelta(days=1))) == []
    assert timezone.localdate(early) == TOMORROW


@pytest.mark.parametrize(
    ("row", "over_at"),
    [
        (MORNING, "12:00"),
        (MORNING | {"session": "pm"}, "17:30"),
        (MORNING | {"session": "day"}, "17:30"),
        (MORNING | {"session": "night"}, "23:59"),
        (BEDS, None),
    ],
    ids=["morning", "afternoon", "whole day", "night", "a bed"],
)
def test_a_session_that_is_over_cannot_be_had(monday, row, over_at):
    """On its own day and behind its end; a bed until midnight. What was agreed before may be entered afterwards."""
    (place,) = publish(monday, row)
    end = at(over_at or "23:59:59")
    for moment, over in [(end - timedelta(seconds=1), False), (end, bool(over_at))]:
        assert (place.is_over(moment), place.free(moment)) == (over, 0 if over else place.total)
        assert list(Capacity.objects.free(now=moment)) == ([] if over else [place])
    if over_at:
        with pytest.raises(Refused) as refused:
            actions.book(place.pk, now=end)
        assert [(error.pointer, error.code) for error in refused.value.errors] == [("/slot", "over")]
        actions.book(place.pk, now=end, agreed_at=end - timedelta(minutes=1))
    else:
        actions.book(place.pk, now=end)
    assert Capacity.objects.get().booked == 1


def at(clock: str) -> datetime:
    """That time of `TOMORROW`."""
    return datetime.fromisoformat(f"{TOMORROW.isoformat()}T{clock}").replace(tzinfo=SHANGHAI)
