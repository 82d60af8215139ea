from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import User
from toolkit.refusals import Conflict, Forbidden, Missing, Refused

from .builders import PASSWORD, SYSTEM, acting, job, last_event, person


def codes(refused):
    return [(error.pointer, error.code) for error in refused.value.errors]


def test_a_new_person_signs_in_in_lower_case_and_must_change_the_password(world):
    user = actions.create_user(
        actor=acting(world.wang), username=" SunQi ", name="孙琦", phone="0571-8765 4321", password=PASSWORD
    )
    user.refresh_from_db()
    assert (user.username, user.name_keys, user.must_change_password) == ("sunqi", "sunqi sq", True)
    assert user.check_password(PASSWORD)
    assert last_event() == ("user.created", f"user:{user.pk}", {})


def test_everything_wrong_is_said_at_once(world):
    with pytest.raises(Refused) as refused:
        actions.create_user(
            actor=acting(world.wang),
            username="王 五",
            name=" ",
            phone="abc",
            email="nobody",
            language="tlh",
            password="12345",
        )
    assert codes(refused) == [
        ("/username", "invalid"),
        ("/name", "required"),
        ("/phone", "invalid"),
        ("/email", "invalid"),
        ("/language", "unknown_code"),
        ("/password", "password_too_short"),
        ("/password", "password_too_common"),
        ("/password", "password_entirely_numeric"),
    ]


def test_a_user_name_is_taken_in_any_spelling(world):
    with pytest.raises(Conflict) as refused:
        actions.create_user(actor=acting(world.wang), username="ZHANG", name="张小三", password=PASSWORD)
    assert codes(refused) == [("/username", "taken")]


def test_only_staff_managers_make_users(world):
    with pytest.raises(Forbidden):
        actions.create_user(actor=acting(world.zhang), username="sun", name="孙琦", password=PASSWORD)
    assert not User.objects.filter(username="sun").exists()


def test_a_reset_password_must_be_replaced(world):
    given = actions.set_password(actor=acting(world.wang), user=world.zhang.user)
    world.zhang.user.refresh_from_db()
    assert world.zhang.user.check_password(given)
    assert (len(given), world.zhang.user.must_change_password) == (16, True)
    assert last_event() == ("user.password_reset", f"user:{world.zhang.user_id}", {})


def test_nobody_gets_into_another_house_by_resetting_a_password(world):
    """Li also works at the township: the hospital's administrator would sign in there as him."""
    with pytest.raises(Forbidden):
        actions.set_password(actor=acting(world.wang), user=world.li.user)
    with pytest.raises(Missing):
        actions.set_password(actor=acting(world.wang), user=world.qian.user)
    assert actions.set_password(actor=acting(world.zhao), user=world.li.user)


@pytest.mark.parametrize("role", ["consortium_administrator", "security_auditor", "regulator", "assessor"])
def test_nobody_comes_to_a_role_he_may_not_grant_by_resetting_a_password(world, role):
    """All of them work in Wang's own house; their roles are the consortium's to give."""
    holder = job(person("holder", "吴九"), world.hospital, "doctor", role)
    for act in (actions.set_password, actions.change_user):
        with pytest.raises(Forbidden) as refused:
            act(actor=acting(world.wang), user=holder.user)
        assert refused.value.code == "role_not_yours"
    assert actions.set_password(actor=acting(world.zhao), user=holder.user)


def test_a_job_that_is_still_to_begin_counts_as_well(world):
    tomorrow = timezone.localdate() + timedelta(days=1)
    job(world.zhang.user, world.outsider, "institution_administrator", started_on=tomorrow)
    with pytest.raises(Forbidden):
        actions.set_password(actor=acting(world.wang), user=world.zhang.user)


def test_an_unattended_screen_is_not_enough_to_take_an_account_over(world):
    for administrator in (world.wang, world.zhao):
        with pytest.raises(Forbidden):
            actions.set_password(actor=acting(administrator), user=administrator.user)


def test_who_works_nowhere_is_nobodys_to_reset(world):
    with pytest.raises(Missing):
        actions.set_password(actor=acting(world.zhao), user=person("nobody", "无名"))


def test_the_own_password(world):
    user = world.zhang.user
    user.must_change_password = True
    user.save()
    actions.change_own_password(actor=acting(world.zhang), user=user, old=PASSWORD, new="another-long-phrase")
    user.refresh_from_db()
    assert (user.check_password("another-long-phrase"), user.must_change_password) == (True, False)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("wrong", "another-long-phrase", [("/old_password", "wrong")]),
        (PASSWORD, PASSWORD, [("/new_password", "unchanged")]),
        (PASSWORD, "short", [("/new_password", "password_too_short")]),
        (PASSWORD, "8462917350", [("/new_password", "password_entirely_numeric")]),
    ],
)
def test_a_bad_own_password(world, old, new, found):
    with pytest.raises(Refused) as refused:
        actions.change_own_password(actor=acting(world.zhang), user=world.zhang.user, old=old, new=new)
    assert codes(refused) == found


def test_no_password_but_the_own(world):
    with pytest.raises(Forbidden):
        actions.change_own_password(
            actor=acting(world.wang), user=world.zhang.user, old=PASSWORD, new="another-long-phrase"
        )


def test_changes_are_recorded_by_field_name_only(world):
    actions.change_user(actor=acting(world.wang), user=world.zhang.user, name="张三丰", phone="13800138000")
    world.zhang.user.refresh_from_db()
    assert (world.zhang.user.name, world.zhang.user.name_keys) == ("张三丰", "zhangsanfeng zsf")
    assert last_event() == ("user.changed", f"user:{world.zhang.user_id}", {"fields": ["name", "phone"]})


def test_a_temporary_password_passes_the_validators(world):
    for _each in range(20):
        assert actions.set_password(actor=SYSTEM, user=world.zhang.user, password=actions.temporary_password())


def test_the_language(world):
    actions.set_language(actor=acting(world.zhang), user=world.zhang.user, language="en")
    world.zhang.user.refresh_from_db()
    assert world.zhang.user.language == "en"
    with pytest.raises(Refused):
        actions.set_language(actor=acting(world.zhang), user=world.zhang.user, language="xx")


def test_a_second_job_elsewhere_widens_the_reach_needed(world):
    job(world.zhang.user, world.outsider, "doctor")
    with pytest.raises(Forbidden):
        actions.change_user(actor=acting(world.zhao), user=world.zhang.user, phone="13800138000")
