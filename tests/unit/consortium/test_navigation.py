"""Which pages the rail shows to whom."""

import pytest

from accounts.roles import ROLES, permissions_of
from consortium.navigation import GROUPS, address, navigation
from events.actor import Actor

EVERYBODY = ["notifications:inbox"]
OPEN = {
    "consortium_administrator": [
        "referrals:my_turn", "advice:my_turn", "referrals:incoming", "referrals:outgoing", "referrals:to_review",
        "referrals:overseen", "overview", "referrals:deferred", "referrals:ratings", "referrals:indications",
        "institutions:calendar", "notifications:inbox",
        "institutions:departments", "institutions:capacity", "institutions:relations", "referrals:limits",
        "accounts:staff",
        "accounts:duty", "institutions:profile", "accounts:clients", "institutions:members",
        "notifications:deliveries", "notifications:robots",
    ],
    "institution_administrator": [
        "overview", "institutions:calendar", "notifications:inbox", "institutions:departments", "institutions:capacity",
        "institutions:relations", "accounts:staff", "accounts:duty", "institutions:profile", "accounts:clients",
        "notifications:deliveries", "notifications:robots",
    ],
    "doctor": [
        "referrals:my_turn", "referrals:new", "advice:my_turn", "referrals:incoming", "referrals:outgoing",
        "referrals:to_complete",
        "referrals:outcomes", "referrals:deferred", "referrals:blanks", "referrals:ratings", "referrals:indications",
        "institutions:calendar", "notifications:inbox",
    ],
    "desk": [
        "referrals:my_turn", "advice:my_turn", "referrals:incoming", "referrals:outgoing", "referrals:to_complete",
        "overview", "referrals:deferred", "referrals:blanks", "referrals:ratings", "referrals:indications",
        "institutions:calendar", "notifications:inbox", "institutions:capacity",
    ],
    "family_doctor": [
        "referrals:my_turn", "referrals:new", "advice:my_turn", "referrals:incoming", "referrals:outgoing",
        "referrals:to_complete",
        "referrals:outcomes", "referrals:deferred", "referrals:blanks", "referrals:ratings", "referrals:indications",
        "institutions:calendar", "notifications:inbox",
    ],
    "village_doctor": [
        "referrals:village", "referrals:village_refer", "referrals:village_sent", "referrals:village_back",
        "referrals:my_turn", "advice:my_turn", "referrals:to_complete", "referrals:outcomes", "referrals:blanks",
        "referrals:ratings",
        "notifications:inbox",
    ],
    "regulator": ["overview", "notifications:inbox"],
    "security_auditor": ["notifications:inbox", "trail"],
}  # fmt: skip


def actor_with(*roles):
    return Actor(kind="user", id=1, user_id=1, roles=frozenset(roles), permissions=permissions_of(roles))


@pytest.mark.parametrize("role", ROLES)
def test_each_role_finds_its_own_pages(role):
    actor = actor_with(role)
    found = [page.url_name for _name, pages in GROUPS for page in pages if page.is_open_to(actor)]
    assert found == OPEN.get(role, EVERYBODY)


def test_one_entry_is_marked_also_below_its_address():
    here = address("notifications:inbox")
    marked = [
        entry.url
        for _name, entries in navigation(actor_with("institution_administrator"), f"{here}unread/")
        for entry in entries
        if entry.current
    ]
    assert marked == [here]


def test_nothing_is_marked_elsewhere():
    groups = navigation(actor_with("institution_administrator"), "/password/")
    assert [entry.url for _name, entries in groups for entry in entries if entry.current] == []


def test_groups_without_pages_are_left_out():
    assert [str(name) for name, _entries in navigation(actor_with("pharmacist"), "/")] == ["转诊"]
