"""tell(): inbox messages and deliveries, once, for those who may see, but not for who did it."""

import pytest
from django.utils import timezone

from events import notices, outbox
from events.models import Errand, Event
from events.reactions import on_noticed
from notifications import actions
from notifications.models import Delivery, InboxMessage
from notifications.reactions import tell
from tests.unit.accounts.builders import house, job, person

from .builders import deliveries, happened, inboxes, nobody_sees, telling, to, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def reachable(world):
    """Zhang has an e-mail address, Li has none."""
    world.zhang.user.email = "zhang@example.org"
    world.zhang.user.save()
    return world


def test_everybody_of_the_audience_is_told_in_the_inbox(world):
    telling(unit(world.hospital, "desk"), urgent=True)
    event = happened()
    actions.tell(event)
    assert inboxes() == [("zhang", "county-hospital"), ("li", "county-hospital")]
    columns = ("event", "notice", "urgent", "read_at")
    assert set(InboxMessage.objects.values_list(*columns)) == {(event.pk, "desk", True, None)}


def test_an_email_is_queued_for_who_has_an_address(reachable):
    telling(unit(reachable.hospital, "desk"))
    actions.tell(happened())
    assert deliveries("state") == [
        ("zhang", "inbox", "sent"),
        ("li", "inbox", "sent"),
        ("zhang", "email", "queued"),
    ]


@pytest.mark.parametrize(
    ("channels", "expected"),
    [(("inbox",), [("zhang", "inbox")]), (("email",), [("zhang", "email")]), ((), [])],
)
def test_only_over_the_channels_of_the_notice(reachable, channels, expected):
    telling(to(reachable.zhang), channels=channels)
    actions.tell(happened())
    assert deliveries() == expected
    assert InboxMessage.objects.count() == ("inbox" in channels)


def test_telling_twice_changes_nothing(reachable):
    telling(unit(reachable.hospital, "desk"))
    event = happened()
    actions.tell(event)
    before = (list(InboxMessage.objects.values()), list(Delivery.objects.values()))
    actions.tell(event)
    assert (list(InboxMessage.objects.values()), list(Delivery.objects.values())) == before


def test_who_did_it_is_not_told(world):
    telling(unit(world.hospital, "desk"))
    actions.tell(happened(by=world.zhang))
    assert inboxes() == [("li", "county-hospital")]


def test_who_did_it_in_another_job_is_not_told_either(world):
    telling(to(world.li))
    actions.tell(happened(by=world.li_township))
    assert inboxes() == []


def test_who_works_on_both_sides_is_told_once_for_the_side_named_first(world):
    telling(unit(world.township, "desk"), unit(world.hospital, "desk"))
    actions.tell(happened())
    assert inboxes() == [("li", "east-township"), ("zhang", "county-hospital")]


def test_two_notices_of_one_event_are_two_messages(world):
    telling(to(world.zhang), key="sender")
    telling(to(world.zhang), key="receiver")
    actions.tell(happened())
    assert list(InboxMessage.objects.order_by("id").values_list("notice", flat=True)) == ["sender", "receiver"]


def test_who_may_not_see_the_subject_hears_nothing_and_the_row_says_so(reachable):
    telling(to(reachable.zhang), to(reachable.li_township))
    nobody_sees(reachable.hospital)
    actions.tell(happened())
    assert inboxes() == [("li", "east-township")]
    assert deliveries("state", "error") == [
        ("zhang", "inbox", "suppressed", "not_visible"),
        ("li", "inbox", "sent", ""),
    ]


def test_visibility_is_asked_for_the_job_and_once_for_each_person(world):
    asked = []
    notices.register_visibility("parcel", lambda ref, actor: asked.append((ref, actor.membership_id)) or True)
    telling(to(world.zhang), key="sender")
    telling(to(world.zhang), key="receiver")
    actions.tell(happened(number="R26"))
    assert asked == [("parcel:R26", world.zhang.pk)]


