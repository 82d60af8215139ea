"""A new client is heard of by who audits the house and by the consortium's office."""

import pytest

from accounts import actions
from events import outbox
from events.models import Event
from notifications.models import Delivery, InboxMessage
from notifications.wording import link_of, words_of
from tests.cast import SYSTEM

pytestmark = pytest.mark.django_db


def register(cast, by, house="county-hospital"):
    actor = getattr(cast.actors, by) if by else SYSTEM
    client, _secret = actions.register_client(
        actor=actor, institution=cast.institution(house), name="体检系统", roles=["doctor"], scopes=["referrals:read"]
    )
    outbox.run_due()
    return client


def told() -> set[tuple]:
    """(who, which notice) of every inbox message about clients."""
    rows = InboxMessage.objects.filter(event__name="client.registered")
    return set(rows.values_list("user", "notice"))


def users(cast, **notices) -> set[tuple]:
    return {(getattr(cast.users, who).pk, notice) for who, notice in notices.items()}


def test_the_houses_own_auditor_and_the_office(cast):
    client = register(cast, "core_administrator")
    assert told() == users(cast, auditor="auditor", consortium_administrator="office")
    event = Event.objects.get(name="client.registered")
    words = words_of(event, "auditor")
    assert (words.title, words.body) == (
        "新登记接口客户端：体检系统", "县人民医院登记了接口客户端“体检系统”，角色：医生。请核对是否经过批准。",
    )  # fmt: skip
    auditor, office = cast.browser("auditor"), cast.browser("consortium_administrator")
    trail = auditor.get(link_of(event, "auditor"))
    assert [(line.what, line.about) for line in trail.context["lines"]] == [("登记客户端", str(client.pk))]
    page = office.get(link_of(event, "office"))
    assert (page.status_code, "体检系统" in page.text) == (200, True)


def test_a_house_without_an_auditor_is_audited_by_its_consortium(cast):
    register(cast, "consortium_administrator", house="hekou")
    assert told() == users(cast, auditor="auditor")  # the office has done it itself


def test_what_is_set_up_by_the_platform_nobody_hears_of(cast):
    register(cast, None)
    assert told() == set()
    assert list(Event.objects.filter(name="notice.unheard")) == []


def test_another_consortiums_auditor_hears_nothing(cast):
    foreign = cast.users.travelling_doctor
    actions.add_membership(
        actor=SYSTEM, user=foreign, institution=cast.institutions.outsider, roles=["security_auditor"]
    )
    register(cast, "core_administrator")
    assert told() == users(cast, auditor="auditor", consortium_administrator="office")
    assert Delivery.objects.filter(event__name="client.registered", state="suppressed").count() == 0
