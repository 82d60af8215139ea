import pytest

from . import builders


@pytest.fixture
def world(db):
    return builders.world()
