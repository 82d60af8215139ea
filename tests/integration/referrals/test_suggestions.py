"""Suggested destinations: who is on the list, each figure apart, and one order whatever the database does."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from events.models import AccessEntry
from institutions import actions as houses
from institutions.models import Capacity, Department, Institution, Member, Relation
from referrals.models import WaitingTime
from referrals.standing import earlier_of
from referrals.suggesting import IN_EMERGENCY, ORDER, Places, Presence, Suggestion, Wait, arranged, suggest
from referrals.ways import Way, Ways
from tests.cast import LONG_AGO, SYSTEM
from tests.integration.referrals.speaking import ROOT, Side
from tests.walk import referral_at
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)
TODAY, TOMORROW = date(2026, 3, 11), date(2026, 3, 12)
HERE = Presence(True, None)
ADDRESS = f"{ROOT}suggestions/"

pytestmark = pytest.mark.django_db


def listed(actor, **asked) -> list[tuple]:
    found = suggest(Ways(actor), **{"specialty": "cardiology"} | asked)
    return [(one.way.direction, one.receiver.code, one.department.code) for one in found]


def only(found: list[Suggestion], code: str) -> Suggestion:
    return next(one for one in found if one.receiver.code == code)


class TestWhoIsOnIt:
    def test_whom_one_may_refer_to_and_nobody_else(self, cast, clock):
        both = [("up", "county-hospital", "cardiology"), ("up", "county-tcm", "cardiology")]
        assert listed(cast.actors.township_doctor) == both
        assert listed(cast.actors.tcm_doctor) == [("lateral", "county-hospital", "cardiology")]
        assert listed(cast.actors.outsider_doctor) == []
        assert listed(cast.actors.cardiologist, specialty="general_practice") == [
            ("down", "chengguan", "general"), ("down", "hekou", "general"), ("down", "lizhuang", "general"),
        ]  # fmt: skip

    def test_the_direction_asked_for(self, cast, clock):
        assert listed(cast.actors.township_doctor, direction="down") == []
        assert listed(cast.actors.township_doctor, direction="lateral", specialty="general_practice") == [
            ("lateral", "hekou", "general")
        ]

    def test_what_is_closed_has_left_or_takes_nobody(self, cast, clock):
        doctor, hospital = cast.actors.township_doctor, cast.institutions.hospital
        rest = [("up", "county-tcm", "cardiology")]
        relation = Relation.objects.filter(sender=cast.institutions.chengguan, receiver=hospital)
        relation.update(active=False)
        assert listed(doctor) == rest
        relation.update(active=True)
        Department.objects.filter(pk=cast.departments.cardiology.pk).update(takes_referrals=False)
        assert listed(doctor) == rest
        Department.objects.filter(pk=cast.departments.cardiology.pk).update(takes_referrals=True, active=False)
        assert listed(doctor) == rest
        Department.objects.update(active=True)
        Institution.objects.filter(pk=hospital.pk).update(active=False)
        assert listed(doctor) == rest
        Institution.objects.update(active=True)
        Member.objects.filter(institution=hospital).update(left_on=TODAY)
        assert listed(doctor) == rest
        assert listed(cast.actors.cardiologist, specialty="general_practice") == []

    def test_the_own_house_is_nowhere(self, cast, clock):
        assert all(code != "county-hospital" for _way, code, _room in listed(cast.actors.cardiologist))
        assert listed(cast.actors.cardiologist) == [("lateral", "county-tcm", "cardiology")]


class TestEachFigure:
    def test_relation_level_and_travel(self, cast, clock):
        Relation.objects.filter(receiver=cast.institutions.tcm).update(travel_minutes=25)
        core, tcm = suggest(Ways(cast.actors.township_doctor), specialty="cardiology")
        assert (core.way.core, core.way.direct, core.way.minutes, core.receiver.level) == (True, True, None, "2a")
        assert (tcm.way.core, tcm.way.direct, tcm.way.minutes, tcm.receiver.level) == (False, True, 25, "2b")
        skipping = suggest(Ways(cast.actors.cardiologist), specialty="general_practice")
        assert [one.way.direct for one in skipping] == [True, True, False]

    def test_places_follow_the_rule_of_capacity(self, cast, clock):
        """Reserved ones until they are released (today's are: that was yesterday at four), then whatever is left."""
        place = only(suggest(Ways(cast.actors.township_doctor), specialty="cardiology"), "county-hospital").places
        assert place == Places("slot", True, 2 * 10 + 13 * 2 * 4, TODAY)
        Capacity.objects.filter(date=TODAY, kind="slot").update(booked_elsewhere=10)
        Capacity.objects.filter(date=TOMORROW, kind="slot").update(booked=4)
        place = only(suggest(Ways(cast.actors.township_doctor), specialty="cardiology"), "county-hospital").places
        assert place == Places("slot", True, 12 * 2 * 4, TOMORROW + timedelta(days=1))

    def test_beds_for_who_stays_and_none_for_who_is_followed_up(self, cast, clock):
        def places(**asked):
            return only(
                suggest(Ways(cast.actors.township_doctor), specialty="cardiology", **asked), "county-hospital"
            ).places

        assert places(kind="inpatient") == Places("bed", True, 6 + 13 * 3, TODAY)
        assert places(kind="follow_up") == Places("")
        Capacity.objects.filter(kind="bed").update(referral_quota=0, booked_elsewhere=6)
        assert places(kind="inpatient") == Places("bed", True, 0, None)
        Capacity.objects.filter(kind="bed").delete()
        assert places(kind="inpatient") == Places("bed", False, 0, None)

    def test_waiting_of_its_own_kind_and_urgency(self, cast, clock):
        def wait(**asked):
            return only(
                suggest(Ways(cast.actors.township_doctor), specialty="cardiology", **asked), "county-hospital"
            ).wait

        assert wait() == Wait("too_few")
        row = {"department": cast.departments.cardiology, "care": "slot", "urgency": "routine", "sample": 6}
        WaitingTime.objects.create(**row, median_minutes=90, window_days=90, computed_at=MOMENT)
        assert wait() == Wait("known", 90, 6, 90, MOMENT)
        assert wait(urgency="urgent") == wait(kind="inpatient") == Wait("too_few")
        assert wait(urgency="emergency") == wait(kind="follow_up") == Wait("none")

    def test_a_figure_of_a_dead_worker_says_so_and_orders_nothing(self, cast, clock):
        row = {"department": cast.departments.tcm_cardiology, "care": "slot", "urgency": "routine", "sample": 9}
        WaitingTime.objects.create(**row, median_minutes=5, window_days=90, computed_at=MOMENT)
        Member.objects.update(role=Member.Role.MEMBER)
        assert listed(cast.actors.township_doctor)[0][1] == "county-tcm"
        clock.shift(timedelta(hours=1, seconds=1))
        found = suggest(Ways(cast.actors.township_doctor), specialty="cardiology")
        assert only(found, "county-tcm").wait == Wait("known", 5, 9, 90, MOMENT, stale=True)
        assert found[0].receiver.code == "county-hospital"

    def test_whether_somebody_is_there(self, cast, clock):
        def presence(code="county-hospital"):
            one = only(suggest(Ways(cast.actors.township_doctor), specialty="cardiology"), code)
            return one.presence, one.phone

        assert presence() == (HERE, "0839-7210001")
        houses.set_calendar_day(
            actor=SYSTEM, institution=cast.institutions.hospital, date=TODAY, working=False, name="院庆"
        )
        back = datetime(2026, 3, 12, 8, 0, tzinfo=ZONE)
        assert presence() == (Presence(False, back), "0839-7210120")
        assert presence("county-tcm")[0] == HERE
        cast.on_duty("cardiologist", "department", department=cast.departments.cardiology)
        assert presence() == (HERE, "0839-7210001")

    def test_over_the_spring_festival(self, cast, clock):
        """The Saturday before is made up for: somebody is there. From then on until the twenty-fourth nobody is."""
        clock.move_to(datetime(2026, 2, 14, 10, 0, tzinfo=ZONE))
        assert suggest(Ways(cast.actors.township_doctor), specialty="cardiology")[0].presence == HERE
        clock.move_to(datetime(2026, 2, 16, 10, 0, tzinfo=ZONE))
        shut = suggest(Ways(cast.actors.township_doctor), specialty="cardiology")[0].presence
        assert shut == Presence(False, datetime(2026, 2, 24, 8, 0, tzinfo=ZONE))

    def test_when_this_patient_was_sent_there_last(self, cast, clock):
        doctor, known = cast.actors.township_doctor, referral_at("closed", cast)
        void = referral_at("void", cast, department=cast.departments.tcm_cardiology, patient=known.patient,
                           receiver=cast.institutions.tcm)  # fmt: skip
        assert void.department.institution.code == "county-tcm"
        found = suggest(Ways(doctor), specialty="cardiology", earlier=earlier_of(doctor, known.patient))
        assert [(one.receiver.code, one.last_on) for one in found] == [("county-hospital", TODAY), ("county-tcm", None)]


def destination(number: int, **changes) -> Suggestion:
    house = Institution(pk=number, code=f"h{number:02d}", level="2a", type="A100")
    way = Way("up", house, False, None)
    return replace(Suggestion(way, Department(pk=number, code="one"), Places("slot"), Wait("too_few"), HERE), **changes)


SOME = st.one_of(st.none(), st.integers(0, 3))


@st.composite
def worlds(draw):
    several = []
    for number in range(draw(st.integers(1, 7))):
        house = Institution(
            pk=number, code=f"h{draw(st.integers(0, 2))}", level=draw(st.sampled_from(["1a", "2a"])), type="A100"
        )
        way = Way(draw(st.sampled_from(["up", "down", "out"])), house, draw(st.booleans()), draw(SOME))
        first, minutes = draw(SOME), draw(SOME)
        places = Places("slot", True, 1, first and TODAY + timedelta(days=first))
        wait = Wait("too_few") if minutes is None else Wait("known", minutes, 6, 90, MOMENT, draw(st.booleans()))
        several.append(Suggestion(way, Department(pk=number, code=f"d{number}"), places, wait, HERE))
    return several


class TestTheOrder:
    @settings(max_examples=60, deadline=None)
    @given(worlds(), st.randoms(use_true_random=False), st.sampled_from(["routine", "urgent", "emergency"]))
    def test_it_is_one_however_they_come(self, several, dice, urgency):
        """Total: shuffled, it comes out the same; and by the first reason in which two differ."""
        shuffled = dice.sample(several, len(several))
        assert arranged(shuffled, urgency) == arranged(several, urgency)
        order = IN_EMERGENCY if urgency == "emergency" else ORDER
        ranks = [[reason.rank(one) for reason in order] for one in arranged(several, urgency)]
        assert ranks == sorted(ranks)

    def test_the_first_reason_that_differs_decides(self):
        def way(number, **changes):
            return replace(destination(number).way, **changes)

        soon = destination(9, places=Places("slot", True, 1, TODAY))
        later = destination(8, places=Places("slot", True, 30, TOMORROW), way=way(8, core=True, minutes=1))
        core = destination(7, way=way(7, core=True))
        quick = destination(6, wait=Wait("known", 60, 6, 90, MOMENT))
        slow = destination(5, wait=Wait("known", 90, 60, 90, MOMENT), way=way(5, minutes=3))
        near = destination(4, way=way(4, minutes=10))
        far = destination(3, way=way(3, minutes=200))
        high = destination(2, way=way(2, receiver=Institution(pk=2, code="h02", level="3a", type="A100")))
        plain = destination(1)
        wanted = [soon, later, core, quick, slow, near, far, high, plain]
        assert arranged(random.Random(1).sample(wanted, len(wanted))) == wanted

    def test_in_an_emergency_the_nearest_and_never_one_nobody_knows_the_way_to(self):
        near = destination(3, way=replace(destination(3).way, minutes=10))
        core = destination(2, way=replace(destination(2).way, core=True), places=Places("slot", True, 9, TODAY))
        plain = destination(1)
        assert arranged([plain, core, near], "emergency") == [near, core, plain]


def add_houses(cast, count: int) -> None:
    for number in range(count):
        house = houses.add_institution(
            actor=SYSTEM, code=f"more-{number:02d}", name=f"第{number}医院", level="2b", type="A100",
            consortium=cast.consortium, joined_on=LONG_AGO,
        )  # fmt: skip
        houses.add_department(
            actor=SYSTEM, institution=house, code="cardiology", name="心内科", specialty="cardiology"
        )  # fmt: skip
    houses.generate_relations(actor=SYSTEM, consortium=cast.consortium)


def test_thirty_cost_no_more_than_one(cast, clock):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            found = suggest(Ways(cast.actors.township_doctor), specialty="cardiology")
        return len(found), len(asked)

    Relation.objects.filter(receiver=cast.institutions.tcm).update(active=False, source="manual")
    assert cost() == (1, 7)
    add_houses(cast, 29)
    assert cost() == (30, 7)


class TestOverRest:
    def test_what_it_answers(self, cast, clock):
        side = Side.of(cast, "township_doctor")
        Relation.objects.filter(receiver=cast.institutions.hospital).update(travel_minutes=12)
        answer = side.get(f"{ADDRESS}?specialty=cardiology")
        assert answer.status_code == 200
        assert answer.json()["order"] == ["direction", "first_free", "core", "waiting", "travel", "level"]
        first, second = answer.json()["results"]
        assert first == {
            "direction": "up", "receiver": "county-hospital", "receiver_name": "县人民医院", "level": "2a",
            "core": True, "direct": True, "department": "cardiology", "department_name": "心内科",
            "places": {"kind": "slot", "published": True, "free": 124, "first_free": "2026-03-11"},
            "waiting": {"state": "too_few", "median_minutes": None, "sample": None, "window_days": None,
                        "computed_at": None, "stale": False},
            "travel_minutes": 12, "at_work": True, "back_at": None, "by_phone": False, "phone": "0839-7210001",
            "last_referred_on": None,
        }  # fmt: skip
        assert (second["receiver"], second["travel_minutes"]) == ("county-tcm", None)

    def test_when_a_patient_in_reach_was_sent_there_last(self, cast, clock):
        """As the own list says it, so without a look into the record."""
        side, known, new = Side.of(cast, "township_doctor"), referral_at("closed", cast), cast.patient()
        looks = AccessEntry.objects.count()
        for patient, days in ((new, [None, None]), (known.patient, ["2026-03-11", None])):
            found = side.get(f"{ADDRESS}?specialty=cardiology&patient={patient.public_id}").json()["results"]
            assert [one["last_referred_on"] for one in found] == days
        assert AccessEntry.objects.count() == looks

    @pytest.mark.parametrize(
        ("asked", "status", "pointer"),
        [
            ("", 400, "/specialty"),
            ("specialty=magic", 400, "/specialty"),
            ("specialty=cardiology&direction=sideways", 400, "/direction"),
            ("specialty=cardiology&urgency=fast", 400, "/urgency"),
            ("specialty=cardiology&kind=%00", 400, "/kind"),
            ("specialty=cardiology&name=x", 400, "/name"),
            ("specialty=cardiology&patient=PNOBODY", 404, None),
        ],
    )
    def test_what_it_refuses(self, cast, clock, asked, status, pointer):
        answer = Side.of(cast, "township_doctor").get(f"{ADDRESS}?{asked}")
        assert answer.status_code == status
        assert [error["pointer"] for error in answer.json()["errors"]] == ([pointer] if pointer else [])

    def test_it_keeps_to_the_limit_of_a_request(self, cast, clock):
        side, known = Side.of(cast, "township_doctor"), referral_at("closed", cast)
        assert side.partner.token
        with CaptureQueriesContext(connection) as asked:
            side.get(f"{ADDRESS}?specialty=cardiology&patient={known.patient.public_id}")
        assert len(asked) == 12

    def test_to_strangers_and_to_who_does_not_write(self, cast, clock):
        patient = referral_at("closed", cast).patient.public_id
        stranger = Side.of(cast, "outsider_doctor")
        assert stranger.get(f"{ADDRESS}?specialty=cardiology").json()["results"] == []
        assert stranger.get(f"{ADDRESS}?specialty=cardiology&patient={patient}").status_code == 404
        assert Side.of(cast, "township_desk").get(f"{ADDRESS}?specialty=cardiology").status_code == 403
        assert Side.of(cast, "township_doctor").post(ADDRESS, {}).status_code == 405
