"""Numbered paper: one series with the referrals, one use each, entered with the times as they were."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.models import Event
from referrals import actions
from referrals.actions import numbering
from referrals.actions.blanks import print_blanks, reprint_blank, spoil_blank, take_blank
from referrals.models import BlankSlip, GivenNumber, Referral
from tests.walk import draft, referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.identifiers.numbers import is_referral_number
from toolkit.refusals import Conflict, Forbidden, Refused

MOMENT = datetime(2026, 3, 11, 15, 0, 30, tzinfo=ZONE)
PRINTED = datetime(2026, 3, 11, 15, 0, tzinfo=ZONE)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def blanks(cast):
    return print_blanks(actor=cast.actors.township_doctor, count=3, direction="up")


def written(cast, blank, **changes):
    """A draft that bears the paper's number, written by hand an hour after printing; entered at five."""
    return draft(cast, blank_number=blank.number, written_at=PRINTED + timedelta(hours=1), **changes)


def refusal_of(act, kind=Refused) -> tuple:
    with pytest.raises(kind) as refused, transaction.atomic():
        act()
    return refused.value.errors[0].pointer, refused.value.errors[0].code


class TestPrinting:
    def test_each_sheet_has_a_number_of_the_series(self, cast, blanks):
        assert all(is_referral_number(blank.number) for blank in blanks)
        rows = BlankSlip.objects.values_list(
            "number", "institution__code", "printed_at", "printed_by_name", "direction"
        )
        house = (cast.institutions.chengguan.code, PRINTED, "张伟", "up")
        assert sorted(rows) == sorted((blank.number, *house) for blank in blanks)
        assert len({blank.batch for blank in blanks}) == 1

    def test_it_is_one_event_with_the_numbers(self, blanks):
        event = Event.objects.get(name="blank.printed")
        assert event.facts == {"direction": "up", "numbers": [blank.number for blank in blanks]}

    @pytest.mark.parametrize("count", [0, 51, -1])
    def test_so_many_at_once(self, cast, count):
        act = lambda: print_blanks(actor=cast.actors.township_desk, count=count, direction="up")  # noqa: E731
        assert refusal_of(act) == ("/count", "range")
        assert not BlankSlip.objects.exists()

    def test_there_are_two_forms(self, cast):
        act = lambda: print_blanks(actor=cast.actors.township_desk, count=1, direction="lateral")  # noqa: E731
        assert refusal_of(act) == ("/direction", "choice")

    @pytest.mark.parametrize("who", ["township_administrator", "pharmacist", "consortium_administrator"])
    def test_only_who_writes_or_sends(self, cast, who):
        with pytest.raises(Forbidden):
            print_blanks(actor=getattr(cast.actors, who), count=1, direction="up")

    @pytest.mark.parametrize("who", ["township_doctor", "family_doctor", "township_desk"])
    def test_doctor_family_doctor_and_desk_do(self, cast, who):
        assert len(print_blanks(actor=getattr(cast.actors, who), count=50, direction="down")) == 50


class TestOneSeries:
    def test_a_number_on_paper_is_not_drawn_for_a_referral(self, cast, blanks, monkeypatch):
        drawn = iter([blanks[0].number, blanks[1].number, "R26000000006"])
        monkeypatch.setattr(numbering, "referral_number", lambda year: next(drawn))
        assert draft(cast).number == "R26000000006"

    def test_nor_that_of_a_referral_for_paper(self, cast, monkeypatch):
        taken = draft(cast).number
        drawn = iter([taken, "R26000000006"])
        monkeypatch.setattr(numbering, "referral_number", lambda year: next(drawn))
        assert [blank.number for blank in print_blanks(actor=cast.actors.core_desk, count=1, direction="up")] == [
            "R26000000006"
        ]

    def test_whoever_finds_none_is_told(self, cast, blanks, monkeypatch):
        monkeypatch.setattr(numbering, "referral_number", lambda year: blanks[0].number)
        with pytest.raises(Conflict):
            numbering.give_numbers()

    def test_every_number_stands_in_the_book(self, cast, blanks):
        number = draft(cast).number
        assert set(GivenNumber.objects.values_list("number", flat=True)) == {number, *(b.number for b in blanks)}


