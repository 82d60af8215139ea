"""Every legal cell of the table once through the real act, and what each refusal leaves untouched.

`CELLS` is written by hand: verb → status it starts from → (status it leads to, in whose hand, when it is due).
Time stands still on a Wednesday morning, so that each clock can be written down.
"""

from datetime import UTC, datetime, timedelta

import pytest

from events.models import Event
from referrals.actions import change_draft
from referrals.models import Referral, Step
from referrals.statuses import HOLDING, LIVE, STATUS_LABELS
from referrals.workflow import LIFE
from tests.integration.referrals.seeing import everything, places_held, taken, undone
from tests.walk import FOR_MOVE, actor_for, referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.refusals import Forbidden, Refusal, Refused, Stale

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)  # a Wednesday

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def at(day, hour=10, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


SENDER, RECEIVER, NOBODY = ("chengguan", "sender"), ("county-hospital", "receiver"), (None, "")
NEXT_DAY, APPOINTMENT = at(12), at(12, 12)

# status: (whose hand, unit, deadline) just after it has been reached
STANDS = {
    "draft": (*SENDER, "department", None),
    "in_review": ("hekou", "sender", "desk", NEXT_DAY),
    "submitted": (*RECEIVER, "desk", NEXT_DAY),
    "returned": (*SENDER, "department", at(18)),
    "accepted": (*RECEIVER, "desk", at(16)),
    "scheduled": (*RECEIVER, "desk", APPOINTMENT),
    "in_transit": (*RECEIVER, "desk", at(11, 13)),
    "arrived": (*RECEIVER, "department", NEXT_DAY),
    "concluded": (*SENDER, "department", at(13)),
    "following_up": (*SENDER, "department", at(18, 18)),
    "rejected": (*SENDER, "department", NEXT_DAY),
    "cancelled": (*SENDER, "department", NEXT_DAY),
    "no_show": (*SENDER, "department", NEXT_DAY),
    "expired": (*SENDER, "department", NEXT_DAY),
} | {ended: (*NOBODY, "", None) for ended in STATUS_LABELS if ended not in LIVE}

EMERGENCY = {
    "submitted": MOMENT + timedelta(minutes=15),
    "accepted": MOMENT,
}
UPGRADED = {"submitted": at(11, 12), "accepted": at(12), "scheduled": at(12), "draft": None}
"""To urgent: two hours of work until the lunch break, 24 hours for the place."""
ARRIVABLE = ["submitted", "accepted", "scheduled", "in_transit", "no_show"]
AMENDABLE = ["submitted", "returned", "accepted", "scheduled", "in_transit", "arrived", "concluded", "following_up",
             "cancelled", "no_show", "closed", "settled", "died"]  # fmt: skip
REVIEWABLE = ["arrived", "concluded", "following_up", "closed", "settled", "withdrawn", "forwarded", "died"]
UNSETTLED = ["rejected", "cancelled", "no_show", "expired"]


def to(target, *sources):
    return dict.fromkeys(sources, target)


def staying(*sources):
    return {source: source for source in sources}


# verb: {from: to}
CELLS = {
    "submit": to("submitted", "draft", "returned"),
    "approve": to("submitted", "in_review"),
    "send_back": to("draft", "in_review"),
    "accept": {"submitted": "accepted", "in_transit": "in_transit"},
    "schedule": to("scheduled", "accepted", "scheduled"),
    "arrive": to("arrived", *ARRIVABLE),
    "discharge": staying("arrived"),
    "conclude": to("concluded", "arrived"),
    "refer_back": staying("arrived", "concluded"),
    "acknowledge": to("closed", "concluded"),
    "follow_up": to("closed", "following_up"),
    "settle": to("settled", *UNSETTLED),
    "resubmit": staying("rejected", "expired"),
    "dispatch": to("in_transit", "accepted", "scheduled", "submitted"),
    "return": to("returned", "submitted"),
    "defer": staying("accepted"),
    "redirect": staying("submitted", "in_transit"),
    "forward": to("forwarded", "submitted"),
    "reject": to("rejected", "submitted"),
    "cancel": to("cancelled", "accepted", "scheduled"),
    "miss": to("no_show", "scheduled"),
    "undo_arrival": to("scheduled", "arrived"),
    "divert": to("forwarded", "in_transit"),
    "turn_back": to("accepted", "in_transit"),
    "upgrade": staying("draft", "in_review", "submitted", "returned", "accepted", "scheduled", "in_transit"),
    "withdraw": to("withdrawn", "in_review", "submitted", "returned", "accepted", "scheduled"),
    "discard": to("withdrawn", "draft"),
    "record_death": to("died", *LIVE),
    "void": to("void", *(status for status in STATUS_LABELS if status != "void")),
    "amend": staying(*AMENDABLE),
    "claim": staying(*LIVE),
    "comment": staying(*STATUS_LABELS),
    "close": to("closed", "concluded"),
    "reopen": to("concluded", "closed"),
    "expire": to("expired", "returned"),
    "supersede": to("withdrawn", *(status for status in HOLDING if status not in ("in_transit", "arrived"))),
    "escalate": staying(*LIVE),
    "remind": staying(*LIVE),
    "notice_absence": staying("scheduled"),
    "remind_completion": staying(*AMENDABLE),
    "escalate_completion": staying(*AMENDABLE),
    "remind_review": staying(*REVIEWABLE),
}
QUIET = {"refer_back", "resubmit", "claim", "comment", "escalate", "remind", "notice_absence",
         "remind_completion", "escalate_completion", "remind_review"}  # fmt: skip
OPENS = {"refer_back", "resubmit", "forward", "divert"}
HELD_IN = {"scheduled", "in_transit", "arrived", "concluded", "following_up", "closed"}
"""Where a place is held, or was used."""
PEOPLES = sorted(verb for verb in CELLS if LIFE.moves[verb].by_people and LIFE.moves[verb].offered)
GREEN = {"green_channel": "chest_pain", "caller_phone": "13800000000"}


def start(verb, source, cast, usual=None):
    """A referral in `source` from which `verb` is possible, and what the act needs besides the usual.

    `usual` is one in `source` that may be taken where nothing special has to be written on it.
    """
    if source in ("submitted", "in_transit") and verb in ("dispatch", "accept") and (verb, source) != (
        "accept", "submitted"
    ):  # fmt: skip
        referral = referral_at("submitted", cast, **GREEN)
        if source == "in_transit":
            step("dispatch", referral, cast, confirmed_by="急诊科 陈医生")
        return referral, {"confirmed_by": "急诊科 陈医生"} if verb == "dispatch" else {}
    if verb == "amend" and source == "settled":  # the green channel is not rejected
        return step("settle", referral_at("cancelled", cast, **GREEN, consent=None), cast), {}
    if verb == "amend" and source != "returned":
        return referral_at(source, cast, **GREEN, consent=None), {}
    if verb == "reopen":
        return step("close", referral_at("concluded", cast), cast), {}
    if usual and verb not in FOR_MOVE:
        referral = Referral.objects.with_parties().get(pk=usual.pk)
    else:
        referral = referral_at(source, cast, **FOR_MOVE.get(verb, {}))
    if verb == "miss":
        step("schedule", referral, cast, slot=cast.slot(days=0))
    return referral, {"urgency": "urgent"} if verb == "upgrade" else {}


@pytest.mark.parametrize("verb", sorted(CELLS))
def test_the_cells_are_those_of_the_table(verb):
    assert set(CELLS[verb]) == LIFE.moves[verb].sources


@pytest.mark.parametrize("source", STATUS_LABELS)
def test_every_legal_cell(source, cast):
    """Where each verb leads from here, the version, the step, the event, the hand, the clock and the places."""
    usual = referral_at(source, cast)
    for verb, target in ((verb, cells[source]) for verb, cells in CELLS.items() if source in cells):
        with undone():
            referral, more = start(verb, source, cast, usual)
            before = Referral.objects.get(pk=referral.pk)
            steps, last = referral.steps.count(), Event.objects.order_by("-pk").values_list("pk", flat=True)[0]
            make(verb, referral, cast, **more)
            after = Referral.objects.get(pk=referral.pk)
            assert (verb, after.status) == (verb, target)
            assert after.version == before.version + (verb not in QUIET)
            check_step(verb, source, after, referral.steps.order_by("pk")[steps:], before)
            check_event(verb, source, after, last)
            check_hand(verb, before, after)
            check_clock(verb, before, after)
            assert places_held() == taken()
            assert held(after) <= (target in HELD_IN or verb == "supersede"), (verb, source)


def make(verb, referral, cast, **facts):
    """The move; an amendment is made by saving the form."""
    if verb != "amend":
        return step(verb, referral, cast, **facts)
    return change_draft(referral, actor=cast.hand(referral.sender, "doctor"), past_history="高血压病 11 年")


def check_step(verb, source, after, new, before):
    (made,) = [each for each in new if each.verb == verb]
    assert (made.source, made.target, made.version) == (
        source, after.status, None if verb in QUIET else after.version
    )  # fmt: skip
    assert (made.occurred_at, made.recorded_at, made.late) == (MOMENT, MOMENT, False)
    assert made.hand_side == after.hand_side
    assert made.actor_kind == ("user" if LIFE.moves[verb].by_people else "clock")
    assert bool(made.actor_name) == LIFE.moves[verb].by_people
    if not LIFE.moves[verb].by_people:
        assert made.institution is None


def check_event(verb, source, after, last):
    about = Event.objects.filter(pk__gt=last, subject=after.event_ref, name=LIFE.moves[verb].event)
    (event,) = about
    assert (event.facts["source"], event.facts["target"]) == (source, after.status)
    assert (event.facts["number"], event.facts["version"]) == (after.number, after.version)
    assert Event.objects.filter(pk__gt=last, subject=after.event_ref).count() == 1


def check_hand(verb, before, after):
    if verb in QUIET:
        names = ("hand_institution_id", "hand_side", "hand_unit", "hand_department_id", "hand_permission")
        assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]
        return
    house, side, unit, _due = STANDS[after.status]
    code = after.hand_institution.code if after.hand_institution else None
    house = after.sender.code if side == "sender" else house
    assert (code, after.hand_side, after.hand_unit) == (house, side, unit)
    department = {"sender": after.sender_department_id, "receiver": after.department_id}.get(side)
    assert after.hand_department_id == (department if unit == "department" else None)
    state = LIFE.states[after.status]
    assert after.hand_permission == (state.hand.permission if state.hand else "")
    assert (after.ended_at is not None) == (after.status not in LIVE)


