"""What holds for every test: a clean cache, Chinese, no way out of the machine, tables that can be flushed."""

import ipaddress
import socket
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from events import guards
from tests import recast
from tests.cast import Cast

LONG = ("test_random_walks.py", "test_demo.py", "test_demo_rebasing.py")
"""Begun first, so that no core waits for them at the end."""


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name not in LONG)
    for item in items:
        if "races" in item.keywords and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="races are run on PostgreSQL: DATABASE_URL=postgres://…"))


@pytest.fixture(autouse=True)
def _clean_cache():
    """Counters and heartbeats of one test must not reach the next."""
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def cast(db) -> Cast:
    """The consortium of `tests/cast.py` with its people."""
    return recast.cast()


# --- a test database of SQLite is three files ------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, request):
    """Remove what a killed run left: SQLite would replay the old journal into the new database."""
    if connection.vendor != "sqlite" or request.config.getvalue("reuse_db"):
        return
    name = connection.settings_dict["TEST"]["NAME"]
    for ending in ("", "-wal", "-shm"):
        Path(f"{name}{ending}").unlink(missing_ok=True)


# --- no outside sockets -----------------------------------------------------------------------------------------------

_connect = socket.socket.connect


def _connect_at_home(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_home(address[0]):
        raise AssertionError(f"A test tried to reach {address[0]}; tests stay on this machine.")
    return _connect(self, address)


def _is_home(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


socket.socket.connect = _connect_at_home


# --- append-only tables and the flush after a transactional test ------------------------------------------------------

_teardown = TransactionTestCase._fixture_teardown


def _teardown_without_guards(self):
    """SQLite flushes with DELETE, which the trail's triggers refuse; PostgreSQL truncates."""
    with guards.removed():
        _teardown(self)


TransactionTestCase._fixture_teardown = _teardown_without_guards
