"""Statements a request (BEGIN, COMMIT and SAVEPOINT aside): twelve at most for lists and details, and never more of
them because there is more to see."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from institutions.models import Capacity
from referrals.actions import ACTS
from referrals.workflow import LIFE
from tests.integration.referrals.speaking import ROOT, Side, address, facts_as_json, letter
from tests.walk import FOR_MOVE, referral_at, step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)
MOST, MOST_OF_A_MOVE = 12, 26
MANY = 30
TWO_IN_ONE = {"forward", "divert"}
"""They end one referral, write another and send it."""

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ASIDE = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE SAVEPOINT")


@pytest.fixture(autouse=True)
def _room_for_everybody(cast):
    Capacity.objects.update(total=1000, referral_quota=1000)


def statements(act) -> int:
    """How often one request asks the database, without the brackets of its transaction."""
    with CaptureQueriesContext(connection) as asked:
        answer = act()
    assert answer.status_code in (200, 201), answer.content.decode()
    return sum(not query["sql"].upper().startswith(ASIDE) for query in asked.captured_queries)


def listening(cast, who) -> Side:
    """On the line, with a token: fetching one is another request."""
    side = Side.of(cast, who)
    assert side.partner.token
    return side


def waiting(cast):
    """One more row in each box of the hospital's desk, claimed and with a date."""
    referral = step("claim", referral_at("accepted", cast), cast)
    step("defer", referral, cast, contact_by=datetime(2026, 3, 13).date())
    referral_at("submitted", cast, direction="down")


BOXES = {"incoming": 5, "outgoing": 5, "deferred": 5, "my_turn": 5}


def test_lists(cast):
    side = listening(cast, "core_desk")
    waiting(cast)
    one = {box: statements(lambda box=box: side.get(f"{ROOT}?box={box}&limit=200")) for box in BOXES}
    for _number in range(MANY - 1):
        waiting(cast)
    many = {box: statements(lambda box=box: side.get(f"{ROOT}?box={box}&limit=200")) for box in BOXES}
    assert one == many == BOXES
    assert len(side.get(f"{ROOT}?box=deferred&limit=200").json()["results"]) == MANY


def test_a_filtered_second_page_costs_no_more(cast):
    side = listening(cast, "core_desk")
    for _number in range(5):
        waiting(cast)
    first = side.get(f"{ROOT}?status=accepted&partner=chengguan&overdue=false&limit=2").json()
    assert statements(lambda: side.get(first["next"].removeprefix("http://testserver"))) == 5


DETAILS = {"": 9, "events": 9}


def test_details(cast):
    """However much was said, booked and linked."""
    side = listening(cast, "cardiologist")
    referral = referral_at("concluded", cast)
    step("discard", step("refer_back", referral, cast), cast)
    few = {part: statements(lambda part=part: side.get(address(referral.number, part))) for part in DETAILS}
    for _number in range(MANY):
        step("comment", referral, cast)
    for _number in range(3):
        step("discard", step("refer_back", referral, cast), cast)
    path = {part: address(referral.number, part) + ("?limit=200" if part else "") for part in DETAILS}
    many = {part: statements(lambda part=part: side.get(path[part])) for part in DETAILS}
    assert few == many == DETAILS
    assert max(DETAILS.values()) <= MOST


def test_a_draft(cast):
    side = listening(cast, "township_doctor")
    referral = referral_at("draft", cast)
    assert statements(lambda: side.get(address(referral.number))) <= MOST


def test_moves_cost_the_same_among_thirty(cast):
    few = {verb: cost(verb, cast) for verb in sorted(ACTS)}
    for _number in range(MANY // 4):
        waiting(cast)
    many = {verb: cost(verb, cast) for verb in sorted(ACTS)}
    assert few == many
    assert [verb for verb, asked in many.items() if asked > MOST_OF_A_MOVE and verb not in TWO_IN_ONE] == []
    assert all(many[verb] <= 2 * MOST_OF_A_MOVE + 4 for verb in TWO_IN_ONE)


def cost(verb, cast) -> int:
    source = "submitted" if verb in ("arrive", "upgrade", "claim") else sorted(LIFE.moves[verb].sources)[-1]
    source = "accepted" if verb == "dispatch" else source
    referral = referral_at(source, cast, **FOR_MOVE.get(verb, {}))
    if verb == "miss":
        step("schedule", referral, cast, slot=cast.slot(days=0))
    side = Side.moving(cast, verb, referral)
    assert side.partner.token
    facts = facts_as_json(verb, referral, cast)
    return statements(lambda: side.post(address(referral.number, verb), facts, version=referral.version))


def test_a_letter_costs_the_same_for_the_tenth(cast):
    side, asked = listening(cast, "township_doctor"), []
    for _number in range(10):
        body = letter(cast.patient().public_id)
        asked.append(statements(lambda body=body: side.post(ROOT, body)))
    assert asked == [asked[0]] * 10
    assert asked[0] <= 36