def check_clock(verb, before, after):
    if verb in QUIET or verb in ("redirect", "amend"):
        assert (after.deadline, after.look_at) == (before.deadline, before.look_at)
        return
    assert after.rung == 0
    due = STANDS[after.status][3]
    if verb == "defer":
        due = at(13, 18)
    elif after.is_emergency and after.status in EMERGENCY:
        due = EMERGENCY[after.status]
    elif (verb, before.status) == ("dispatch", "submitted"):
        due = MOMENT + timedelta(minutes=15)  # the answer is still owed
    elif verb == "upgrade":
        due = UPGRADED.get(after.status, due)
    assert after.deadline == due, (verb, before.status)
    assert after.turn_at == (due or datetime(9999, 1, 1, tzinfo=UTC))
    if after.status not in LIVE:
        assert after.look_at is None


def held(referral) -> bool:
    return referral.bookings.filter(given_back_at=None).exists()


# --- refusals leave everything as it was ------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", PEOPLES)
def test_refusals_touch_nothing(verb, cast):
    """The wrong side, the wrong role, a stranger, an old version: each with its own kind of refusal."""
    source = sorted(CELLS[verb])[0]
    referral, more = start(verb, source, cast)
    right = actor_for(verb, referral, cast)
    before = everything()
    for actor, code in wrong_people(verb, referral, cast, right):
        refusal = refused(verb, referral, cast, actor=actor, **more)
        assert (type(refusal), refusal.code) == (Forbidden, code), actor.name
        assert everything() == before
    stale = refused(verb, referral, cast, actor=right, version=referral.version + 1, **more)
    assert (type(stale), stale.status) == (Stale, 412)
    assert everything() == before


