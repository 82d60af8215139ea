"""Whatever people and the clock do, in any order: one hand, one list, one honest timeline.

Each example walks one referral after the other through random moves of random people, allowed or not. Together they
try 10,000 moves, nine of ten on SQLite; on PostgreSQL the same code runs.
"""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F, Sum, Value
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.actor import clock_actor
from institutions.models import Capacity
from referrals import codes
from referrals.models import Booking, Referral, Step
from referrals.statuses import LIVE
from referrals.workflow import LIFE
from tests.walk import default_facts, draft, step
from toolkit.refusals import Refusal

pytestmark = pytest.mark.django_db

WALKS, MOVES = {"sqlite": 180, "postgresql": 20}, 50
PEOPLE = ("township_doctor", "township_colleague", "township_desk", "core_desk", "cardiologist", "core_doctor",
          "neurologist", "pharmacist", "outsider_doctor", "consortium_administrator")  # fmt: skip
LISTS = {
    (house, unit): who
    for house, desk, doctor in (("chengguan", "township_desk", "township_doctor"),
                                ("county-hospital", "core_desk", "cardiologist"))
    for unit, who in (("desk", desk), ("department", doctor))
}  # fmt: skip

CREWS = {
    ("chengguan", "desk", None): {"township_desk"},
    ("chengguan", "department", "general"): {"township_doctor", "township_colleague", "family_doctor"},
    ("county-hospital", "desk", None): {"core_desk"},
    ("county-hospital", "department", "cardiology"): {"cardiologist", "core_doctor", "travelling_doctor"},
    ("county-hospital", "department", "neurology"): {"neurologist"},
}
"""Unit → who works there: the only ones on whose list it may stand."""


@pytest.fixture
def listed(cast):
    """Answers on whose lists a referral stands, of everybody there is: what `turn_of` asks, compiled once.

    Who has the same job in the same department is asked once.
    """
    nobody, alike = -1, {}
    for who, actor in vars(cast.actors).items():
        job = (actor.institution_id, actor.department_id, tuple(sorted(actor.roles)))
        alike.setdefault(job, (actor, []))[1].append(who)
    asked = {people[0]: (actor, people) for actor, people in alike.values() if actor.permissions}
    rows = [
        Referral.objects.filter(pk=nobody).turn_of(actor).annotate(who=Value(first)).values_list("who")
        for first, (actor, _people) in asked.items()
    ]
    sql, params = rows[0].union(*rows[1:], all=True).query.sql_with_params()
    assert params.count(nobody) == len(asked)

    def ask(referral) -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute(sql, [referral.pk if each == nobody else each for each in params])
            return {who for (first,) in cursor.fetchall() for who in asked[first][1]}

    return ask


@pytest.fixture(autouse=True)
def _room_for_everybody(cast):
    """Whether a place is free is not the question here."""
    Capacity.objects.update(total=10_000, referral_quota=10_000)


@pytest.fixture
def moved():
    """Counts the moves made over all examples."""
    return {"tried": 0, "made": 0}


