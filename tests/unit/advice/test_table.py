"""Every verb × status × side × role of an inquiry, against a table written down by hand."""

import itertools

from accounts.roles import ROLES
from advice.statuses import ENDED, LIVE, STATUS_LABELS
from advice.workflow import LIFE
from toolkit.refusals import Forbidden, Refused

ASKERS = {"doctor", "family_doctor", "village_doctor"}
ANSWERERS = ASKERS
ALL = ["open", "answered", "closed", "converted", "withdrawn"]

# verb: (from, to, sides, roles)
WHO = {
    "answer": (["open", "answered"], "answered", {"receiver"}, ANSWERERS),
    "ask_again": (["answered"], "open", {"sender"}, ASKERS),
    "add": (["open"], None, {"sender"}, ASKERS),
    "convert": (["open", "answered"], "converted", {"sender"}, ASKERS),
    "close": (["answered"], "closed", {"sender"}, ASKERS),
    "withdraw": (["open"], "withdrawn", {"sender"}, ASKERS),
    "attach": (["open", "answered"], None, {"sender", "receiver"}, ASKERS),
    "withdraw_attachment": (ALL, None, {"sender", "receiver"}, ASKERS),
    "escalate": (["open"], None, {"clock"}, set()),
    "lapse": (["answered"], "closed", {"clock"}, set()),
    "reopen": (["converted"], "answered", {"clock"}, set()),
}
SIDES = ["sender", "receiver", "clock", "nobody"]


def expected(verb, status, side, role):
    sources, _target, sides, roles = WHO[verb]
    if side not in sides:
        return Forbidden
    if side != "clock" and role not in roles:
        return Forbidden
    return None if status in sources else Refused


def test_every_cell():
    wrong = []
    for verb, status, side, role in itertools.product(WHO, STATUS_LABELS, SIDES, ROLES):
        sides = frozenset() if side == "nobody" else frozenset({side})
        refusal = LIFE.refusal(verb=verb, status=status, sides=sides, permissions=ROLES[role].permissions)
        if (type(refusal) if refusal else None) is not expected(verb, status, side, role):
            wrong.append((verb, status, side, role, refusal))
    assert wrong == []


def test_the_moves_lead_where_the_table_says():
    assert {verb: move.target for verb, move in LIFE.moves.items()} == {verb: row[1] for verb, row in WHO.items()}
    assert list(STATUS_LABELS) == ALL == [*LIVE, *ENDED]


def test_whoever_has_it_in_hand_can_move_it_on():
    for code in LIVE:
        hand = LIFE.states[code].hand
        ways_out = [
            move.verb
            for move in LIFE.moves.values()
            if code in move.sources and hand.side in move.sides and move.permission == hand.permission and move.target
        ]
        assert ways_out, code


def test_refusals_name_the_sides_of_an_inquiry():
    refusal = LIFE.refusal(verb="answer", status="open", sides=frozenset({"sender"}), permissions=frozenset())
    assert str(refusal.detail) == "“答复”由答复方办理。"
