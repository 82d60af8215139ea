"""Who is told of what, in which words: written down by hand, with references and never a word about the illness."""

from datetime import datetime

import pytest
from django.utils import translation

from events import notices, outbox
from events.models import Event
from events.notices import Audience
from notifications.models import InboxMessage
from referrals.actions import ACTS, change_draft
from referrals.actions.limiting import set_limit
from referrals.models import Referral
from referrals.workflow import LIFE
from tests.cast import SYSTEM
from tests.walk import CONTENT, FOR_MOVE, referral_at, step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

NOBODY = {"referral.drafted", "referral.claimed", "referral.referred_back", "referral.resubmitted", "referral.amended"}
"""Read by those who open the referral; nobody is called for them."""

SECRETS = ("王秀英", "13800001234", "胸闷", "心绞痛", "青霉素", "东街", CONTENT["purpose"], "李建国")

# verb: (status before, who hears)
DESK, WARD, AUTHOR, REVIEWERS = "desk", "ward", "author", "reviewers"
HEARS = {
    "submit": ("draft", [DESK]),
    "approve": ("in_review", [DESK]),
    "send_back": ("in_review", [AUTHOR]),
    "accept": ("submitted", [AUTHOR]),
    "return": ("submitted", [AUTHOR]),
    "reject": ("submitted", [AUTHOR]),
    "redirect": ("submitted", [AUTHOR]),
    "forward": ("submitted", [AUTHOR, DESK]),
    "schedule": ("accepted", [AUTHOR]),
    "defer": ("accepted", [AUTHOR]),
    "dispatch": ("accepted", [DESK, WARD]),
    "divert": ("in_transit", [AUTHOR, DESK, WARD]),
    "turn_back": ("in_transit", [DESK, WARD]),
    "arrive": ("scheduled", [AUTHOR, WARD]),
    "discharge": ("arrived", [AUTHOR]),
    "undo_arrival": ("arrived", [AUTHOR, WARD]),
    "miss": ("scheduled", [AUTHOR]),
    "cancel": ("accepted", [AUTHOR]),
    "conclude": ("arrived", [AUTHOR]),
    "acknowledge": ("concluded", [WARD]),
    "follow_up": ("following_up", [WARD]),
    "settle": ("rejected", [DESK]),
    "withdraw": ("submitted", [DESK]),
    "discard": ("draft", [AUTHOR]),
    "upgrade": ("submitted", [DESK, WARD]),
    "record_death": ("accepted", [DESK, WARD]),
    "void": ("submitted", [DESK, WARD]),
    "comment": ("submitted", [DESK, WARD]),
}


def people(referral, names) -> list[Audience]:
    sender, receiver = referral.sender_id, referral.receiver_id
    audiences = {
        DESK: [Audience(institution_id=receiver, unit="desk")],
        WARD: [Audience(institution_id=receiver, unit="department", department_id=referral.department_id)],
        AUTHOR: [
            Audience(institution_id=sender, unit="department", department_id=referral.sender_department_id),
            Audience(institution_id=sender, unit="user", user_id=referral.author_id),
        ],
    }
    return [audience for name in names for audience in audiences[name]]


def done(verb, cast):
    """The event of the move and the referral."""
    source, _who = HEARS[verb]
    referral = referral_at(source, cast, **FOR_MOVE.get(verb, {}))
    if verb == "miss":
        step("schedule", referral, cast, slot=cast.slot(days=0))
    before = Event.objects.order_by("-pk").first().pk
    step(verb, referral, cast)
    event = Event.objects.get(pk__gt=before, subject=referral.event_ref, name=LIFE.moves[verb].event)
    return event, Referral.objects.get(pk=referral.pk)


@pytest.mark.parametrize("verb", HEARS)
def test_who_hears_in_which_words(cast, verb):
    event, referral = done(verb, cast)
    notice, *_others = notices.notices_for(event.name)
    assert notice.audience(event) == people(referral, HEARS[verb][1])
    for language in ("zh-hans", "en"):
        with translation.override(language):
            words = notice.words(event)
        assert referral.number in words.title
        assert "%(" not in words.title + words.body
        assert not any(secret in words.title + words.body for secret in SECRETS)
    assert notice.link(event).endswith(f"/referrals/{referral.number}/")


def test_every_move_was_considered():
    told = {name for name in notices.noticed() if name.startswith("referral.")}
    moves = {move.event for move in LIFE.moves.values()}
    assert moves - told <= NOBODY
    assert told - moves == {"referral.reviewed", "referral.completed"}  # beside the table
    assert set(ACTS) - set(HEARS) == {"claim", "refer_back", "resubmit"}


def test_an_event_names_nobody_and_no_illness(cast):
    """The whole journey, all that was ever recorded about it."""
    referral_at("following_up", cast)
    referral_at("void", cast)
    for event in Event.objects.all():
        text = f"{event.subject} {event.facts}"
        assert not any(secret in text for secret in SECRETS), event.name


def test_the_desk_on_duty_hears_and_nobody_of_the_other_houses(cast):
    referral_at("submitted", cast)
    outbox.run_due()
    heard = InboxMessage.objects.values_list("user__username", "notice")
    assert sorted(heard) == [("core-desk", "submitted")]