def test_one_hand_and_one_list_over_ten_thousand_moves(cast, moved, listed):
    walks = WALKS[connection.vendor]

    @settings(max_examples=walks, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(seed=st.integers(min_value=0, max_value=2**32))
    def walk(seed):
        chance = random.Random(seed)  # noqa: S311 - a test's dice
        walked = [_begin(chance, cast)]
        for _number in range(MOVES):
            if walked[-1].status not in LIVE and chance.random() < 0.3:
                walked.append(_begin(chance, cast, walked[-1].patient))
            if _try_something(chance, walked[-1], cast, moved):
                walked[-1] = _fresh(walked[-1])
                _check_place(walked[-1], listed(walked[-1]))
        for referral in walked:
            _check_timeline(referral)

    walk()
    assert moved["tried"] == walks * MOVES
    assert moved["made"] >= walks * MOVES // 4
    booked = Capacity.objects.aggregate(total=Sum("booked"))["total"]
    today = timezone.localdate()
    assert booked == Booking.objects.filter(given_back_at=None, capacity__isnull=False, date__gte=today).count()
    assert not Capacity.objects.filter(booked__gt=F("total")).exists()


def _begin(chance, cast, patient=None):
    """Another referral of the same patient, or one of a new one."""
    kind = chance.choice(["outpatient", "inpatient"])
    return draft(cast, urgency=chance.choice(list(codes.URGENCIES)), kind=kind, patient=patient)


def _try_something(chance, referral, cast, moved) -> bool:
    """A move that leads somewhere, half of the time; else any verb by anybody. Says whether it was made."""
    moved["tried"] += 1
    actor = getattr(cast.actors, chance.choice(PEOPLE))
    verbs = sorted(verb for verb in LIFE.moves if LIFE.moves[verb].by_people or chance.random() < 0.1)
    if referral.status in LIVE and chance.random() < 0.8:
        actor = getattr(cast.actors, _holder(chance, referral))
        verbs = _leading_on(chance, LIFE.open_to(referral, actor)) or verbs
    verb = chance.choice(verbs)
    try:
        if not LIFE.moves[verb].by_people:
            with LIFE.moving(referral, verb, actor=clock_actor()):
                pass
        else:
            step(verb, referral, cast, actor=actor, **_facts(chance, verb, referral, cast))
    except Refusal:
        kept = Referral.objects.values_list("status", "version").get(pk=referral.pk)
        assert kept == (referral.status, referral.version)
        return False
    moved["made"] += 1
    return True


def _leading_on(chance, moves) -> list[str]:
    """Remarks are always possible and lead nowhere: one is thought of every fifth time."""
    return [move.verb for move in moves if not move.quiet or chance.random() < 0.2]


def _facts(chance, verb, referral, cast) -> dict:
    """What the move needs, with a date for the follow-up every other time."""
    facts = {"occurred_at": None}
    if verb == "acknowledge" and chance.random() < 0.5:
        facts["follow_up_on"] = timezone.localdate() + timedelta(days=7)
    if verb == "schedule":
        facts = {"slot": cast.slot(referral.department, days=chance.choice([0, 1, 2]))}
    return facts | {key: value for key, value in default_facts(verb, referral, cast).items() if key not in facts}


def _holder(chance, referral) -> str:
    """Somebody in whose hand it lies, or of the other side."""
    house = chance.choice([referral.sender.code, referral.receiver.code])
    return LISTS.get((house, chance.choice(["desk", "department"])), "core_desk")


def _fresh(referral) -> Referral:
    return Referral.objects.select_related("sender", "receiver", "hand_institution", "hand_department").get(
        pk=referral.pk
    )


def _check_place(fresh, lists: set[str]) -> None:
    """In one hand, that of its state, and on the lists of the people of that unit alone."""
    if fresh.status in LIVE:
        department = fresh.hand_department.code if fresh.hand_department else None
        assert lists == CREWS[fresh.hand_institution.code, fresh.hand_unit, department]
        state = LIFE.states[fresh.status]
        side = fresh.sender_id if state.hand.side == "sender" else fresh.receiver_id
        assert fresh.hand_institution_id == side
        assert (fresh.hand_unit, fresh.hand_permission) == (state.hand.unit, state.hand.permission)
    else:
        assert lists == set()
    assert fresh.discharged_at is None or fresh.arrived_at is not None
    if fresh.status == "arrived":
        assert (fresh.deadline is None) == (fresh.kind == "inpatient" and fresh.discharged_at is None)


def _check_timeline(referral) -> None:
    """Every version once and in order, the last as it stands now, and at most one place held."""
    moves = Step.objects.filter(referral=referral, version__isnull=False).order_by("id")
    versions = list(moves.values_list("version", "target"))
    assert [version for version, _target in versions] == sorted({version for version, _target in versions})
    assert versions == [] or versions[-1] == (referral.version, referral.status)
    assert referral.bookings.filter(given_back_at=None).count() <= 1
