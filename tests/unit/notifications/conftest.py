import pytest

from tests.registries import isolate
from tests.unit.accounts import builders as people

from . import builders


@pytest.fixture
def world(db, monkeypatch):
    """A county with its people; only the notices of the test itself are known, and this app's own."""
    from notifications import notices

    isolate(monkeypatch)
    notices.register()
    builders.everybody_sees()
    return people.world()


@pytest.fixture
def nudged(monkeypatch):
    """Which deliveries the broker was asked to bring."""
    from notifications.tasks import deliver

    seen = []
    monkeypatch.setattr(deliver, "apply_async", lambda args, **options: seen.append(*args))
    return seen
