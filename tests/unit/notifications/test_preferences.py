"""How people want to be told: which ways, and when not."""

import json
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction

from notifications import actions
from notifications.hours import Hours
from notifications.models import Delivery, InboxMessage, Preference
from tests.unit.accounts.builders import acting
from toolkit.refusals import Refused

from .builders import happened, telling, to

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
EVERYTHING = {"urgent_email": True, "urgent_sms": True, "ordinary_email": True, "ordinary_sms": True}


def at(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(at(2, 9), tick=False) as traveller:
        yield traveller


@pytest.fixture
def zhang(world, settings, tmp_path):
    """Zhang, with address and mobile, where short messages are on."""
    settings.SMS_PROVIDER, settings.VAR_DIR = "file", tmp_path
    world.zhang.user.email, world.zhang.user.phone = "zhang@example.org", "13900139000"
    world.zhang.user.save()
    return world.zhang


def wish(person, **changes):
    return actions.set_preference(actor=acting(person), **EVERYTHING | changes)


def ways(person, *, urgent=False):
    event = f"parcel.way{InboxMessage.objects.count()}"
    telling(to(person), event=event, urgent=urgent)
    actions.tell(happened(event))
    return sorted(Delivery.objects.filter(event__name=event).values_list("channel", flat=True))


class TestWays:
    def test_without_a_wish(self, zhang):
        assert (ways(zhang), ways(zhang, urgent=True)) == (["email", "inbox"], ["email", "inbox", "sms"])

    def test_as_wished(self, zhang):
        wish(zhang, urgent_email=False, ordinary_email=False)
        assert (ways(zhang), ways(zhang, urgent=True)) == (["inbox", "sms"], ["inbox", "sms"])

    def test_another_persons_wish_is_another_matter(self, zhang, world):
        wish(world.li, ordinary_email=False)
        assert ways(zhang) == ["email", "inbox"]

    def test_what_presses_finds_another_way_when_the_wished_one_leads_nowhere(self, zhang, settings):
        wish(zhang, urgent_email=False, ordinary_email=False)
        settings.SMS_PROVIDER = ""
        assert (ways(zhang), ways(zhang, urgent=True)) == (["inbox"], ["email", "inbox"])

    def test_it_cannot_be_silenced(self, zhang):
        with pytest.raises(Refused) as refusal:
            wish(zhang, urgent_email=False, urgent_sms=False)
        assert refusal.value.errors[0].pointer == "/urgent_email"
        with pytest.raises(IntegrityError), transaction.atomic():
            Preference.objects.create(user=zhang.user, urgent_email=False, urgent_sms=False)

    @pytest.mark.parametrize("hours", [(time(22), None), (None, time(7)), (time(7), time(7))])
    def test_hours_are_two(self, zhang, hours):
        with pytest.raises(Refused):
            wish(zhang, quiet_from=hours[0], quiet_to=hours[1])

    def test_a_short_message_says_references_only(self, zhang, settings, tmp_path):
        settings.PUBLIC_URL = "https://refer.example.org"
        ways(zhang, urgent=True)
        actions.deliver_due()
        (file,) = (tmp_path / "sms").glob("*.json")
        sent = json.loads(file.read_text())
        assert (sent["phone"], sent["template"], sent["params"], sent["words"]) == (
            "13900139000",
            "staff_notice",
            {"title": "紧急：包裹已寄出", "path": "parcels/1/"},
            "【医联体】紧急：包裹已寄出 https://refer.example.org/parcels/1/",
        )


class TestQuietHours:
    def test_across_midnight_and_never_for_what_presses(self, zhang, clock):
        wish(zhang, quiet_from=time(22), quiet_to=time(7))
        clock.move_to(at(2, 23, 30))
        ways(zhang)
        ways(zhang, urgent=True)
        assert (actions.deliver_due(), InboxMessage.objects.count()) == (2, 2)
        held = Delivery.objects.filter(state="queued").values_list("channel", "attempts", "next_at")
        assert sorted(held) == [("email", 0, at(3, 7)), ("sms", 0, at(3, 7))]
        clock.move_to(at(3, 6, 59))
        assert actions.deliver_due() == 0
        clock.move_to(at(3, 7))
        assert (actions.deliver_due(), len(mail.outbox)) == (2, 2)

    def test_a_retry_waits_as_well(self, zhang, clock):
        wish(zhang, ordinary_sms=False, quiet_from=time(12), quiet_to=time(14))
        ways(zhang)
        Delivery.objects.filter(channel="email").update(state="failed", attempts=3, next_at=at(2, 12, 5))
        clock.move_to(at(2, 12, 5))
        assert actions.deliver_due() == 0
        row = Delivery.objects.get(channel="email")
        assert (row.state, row.attempts, row.next_at) == ("failed", 3, at(2, 14))

    @pytest.mark.parametrize(
        ("begin", "end", "now", "until"),
        [
            (22, 7, at(2, 22), at(3, 7)),
            (22, 7, at(2, 21, 59), None),
            (22, 7, at(3, 0), at(3, 7)),
            (22, 7, at(3, 7), None),
            (12, 14, at(2, 12), at(2, 14)),
            (12, 14, at(2, 14), None),
            (0, 6, at(2, 23, 59), None),
            (22, 0, at(2, 23, 59), at(3, 0)),
            (8, 8, at(2, 8), None),
        ],
    )
    def test_when_they_end(self, begin, end, now, until):
        assert Hours(time(begin), time(end)).end_after(now) == until
