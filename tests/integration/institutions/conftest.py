from datetime import timedelta

import pytest
from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from rest_framework.test import APIClient

from accounts.actions import register_client
from tests.unit.institutions import builders


@pytest.fixture
def world(db):
    return builders.county()


def caller(institution, *roles, scopes=("institutions:read", "institutions:write")):
    """A REST client of the institution, with a valid token."""
    system, _secret = register_client(
        actor=builders.SYSTEM, institution=institution, name="HIS", roles=list(roles), scopes=list(scopes)
    )
    token = get_access_token_model().objects.create(
        application=system,
        token=f"token-{system.pk}",
        scope=" ".join(scopes),
        expires=timezone.now() + timedelta(hours=1),
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token.token}")
    return client


@pytest.fixture
def office(world):
    return caller(world.hospital, "consortium_administrator")


@pytest.fixture
def administrator(world):
    return caller(world.hospital, "institution_administrator")


@pytest.fixture
def colleague(world):
    return caller(world.hospital, "doctor")


@pytest.fixture
def neighbour(world):
    return caller(world.east, "institution_administrator", "doctor")


@pytest.fixture
def outsider(world):
    return caller(world.outsider, "institution_administrator", "consortium_administrator")
