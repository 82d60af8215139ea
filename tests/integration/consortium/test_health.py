"""What machines that watch are told, without a login and without a secret."""

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import reverse

from consortium import health
from events.tasks import HEARTBEAT_KEY, heartbeat

READY = {"database": "ok", "broker": "ok", "worker": "ok", "migrations": "ok"}


def test_alive_asks_nobody_and_needs_no_database(client):
    response = client.get(reverse("healthz"))
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_when_every_part_is(client):
    heartbeat()
    response = client.get(reverse("readyz"))
    assert (response.status_code, response.json()) == (200, {"status": "ok", "checks": READY})


@pytest.mark.django_db
def test_not_ready_without_a_worker(client):
    cache.delete(HEARTBEAT_KEY)
    response = client.get(reverse("readyz"))
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "checks": READY | {"worker": "failed"}}


@pytest.mark.django_db
@pytest.mark.parametrize("part", sorted(READY))
def test_a_part_that_breaks_is_named_and_nothing_else(client, monkeypatch, part):
    def breaks():
        raise OSError("secret host name")

    heartbeat()
    monkeypatch.setitem(health.CHECKS, part, breaks)
    response = client.get(reverse("readyz"))
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "checks": READY | {part: "failed"}}


@pytest.mark.django_db
def test_the_command_says_the_same(capsys):
    heartbeat()
    call_command("ready")
    call_command("ready", "worker")
    assert capsys.readouterr().out == "ready\nready\n"
    cache.delete(HEARTBEAT_KEY)
    call_command("ready", "database")
    with pytest.raises(CommandError, match="^not ready: worker$"):
        call_command("ready")


def test_metrics_do_not_exist_without_a_token(client, settings, db):
    settings.METRICS_TOKEN = ""
    assert client.get(reverse("metrics")).status_code == 404


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer é"}])
def test_metrics_are_for_whoever_bears_the_token(client, settings, db, header):
    settings.METRICS_TOKEN = "right"
    response = client.get(reverse("metrics"), headers=header)
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_metrics_are_prometheus_text(client, settings, db):
    settings.METRICS_TOKEN = "right"
    heartbeat()
    response = client.get(reverse("metrics"), headers={"Authorization": "Bearer right"})
    lines = response.content.decode().splitlines()
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert [line for line in lines if not line.startswith("#")] == [
        "consortium_worker_alive 1",
        "consortium_errands_due 0",
        "consortium_errands_dead 0",
        "consortium_deliveries_dead 0",
    ]


def test_the_documentation_page_brings_everything_with_it(client, db):
    response = client.get(reverse("api-docs"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "://" not in page.replace("http://www.w3.org", "").replace("http://testserver", "")
    assert "'unsafe-inline'" not in client.get(reverse("accounts:login")).headers["Content-Security-Policy"]
    policy = dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert policy["default-src"] == "'self'"
