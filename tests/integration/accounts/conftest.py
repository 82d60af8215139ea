import pytest

from tests.unit.accounts import builders


@pytest.fixture
def world(db):
    return builders.world()
