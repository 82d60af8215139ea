"""The engine: the judgement of the table, and the one road every move takes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import Event
from events.workflow import CLOCK, State
from toolkit.refusals import Forbidden, Refused, Stale

from . import parcels
from .parcels import COLLEAGUE, LIFE, MACHINE, RECEIVER, SENDER, STRANGER, Parcel, life, move

ALL = frozenset({"parcel.send", "parcel.take"})


def judged(verb, status, side, permissions=ALL):
    refusal = LIFE.refusal(verb=verb, status=status, sides=frozenset({side}), permissions=permissions)
    return refusal and (type(refusal), refusal.code, str(refusal.detail))


class TestJudgement:
    """Pure: no database."""

    def test_open(self):
        assert judged("take", "sent", "receiver") is None

    def test_the_wrong_side_is_told_whose_move_it_is(self):
        assert judged("take", "sent", "sender") == (Forbidden, "wrong_side", "“签收”由接收方办理。")
        assert judged("send", "packed", "receiver") == (Forbidden, "wrong_side", "“寄出”由转出方办理。")

    def test_both_sides_are_named_sender_first(self):
        assert judged("ask", "sent", "nobody") == (Forbidden, "wrong_side", "“ask”由转出方、接收方办理。")

    def test_a_move_of_the_clock_is_nobody_elses(self):
        assert judged("lose", "sent", "sender") == (Forbidden, "wrong_side", "这一步由系统按时限自动完成。")

    def test_a_move_the_clock_shares_names_the_people(self):
        assert judged("remind", "sent", "receiver") == (Forbidden, "wrong_side", "“催促”由转出方办理。")

    def test_a_colleague_without_the_permission(self):
        assert judged("take", "sent", "receiver", frozenset())[:2] == (Forbidden, "wrong_role")

    def test_the_clock_needs_no_permission_but_keeps_to_its_own_moves(self):
        assert judged("lose", "sent", CLOCK, frozenset()) is None
        assert judged("take", "sent", CLOCK, frozenset())[1] == "wrong_side"

    def test_the_wrong_time_is_told_the_right_one(self):
        assert judged("take", "packed", "receiver") == (
            Refused,
            "wrong_status",
            "当前状态为“已打包”，只有在“在途”时才能签收。",
        )

    def test_several_right_times_come_in_the_order_of_the_states(self):
        assert judged("ask", "taken", "sender")[2] == "当前状态为“已签收”，只有在“已打包、在途”时才能ask。"

    def test_who_comes_before_when(self):
        assert judged("take", "packed", "sender")[1] == "wrong_side"
        assert judged("take", "packed", "receiver", frozenset())[1] == "wrong_role"


class TestOptions:
    """Buttons, links, and the reasons why not: on an unsaved parcel."""

    @staticmethod
    def options(status, actor, **columns):
        found = LIFE.options(Parcel(status=status, **columns), actor)
        return [(option.move.verb, option.refusal and option.refusal.code) for option in found]

    def test_every_move_somebody_could_make_now_in_table_order(self):
        assert self.options("packed", SENDER) == [("send", None), ("ask", "wrong_role"), ("repack", None)]
        assert self.options("sent", RECEIVER) == [("take", None), ("ask", None), ("remind", "wrong_side")]

    def test_the_guards_reason_shows(self):
        assert self.options("packed", SENDER, sealed=True)[0] == ("send", "sealed")

    def test_nothing_is_left_to_do_at_the_end(self):
        assert self.options("taken", RECEIVER) == []

    def test_open_to_leaves_the_closed_ones_out(self):
        parcel = Parcel(status="sent")
        assert [
            [move.verb for move in LIFE.open_to(parcel, actor)] for actor in (SENDER, RECEIVER, COLLEAGUE, STRANGER)
        ] == [["remind"], ["take", "ask"], [], []]


class TestTable:
    def test_live_states(self):
        assert LIFE.live == ["packed", "sent", "lost"]

    @pytest.mark.parametrize(
        "row",
        [
            move("send", ["nowhere"], "sent", "sender"),
            move("send", ["packed"], "nowhere", "sender"),
            move("send", ["packed"], "sent", "sender", also_targets=("nowhere",)),
        ],
        ids=["source", "target", "other target"],
    )
    def test_an_unknown_state_is_a_mistake(self, row):
        with pytest.raises(ValueError, match=r"parcel\.send names unknown states \['nowhere'\]"):
            life(moves=[row])

    def test_a_live_state_lies_in_somebodys_hand(self):
        with pytest.raises(ValueError, match="live state adrift is in nobody's hand"):
            life(states=[State(code="adrift", label="漂流", live=True)], moves=[])


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("registries")
class TestMoving:
    @pytest.fixture(autouse=True)
    def table(self, db):
        parcels.create_table()
        yield
        parcels.drop_table()

    @pytest.fixture
    def parcel(self, table):
        return Parcel.objects.create()

    @staticmethod
    def kept(parcel):
        return Parcel.objects.values_list("status", "version", "note").get(pk=parcel.pk)

    def test_a_move_moves_stamps_and_records(self, parcel):
        stamped = []
        engine = life(on_moved=lambda passage, state: stamped.append((passage.source, state.code, passage.remark)))
        with engine.moving(
            parcel, "send", actor=SENDER, version=1, remark="小心", weight=3, tag="", box=None
        ) as passage:
            passage.subject.note = "written by the act"
        assert self.kept(parcel) == ("sent", 2, "written by the act")
        assert (parcel.status, parcel.version, parcel.note) == ("sent", 2, "written by the act")
        assert stamped == [("packed", "sent", "小心")]
        event = Event.objects.get()
        assert (event.name, event.subject, event.actor_name) == ("parcel.send", f"parcel:{parcel.pk}", "sender")
        assert event.facts == {"source": "packed", "target": "sent", "version": 2, "remark_length": 2, "weight": 3}

    def test_what_the_stamp_writes_is_saved(self, parcel):
        def stamp(passage, state):
            passage.subject.note = f"{passage.source}→{state.code}"

        with life(on_moved=stamp).moving(parcel, "repack", actor=SENDER):
            pass
        assert self.kept(parcel) == ("packed", 2, "packed→packed")

    def test_the_row_decides_and_not_what_the_caller_saw(self, parcel):
        Parcel.objects.update(status="sent")
        with pytest.raises(Refused) as refusal, LIFE.moving(parcel, "send", actor=SENDER, remark="小心", weight=3):
            pass
        assert refusal.value.code == "wrong_status"

    def test_a_stale_version_comes_before_every_other_reason(self, parcel):
        with pytest.raises(Stale), LIFE.moving(parcel, "send", actor=STRANGER, version=2):
            pass

    def test_no_version_no_check(self, parcel):
        Parcel.objects.update(version=5)
        with LIFE.moving(parcel, "repack", actor=SENDER):
            pass
        assert self.kept(parcel)[:2] == ("packed", 6)

    def test_a_quiet_move_leaves_the_version_alone(self, parcel):
        with LIFE.moving(parcel, "ask", actor=RECEIVER, version=1):
            pass
        assert self.kept(parcel)[:2] == ("packed", 1)
        assert Event.objects.get().facts["version"] == 1

    def test_needs_are_named_all_at_once(self, parcel):
        with pytest.raises(Refused) as refusal, LIFE.moving(parcel, "send", actor=SENDER, weight=""):
            pass
        assert [(error.pointer, error.code) for error in refusal.value.errors] == [
            ("/weight", "required"),
            ("/remark", "required"),
        ]

    def test_nought_and_no_are_answers(self, parcel):
        with LIFE.moving(parcel, "send", actor=SENDER, remark="空", weight=0):
            pass
        assert Event.objects.get().facts["weight"] == 0

    def test_the_guard_is_asked_on_the_locked_row(self, parcel):
        Parcel.objects.update(sealed=True)
        with pytest.raises(Refused) as refusal, LIFE.moving(parcel, "send", actor=SENDER, remark="小心", weight=3):
            pass
        assert refusal.value.code == "sealed"

    def test_the_act_may_choose_another_target_the_table_allows(self, parcel):
        Parcel.objects.update(status="sent")
        with LIFE.moving(parcel, "take", actor=RECEIVER) as passage:
            passage.target = "lost"
        assert (self.kept(parcel)[0], Event.objects.get().facts["target"]) == ("lost", "lost")

    @pytest.mark.parametrize("target", ["packed", "sent", "nowhere"])
    def test_any_other_target_is_a_mistake_and_nothing_happened(self, parcel, target):
        Parcel.objects.update(status="sent")
        mistake = pytest.raises(ValueError, match=f"take cannot lead to {target}")
        with mistake, LIFE.moving(parcel, "take", actor=RECEIVER) as passage:
            passage.target = target
        assert (self.kept(parcel), Event.objects.count()) == (("sent", 1, ""), 0)

    @pytest.mark.parametrize("place", ["body", "stamp"])
    def test_an_act_that_fails_leaves_everything_as_it_was(self, parcel, place):
        def fail(*_):
            raise RuntimeError

        engine = life(on_moved=fail if place == "stamp" else lambda passage, state: None)
        with pytest.raises(RuntimeError), engine.moving(parcel, "repack", actor=SENDER) as passage:
            passage.subject.note = "half"
            Parcel.objects.create(note="beside")
            if place == "body":
                fail()
        assert (self.kept(parcel), Parcel.objects.count(), Event.objects.count()) == (("packed", 1, ""), 1, 0)
        assert (parcel.status, parcel.version, parcel.note) == ("packed", 1, "")

    def test_the_clock_moves_what_is_its_own(self, parcel):
        Parcel.objects.update(status="sent")
        with LIFE.moving(parcel, "lose", actor=MACHINE):
            pass
        assert (self.kept(parcel)[0], Event.objects.get().actor_kind) == ("lost", "clock")

    @pytest.mark.parametrize(("minutes", "late"), [(0, False), (10, False), (11, True), (600, True)])
    def test_late_entry(self, parcel, minutes, late):
        happened = timezone.now() - timedelta(minutes=minutes)
        with LIFE.moving(parcel, "repack", actor=SENDER, occurred_at=happened) as passage:
            passage.recorded_at = happened + timedelta(minutes=minutes)
        assert passage.late is late
        assert Event.objects.get().occurred_at == happened