def wrong_people(verb, referral, cast, right):
    """(who, code of the refusal): a stranger, the other side where it has no part, a colleague without the role."""
    people = [(cast.actors.outsider_doctor, "wrong_side"), (cast.actors.tcm_desk, "wrong_side")]
    sides = LIFE.moves[verb].sides - {"clock"}
    if len(sides) == 1:
        other = referral.receiver if right.institution_id == referral.sender_id else referral.sender
        people.append((cast.hand(other, "doctor"), "wrong_side"))
    house = cast.institution(right.institution_code)
    people.append((cast.actors.pharmacist.at(house), "wrong_role"))
    return people


@pytest.mark.parametrize("verb", PEOPLES)
def test_a_move_out_of_turn_touches_nothing(verb, cast):
    outside = [status for status in STATUS_LABELS if status not in LIFE.moves[verb].sources]
    for status in outside[:1] + outside[-1:]:
        with undone():
            referral = referral_at(status, cast)
            before = everything()
            refusal = refused(verb, referral, cast, actor=able(verb, referral, cast))
            assert (type(refusal), refusal.code) == (Refused, "wrong_status"), (verb, status)
            assert everything() == before


def able(verb, referral, cast):
    """Somebody of the right side and role, whatever the house calls him."""
    side = sorted(LIFE.moves[verb].sides - {"clock"})[-1]
    house = referral.sender if side == "sender" else referral.receiver
    hands = (cast.hand(house, part) for part in ("doctor", "desk"))
    return next(actor for actor in hands if actor.may(LIFE.moves[verb].permission))


