import pytest

from tests.registries import isolate


@pytest.fixture
def registries(monkeypatch):
    """No app reacts to anything and nobody is told, unless the test says so."""
    isolate(monkeypatch)
