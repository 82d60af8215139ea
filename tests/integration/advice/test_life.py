"""The life of an inquiry through its acts: who, what is refused, what each leaves behind."""

from datetime import datetime, timedelta

import pytest

from advice import actions
from advice.models import Inquiry
from events.models import AccessEntry, Event
from records.access import basis_for
from referrals.limits import ACCESS_KEPT
from referrals.models import Referral
from tests.inquire import ANSWER, QUESTION, REFER, again, ask, inquiry_at, said
from toolkit.calendar.working import ZONE
from toolkit.refusals import Forbidden, Refused, Stale

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)  # a Wednesday

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def at(text):
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def refused(act) -> list[tuple]:
    with pytest.raises(Refused) as caught:
        act()
    return [(error.pointer, error.code) for error in caught.value.errors] or [("", caught.value.code)]


def test_a_question_lies_with_the_asked_department_within_its_limit(cast):
    routine, urgent = ask(cast), ask(cast, urgency="urgent")
    assert (routine.deadline, urgent.deadline) == (at("03-13 10:00"), at("03-11 16:00"))
    assert (routine.status, routine.hand_side, routine.hand_name) == ("open", "receiver", "县人民医院 心内科")
    turn = {who: list(Inquiry.objects.turn_of(getattr(cast.actors, who)).order_by("id")) for who in (
        "cardiologist", "neurologist", "core_desk", "township_doctor", "outsider_doctor")}  # fmt: skip
    both = [routine, urgent]
    assert turn == {"cardiologist": both, "neurologist": [], "core_desk": [], "township_doctor": [],
                    "outsider_doctor": []}  # fmt: skip


def test_a_consortium_sets_its_own_limit(cast, clock):
    from referrals.actions.limiting import set_limit
    from tests.cast import SYSTEM

    set_limit(actor=SYSTEM, consortium=cast.consortium, urgency="routine", step="advise", amount=1, unit="working_days")
    assert ask(cast).deadline == at("03-12 10:00")
    emergency = {"urgency": "emergency", "step": "advise", "amount": 5, "unit": "minutes"}
    assert refused(lambda: set_limit(actor=SYSTEM, consortium=cast.consortium, **emergency)) == [("/step", "choice")]


def test_what_cannot_be_asked(cast):
    doctor, house = cast.actors.township_doctor, cast.institutions.hospital
    patient = cast.patient()

    def asked(actor=doctor, receiver=house, department=cast.departments.cardiology, **content):
        return refused(lambda: actions.ask(actor=actor, receiver=receiver, department=department, **content))

    nobody = QUESTION | {"age": 54, "sex": "1"}
    assert asked(**nobody | {"urgency": "emergency"}) == [("/urgency", "emergency")]
    assert asked(**nobody | {"question": " "}) == [("/question", "required")]
    assert asked(**QUESTION) == [("/age", "required"), ("/sex", "choice")]
    assert asked(**nobody | {"age": 131}) == [("/age", "range")]
    assert asked(patient=patient, **QUESTION) == [("/consent", "required")]
    refusal = {"given_by": "self", "refused": True}
    assert asked(patient=patient, consent=refusal, **QUESTION) == [("/consent/covers", "not_given")]
    only_referral = {"given_by": "self", "covers": ["referral"]}
    assert asked(patient=patient, consent=only_referral, **QUESTION) == [("/consent/covers", "not_given")]
    clinic = cast.departments.general_clinic
    assert asked(receiver=clinic.institution, department=clinic, **nobody) == [("/receiver", "by_phone")]
    far = cast.departments.outsider_cardiology
    assert asked(receiver=far.institution, department=far, **nobody) == [("/receiver", "no_relation")]
    assert asked(department=cast.departments.pharmacy, **nobody) == [("/department", "closed")]
    with pytest.raises(Forbidden):
        actions.ask(actor=cast.actors.township_desk, receiver=house, department=cast.departments.cardiology, **nobody)
    assert not Inquiry.objects.exists()


