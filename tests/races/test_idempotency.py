"""Calls with one key that arrive together have one effect and one answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.idempotency import Answer
from tests.unit.accounts.deeds import Deed, send

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


def test_fifty_at_once_have_one_effect():
    deed = Deed()

    def one(_number):
        try:
            return send(deed)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(one, range(50)))
    assert deed.done == 1
    assert {(each.status, str(each.data)) for each in answers} == {(201, str(deed.answers[0].data))}
    assert sorted(each.replayed for each in answers) == [False] + [True] * 49


def test_whoever_waits_for_a_failure_gets_his_own_turn():
    deed = Deed(Answer(409), Answer(201, {"number": "R1"}))

    def one(_number):
        try:
            return send(deed).status
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, range(8))) == [201] * 7 + [409]
