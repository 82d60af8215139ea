import pytest

from tests import recast
from tests.unit.accounts import builders


@pytest.fixture
def world(db):
    return recast.again(builders.world)
