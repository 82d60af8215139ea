"""One delivery: claimed, sent, settled; what is held back, what fails, what is tried again."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts import actions as staff
from accounts.models import Membership
from events.notices import Words
from notifications import actions
from notifications.actions import delivering
from notifications.models import Delivery, InboxMessage
from tests.unit.accounts.builders import SYSTEM

from .builders import happened, nobody_sees, telling, to

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TRIES = len(delivering.BACK_OFF) + 1


@pytest.fixture(autouse=True)
def clock():
    """Before the people, so that their jobs have begun by then."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def delivery(clock, world):
    """Zhang's e-mail, queued."""
    world.zhang.user.email = "zhang@example.org"
    world.zhang.user.save()
    telling(to(world.zhang))
    actions.tell(happened(number="R26"))
    return Delivery.objects.get(channel="email")


@pytest.fixture
def broken(monkeypatch):
    """A mail server that always fails, with an address in its words."""

    def fail(self, messages):
        raise ConnectionError("550 zhang@example.org unknown")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)


def columns(delivery, *names):
    return Delivery.objects.values_list(*names).get(pk=delivery.pk)


class TestEmail:
    def test_what_it_says(self, delivery, settings):
        settings.PUBLIC_URL = "https://refer.example.org"
        assert actions.deliver(delivery.pk) is True
        (sent,) = mail.outbox
        assert (sent.to, sent.subject) == (["zhang@example.org"], "包裹已寄出")
        assert sent.body.splitlines() == [
            "包裹已寄出",
            "",
            "R26",
            "",
            "机构：县医院",
            "时间：2026-03-02 09:00",
            "查看：https://refer.example.org/parcels/R26/",
            "",
            "--",
            "本邮件由医联体协同平台自动发送，请勿回复。邮件不含患者信息，详情请登录平台查看。",
        ]
        headers = dict(sent.message().items())
        assert headers["Message-ID"] == f"<{delivery.message_id}@refer.example.org>"
        assert headers["Auto-Submitted"] == "auto-generated"
        assert columns(delivery, "state", "attempts", "sent_at", "lease", "error") == ("sent", 1, START, None, "")

    def test_it_speaks_the_persons_language(self, delivery, world, monkeypatch):
        from django.utils.translation import get_language

        world.zhang.user.language = "en"
        world.zhang.user.save()
        monkeypatch.setattr("notifications.wording.words_of", lambda event, key: Words(f"title in {get_language()}"))
        actions.deliver(delivery.pk)
        assert mail.outbox[0].subject == "title in en"

    def test_a_title_of_several_lines_is_one_header(self, delivery, monkeypatch):
        monkeypatch.setattr("notifications.wording.words_of", lambda event, key: Words("one\r\nBcc: all@example.org"))
        actions.deliver(delivery.pk)
        sent = mail.outbox[0]
        assert (sent.subject, sent.message()["Bcc"]) == ("one Bcc: all@example.org", None)

    def test_marks_are_not_escaped_in_plain_text(self, delivery, monkeypatch):
        monkeypatch.setattr("notifications.channels.words_of", lambda event, key: Words("<5 & '3'"))
        actions.deliver(delivery.pk)
        assert mail.outbox[0].body.splitlines()[0] == "<5 & '3'"

    def test_an_urgent_one_says_so(self, world, delivery):
        telling(to(world.zhang), key="alarm", urgent=True, channels=("email",))
        actions.tell(happened())
        actions.deliver(Delivery.objects.get(notice="alarm").pk)
        assert mail.outbox[0].subject == "【紧急】包裹已寄出"

    def test_the_address_is_looked_up_when_it_is_sent(self, delivery, world):
        world.zhang.user.email = "new@example.org"
        world.zhang.user.save()
        actions.deliver(delivery.pk)
        assert mail.outbox[0].to == ["new@example.org"]


class TestHeldBack:
    def outcome(self, delivery):
        assert actions.deliver(delivery.pk) is False
        assert mail.outbox == []
        return columns(delivery, "state", "error", "lease", "sent_at")

    def test_the_address_was_taken_away(self, delivery, world):
        world.zhang.user.email = ""
        world.zhang.user.save()
        assert self.outcome(delivery) == ("suppressed", "no_address", None, None)

    def test_the_person_was_blocked(self, delivery, world):
        world.zhang.user.is_active = False
        world.zhang.user.save()
        assert self.outcome(delivery) == ("suppressed", "left", None, None)

    def test_the_person_has_left_the_house(self, delivery, world):
        staff.end_membership(actor=SYSTEM, membership=world.zhang)
        assert self.outcome(delivery) == ("suppressed", "left", None, None)

    def test_the_job_has_not_begun_again(self, delivery, world):
        Membership.objects.filter(pk=world.zhang.pk).update(started_on=START.date() + timedelta(days=1))
        assert self.outcome(delivery) == ("suppressed", "left", None, None)

    def test_the_subject_is_no_longer_visible(self, delivery, world):
        nobody_sees()
        assert self.outcome(delivery) == ("suppressed", "not_visible", None, None)

    def test_the_notice_is_no_longer_told(self, delivery):
        Delivery.objects.update(notice="gone")
        assert self.outcome(delivery) == ("suppressed", "no_words", None, None)

    def test_it_is_final_until_an_administrator_resends(self, delivery, clock):
        nobody_sees()
        actions.deliver(delivery.pk)
        clock.shift(timedelta(days=30))
        assert (actions.deliver_due(), columns(delivery, "attempts")) == (0, (1,))


