"""The morning's digest: when, to whom, once, and never for nothing."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail

from events.models import Event
from institutions import actions as houses
from notifications import actions, digest
from notifications.models import Delivery, Digest, InboxMessage
from tests.unit.accounts.builders import SYSTEM

from .builders import happened, inboxes, telling, unit

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")


def at(month, day, hour, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def clock():
    """The Saturday before the Spring Festival, on which one works."""
    with time_machine.travel(at(2, 14, 8), tick=False) as traveller:
        yield traveller


@pytest.fixture
def parcels(world):
    """How many parcels wait, by house; the office counts all."""
    waiting = {}

    def count(scope):
        found = sum(waiting.get(pk, 0) for pk in scope.house_ids)
        return {"count": found} if found else {}

    digest.register()
    digest.register_section(
        digest.Section(
            key="parcels",
            count=count,
            lines=lambda facts: [f"{facts['count']} 件包裹等待"],
            link=lambda is_office: "/parcels/" if is_office else "",
        )
    )
    return waiting


def tell_all():
    for event in Event.objects.filter(name="digest.made"):
        actions.tell(event)
    actions.deliver_due()


def test_once_a_day_to_who_administers(world, parcels, clock):
    world.wang.user.email = "wang@example.org"
    world.wang.user.save()
    parcels[world.hospital.pk], parcels[world.township.pk] = 3, 4
    assert [actions.make_digests(), actions.make_digests()] == [3, 0]
    tell_all()
    tell_all()
    # Wang administers the hospital, Zhao the consortium from his chair there; nobody administers the township
    assert inboxes() == [("wang", "county-hospital"), ("zhao", "county-hospital")]
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["wang@example.org"], "县医院 今日待办（2026-02-14）")
    assert "3 件包裹等待" in sent.body
    assert "/deliveries/" in sent.body
    bodies = [event.facts["parcels.count"] for event in Event.objects.filter(name="digest.made").order_by("pk")]
    assert sorted(bodies) == [3, 4, 7]
    assert Event.objects.filter(name="notice.unheard").count() == 0


def test_nothing_is_said_of_nothing(world, parcels):
    assert (actions.make_digests(), Event.objects.filter(name="digest.made").count()) == (0, 0)
    parcels[world.hospital.pk] = 1
    assert actions.make_digests() == 0  # the morning of this house is over


@pytest.mark.parametrize(
    ("moment", "made"),
    [
        (at(2, 14, 7, 59), 0),
        (at(2, 14, 11, 59), 2),
        (at(2, 14, 12), 0),
        (at(2, 17, 8), 0),  # the first day of the year of the horse
        (at(2, 22, 8), 0),
        (at(2, 24, 8), 2),
        (at(2, 28, 8), 2),  # a Saturday made up for
        (at(3, 1, 8), 0),
    ],
)
def test_on_working_mornings_alone(world, parcels, clock, moment, made):
    parcels[world.hospital.pk] = 1
    clock.move_to(moment)
    assert actions.make_digests() == made


def test_each_house_has_its_own_calendar(world, parcels, clock):
    parcels[world.hospital.pk] = parcels[world.township.pk] = 1
    houses.set_calendar_day(actor=SYSTEM, institution=world.hospital, date=date(2026, 2, 14), working=False)
    actions.make_digests()
    made = Digest.objects.filter(institution__in=[world.hospital, world.township])
    assert list(made.values_list("institution__code", flat=True)) == [world.township.code]


def test_what_could_not_be_delivered_is_in_it(world, parcels, clock):
    telling(unit(world.hospital, "desk"))
    actions.tell(happened())
    Delivery.objects.update(state="dead", sent_at=None)
    assert actions.make_digests() == 2
    facts = Event.objects.filter(name="digest.made").values_list("facts", flat=True)
    assert {row["deliveries.count"] for row in facts} == {Delivery.objects.count()}
    tell_all()
    words = notices_words()
    assert "近 7 天有 2 条通知没有送达" in words


def notices_words():
    from notifications.wording import words_of

    message = InboxMessage.objects.filter(notice="digest").first()
    return words_of(message.event, message.notice).body
