"""A place is held where the patient goes, and nowhere else."""

from institutions.models import Capacity
from tests.walk import referral_at, step


def held(referral) -> list:
    return list(referral.bookings.filter(given_back_at=None).values_list("capacity__department__code", flat=True))


def test_a_redirected_patient_gives_the_old_place_back(cast):
    referral = referral_at("scheduled", cast)
    assert held(referral) == ["cardiology"]
    step("dispatch", referral, cast)
    step("redirect", referral, cast, department=cast.departments.neurology)
    assert held(referral) == []
    assert Capacity.objects.filter(booked__gt=0).count() == 0