class TestFailure:
    def test_it_is_tried_again_later_each_time_until_it_is_dead(self, delivery, broken, clock):
        seen = []
        for _attempt in range(TRIES):
            assert actions.deliver(delivery.pk) is False
            state, error, next_at, lease = columns(delivery, "state", "error", "next_at", "lease")
            assert lease is None
            seen.append((state, error))
            clock.move_to(next_at)
        assert seen == [("failed", "ConnectionError")] * (TRIES - 1) + [("dead", "ConnectionError")]
        clock.shift(timedelta(days=30))
        assert (actions.deliver_due(), columns(delivery, "attempts")) == (0, (TRIES,))

    @pytest.mark.parametrize("dice", [0.8, 1.2])
    def test_the_waiting_time_has_some_play(self, delivery, broken, monkeypatch, dice):
        monkeypatch.setattr(delivering._dice, "uniform", lambda low, high: {0.8: low, 1.2: high}[dice])
        actions.deliver(delivery.pk)
        assert columns(delivery, "next_at") == (START + delivering.BACK_OFF[0] * dice,)

    def test_only_the_kind_of_the_failure_is_kept(self, delivery, broken, caplog):
        actions.deliver(delivery.pk)
        assert columns(delivery, "error") == ("ConnectionError",)
        assert "example.org" not in caplog.text

    def test_before_its_time_it_is_left_alone(self, delivery, broken, clock):
        actions.deliver(delivery.pk)
        (next_at,) = columns(delivery, "next_at")
        clock.move_to(next_at - timedelta(seconds=1))
        assert (actions.deliver(delivery.pk), columns(delivery, "attempts")) == (False, (1,))

    def test_one_that_fails_does_not_hold_up_the_others(self, delivery, world, monkeypatch):
        world.li.user.email = "li@example.org"
        world.li.user.save()
        telling(to(world.li), key="other", channels=("email",))
        actions.tell(happened(number="R27"))
        original = delivering.CHANNELS["email"]

        def picky(row, person):
            if person.user_id == world.zhang.user_id:
                raise ConnectionError
            return original(row, person)

        monkeypatch.setitem(delivering.CHANNELS, "email", picky)
        actions.deliver_due()
        assert [sent.to for sent in mail.outbox] == [["li@example.org"]]


class TestLease:
    def test_of_two_workers_one_sends(self, delivery, monkeypatch):
        answers = []
        original = delivering.CHANNELS["email"]

        def interrupted(row, person):
            answers.append(actions.deliver(row.pk))  # the other worker comes while this one is sending
            return original(row, person)

        monkeypatch.setitem(delivering.CHANNELS, "email", interrupted)
        assert (actions.deliver(delivery.pk), answers, len(mail.outbox)) == (True, [False], 1)

    def test_a_worker_killed_after_sending_leads_to_the_same_message_id(self, delivery, clock):
        lease = delivering._claim(delivery.pk)
        delivering._make(Delivery.objects.select_related("event", "user", "institution").get(pk=delivery.pk))
        clock.shift(delivering.LEASE - timedelta(seconds=1))
        assert actions.deliver_due() == 0
        clock.shift(timedelta(seconds=1))
        assert actions.deliver_due() == 1
        assert len({sent.message()["Message-ID"] for sent in mail.outbox}) == 1
        assert (len(mail.outbox), lease is None, columns(delivery, "state", "attempts")) == (2, False, ("sent", 2))

    def test_a_slow_worker_does_not_write_over_the_one_that_took_over(self, delivery, clock, monkeypatch):
        original = delivering.CHANNELS["email"]

        def slow(row, person):
            if row.attempts == 2:
                return original(row, person)
            clock.shift(delivering.LEASE)
            assert actions.deliver(row.pk) is True
            raise ConnectionError

        monkeypatch.setitem(delivering.CHANNELS, "email", slow)
        assert actions.deliver(delivery.pk) is False
        assert columns(delivery, "state", "attempts", "error") == ("sent", 2, "")

    def test_what_takes_every_worker_down_is_given_up(self, delivery, clock):
        for _attempt in range(TRIES):
            assert delivering._claim(delivery.pk) is not None
            clock.shift(delivering.LEASE)
        assert delivering._claim(delivery.pk) is None
        assert actions.deliver_due() == 0
        assert columns(delivery, "state", "error", "lease", "attempts") == ("dead", "worker_lost", None, TRIES)


def test_the_sweep_stops_at_its_time_and_leaves_the_rest(delivery, world, monkeypatch):
    telling(to(world.zhang), key="other", channels=("email",))
    actions.tell(happened(number="R27"))
    monkeypatch.setattr(delivering, "SWEEP_SECONDS", -1)
    assert [actions.deliver_due(), actions.deliver_due()] == [1, 1]


def test_a_delivery_that_was_made_is_not_made_again(delivery):
    assert [actions.deliver(delivery.pk), actions.deliver(delivery.pk)] == [True, False]
    assert len(mail.outbox) == 1


def test_a_message_held_back_reaches_the_inbox_when_it_is_sent_again(world, clock):
    telling(to(world.zhang), urgent=True)
    nobody_sees()
    actions.tell(happened())
    held = Delivery.objects.get()
    assert InboxMessage.objects.count() == 0
    nobody_sees(world.outsider)
    Delivery.objects.update(state="queued", next_at=timezone.now(), error="")
    assert actions.deliver(held.pk) is True
    columns_ = ("user", "institution", "event", "notice", "urgent")
    assert list(InboxMessage.objects.values_list(*columns_)) == [
        (world.zhang.user_id, world.hospital.pk, held.event_id, "desk", True)
    ]
