"""Members off the platform: somebody calls, and records what was said (代录)."""

from datetime import datetime, timedelta

import pytest

from events import outbox
from events.models import Event
from notifications.models import InboxMessage
from referrals.models import Referral
from referrals.presenting import needs_of
from referrals.workflow import LIFE
from tests.integration.referrals.seeing import everything
from tests.integration.referrals.speaking import Side, address, pointers, untouched
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.refusals import Forbidden, Refused

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def called(cast):
    """Sent down to the village clinic, which has a telephone and nothing else."""
    return referral_at("submitted", cast, direction="down", **ends(cast))


def ends(cast) -> dict:
    return {"sender": cast.institutions.chengguan, "receiver": cast.institutions.clinic}


def again(referral) -> Referral:
    return Referral.objects.with_parties().get(pk=referral.pk)


def answer(referral, cast, who, **facts):
    return step("accept", referral, cast, actor=getattr(cast.actors, who), **facts)


@pytest.mark.parametrize("who", ["township_doctor", "township_desk", "consortium_administrator"])
def test_the_sender_or_the_office_records_the_answer(cast, called, who):
    answer(called, cast, who, told_by="村医 老李", told_phone="13800000001", told_at=MOMENT - timedelta(minutes=3))
    recorded = called.steps.get(verb="accept")
    assert (recorded.on_behalf, recorded.institution_id) == (True, getattr(cast.actors, who).institution_id)
    assert recorded.facts == {
        "told_by": "村医 老李", "told_phone": "13800000001", "told_at": (MOMENT - timedelta(minutes=3)).isoformat(),
    }  # fmt: skip


@pytest.mark.parametrize(
    "who", ["core_desk", "hekou_doctor", "outsider_office", "pharmacist", "township_administrator"]
)
def test_nobody_else_does(cast, called, who):
    before = everything()
    with pytest.raises(Forbidden):
        answer(called, cast, who, told_by="村医 老李", told_phone="13800000001")
    assert everything() == before


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"told_by": "", "told_phone": "13800000001"}, "/told_by"),
        ({"told_by": "村医 老李", "told_phone": ""}, "/told_phone"),
        ({"told_by": "村医 老李", "told_phone": "1", "told_at": MOMENT + timedelta(hours=1)}, "/told_at"),
    ],
)
def test_who_said_it_and_from_which_number(cast, called, facts, pointer):
    before = everything()
    with pytest.raises(Refused) as refused:
        answer(called, cast, "township_doctor", **facts)
    assert [error.pointer for error in refused.value.errors] == [pointer]
    assert everything() == before
    assert needs_of("accept", called, cast.actors.township_doctor) == ["told_by", "told_phone"]


def test_it_lies_in_the_callers_hand_at_every_step(cast):
    for status in ("submitted", "accepted", "scheduled", "arrived", "concluded", "following_up"):
        referral = again(referral_at(status, cast, direction="down", **ends(cast)))
        assert (referral.hand_institution, referral.hand_department) == (
            cast.institutions.chengguan, cast.departments.general_chengguan
        )  # fmt: skip
        turn = Referral.objects.turn_of(cast.actors.township_doctor).filter(pk=referral.pk)
        assert turn.exists()
        assert LIFE.open_to(referral, cast.actors.township_doctor)


def test_what_waits_is_told_to_those_who_call(cast, called):
    """The author's colleagues hear; nobody is sought at the clinic, and no notice goes unheard."""
    outbox.run_due()
    told = InboxMessage.objects.filter(event__subject=called.event_ref, notice="submitted")
    assert sorted(told.values_list("user__username", flat=True)) == ["family-doctor", "township-colleague"]
    assert not Event.objects.filter(name="notice.unheard").exists()


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"told_by": "某人"}, ["/told_by"]),
        ({"told_phone": "1", "told_at": MOMENT}, ["/told_phone", "/told_at"]),
    ],
)
def test_who_answers_for_himself_was_told_by_nobody(cast, facts, wrong):
    """What is sent is kept or refused, never dropped in silence."""
    referral = referral_at("submitted", cast)
    before = everything()
    with pytest.raises(Refused) as refused:
        answer(referral, cast, "core_desk", **facts)
    assert [error.pointer for error in refused.value.errors] == wrong
    assert everything() == before
    said = {name: str(value).replace(" ", "T") for name, value in facts.items()}
    side = Side.of(cast, "core_desk")
    over_rest = untouched(lambda: side.post(address(referral.number, "accept"), said, version=referral.version))
    assert pointers(over_rest, 422) == wrong
    assert "只在为电话联系的成员代录时填写" in over_rest.json()["errors"][0]["detail"]


@pytest.mark.parametrize("verb", ["submit", "withdraw", "acknowledge"])
def test_the_senders_own_moves_are_no_telephone_answers(cast, verb):
    status = {"submit": "draft", "withdraw": "submitted", "acknowledge": "concluded"}[verb]
    referral = referral_at(status, cast, direction="down", **ends(cast))
    step(verb, referral, cast)
    assert not referral.steps.get(verb=verb).on_behalf


def test_a_house_on_the_platform_answers_itself(cast):
    referral = referral_at("submitted", cast)
    for who in ("township_doctor", "consortium_administrator"):
        with pytest.raises(Forbidden):
            answer(referral, cast, who, told_by="某人", told_phone="1")