def test_an_answer_is_the_departments_and_has_an_outcome(cast):
    inquiry = ask(cast)
    with pytest.raises(Forbidden, match="心内科"):
        said("answer", inquiry, cast, actor=cast.actors.neurologist, **ANSWER)
    assert refused(lambda: said("answer", inquiry, cast, text="先观察")) == [("/outcome", "required")]
    half = {"outcome": "refer", "text": "请转来"}
    assert refused(lambda: said("answer", inquiry, cast, **half)) == [("/kind", "choice"), ("/urgency", "choice")]
    elsewhere = REFER | {"department": cast.departments.general_chengguan}
    assert refused(lambda: said("answer", inquiry, cast, **elsewhere)) == [("/department", "foreign")]
    cast.on_duty("neurologist", "department", department=cast.departments.cardiology)
    said("answer", inquiry, cast, actor=cast.actors.neurologist, **REFER)
    inquiry = again(inquiry)
    assert (inquiry.status, inquiry.hand_name, inquiry.answered_at) == ("answered", "城关镇卫生院 全科", MOMENT)
    assert inquiry.deadline == MOMENT + timedelta(days=14)
    entry = inquiry.entries.get(verb="answer")
    assert (entry.outcome, entry.kind, entry.urgency, entry.department) == (
        "refer", "outpatient", "urgent", cast.departments.cardiology)  # fmt: skip
    said("answer", inquiry, cast, actor=cast.actors.core_doctor, outcome="more_needed", text="请补近期心电图")
    assert [row.actor_name for row in inquiry.entries.filter(verb="answer").order_by("id")] == ["徐磊", "吴霞"]


def test_asked_again_it_is_the_departments_turn_with_a_new_limit(cast, clock):
    inquiry = inquiry_at("answered", cast)
    clock.move_to(at("03-12 09:00"))
    said("ask_again", inquiry, cast, text="他汀不耐受怎么办？")
    assert (inquiry.status, inquiry.deadline, inquiry.rung) == ("open", at("03-16 09:00"), 0)


def test_stale_versions_and_ends(cast):
    inquiry = inquiry_at("answered", cast)
    with pytest.raises(Stale):
        said("close", inquiry, cast, version=inquiry.version - 1)
    said("close", inquiry, cast)
    assert (inquiry.status, inquiry.hand_name, inquiry.deadline, inquiry.ended_at) == ("closed", "", None, MOMENT)
    assert refused(lambda: said("ask_again", inquiry, cast, text="还有")) == [("", "wrong_status")]
    other = ask(cast)
    assert refused(lambda: said("withdraw", other, cast)) == [("/text", "required")]


def test_the_asked_house_reads_while_it_lives_and_what_it_answered_for_ninety_days_more(cast, clock):
    inquiry = ask(cast)
    cardiologist, neighbour = cast.actors.cardiologist, cast.actors.tcm_doctor
    assert (basis_for(cardiologist, inquiry.patient), basis_for(neighbour, inquiry.patient)) == ("authorisation", None)
    said("answer", inquiry, cast, **ANSWER)
    assert basis_for(cardiologist, inquiry.patient) == "authorisation"
    said("close", inquiry, cast)
    clock.shift(ACCESS_KEPT - timedelta(minutes=1))
    assert basis_for(cardiologist, inquiry.patient) == "authorisation"
    clock.shift(timedelta(minutes=1))
    assert basis_for(cardiologist, inquiry.patient) is None
    assert AccessEntry.objects.count() == 0  # the acts open nothing: pages and REST do


def test_what_was_taken_back_is_not_read_on(cast):
    inquiry = ask(cast)
    said("withdraw", inquiry, cast, text="患者已自行就诊")
    assert basis_for(cast.actors.cardiologist, inquiry.patient) is None


def test_a_thread_never_outgrows_the_letter(cast):
    inquiry = ask(cast)
    for _round in range(2):
        said("add", inquiry, cast, text="补" * 2000)
    assert refused(lambda: said("add", inquiry, cast, text="补" * 2000)) == [("/text", "thread_full")]
    said("answer", inquiry, cast, **ANSWER | {"text": "答" * 2000})  # whose turn it is can always take it
    referral = said("convert", inquiry, cast)
    assert (referral.history.count("补" * 2000), referral.history.count("答" * 2000)) == (2, 1)


def test_events_carry_references_only(cast):
    inquiry_at("converted", cast, answer=REFER)
    facts = str(list(Event.objects.filter(name__startswith="advice.").values_list("facts", flat=True)))
    patient = Inquiry.objects.get().patient
    assert not [word for word in (patient.name, patient.public_id, "胸闷", "造影") if word in facts]
    names = Event.objects.filter(subject__startswith="inquiry:").order_by("id").values_list("name", flat=True)
    assert list(names) == ["advice.asked", "advice.answered", "advice.converted"]


def test_nothing_is_written_to_a_referral_before_it_is_one(cast):
    inquiry_at("answered", cast, answer=REFER)
    assert not Referral.objects.exists()
