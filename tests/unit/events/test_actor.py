"""Who acts, and what that one may do."""

import pytest

from events import actor as actors
from events.actor import Actor, clock_actor, system_actor
from toolkit.refusals import Forbidden


@pytest.fixture
def words(monkeypatch):
    monkeypatch.setattr(actors, "PERMISSION_WORDS", {"parcel.send": "寄包裹"})


SENDER = Actor(kind="user", id=7, permissions=frozenset({"parcel.send"}))


def test_a_permission_is_had_or_not():
    assert [SENDER.may(permission) for permission in ("parcel.send", "parcel.take", "")] == [True, False, False]


def test_what_is_missing_is_named_in_words(words):
    with pytest.raises(Forbidden, match="^您当前的身份不能做这件事，需要：寄包裹。$"):
        Actor(kind="user").require("parcel.send")
    SENDER.require("parcel.send")


def test_the_system_may_everything_and_the_clock_nothing_by_role():
    assert [actor().may("parcel.send") for actor in (system_actor, clock_actor)] == [True, False]
    assert [actor.is_machine for actor in (system_actor(), clock_actor(), SENDER)] == [True, True, False]


def test_the_key_names_nobody():
    assert [actor.key for actor in (SENDER, clock_actor())] == ["user:7", "clock:0"]


def test_the_address_stays_out_of_the_logs():
    assert "192.0.2.7" not in repr(Actor(kind="user", address="192.0.2.7"))
