"""The cast is built once per module and rolled back after each test; a module with `MOMENT` lives at that moment."""

import json
from contextlib import nullcontext

import pytest
import time_machine
from django.core.files.storage import storages

from tests import recast
from tests.integration.referrals.attaching import STORE, stored
from tests.integration.referrals.seeing import undone
from toolkit.uploads import child, judging


@pytest.fixture(scope="module")
def _built(request, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), undone(), _at(request.module):
        yield recast.cast()


@pytest.fixture
def cast(_built, db, request):
    """A copy for each test: what a test changes in memory or in the database, the next one does not see."""
    return recast.twin(_built)


@pytest.fixture
def empty_store():
    """The store of attachments outlives a test's transaction."""
    yield
    for key in stored():
        storages[STORE].delete(key)


@pytest.fixture
def judged_at_home(monkeypatch):
    """The same verdict on a file without a process for each; `test_uploads` has the process."""

    def run(data):
        head, body = child._spoken(data)
        return json.dumps(head).encode() + b"\n" + body

    monkeypatch.setattr(judging, "_run", run)


def _at(module):
    moment = getattr(module, "MOMENT", None)
    return time_machine.travel(moment, tick=False) if moment else nullcontext()


@pytest.fixture
def clock(request, cast):
    """Time stands still at the module's `MOMENT`; `clock.move_to(…)`, `clock.shift(…)`."""
    with time_machine.travel(request.module.MOMENT, tick=False) as traveller:
        yield traveller
