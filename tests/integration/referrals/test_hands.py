"""A referral lies where somebody can take it up."""

from referrals.models import Referral
from tests.walk import referral_at


def whose_turn(cast, referral) -> set[str]:
    waiting = Referral.objects.filter(pk=referral.pk)
    return {who for who, actor in vars(cast.actors).items() if waiting.turn_of(actor).exists()}


def test_a_department_with_doctors_has_it_alone(cast):
    referral = referral_at("arrived", cast, department=cast.departments.neurology)
    assert referral.hand_department == cast.departments.neurology
    assert whose_turn(cast, referral) == {"neurologist"}


def test_a_department_without_doctors_leaves_it_to_all_doctors_of_the_house(cast):
    referral = referral_at("arrived", cast, department=cast.departments.surgery)
    assert (referral.hand_unit, referral.hand_department) == ("department", None)
    assert whose_turn(cast, referral) == {"cardiologist", "core_doctor", "neurologist", "travelling_doctor"}
