import pytest

from tests.registries import isolate
from tests.unit.accounts import builders as people
from tests.unit.notifications import builders


@pytest.fixture
def world(db, monkeypatch):
    """A county with its people; only the notices of the test itself are known, and this app's own."""
    from notifications import notices

    isolate(monkeypatch)
    notices.register()
    builders.everybody_sees()
    return people.world()


@pytest.fixture
def signed_in(client, world):
    """Sign in the person of a membership, in that job."""

    def sign_in(membership):
        client.force_login(membership.user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["membership"] = membership.pk
        session.save()
        return client

    return sign_in
