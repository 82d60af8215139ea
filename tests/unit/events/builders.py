"""Events and errands for the tests of this part."""

from events.actor import Actor
from events.log import record
from events.models import Errand
from events.reactions import on

DOCTOR = Actor(
    kind="user",
    id=7,
    user_id=7,
    name="张三",
    institution_id=3,
    institution_code="county-hospital",
    permissions=frozenset({"referral.read"}),
    request_id="request-1",
    address="192.0.2.7",
)
MENDER = Actor(kind="user", id=8, user_id=8, name="王五", permissions=frozenset({"delivery.manage"}))


def reacting(name, act, event="parcel.sent") -> str:
    """Register a reaction that does `act`; answers the name it is known by."""

    def reaction(happened):
        act(happened)

    reaction.__name__ = name
    on(event)(reaction)
    return f"tests.{name}"


def owed(reaction, *, event="parcel.sent") -> Errand:
    """One event and the one errand it owes to `reaction`."""
    reacting("reaction", reaction, event)
    return record(event, actor=DOCTOR, subject="parcel:1").errands.get()