class TestUnheard:
    @pytest.fixture
    def empty(self, world):
        return house("empty", "西山村卫生室", consortium=world.consortium, desk_phone="0812-6655443")

    @staticmethod
    def unheard():
        return list(Event.objects.filter(name="notice.unheard").order_by("id"))

    def test_nobody_there_is_an_event_with_a_number_to_call(self, world, empty):
        telling(unit(empty, "desk"))
        event = happened(number="R26")
        actions.tell(event)
        (found,) = self.unheard()
        assert (found.subject, found.actor_kind, found.facts) == (
            "parcel:R26",
            "system",
            {
                "told": "parcel.sent",
                "notice": "desk",
                "source": event.pk,
                "link": "/parcels/R26/",
                "consortium": None,
                "institution": empty.pk,
                "institution_name": "西山村卫生室",
                "phone": "0812-6655443",
            },
        )

    def test_the_office_is_told(self, world, empty):
        telling(unit(empty, "desk"))
        on_noticed(tell)
        happened(number="R26")
        assert [outbox.run_due() for _ in range(3)] == [1, 1, 0]  # the event, then its silence
        message = InboxMessage.objects.select_related("event").get()
        assert (message.user_id, message.urgent) == (world.zhao.user_id, True)
        words = notices.find("notice.unheard", "office").words(message.event)
        assert words.body == "西山村卫生室无人值班，也没有可通知的人员。事项 R26 请尽快电话联系：0812-6655443"

    def test_silence_about_silence_ends(self, world):
        alone = house("alone", "独立诊所")
        telling(unit(alone, "desk"))
        on_noticed(tell)
        happened()
        assert [outbox.run_due() for _ in range(3)] == [1, 1, 0]
        assert (len(self.unheard()), Errand.objects.exclude(state="done").count()) == (1, 0)

    def test_nobody_may_see_it_is_unheard_too(self, world):
        telling(unit(world.hospital, "desk"))
        nobody_sees()
        actions.tell(happened())
        assert [event.facts["institution"] for event in self.unheard()] == [world.hospital.pk]

    def test_the_one_who_did_it_being_all_there_is_is_heard(self, world):
        telling(unit(world.township, "desk"))
        actions.tell(happened(by=world.li_township))
        assert (inboxes(), self.unheard()) == ([], [])

    def test_a_notice_that_is_for_nobody_this_time_is_not_unheard(self, world):
        telling()
        actions.tell(happened())
        assert self.unheard() == []

    def test_one_of_several_audiences_is_enough(self, world, empty):
        telling(unit(empty, "desk"), unit(world.hospital, "desk"))
        actions.tell(happened())
        assert (len(inboxes()), self.unheard()) == (2, [])


def test_the_broker_is_asked_after_commit_for_what_is_still_to_be_made(
    reachable, nudged, django_capture_on_commit_callbacks
):
    telling(unit(reachable.hospital, "desk"))
    with django_capture_on_commit_callbacks(execute=True):
        actions.tell(happened())
        before = list(nudged)
    assert (before, nudged) == ([], [Delivery.objects.get(channel="email").pk])


def test_the_errand_of_an_event_tells_it(world):
    on_noticed(tell)
    telling(to(world.zhang))
    event = happened()
    assert (outbox.run_event(event.pk), inboxes()) == (1, [("zhang", "county-hospital")])
    assert event.errands.get().reaction == "notifications.tell"


def test_a_later_notice_of_the_same_event_does_not_undo_an_earlier_failure(world):
    """A notice that cannot be told fails the errand as a whole: no half-told event."""
    on_noticed(tell)
    telling(to(world.zhang), key="first")
    telling(unit(world.hospital, "no-such-unit"), key="second")
    event = happened()
    assert (outbox.run_event(event.pk), inboxes(), event.errands.get().error) == (0, [], "KeyError")


@pytest.mark.parametrize("count", [1, 30])
def test_queries_grow_by_one_for_each_person(world, django_assert_num_queries, count):
    """One: the consortia of the house, for the actor whose sight is asked. All wishes and robots are two more."""
    for number in range(count):
        job(person(f"desk-{number}", "desk"), world.hospital, "desk")
    telling(unit(world.hospital, "desk"))
    event = happened()
    with django_assert_num_queries(count + 7):
        actions.tell(event)
    assert InboxMessage.objects.filter(created_at__lte=timezone.now()).count() == count
