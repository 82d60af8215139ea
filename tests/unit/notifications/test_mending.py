"""What administrators do about what failed, and what readers do about what came."""

import pytest
from django.utils import timezone

from events.log import record
from events.models import Errand, Event
from events.reactions import on
from notifications import actions
from notifications.errands import dead_errands
from notifications.models import Delivery, InboxMessage
from tests.unit.accounts.builders import acting
from toolkit.refusals import Forbidden, Refused

from .builders import happened, telling, to

pytestmark = pytest.mark.django_db


@pytest.fixture
def dead(world):
    """An e-mail to Zhang that was given up."""
    world.zhang.user.email = "zhang@example.org"
    world.zhang.user.save()
    telling(to(world.zhang))
    actions.tell(happened(number="R26"))
    Delivery.objects.filter(channel="email").update(state="dead", attempts=8, error="ConnectionError")
    return Delivery.objects.select_related("event").get(channel="email")


def columns(row, *names):
    return type(row).objects.values_list(*names).get(pk=row.pk)


class TestResend:
    def test_it_begins_anew_under_the_same_message_id(self, world, dead, nudged, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            actions.resend(actor=acting(world.wang), delivery=dead)
        assert columns(dead, "state", "attempts", "error", "message_id") == ("queued", 0, "", dead.message_id)
        assert nudged == [dead.pk]
        event = Event.objects.get(name="delivery.resent")
        assert (event.subject, event.user_id, event.facts) == (
            f"delivery:{dead.pk}",
            world.wang.user_id,
            {"channel": "email", "about": "parcel:R26"},
        )

    @pytest.mark.parametrize(
        ("state", "error", "attempts"), [("unsure", "no_answer", 1), ("dead", "no_answer", 1), ("dead", "declined", 0)]
    )
    def test_what_may_have_arrived_is_asked_for_before_it_is_repeated(self, world, dead, state, error, attempts):
        Delivery.objects.filter(pk=dead.pk).update(state=state, error=error)
        actions.resend(actor=acting(world.wang), delivery=dead)
        assert columns(dead, "state", "attempts") == ("queued", attempts)

    @pytest.mark.parametrize("state", ["failed", "suppressed"])
    def test_other_trouble_is_resent_too(self, world, dead, state):
        Delivery.objects.filter(pk=dead.pk).update(state=state)
        actions.resend(actor=acting(world.wang), delivery=dead)
        assert columns(dead, "state") == ("queued",)

    @pytest.mark.parametrize("state", ["queued", "sent"])
    def test_what_is_under_way_or_made_is_not(self, world, dead, state):
        sent_at = timezone.now() if state == "sent" else None
        Delivery.objects.filter(pk=dead.pk).update(state=state, sent_at=sent_at)
        with pytest.raises(Refused) as refusal:
            actions.resend(actor=acting(world.wang), delivery=dead)
        assert refusal.value.code == "not_failed"
        assert Event.objects.filter(name="delivery.resent").count() == 0

    def test_a_double_click_resends_once(self, world, dead):
        actions.resend(actor=acting(world.wang), delivery=dead)
        with pytest.raises(Refused):
            actions.resend(actor=acting(world.wang), delivery=dead)
        assert Event.objects.filter(name="delivery.resent").count() == 1

    @pytest.mark.parametrize("who", ["zhang", "li"])
    def test_without_the_permission_it_stays(self, world, dead, who):
        with pytest.raises(Forbidden):
            actions.resend(actor=acting(getattr(world, who)), delivery=dead)
        assert columns(dead, "state") == ("dead",)

    def test_an_administrator_of_another_house_cannot(self, world, dead):
        world.qian.roles = ["institution_administrator"]
        world.qian.save()
        with pytest.raises(Refused):
            actions.resend(actor=acting(world.qian), delivery=dead)
        assert columns(dead, "state") == ("dead",)


class TestErrands:
    @pytest.fixture
    def errand(self, world):
        """Factory: a dead errand of an act done in this job (None: by the clock)."""

        def made(by):
            on("parcel.lost")(fail)
            event = happened("parcel.lost", by=by)
            event.errands.update(state="dead", attempts=12, error="KeyError")
            return event.errands.select_related("event").get()

        return made

    def test_an_administrator_sees_those_of_the_consortium(self, world, errand):
        own, members, foreign, clocks = [errand(by) for by in (world.zhang, world.li_township, world.qian, None)]
        assert set(dead_errands(acting(world.zhao))) == {own, members, clocks}
        assert set(dead_errands(acting(world.qian))) == {foreign}
        assert set(dead_errands(acting(world.wang))) == {own, members}

    def test_only_the_dead_ones(self, world, errand):
        errand(world.zhang)
        Errand.objects.update(state="waiting")
        assert list(dead_errands(acting(world.zhao))) == []

    def test_replay_puts_it_back_and_is_on_record(self, world, errand):
        row = errand(world.zhang)
        actions.replay_errand(actor=acting(world.zhao), errand=row)
        assert columns(row, "state", "attempts", "error") == ("waiting", 0, "")
        event = Event.objects.get(name="errand.replayed")
        assert (event.subject, event.user_id, event.facts) == (
            f"errand:{row.pk}",
            world.zhao.user_id,
            {"reaction": "tests.fail", "about": "parcel:1"},
        )

    def test_only_the_consortiums_administrators_replay(self, world, errand):
        row = errand(world.zhang)
        with pytest.raises(Forbidden):
            actions.replay_errand(actor=acting(world.wang), errand=row)
        assert (columns(row, "state"), Event.objects.filter(name="errand.replayed").count()) == (("dead",), 0)


def fail(event):
    raise KeyError


class TestReading:
    @pytest.fixture
    def messages(self, world):
        """Three messages of Li at the hospital, one at the township, one of Zhang."""
        telling(to(world.li), event="parcel.sent")
        telling(to(world.li_township), event="parcel.seen")
        telling(to(world.zhang), event="parcel.lost")
        for number in ("1", "2", "2"):
            actions.tell(happened("parcel.sent", number=number))
        actions.tell(happened("parcel.seen", number="2"))
        actions.tell(happened("parcel.lost", number="2"))
        return list(InboxMessage.objects.order_by("id"))

    @staticmethod
    def unread():
        return list(InboxMessage.objects.unread().order_by("id"))

    def test_one(self, world, messages):
        actions.mark_read(actor=acting(world.li), message=messages[1])
        assert (self.unread(), messages[1].read_at is None) == (messages[:1] + messages[2:], False)

    def test_the_first_reading_counts(self, world, messages):
        actions.mark_read(actor=acting(world.li), message=messages[0])
        first = messages[0].read_at
        actions.mark_read(actor=acting(world.li), message=messages[0])
        assert messages[0].read_at == first

    def test_nobody_elses_nor_in_another_job(self, world, messages):
        for reader in (world.zhang, world.li_township, world.wang):
            actions.mark_read(actor=acting(reader), message=messages[0])
        assert self.unread() == messages

    def test_all_that_was_shown(self, world, messages):
        assert actions.mark_all_read(actor=acting(world.li), upto=messages[1].pk) == 2
        assert self.unread() == messages[2:]

    def test_all_about_one_subject(self, world, messages):
        assert actions.mark_read_about(actor=acting(world.li), ref="parcel:2") == 2
        assert self.unread() == [messages[0], *messages[3:]]

    def test_a_partner_system_has_no_inbox(self, world, messages):
        from dataclasses import replace

        client = replace(acting(world.li), kind="client")
        assert (actions.mark_all_read(actor=client, upto=10**9), self.unread()) == (0, messages)


def test_a_clock_event_can_be_recorded_without_anybody(world):
    assert record("parcel.sent", actor=acting(world.zhang), subject="parcel:1").errands.count() == 0
