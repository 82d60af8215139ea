"""Who looks after whom: one question for one institution, one for all of them."""

import pytest

from institutions import actions
from institutions.models import Institution
from institutions.scope import managed_by, manages
from tests.unit.institutions.builders import OFFICE, SYSTEM, actor_at, institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def entangled(world):
    """The county, with collaborators that are somebody's full member, nobody's, and everybody's."""
    admit = {"actor": SYSTEM, "consortium": world.consortium, "role": "collaborating"}
    actions.admit_member(institution=world.outsider, **admit)
    alone = institution("alone", "独立医院", "2a", "A100")
    shared = institution("shared", "共享医院", "2a", "A100")
    for house in (alone, shared):
        actions.admit_member(institution=house, **admit)
    actions.admit_member(actor=SYSTEM, consortium=world.other, institution=shared, role="collaborating")
    far = institution("far", "省立医院", "3a", "A100")
    actions.set_relation(
        actor=SYSTEM, consortium=world.consortium, sender=world.hospital, receiver=far, direction="out"
    )
    world.office = actor_at(world.hospital, *OFFICE)
    world.stranger = actor_at(world.outsider, *OFFICE, "institution.manage")
    return world


@pytest.mark.parametrize("who", ["office", "administrator", "east_administrator", "nurse", "stranger"])
@pytest.mark.parametrize("permission", ["institution.manage", "staff.manage", "capacity.manage"])
def test_the_list_is_what_the_single_question_says(entangled, who, permission):
    actor = getattr(entangled, who)
    one_by_one = [
        house.code for house in Institution.objects.visible_to(actor).order_by("code")
        if manages(actor, house, permission)
    ]  # fmt: skip
    assert list(managed_by(actor, permission).order_by("code").values_list("code", flat=True)) == one_by_one


def test_what_the_office_looks_after(entangled):
    codes = managed_by(entangled.office).order_by("code").values_list("code", flat=True)
    assert list(codes) == ["alone", "clinic", "county-hospital", "east-township", "far", "west-township"]


def test_the_system_reaches_all(entangled):
    assert managed_by(SYSTEM).count() == Institution.objects.count()
