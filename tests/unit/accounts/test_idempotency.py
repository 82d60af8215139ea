from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.idempotency import Answer
from accounts.models import IdempotentRequest, UsedAssertion
from accounts.tasks import purge
from events.actor import Actor
from toolkit.refusals import Malformed, Refused

from .builders import client_of
from .deeds import ROUTE, Deed, send


@pytest.mark.django_db
def test_the_second_time_the_first_answer_comes_again():
    deed = Deed()
    first, second = send(deed), send(deed)
    assert deed.done == 1
    assert (second.status, second.data, second.headers) == (first.status, first.data, first.headers)
    assert (first.replayed, second.replayed) == (False, True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other",
    [
        {"body": b'{"a": 1}'},
        {"route": "POST /api/v1/others/"},
        {"route": ROUTE + "?x=1"},
        {"actor": Actor(kind="user", id=1, institution_id=1, membership_id=9)},
    ],
)
def test_the_key_of_another_request_is_refused(other):
    deed = Deed()
    send(deed)
    with pytest.raises(Refused) as refused:
        send(deed, **other)
    assert (refused.value.code, deed.done) == ("idempotency_key_reused", 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other",
    [
        {"key": "k-2"},
        {"actor": Actor(kind="user", id=2, institution_id=1)},
        {"actor": Actor(kind="client", id=1, institution_id=1)},
        {"actor": Actor(kind="user", id=1, institution_id=2)},
    ],
)
def test_keys_of_others_do_not_meet(other):
    deed = Deed()
    send(deed)
    assert send(deed, **other).replayed is False
    assert deed.done == 2


@pytest.mark.django_db
def test_an_error_frees_the_key():
    deed = Deed(Answer(422, {"detail": "no"}), Answer(201, {"number": "R1"}))
    assert [send(deed).status, send(deed).status, send(deed).status] == [422, 201, 201]
    assert deed.done == 2


@pytest.mark.django_db
def test_a_refusal_rolls_back_what_was_done_and_frees_the_key(world):
    client, _secret = client_of(world.hospital)

    def half_done():
        UsedAssertion.objects.create(client=client, jti_hash="x", expires_at=timezone.now())
        raise Refused("no")

    with pytest.raises(Refused):
        send(half_done)
    assert (UsedAssertion.objects.count(), IdempotentRequest.objects.count()) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "a b", "键", "a\n", "\x7f", "x" * 256])
def test_what_is_no_key(key):
    deed = Deed()
    with pytest.raises(Malformed) as refused:
        send(deed, key=key)
    assert (refused.value.code, deed.done) == ("bad_idempotency_key", 0)


@pytest.mark.django_db
def test_the_longest_key_on_the_longest_road():
    deed = Deed()
    given = {"key": "~" * 255, "route": "POST /" + "x" * 3000}
    assert [send(deed, **given).replayed, send(deed, **given).replayed] == [False, True]


@pytest.mark.django_db
def test_the_stored_answer_cannot_be_read_from_the_table():
    send(Deed(), route=ROUTE + "?q=secret")
    with connection.cursor() as cursor:
        cursor.execute("SELECT answer, route FROM accounts_idempotentrequest")
        stored, route = cursor.fetchone()
    assert ("张三" in stored, "number" in stored, route) == (False, False, ROUTE)


@pytest.mark.django_db
def test_keys_are_kept_for_seven_days(time_machine):
    start = timezone.now()
    deed = Deed()
    time_machine.move_to(start)
    send(deed)
    time_machine.move_to(start + timedelta(days=7) - timedelta(minutes=1))
    assert purge()["requests"] == 0
    assert send(deed).replayed
    time_machine.move_to(start + timedelta(days=7, minutes=1))
    assert purge()["requests"] == 1
    assert send(deed).replayed is False
