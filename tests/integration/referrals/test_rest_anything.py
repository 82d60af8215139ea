"""Anything at all, sent to every address that writes: no 500, and what is refused has written nothing."""

import json
from datetime import datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referrals.actions import ACTS
from referrals.facts import FACTS
from referrals.models import Referral
from referrals.workflow import LIFE
from tests.integration.referrals.seeing import everything
from tests.integration.referrals.speaking import ROOT, Side, address, facts_as_json, letter, problem, raw
from tests.walk import FOR_MOVE, referral_at, step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

REFUSALS = {400, 403, 404, 409, 412, 413, 415, 422, 428}


@pytest.fixture
def township(cast):
    return Side.of(cast, "township_doctor")


@pytest.fixture
def patient(cast):
    return cast.patient().public_id


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=12),
    st.sampled_from(["", " ", "\x00", "\ud800", "P", "9" * 400, "9999-12-31", "0001-01-01", "24:00", "'; --", "𠮷"]),
)  # fmt: skip
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
EXAMPLES = 8


@st.composite
def spoiled(draw, body: dict, names: list[str]):
    """`body` with one to three members replaced, added or taken away; or something else entirely."""
    if draw(st.integers(0, 9)) == 0:
        return draw(JUNK)
    body = dict(body)
    for _change in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(names) | st.text(max_size=10))
        if draw(st.integers(0, 4)) == 0:
            body.pop(name, None)
        else:
            body[name] = draw(JUNK)
    return body


def send_anything(side, act, body, names):
    """Send spoiled bodies; whatever is answered, it is no 500, and a refusal has written nothing."""

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None,
              derandomize=True)  # fmt: skip
    @given(sent=spoiled(body, names))
    def attempt(sent):
        with transaction.atomic():
            before = everything()
            answer = act(json.dumps(sent, default=str).encode())
            assert answer.status_code in REFUSALS | {200, 201}, (answer.status_code, sent)
            if answer.status_code >= 400:
                problem(answer, answer.status_code)
                assert everything() == before
            transaction.set_rollback(True)

    assert side.partner.token  # fetched outside of what is rolled back
    attempt()


@pytest.mark.parametrize("verb", sorted(ACTS))
def test_anything_at_all_sent_as_a_move(cast, verb):
    source = "submitted" if verb in ("arrive", "dispatch") else sorted(LIFE.moves[verb].sources)[0]
    referral = referral_at(source, cast, **FOR_MOVE.get(verb, {}))
    side = Side.moving(cast, verb, referral)
    names = [*(fact.name for fact in FACTS[verb]), "remark", "occurred_at", "told_by", "told_at"]
    path, match = address(referral.number, verb), {"If-Match": f'"{referral.version}"'}
    send_anything(side, lambda data: raw(side, path, data, **match), facts_as_json(verb, referral, cast), names)


def test_anything_at_all_sent_as_a_letter(township, patient):
    body = letter(patient)
    names = sorted({*body, "vitals", "medications", "insurance", "priority", "allergies", "preferred_from", "plan"})
    for _round in range(2):
        send_anything(township, lambda data: raw(township, ROOT, data), body, names)


def test_anything_at_all_sent_as_a_change(cast, township):
    referral = step("return", referral_at("submitted", cast), cast)
    body = letter("P", submit=None)
    for name in ("submit", "patient"):
        body.pop(name)
    path, match = address(referral.number), {"If-Match": f'"{referral.version}"'}
    send_anything(township, lambda data: raw(township, path, data, method="PATCH", **match), body, sorted(body))
    assert Referral.objects.get(pk=referral.pk).version == referral.version
