"""A hospital that only works with a consortium is its guest: no role given at home reaches there, nor back."""

import pytest
from django.urls import reverse

from accounts import actions as people
from accounts.actors import actor_for_membership
from events.log import record
from events.models import Errand
from institutions import actions
from institutions.models import Member
from institutions.scope import manages
from notifications.errands import dead_errands
from referrals.actions.limiting import set_limit
from referrals.models import Referral
from tests.cast import SYSTEM
from tests.integration.pages import words
from tests.walk import referral_at
from toolkit.refusals import Forbidden, Missing, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(cast):
    """The county hospital, at home in its own consortium, works with the city's as well."""
    return actions.admit_member(
        actor=cast.actors.outsider_office, consortium=cast.outside_consortium,
        institution=cast.institutions.hospital, role="collaborating",
    )  # fmt: skip


def again(cast, who):
    return actor_for_membership(getattr(cast.memberships, who))


def test_the_guest_does_not_look_after_its_hosts(cast, invited):
    office = again(cast, "consortium_administrator")
    assert (office.consortium_ids, office.home_ids) == (
        {cast.consortium.pk, cast.outside_consortium.pk},
        {cast.consortium.pk},
    )
    assert not manages(office, cast.institutions.outsider)
    for act in (
        lambda: actions.change_consortium(actor=office, consortium=cast.outside_consortium, name="改名"),
        lambda: actions.generate_relations(actor=office, consortium=cast.outside_consortium),
        lambda: actions.change_member(actor=office, member=invited, role="core"),
        lambda: actions.change_institution(actor=office, institution=cast.institutions.outsider, name="改名"),
    ):
        with pytest.raises(Forbidden):
            act()


def test_nor_do_its_pages(cast, invited):
    browser, job = cast.browser("consortium_administrator"), cast.memberships.outsider_administrator.pk
    asked = {
        "/members/?consortium=city-group": 403,
        "/consortium/?consortium=city-group": 403,
        "/referrals/limits/?consortium=city-group": 403,
        "/staff/?institution=city-second": 403,
        "/clients/?institution=city-second": 403,
        f"/staff/{job}/": 404,
        "/members/": 200,
    }
    assert {address: browser.get(address).status_code for address in asked} == asked
    assert browser.post(reverse("accounts:member_password", args=[job])).status_code == 404
    assert browser.post(reverse("institutions:member", args=[invited.pk]), {"role": "core"}).status_code == 403
    assert Member.objects.get(pk=invited.pk).role == "collaborating"


def test_the_first_office_is_one_at_home(cast, invited):
    """Also where the other consortium is the older one."""
    Member.objects.filter(institution=cast.institutions.hospital).update(role="collaborating")
    Member.objects.filter(pk=invited.pk).update(role="core")
    page = cast.browser("consortium_administrator").get("/members/")
    assert page.context["consortium"] == cast.outside_consortium


def test_it_oversees_and_audits_at_home_only(cast, invited):
    at_home = referral_at("submitted", cast)
    away = referral_at("submitted", cast, patient=cast.patient())
    Referral.objects.filter(pk=away.pk).update(
        consortium=cast.outside_consortium, sender=cast.institutions.outsider, receiver=cast.institutions.tcm
    )
    office = again(cast, "consortium_administrator")
    assert list(Referral.objects.overseen_by(office)) == [at_home]
    assert list(Referral.objects.visible_to(office).order_by("pk")) == [at_home]
    record("capacity.published", actor=cast.actors.outsider_desk, subject=cast.institutions.outsider)
    page = cast.browser("auditor").get("/trail/?trail=events&kind=capacity&institution=city-second")
    assert page.context["lines"] == []


def test_the_hosts_do_not_audit_their_guest(cast, invited):
    """What the guest's people read of its own patients is no business of the other consortium."""
    job = cast.memberships.outsider_desk
    people.change_membership(actor=SYSTEM, membership=job, roles=["security_auditor"])
    browser = cast.browser("outsider_desk")
    record("client.revoked", actor=cast.actors.core_administrator, subject="client:77")
    record("client.revoked", actor=cast.actors.outsider_administrator, subject="client:88")
    shown = words(browser.get("/trail/?trail=events&kind=client"))
    assert ("77" in shown, "88" in shown) == (False, True)


def test_dead_errands_of_a_guest_are_its_own(cast, invited):
    own = record("client.revoked", actor=cast.actors.core_administrator, subject="client:77")
    Errand.objects.create(event=own, reaction="x.y", state="dead")
    assert dead_errands(again(cast, "outsider_office")).filter(event=own).count() == 0
    assert dead_errands(again(cast, "consortium_administrator")).filter(event=own).count() == 1


def test_a_full_member_stays_its_own_master(cast, invited):
    with pytest.raises(Refused) as refused:
        actions.change_member(actor=again(cast, "outsider_office"), member=invited, role="member")
    assert refused.value.code == "member_elsewhere"


def test_limits_of_a_consortium_one_is_a_guest_of(cast, invited):
    with pytest.raises(Missing):
        set_limit(
            actor=again(cast, "consortium_administrator"), consortium=cast.outside_consortium, urgency="urgent",
            step="respond", amount=5, unit="minutes",
        )  # fmt: skip
