"""The registries of notices and of visibility."""

import pytest

from events import notices
from events.notices import Notice, Words

from .builders import DOCTOR

pytestmark = pytest.mark.usefixtures("registries")


def notice(key, event="parcel.sent"):
    return Notice(event=event, key=key, audience=lambda e: [], words=lambda e: Words(key), link=lambda e: "/")


def test_notices_of_an_event_in_the_order_they_were_registered():
    several = [notice("sender"), notice("receiver"), notice("sender", event="parcel.lost")]
    for each in several:
        notices.register(each)
    assert notices.notices_for("parcel.sent") == several[:2]
    assert notices.find("parcel.lost", "sender") is several[2]
    assert notices.noticed() == {"parcel.sent", "parcel.lost"}


def test_an_unknown_notice_is_none_and_leaves_no_trace():
    assert (notices.notices_for("parcel.sent"), notices.find("parcel.sent", "desk")) == ([], None)
    assert notices.noticed() == set()


def test_one_key_twice_is_a_mistake():
    notices.register(notice("desk"))
    with pytest.raises(ValueError, match=r"two notices of parcel\.sent are called desk"):
        notices.register(notice("desk"))


def test_visible_asks_the_owner_of_the_kind():
    asked = []
    notices.register_visibility("parcel", lambda ref, actor: asked.append((ref, actor)) or True)
    assert notices.visible("parcel:R26", DOCTOR) is True
    assert asked == [("parcel:R26", DOCTOR)]


def test_what_nobody_owns_is_not_visible():
    notices.register_visibility("parcel", lambda ref, actor: True)
    assert [notices.visible(ref, DOCTOR) for ref in ("parcels:1", "letter:1", "", ":1")] == [False] * 4