def refused(verb, referral, cast, **facts) -> Refusal:
    subject = Referral.objects.with_parties().get(pk=referral.pk)
    with pytest.raises(Refusal) as caught:
        step(verb, subject, cast, **facts)
    assert Referral.objects.get(pk=referral.pk).version == referral.version
    return caught.value


@pytest.mark.parametrize("verb", sorted(verb for verb in PEOPLES if LIFE.moves[verb].needs))
def test_a_missing_fact_is_named_and_nothing_is_written(verb, cast):
    source = sorted(CELLS[verb])[0]
    referral, more = start(verb, source, cast)
    before = everything()
    for need in LIFE.moves[verb].needs:
        refusal = refused(verb, referral, cast, **more | {need: ""})
        assert (type(refusal), refusal.code) == (Refused, "required"), need
        assert [error.pointer for error in refusal.errors] == [f"/{need}"]
        assert everything() == before


def test_people_cannot_make_the_moves_of_the_clock(cast):
    referral = referral_at("concluded", cast)
    before = everything()
    with pytest.raises(Forbidden), LIFE.moving(referral, "close", actor=cast.actors.cardiologist):
        raise AssertionError("the body of a refused move must not run")
    assert everything() == before


def test_an_act_that_fails_in_the_middle_is_undone_as_a_whole(cast, monkeypatch):
    """A place was booked, then something broke: the place is free again and nothing is on record."""
    referral = referral_at("submitted", cast)
    before = everything()

    def broken(*_args, **_options):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("events.workflow.record", broken)
    with pytest.raises(RuntimeError):
        step("accept", referral, cast, slot=cast.slot())
    assert everything() == before
    assert Step.objects.filter(referral=referral, verb="accept").count() == 0
