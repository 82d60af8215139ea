"""Rights granted at the same moment in two houses."""

from collections import Counter

import pytest

from accounts import actions
from accounts.models import Membership
from tests.cast import PASSWORD, SYSTEM
from tests.races import processes

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]

ROUNDS = range(5)


def newcomer(number: int):
    return actions.create_user(actor=SYSTEM, username=f"newcomer{number}", name="新来", password=PASSWORD)


def two_houses(cast):
    return [cast.institution("county-hospital").pk, cast.institution("hekou").pk]


def roles_of(user) -> list:
    return [job.roles for job in Membership.objects.filter(user=user)]


@pytest.mark.parametrize("administrator", ["institution_administrator", "consortium_administrator"])
def test_auditor_here_and_administrator_there_is_one_of_the_two(cast, crowd, administrator):
    here, there = two_houses(cast)
    for number in ROUNDS:
        user = newcomer(number)
        calls = [(user.pk, here, "security_auditor"), (user.pk, there, administrator)]
        assert Counter(crowd.at_once(processes.employ, calls)) == {"employed": 1, "roles_apart": 1}
        assert len(roles_of(user)) == 1


def test_two_jobs_changed_at_once_stay_apart(cast, crowd):
    here, there = two_houses(cast)
    for number in ROUNDS:
        user = newcomer(number)
        for house in (here, there):
            assert processes.employ(user.pk, house, "doctor") == "employed"
        first, second = Membership.objects.filter(user=user).order_by("pk").values_list("pk", flat=True)
        calls = [(first, "security_auditor"), (second, "institution_administrator")]
        assert Counter(crowd.at_once(processes.change_job, calls)) == {"changed": 1, "roles_apart": 1}
        assert ["doctor"] in roles_of(user)
