from datetime import timedelta

import pytest
from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from rest_framework.test import APIClient

from accounts.actions import register_client
from events.actor import system_actor
from records.actions import grant_access, register_patient
from tests.unit.records import builders


@pytest.fixture
def world(db):
    return builders.world()


@pytest.fixture
def patient(world):
    made, _outcome = register_patient(actor=world.doctor, data=builders.woman())
    return made


@pytest.fixture
def granted(world, patient):
    """The hospital has a live referral of the patient."""
    return grant_access(
        actor=world.doctor, institution=world.hospital, person=patient.person, basis="referral", source="referral:R1"
    )


def caller(institution, *roles, scopes=("records:read", "records:write")):
    """A REST client of the institution, with a valid token."""
    system, _secret = register_client(
        actor=system_actor(), institution=institution, name="HIS", roles=list(roles), scopes=list(scopes)
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
def township(world):
    return caller(world.township, "doctor", "desk")


@pytest.fixture
def hospital(world):
    return caller(world.hospital, "doctor", "desk")


@pytest.fixture
def outsider(world):
    """A hospital of another consortium."""
    other = builders.Consortium.objects.create(code="far", name="外县医共体", kind="county")
    builders.Member.objects.create(
        consortium=other, institution=world.outside, role="core", joined_on=timezone.localdate()
    )
    return caller(world.outside, "doctor", "desk")


@pytest.fixture
def administrator(world):
    return caller(world.township, "institution_administrator")
