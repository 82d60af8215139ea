"""Every verb × status × side × role, judged by the pure table, against a table written down by hand.

`WHO` is the specification as a person reads it: who may make which move from where. The test asks
every cell, also all those that must be refused, and with which kind of refusal.
"""

import itertools

import pytest

from accounts.roles import ROLES
from referrals.statuses import ENDED, LIVE, STATUS_LABELS
from referrals.workflow import LIFE
from toolkit.refusals import Forbidden, Refused

DOCTORS = {"doctor", "family_doctor", "village_doctor"}
DOCTOR_OR_DESK = DOCTORS | {"desk"}
ANSWERERS = {"doctor", "village_doctor", "desk"}
HAPPY = ["draft", "in_review", "submitted", "returned", "accepted", "scheduled", "in_transit", "arrived"]
BAD = ["rejected", "cancelled", "no_show", "expired"]
ALIVE = [*HAPPY, "concluded", "following_up", *BAD]
PAPER = [*HAPPY[2:], "concluded", "following_up", "cancelled", "no_show", "closed", "settled", "died"]
"""Where what was sent without its paper may still owe it."""
USED = ["arrived", "concluded", "following_up", "closed", "settled", "withdrawn", "forwarded", "died"]
"""Where a use of the green channel is over."""

# verb: (from, sides, roles)
WHO = {
    "submit": (["draft", "returned"], {"sender"}, DOCTORS),
    "approve": (["in_review"], {"sender"}, {"desk"}),
    "send_back": (["in_review"], {"sender"}, {"desk"}),
    "accept": (["submitted", "in_transit"], {"receiver"}, ANSWERERS),
    "schedule": (["accepted", "scheduled"], {"receiver"}, ANSWERERS),
    "arrive": (["submitted", "accepted", "scheduled", "in_transit", "no_show"], {"receiver"}, ANSWERERS),
    "discharge": (["arrived"], {"receiver"}, ANSWERERS),
    "conclude": (["arrived"], {"receiver"}, DOCTORS),
    "refer_back": (["arrived", "concluded"], {"receiver"}, DOCTORS),
    "acknowledge": (["concluded"], {"sender"}, DOCTORS),
    "follow_up": (["following_up"], {"sender"}, DOCTORS),
    "settle": (BAD, {"sender"}, DOCTOR_OR_DESK),
    "resubmit": (["rejected", "expired"], {"sender"}, DOCTORS),
    "dispatch": (["accepted", "scheduled", "submitted"], {"sender"}, DOCTOR_OR_DESK),
    "return": (["submitted"], {"receiver"}, ANSWERERS),
    "defer": (["accepted"], {"receiver"}, ANSWERERS),
    "redirect": (["submitted", "in_transit"], {"receiver"}, ANSWERERS),
    "forward": (["submitted"], {"receiver"}, ANSWERERS),
    "reject": (["submitted"], {"receiver"}, ANSWERERS),
    "cancel": (["accepted", "scheduled"], {"receiver"}, ANSWERERS),
    "miss": (["scheduled"], {"receiver", "clock"}, ANSWERERS),
    "undo_arrival": (["arrived"], {"receiver"}, ANSWERERS),
    "divert": (["in_transit"], {"sender"}, DOCTOR_OR_DESK),
    "turn_back": (["in_transit"], {"sender"}, DOCTOR_OR_DESK),
    "upgrade": (HAPPY[:-1], {"sender", "receiver"}, DOCTOR_OR_DESK),
    "withdraw": (["in_review", "submitted", "returned", "accepted", "scheduled"], {"sender"}, DOCTOR_OR_DESK),
    "discard": (["draft"], {"sender", "clock"}, DOCTORS),
    "record_death": (ALIVE, {"sender", "receiver"}, DOCTORS),
    "void": ([code for code in STATUS_LABELS if code != "void"], {"sender"}, DOCTOR_OR_DESK),
    "amend": (PAPER, {"sender"}, DOCTORS),
    "claim": (ALIVE, {"sender", "receiver"}, DOCTOR_OR_DESK | {"consortium_administrator"}),
    "comment": (list(STATUS_LABELS), {"sender", "receiver"}, DOCTOR_OR_DESK),
    "attach": (ALIVE, {"sender", "receiver"}, DOCTOR_OR_DESK),
    "withdraw_attachment": (list(STATUS_LABELS), {"sender", "receiver"}, DOCTOR_OR_DESK),
    "close": (["concluded"], {"clock"}, set()),
    "reopen": (["closed"], {"clock"}, set()),
    "expire": (["returned"], {"clock"}, set()),
    "supersede": (["in_review", "submitted", "returned", "accepted", "scheduled"], {"clock"}, set()),
    "escalate": (ALIVE, {"clock"}, set()),
    "remind": (ALIVE, {"clock"}, set()),
    "press_summary": (["arrived"], {"clock"}, set()),
    "notice_absence": (["scheduled"], {"clock"}, set()),
    "patient_declined": (["in_review", "submitted", "returned", "accepted", "scheduled"], {"clock"}, set()),
    "patient_coming": (["in_review", "submitted", "returned", "accepted", "scheduled"], {"clock"}, set()),
    "remind_completion": (PAPER, {"clock"}, set()),
    "escalate_completion": (PAPER, {"clock"}, set()),
    "remind_review": (USED, {"clock"}, set()),
}
SIDES = ["sender", "receiver", "clock", "nobody"]


