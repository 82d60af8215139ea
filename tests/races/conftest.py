"""The same processes for all races of a run."""

import pytest
from django.db import connection

from tests.races.processes import Crowd


@pytest.fixture(scope="package")
def crowd(django_db_setup):
    crowd = Crowd(connection.settings_dict["NAME"])
    yield crowd
    crowd.leave()
