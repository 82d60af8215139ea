import pytest

from records.actions import register_patient

from . import builders


@pytest.fixture
def world(db):
    return builders.world()


@pytest.fixture
def patient(world):
    """张秀兰, registered at the township."""
    made, _outcome = register_patient(actor=world.doctor, data=builders.woman())
    return made