def expected(verb, status, side, role):
    sources, sides, roles = WHO[verb]
    if side not in sides:
        return Forbidden
    if side != "clock" and role not in roles:
        return Forbidden
    return None if status in sources else Refused


def test_the_two_tables_name_the_same_verbs():
    assert set(WHO) == set(LIFE.moves)


@pytest.mark.parametrize("verb", sorted(WHO))
def test_every_cell(verb):
    wrong = []
    for status, side, role in itertools.product(STATUS_LABELS, SIDES, ROLES):
        sides = frozenset() if side == "nobody" else frozenset({side})
        refusal = LIFE.refusal(verb=verb, status=status, sides=sides, permissions=ROLES[role].permissions)
        if (type(refusal) if refusal else None) is not expected(verb, status, side, role):
            wrong.append((status, side, role, refusal))
    assert wrong == []


def test_live_and_ended_are_all_there_is():
    assert sorted(LIVE) == sorted(ALIVE)
    assert {code for code, state in LIFE.states.items() if state.live} == set(LIVE)
    assert set(LIFE.states) == set(LIVE) | set(ENDED)


def test_every_live_state_is_in_exactly_one_hand_that_can_leave_it():
    """Whoever holds it has a move out of it: nobody is left with work he cannot do."""
    stuck = []
    for state in LIFE.states.values():
        if not state.live:
            assert state.hand is None
            continue
        ways_out = [
            move.verb
            for move in LIFE.moves.values()
            if state.code in move.sources
            and state.hand.side in move.sides
            and move.permission == state.hand.permission
            and (move.target or move.also_targets)
        ]
        if not ways_out:
            stuck.append(state.code)
    assert stuck == []


def test_every_state_is_reached_and_every_end_is_final_but_for_mistakes_and_words():
    reached = {target for move in LIFE.moves.values() for target in (move.target, *move.also_targets) if target}
    assert set(LIFE.states) - reached == set()
    leaving = {move.verb for move in LIFE.moves.values() if move.sources & set(ENDED)}
    told = {"remind_completion", "escalate_completion", "remind_review"}
    assert leaving == {"void", "comment", "withdraw_attachment", "reopen", "amend"} | told
    assert {LIFE.moves[verb].target for verb in {"comment", "amend"} | told} == {None}


def test_refusals_say_who_or_when_in_words():
    not_yet = LIFE.refusal(
        verb="conclude", status="accepted", sides=frozenset({"receiver"}), permissions=ROLES["doctor"].permissions
    )
    assert str(not_yet.detail) == "当前状态为“已接收”，只有在“已到诊”时才能办结并回传小结。"
    not_you = LIFE.refusal(
        verb="conclude", status="arrived", sides=frozenset({"sender"}), permissions=ROLES["doctor"].permissions
    )
    assert str(not_you.detail) == "“办结并回传小结”由接收方办理。"
