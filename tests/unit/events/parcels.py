"""A tiny noun with a life of its own: a parcel between a sender and a receiver."""

from django.db import connection, models
from django.test.utils import isolate_apps

from events.actor import Actor, clock_actor
from events.workflow import CLOCK, Hand, Move, State, Workflow
from toolkit.refusals import Refused

with isolate_apps("events"):

    class Parcel(models.Model):
        """Made by the fixture `parcel_table`; no migration knows it."""

        status = models.CharField(max_length=20, default="packed")
        version = models.PositiveIntegerField(default=1)
        note = models.CharField(max_length=50, blank=True)
        sealed = models.BooleanField(default=False)

        class Meta:
            app_label = "events"
            db_table = "test_parcel"

        def __str__(self):
            return f"parcel {self.pk}"

        @property
        def event_ref(self):
            return f"parcel:{self.pk}"

        def event_facts(self, passage):
            return {"remark_length": len(passage.remark)} | passage.facts


def create_table():
    with connection.schema_editor() as editor:
        editor.create_model(Parcel)


def drop_table():
    with connection.schema_editor() as editor:
        editor.delete_model(Parcel)


def somebody(side, *permissions):
    return Actor(kind="user", id=1, name=side, permissions=frozenset(permissions))


SENDER = somebody("sender", "parcel.send")
RECEIVER = somebody("receiver", "parcel.take")
COLLEAGUE = somebody("receiver")
STRANGER = somebody("nobody", "parcel.send", "parcel.take")
MACHINE = clock_actor()


def sides_of(parcel, actor):
    return frozenset({CLOCK}) if actor.kind == "clock" else frozenset({actor.name})


def not_sealed(parcel, actor):
    return Refused("sealed", code="sealed") if parcel.sealed else None


def move(verb, sources, target, *sides, permission="parcel.send", **more):
    return Move(
        verb=verb,
        label=more.pop("label", verb),
        sources=frozenset(sources),
        target=target,
        sides=frozenset(sides),
        permission=permission,
        event=f"parcel.{verb}",
        **more,
    )


STATES = [
    State(code="packed", label="已打包", hand=Hand("sender", "desk", "parcel.send"), live=True),
    State(code="sent", label="在途", hand=Hand("receiver", "desk", "parcel.take"), live=True),
    State(code="lost", label="遗失", hand=Hand("sender", "desk", "parcel.send"), live=True),
    State(code="taken", label="已签收"),
]
MOVES = [
    move("send", ["packed"], "sent", "sender", label="寄出", needs=("weight", "remark"), guard=not_sealed),
    move("take", ["sent"], "taken", "receiver", label="签收", permission="parcel.take", also_targets=("lost",)),
    move("ask", ["packed", "sent"], None, "sender", "receiver", permission="parcel.take", quiet=True),
    move("repack", ["packed"], None, "sender"),
    move("lose", ["sent"], "lost", CLOCK, label="判为遗失", permission=""),
    move("remind", ["sent"], None, CLOCK, "sender", label="催促"),
]


def life(*, states=STATES, moves=MOVES, on_moved=lambda passage, state: None) -> Workflow:
    return Workflow(
        name="parcel",
        states=states,
        moves=moves,
        sides_of=sides_of,
        permissions_of=lambda parcel, actor: actor.permissions,
        on_moved=on_moved,
    )


LIFE = life()
