"""What the morning's digest says of referrals."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.digest import Scope
from referrals import digest
from referrals.models import Referral
from tests.walk import referral_at

pytestmark = pytest.mark.django_db


def scope(house=None, consortium=None, houses=()):
    return Scope(
        institution_id=house.pk if house else None,
        consortium_id=consortium.pk if consortium else None,
        house_ids=frozenset(each.pk for each in houses or [house]),
        now=timezone.now(),
    )


def test_counts_and_words(cast):
    hospital, township = cast.institutions.hospital, cast.institutions.chengguan
    for status in ("draft", "returned", "submitted", "arrived"):
        referral_at(status, cast)
    late = Referral.objects.filter(status__in=("submitted", "arrived"))
    late.update(deadline=timezone.now() - timedelta(hours=1))
    Referral.objects.filter(status="returned").update(deadline=timezone.now() + timedelta(days=1))
    sender = Referral.objects.get(status="returned").sender
    department = Referral.objects.get(status="arrived").hand_department.name
    at_hospital = digest.count(scope(hospital))
    assert (at_hospital["waiting"], at_hospital["overdue"]) == (2, 2)
    assert sorted(zip(at_hospital["hands"], at_hospital["counts"], strict=True)) == [("", 1), (department, 1)]
    assert digest.count(scope(sender)) == {"waiting": 1, "elsewhere": 2}
    office = digest.count(scope(consortium=cast.consortium, houses=[hospital, township]))
    assert (office["waiting"], office["overdue"], office["hands"], office["counts"]) == (3, 2, [hospital.label], [2])
    said = digest.lines(office)
    assert said == ["等待办理 3 件", f"其中已超时 2 件：{hospital.label} 2 件"]
    assert "服务台 1 件" in digest.lines(at_hospital)[1]


def test_a_quiet_house_has_nothing_to_say(cast):
    referral_at("closed", cast)
    assert digest.count(scope(cast.institutions.hospital)) == {}
    assert digest.lines({}) == []