class TestEntering:
    def test_the_referral_bears_the_number(self, cast, blanks):
        referral = written_later(cast, blanks[0])
        blank = BlankSlip.objects.get(number=blanks[0].number)
        assert (referral.number, blank.used_by_id, blank.state) == (blanks[0].number, referral.pk, "used")
        assert Event.objects.get(name="blank.entered").facts == {"number": referral.number}

    def test_sent_when_the_paper_says_and_marked_as_late(self, cast, blanks, clock):
        clock.move_to(PRINTED + timedelta(hours=5))
        referral = step("submit", written(cast, blanks[0]), cast)
        sent = referral.steps.get(verb="submit")
        assert (sent.occurred_at, sent.late) == (PRINTED + timedelta(hours=1), True)
        assert referral.submitted_at == PRINTED + timedelta(hours=1)
        assert referral.deadline > timezone.now()  # the receiver's clock starts when it can know

    def test_later_moves_take_their_own_time(self, cast, blanks, clock):
        clock.move_to(PRINTED + timedelta(hours=5))
        referral = step("submit", written(cast, blanks[0]), cast)
        step(
            "arrive", referral, cast, arrived_at=PRINTED + timedelta(hours=2), occurred_at=PRINTED + timedelta(hours=2)
        )
        assert referral.arrived_at == PRINTED + timedelta(hours=2)

    def test_a_house_that_reviews_does_so_afterwards(self, cast, clock):
        blank = print_blanks(actor=cast.actors.hekou_doctor, count=1, direction="up")[0]
        clock.move_to(PRINTED + timedelta(hours=5))
        referral = step("submit", written(cast, blank, sender=cast.institutions.hekou), cast)
        assert referral.status == "in_review"
        clock.move_to(PRINTED + timedelta(hours=6))
        step("approve", referral, cast)
        assert (referral.status, referral.submitted_at) == ("submitted", PRINTED + timedelta(hours=1))

    def test_what_was_sent_back_inside_is_sent_again_now(self, cast, clock):
        blank = print_blanks(actor=cast.actors.hekou_doctor, count=1, direction="up")[0]
        clock.move_to(PRINTED + timedelta(hours=5))
        referral = step("submit", written(cast, blank, sender=cast.institutions.hekou), cast)
        step("send_back", referral, cast, remark="请补充用药")
        step("submit", referral, cast)
        assert [s.late for s in referral.steps.order_by("id")] == [True, False, False]

    def test_without_the_papers_time_it_is_not_sent(self, cast, blanks):
        referral = draft(cast, blank_number=blanks[0].number)
        assert refusal_of(lambda: step("submit", referral, cast)) == ("/occurred_at", "required")
        step("submit", referral, cast, occurred_at=PRINTED)
        assert (referral.submitted_at, BlankSlip.objects.get(number=referral.number).written_at) == (PRINTED, PRINTED)

    def test_not_before_the_paper_was_printed(self, cast, blanks, clock):
        early = PRINTED - timedelta(minutes=1)
        act = lambda: draft(cast, blank_number=blanks[0].number, written_at=early)  # noqa: E731
        assert refusal_of(act) == ("/occurred_at", "before_printing")
        clock.move_to(PRINTED + timedelta(hours=5))
        referral = written(cast, blanks[0], urgency="emergency")
        assert refusal_of(lambda: step("submit", referral, cast, occurred_at=early)) == (
            "/occurred_at",
            "before_printing",
        )

    def test_nor_in_the_future(self, cast, blanks):
        late = PRINTED + timedelta(hours=1)
        act = lambda: draft(cast, blank_number=blanks[0].number, written_at=late)  # noqa: E731
        assert refusal_of(act) == ("/occurred_at", "future")

    @pytest.mark.parametrize(
        ("number", "code"), [("R26", "check_digit"), ("R26000000005", "check_digit"), ("R26000000006", "unknown")]
    )
    def test_a_number_that_is_none(self, cast, number, code):
        assert refusal_of(lambda: draft(cast, blank_number=number)) == ("/blank_number", code)
        assert not Referral.objects.exists()

    def test_the_number_of_a_referral_is_no_paper(self, cast):
        known = draft(cast).number
        assert refusal_of(lambda: draft(cast, blank_number=known)) == ("/blank_number", "unknown")

    def test_that_of_another_house_is_as_unknown_as_none(self, cast, blanks):
        sentences = set()
        for number in (blanks[0].number, "R26000000006"):
            with pytest.raises(Refused) as refused:
                take_blank(cast.actors.hekou_doctor, number)
            sentences.add(str(refused.value))
        assert len(sentences) == 1

    def test_as_it_is_read_and_typed(self, cast, blanks):
        typed = f" {blanks[0].number[:4].lower()} {blanks[0].number[4:]}"
        assert draft(cast, blank_number=typed).number == blanks[0].number

    def test_a_sheet_serves_once(self, cast, blanks):
        draft(cast, blank_number=blanks[0].number)
        act = lambda: draft(cast, blank_number=blanks[0].number)  # noqa: E731
        assert refusal_of(act, Conflict) == ("/blank_number", "used")
        assert Referral.objects.count() == 1

    def test_two_who_both_found_it_unused_are_one(self, cast, blanks, monkeypatch):
        """As if the second had looked before the first was done: the row itself says no."""
        first = draft(cast, blank_number=blanks[0].number)
        with pytest.raises(IntegrityError), transaction.atomic():
            Referral.objects.create(**copied(first))
        other = draft(cast)
        with pytest.raises(IntegrityError), transaction.atomic():
            BlankSlip.objects.filter(number=blanks[1].number).update(used_by=first)
        assert BlankSlip.objects.filter(number=blanks[1].number).update(used_by=other) == 1

    def test_discarded_it_stays_with_its_patient(self, cast, blanks):
        referral = step("discard", draft(cast, blank_number=blanks[0].number), cast)
        assert referral.status == "withdrawn"
        act = lambda: draft(cast, blank_number=blanks[0].number)  # noqa: E731
        assert refusal_of(act, Conflict) == ("/blank_number", "used")


