import pytest

from tests import recast

from . import builders


@pytest.fixture
def world(db):
    return recast.again(builders.world)