def test_whoever_did_it_is_not_told_that_he_did(cast):
    referral = referral_at("submitted", cast)
    step("withdraw", referral, cast)
    outbox.run_due()
    assert not InboxMessage.objects.filter(user=cast.users.township_doctor).exists()


LOUD = {
    "chest pain": (
        {"urgency": "emergency", "green_channel": "chest_pain", "caller_phone": "0839-7230120"},
        "绿色通道·胸痛：城关镇卫生院 转来 {number}，请在 15 分钟内答复",
    ),
    "emergency": ({"urgency": "emergency"}, "急诊：城关镇卫生院 转来 {number}，请在 15 分钟内答复"),
}


@pytest.mark.parametrize(("written", "title"), LOUD.values(), ids=LOUD)
def test_an_emergency_calls_desk_and_department_at_once_and_says_so(cast, written, title):
    referral = referral_at("submitted", cast, **written)
    outbox.run_due()
    heard = InboxMessage.objects.select_related("event", "user").order_by("user__username")
    assert [(message.user.username, message.urgent) for message in heard] == [
        ("cardiologist", True), ("core-desk", True), ("core-doctor", True), ("travelling-doctor", True),
    ]  # fmt: skip
    for message in heard:
        words = notices.find(message.event.name, message.notice).words(message.event)
        assert (words.title, words.body) == (
            title.format(number=referral.number), "转往心内科，请立即答复并准备接诊。",
        )  # fmt: skip


def test_it_says_the_limit_its_consortium_has_set(cast):
    set_limit(actor=SYSTEM, consortium=cast.consortium, urgency="emergency", step="respond", amount=10, unit="minutes")
    referral = referral_at("submitted", cast, urgency="emergency")
    event = Event.objects.get(name="referral.submitted", subject=referral.event_ref)
    assert "请在 10 分钟内答复" in notices.find(event.name, "submitted").words(event).title


@pytest.mark.parametrize("urgency", ["routine", "urgent"])
def test_what_can_wait_is_told_quietly_and_to_the_desk(cast, urgency):
    referral = referral_at("submitted", cast, urgency=urgency)
    outbox.run_due()
    (message,) = InboxMessage.objects.select_related("event")
    words = notices.find(message.event.name, message.notice).words(message.event)
    assert (message.user, message.urgent) == (cast.users.core_desk, False)
    assert words.title == f"城关镇卫生院 转来 {referral.number}"


def test_an_emergency_to_a_department_without_doctors_is_heard_by_the_doctors_of_the_house(cast):
    referral_at("submitted", cast, urgency="emergency", department=cast.departments.emergency)
    outbox.run_due()
    heard = set(InboxMessage.objects.values_list("user__username", flat=True))
    assert heard == {"core-desk", "cardiologist", "core-doctor", "neurologist", "travelling-doctor"}


def test_what_got_worse_under_review_is_sent_on_as_loudly(cast):
    referral = referral_at("in_review", cast)
    step("upgrade", referral, cast, urgency="emergency")
    outbox.run_due()
    told = InboxMessage.objects.filter(user=cast.users.core_desk, notice="approved")
    assert [message.urgent for message in told] == [True]


def heard(name) -> list[Audience]:
    event = Event.objects.get(name=f"referral.{name}")
    notice, *_others = notices.notices_for(event.name)
    return notice.audience(event)


def test_who_made_ready_for_a_patient_on_the_way_stands_down_and_the_next_gets_ready(cast):
    referral = referral_at("in_transit", cast)
    left = referral.department_id
    step("redirect", referral, cast)
    house = referral.receiver_id
    departments = [cast.departments.neurology.pk, left]
    ready = [Audience(institution_id=house, unit="department", department_id=each) for each in departments]
    assert heard("redirected") == [*people(referral, [AUTHOR]), *ready]


def test_an_emergency_that_is_withdrawn_lets_the_department_go(cast):
    referral = step("withdraw", referral_at("submitted", cast, urgency="emergency"), cast)
    assert heard("withdrawn") == people(referral, [DESK, WARD])


def test_the_receiver_hears_that_the_paper_is_there(cast):
    referral = referral_at("submitted", cast, green_channel="stroke", caller_phone="13800000000", consent=None)
    change_draft(referral, actor=cast.actors.township_doctor, consent=CONTENT["consent"])
    assert Referral.objects.get(pk=referral.pk).completion_due is None
    assert heard("completed") == people(referral, [DESK, WARD])


def test_the_author_hears_that_his_house_has_approved(cast):
    event, referral = done("approve", cast)
    _desks, his, _patients = notices.notices_for(event.name)
    assert (his.key, his.audience(event)) == ("approved_sender", people(referral, [AUTHOR]))
    assert his.words(event).title == f"{referral.number} 已审核通过"


def test_who_asked_back_hears_that_nothing_came(cast):
    step("expire", referral_at("returned", cast), cast)
    event = Event.objects.get(name="referral.expired")
    theirs = notices.find(event.name, "expired_receiver")
    assert theirs.audience(event) == people(Referral.objects.get(), [DESK])