def written_later(cast, blank):
    return draft(cast, blank_number=blank.number)


def copied(referral) -> dict:
    return {
        field.attname: getattr(referral, field.attname)
        for field in Referral._meta.concrete_fields
        if not field.primary_key
    } | {"specialty": "other"}


class TestRemembered:
    """The paper is remembered after the draft was begun (autosave has given it a number already)."""

    def change(self, referral, cast, number, **more):
        return actions.change_draft(referral, actor=cast.actors.township_doctor, blank_number=number, **more)

    def test_the_draft_takes_the_number_of_the_paper(self, cast, blanks):
        referral = draft(cast)
        was = referral.number
        self.change(referral, cast, blanks[0].number)
        assert Referral.objects.get().number == referral.number == blanks[0].number
        assert Event.objects.get(name="blank.entered").facts == {"number": blanks[0].number, "was": was}
        assert GivenNumber.objects.filter(number=was).exists()

    def test_twice_is_once(self, cast, blanks, clock):
        referral = draft(cast, blank_number=blanks[0].number)
        clock.move_to(PRINTED + timedelta(hours=2))
        self.change(referral, cast, blanks[0].number, written_at=PRINTED + timedelta(hours=1))
        assert BlankSlip.objects.get(number=referral.number).written_at == PRINTED + timedelta(hours=1)
        assert Event.objects.filter(name="blank.entered").count() == 1

    def test_one_paper_is_not_changed_for_another(self, cast, blanks):
        referral = draft(cast, blank_number=blanks[0].number)
        act = lambda: self.change(referral, cast, blanks[1].number)  # noqa: E731
        assert refusal_of(act) == ("/blank_number", "fixed")
        assert BlankSlip.objects.get(number=blanks[1].number).state == "unused"

    def test_what_others_know_keeps_its_number(self, cast):
        blank = print_blanks(actor=cast.actors.hekou_doctor, count=1, direction="up")[0]
        referral = step("submit", draft(cast, sender=cast.institutions.hekou), cast)
        step("send_back", referral, cast, remark="请补充")
        act = lambda: actions.change_draft(  # noqa: E731
            referral, actor=cast.actors.hekou_doctor, blank_number=blank.number
        )
        assert refusal_of(act) == ("/blank_number", "fixed")

    def test_the_way_back_is_still_found_from_the_way_up(self, cast):
        blank = print_blanks(actor=cast.actors.core_desk, count=1, direction="down")[0]
        up = referral_at("concluded", cast)
        back = step("refer_back", up, cast)
        actions.change_draft(back, actor=cast.actors.cardiologist, blank_number=blank.number)
        assert up.steps.get(verb="refer_back").facts["number"] == blank.number


class TestSpoiling:
    def test_with_a_reason_and_for_ever(self, cast, blanks):
        spoiled = spoil_blank(blanks[0], actor=cast.actors.township_desk, reason=" 污损 ")
        assert (spoiled.state, spoiled.spoil_reason, spoiled.spoiled_by_name) == ("spoiled", "污损", "李娜")
        assert Event.objects.get(name="blank.spoiled").facts == {"number": blanks[0].number}
        act = lambda: draft(cast, blank_number=blanks[0].number)  # noqa: E731
        assert refusal_of(act, Conflict) == ("/blank_number", "spoiled")

    @pytest.mark.parametrize(("reason", "code"), [("", "required"), ("  ", "required"), ("长" * 201, "too_long")])
    def test_not_without(self, cast, blanks, reason, code):
        act = lambda: spoil_blank(blanks[0], actor=cast.actors.township_desk, reason=reason)  # noqa: E731
        assert refusal_of(act) == ("/reason", code)

    @pytest.mark.parametrize(
        "act", [reprint_blank, lambda blank, actor: spoil_blank(blank, actor=actor, reason="遗失")]
    )
    def test_what_is_used_is_neither_spoilt_nor_printed_again(self, cast, blanks, act):
        draft(cast, blank_number=blanks[0].number)
        assert refusal_of(lambda: act(blanks[0], actor=cast.actors.township_desk), Conflict)[1] == "used"

    def test_printed_again_is_counted(self, cast, blanks):
        reprint_blank(blanks[0], actor=cast.actors.township_desk)
        assert reprint_blank(blanks[0], actor=cast.actors.township_desk).reprints == 2
        assert Event.objects.filter(name="blank.reprinted").count() == 2

    @pytest.mark.parametrize(
        "wrong",
        [
            {"spoiled_at": MOMENT, "spoil_reason": "污损", "used": True},
            {"spoiled_at": MOMENT},
            {"spoil_reason": "污损"},
            {"written_at": MOMENT},
            {"written_at": PRINTED - timedelta(days=1), "used": True},
            {"direction": "out"},
        ],
    )
    def test_the_database_holds_it(self, cast, blanks, wrong):
        wrong = dict(wrong)
        if wrong.pop("used", False):
            wrong["used_by"] = draft(cast)
        with pytest.raises(IntegrityError), transaction.atomic():
            BlankSlip.objects.filter(pk=blanks[0].pk).update(**wrong)
