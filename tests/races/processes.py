"""Processes of their own with connections of their own, let go at the same moment.

No Django at the top: a process imports this module before it knows which database it is for.
"""

import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

PROCESSES = 4
PATIENCE = 60
"""Seconds to wait for the others at the start."""

_gate = None


class Crowd:
    """`PROCESSES` processes that wait for each other before each act."""

    def __init__(self, database: str):
        context = get_context("spawn")
        gate = context.Barrier(PROCESSES)
        self._pool = ProcessPoolExecutor(PROCESSES, context, _begin, (database, gate))
        self.at_once(_nothing, [()] * PROCESSES)

    def at_once(self, act, calls: list[tuple]) -> list:
        """`act(*call)` for each call, all processes beginning together; the answers, of every process in turn."""
        shares = [calls[number::PROCESSES] for number in range(PROCESSES)]
        waiting = [self._pool.submit(_share, act, share) for share in shares]
        return [answer for each in waiting for answer in each.result(timeout=PATIENCE)]

    def leave(self) -> None:
        self._pool.shutdown()


def _begin(database, gate) -> None:
    global _gate
    _gate = gate
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()


def _nothing() -> None:
    pass


def _share(act, calls) -> list:
    """This process's part: its calls in threads, since one thread waits for one lock only."""
    _gate.wait(PATIENCE)
    if not calls:
        return []
    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(lambda call: _alone(act, call), calls))


def _alone(act, call):
    from django.db import connections

    try:
        return act(*call)
    finally:
        connections.close_all()


# --- what is done -----------------------------------------------------------------------------------------------------


def book(capacity_id: int) -> str:
    from django.utils import timezone

    from institutions.actions import book
    from toolkit.refusals import Refusal

    try:
        book(capacity_id, now=timezone.now())
    except Refusal as refusal:
        return refusal.code
    return "booked"


def send(method: str, path: str, body: str, headers: dict) -> tuple[int, str, bool]:
    """(status, body, whether it was an answer given before)."""
    from django.test import Client

    answer = Client(raise_request_exception=False).generic(
        method, path, body, content_type="application/json", headers=headers
    )
    return answer.status_code, answer.content.decode(), "Idempotency-Replayed" in answer.headers


def employ(user_id: int, institution_id: int, role: str) -> str:
    from accounts.actions import add_membership
    from accounts.models import User
    from events.actor import system_actor
    from institutions.models import Institution
    from toolkit.refusals import Refusal

    user, house = User.objects.get(pk=user_id), Institution.objects.get(pk=institution_id)
    try:
        add_membership(actor=system_actor(), user=user, institution=house, roles=[role])
    except Refusal as refusal:
        return ",".join(error.code for error in refusal.errors)
    return "employed"


def change_job(membership_id: int, role: str) -> str:
    from accounts.actions import change_membership
    from accounts.models import Membership
    from events.actor import system_actor
    from toolkit.refusals import Refusal

    job = Membership.objects.select_related("user", "institution").get(pk=membership_id)
    try:
        change_membership(actor=system_actor(), membership=job, roles=[role])
    except Refusal as refusal:
        return ",".join(error.code for error in refusal.errors)
    return "changed"


def tick() -> int:
    from referrals.actions import clock

    return clock.tick()


def relay() -> int:
    from events import outbox

    return outbox.run_due()
