from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.actors import actor_for_client, actor_for_membership, address_of
from accounts.models import Membership
from accounts.roles import ROLES

from .builders import SYSTEM, acting, client_of, job, person


def test_a_person_in_one_job(world, rf):
    request = rf.get("/", REMOTE_ADDR="10.1.2.3")
    request.id = "abc"
    actor = actor_for_membership(world.zhang, request)
    assert (actor.kind, actor.id, actor.user_id, actor.name) == (
        "user",
        world.zhang.user_id,
        world.zhang.user_id,
        "张三",
    )
    assert (actor.institution_code, actor.institution_name) == ("county-hospital", "县医院")
    assert actor.consortium_ids == {world.consortium.pk}
    assert actor.roles == {"doctor"}
    assert actor.permissions == ROLES["doctor"].permissions
    assert (actor.membership_id, actor.department_id, actor.staff_number) == (
        world.zhang.pk,
        world.cardiology.pk,
        "D001",
    )
    assert (actor.request_id, actor.address) == ("abc", "10.1.2.3")


def test_the_same_person_elsewhere_is_another_actor(world):
    here, there = acting(world.li), acting(world.li_township)
    assert (here.user_id, here.institution_code, here.roles) == (world.li.user_id, "county-hospital", {"doctor"})
    assert (there.user_id, there.institution_code, there.roles) == (
        world.li.user_id,
        "east-township",
        {"doctor", "desk"},
    )


def test_a_client_has_the_roles_granted_to_it(world):
    client, _secret = client_of(world.hospital, roles=("desk",))
    actor = actor_for_client(client)
    assert (actor.kind, actor.id, actor.user_id, actor.membership_id) == ("client", client.pk, None, None)
    assert actor.permissions == ROLES["desk"].permissions


def test_on_behalf_of_allows_only_what_both_may(world):
    client, _secret = client_of(world.hospital, roles=("doctor", "desk"))
    actor = actor_for_client(client, world.zhang)
    assert actor.roles == {"doctor"}
    assert actor.permissions == ROLES["doctor"].permissions
    assert (actor.kind, actor.name, actor.user_id) == ("client", "张三", world.zhang.user_id)
    assert (actor.membership_id, actor.department_id, actor.staff_number) == (
        world.zhang.pk,
        world.cardiology.pk,
        "D001",
    )


def test_on_behalf_of_a_family_doctor_counts_the_rights_not_the_name_of_the_role(world):
    client, _secret = client_of(world.hospital, roles=("doctor",))
    family_doctor = job(person("sun", "孙八"), world.hospital, "family_doctor")
    actor = actor_for_client(client, family_doctor)
    assert actor.roles == frozenset()
    assert actor.permissions == ROLES["family_doctor"].permissions


@pytest.mark.parametrize(
    ("proxies", "chain", "expected"),
    [
        (0, "6.6.6.6", "10.0.0.9"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "203.0.113.7"),
        (1, "", "10.0.0.9"),
    ],
)
def test_the_address_is_taken_only_from_proxies_we_trust(rf, settings, proxies, chain, expected):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR=chain)
    assert address_of(request) == expected


def test_current_memberships(world):
    today = timezone.localdate()
    ended = job(person("zhou", "周九"), world.hospital, "doctor")
    actions.end_membership(actor=SYSTEM, membership=ended)
    coming = job(person("wu", "吴十"), world.hospital, "doctor", started_on=today + timedelta(days=1))
    left = job(person("zheng", "郑一"), world.hospital, "doctor")
    left.user.is_active = False
    left.user.save()
    names = Membership.objects.current().at(world.hospital.pk).order_by("id").values_list("user__username", flat=True)
    assert list(names) == ["zhang", "li", "wang", "zhao"]
    tomorrow = Membership.objects.current(today + timedelta(days=1)).filter(pk=coming.pk)
    assert tomorrow.count() == 1


def test_memberships_are_found_by_whole_role_names(world):
    found = Membership.objects.with_role("doctor", "desk").order_by("id")
    assert list(found) == [world.zhang, world.li, world.li_township, world.qian]
    assert list(Membership.objects.with_role("administrator")) == []
    assert list(Membership.objects.with_role()) == []


def test_who_sees_which_colleagues(world):
    def seen_by(membership):
        return set(Membership.objects.visible_to(acting(membership)))

    hospital = {world.zhang, world.li, world.wang, world.zhao}
    assert seen_by(world.zhang) == hospital
    assert seen_by(world.zhao) == hospital | {world.li_township}
    assert seen_by(world.qian) == {world.qian}
