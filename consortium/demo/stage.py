"""The stage: plays scenes in the order of time, with the clock of the platform running between them.

A scene is a generator: it yields the moment of its next beat and is resumed when that moment has come, so many
scenes run beside one another as they would have in life. Between two beats the reminders and ladders that became
due are made at their own time, and everybody is told at once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

from django.utils import timezone

from accounts.actors import actor_for_membership
from accounts.models import Membership
from advice.models import Inquiry
from advice.tasks import tick as tick_inquiries
from consortium.demo import clock, patients
from events import outbox
from events.actor import Actor
from institutions.models import Capacity, Department, Institution
from notifications.actions import deliver_due
from records.actions import register_patient
from referrals import actions
from referrals.actions.attaching import attach
from referrals.attachments import most
from referrals.models import Referral
from referrals.tasks import tick
from toolkit.uploads import examine

Scene = Callable[["Stage"], Iterator[datetime]]
MOMENT = timedelta(seconds=1)


class Stage:
    """What scenes act with. Names of people are user names, of places institution codes."""

    def __init__(self, now: datetime):
        self.before = clock.Before(now)
        self._actors: dict[tuple, Actor] = {}
        self._reached = datetime.min.replace(tzinfo=UTC)

    # --- playing ------------------------------------------------------------------------------------------------------

    def play(self, scenes: list[Scene]) -> None:
        """Play all scenes to their end and let the clock run up to now."""
        queue: list = []
        for number, scene in enumerate(scenes):
            beats = scene(self)
            heappush(queue, (next(beats), number, beats))
        while queue:
            moment, number, beats = heappop(queue)
            self._run_clock(moment)
            with self._at(moment):
                following = next(beats, None)
            if following is not None:
                if following <= moment:
                    raise ValueError(f"{scenes[number].__name__}: {following} is not after {moment}")
                heappush(queue, (following, number, beats))
        self._run_clock(self.before.now)

    def close(self, set_up, morning) -> None:
        """What is done when all scenes are over: `set_up(stage)`, then `morning(now)`."""
        with self._at(self.before.now):
            set_up(self)
            morning(timezone.localtime())

    def _run_clock(self, until: datetime) -> None:
        """Make what time demanded before `until`, each at the moment it was due."""
        while True:
            looks = [_next_look(Referral, "look_at"), _next_look(Referral, "beside_at"), _next_look(Inquiry, "look_at")]
            due = min(filter(None, looks), default=until)
            if due >= until - MOMENT:
                return
            with self._at(due + MOMENT):
                tick()
                tick_inquiries()

    @contextmanager
    def _at(self, moment: datetime):
        """Act at `moment`, or as soon after it as what went before is over; then everybody is told."""
        with clock.at(max(moment, self._reached)):
            yield
            _tell()
            self._reached = timezone.now()

    # --- acting -------------------------------------------------------------------------------------------------------

    def actor(self, username: str, house: str | None = None) -> Actor:
        """The person in his job at `house`, by default his first."""
        key = (username, house)
        if key not in self._actors:
            jobs = Membership.objects.filter(user__username=username).select_related("user", "institution")
            jobs = jobs.filter(institution__code=house) if house else jobs
            self._actors[key] = actor_for_membership(jobs.order_by("pk").first())
        return self._actors[key]

    def draft(self, by: str, patient: str, to: str, department: str, *, direction: str = "up", **content) -> Referral:
        """Register the patient at the author's house and begin a referral."""
        author = self.actor(by)
        registered, _outcome = register_patient(actor=author, data=patients.data_of(patient))
        return actions.draft(
            actor=author,
            patient=registered,
            receiver=Institution.objects.get(code=to),
            department=self.department(to, department),
            direction=direction,
            **content,
        )

    def send(self, by: str, patient: str, to: str, department: str, **content) -> Referral:
        """Draft and submit."""
        return self.do("submit", self.draft(by, patient, to, department, **content), by)

    def do(self, verb: str, referral: Referral, by: str, **facts) -> Referral:
        """One move; answers what the act answers."""
        return actions.perform(verb, referral, actor=self.actor(by), **facts)

    def attach(self, referral: Referral, by: str, data: bytes, **words) -> None:
        """A file, looked at like any other."""
        attach(referral, actor=self.actor(by), clean=examine(data, most=most()), **words)

    def change(self, referral: Referral, by: str, **content) -> Referral:
        return actions.change_draft(referral, actor=self.actor(by), **content)

    # --- things -------------------------------------------------------------------------------------------------------

    @staticmethod
    def house(code: str) -> Institution:
        return Institution.objects.get(code=code)

    @staticmethod
    def department(house: str, code: str) -> Department:
        return Department.objects.get(institution__code=house, code=code)

    def place(self, house: str, department: str, kind: str, session: str, days: int) -> Capacity:
        """A place of the department, `days` from today."""
        rows = Capacity.objects.filter(department=self.department(house, department), date=self.before.date(days))
        return rows.get(kind=kind, session=session)


def _next_look(model, clock_of: str) -> datetime | None:
    """When the next row is to be looked at, by that column."""
    waiting = model.objects.filter(**{f"{clock_of}__isnull": False}).order_by(clock_of)
    return waiting.values_list(clock_of, flat=True).first()


def _tell() -> None:
    """Run the reactions of what just happened, and theirs, and send what is to be sent."""
    while outbox.run_due():
        pass
    while deliver_due():
        pass
