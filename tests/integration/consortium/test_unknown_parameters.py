"""Every list of the REST interface says no to a parameter it does not know, in the same words."""

import pytest
from django.urls import get_resolver

from tests.walk import referral_at

pytestmark = pytest.mark.django_db

NEEDED = {"referrals/suggestions/": "specialty=cardiology"}
"""What a list cannot be asked for without."""
WHOLE = ("codes/", *NEEDED)
"""Lists that are answered at once."""


def lists() -> list[str]:
    """The addresses that answer more than one thing, out of the URL configuration."""
    root = next(each for each in get_resolver().url_patterns if str(each.pattern) == "api/v1/")
    return sorted(path for path, view in _leaves(root, "") if _is_list(view) and not path.endswith(">/"))


def _leaves(node, before):
    for each in node.url_patterns:
        path = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from _leaves(each, path)
        else:
            yield path, each.callback


def _is_list(view) -> bool:
    return getattr(view, "actions", {}).get("get", "retrieve") != "retrieve"


def test_there_are_lists():
    assert {"codes/", "referrals/", "referrals/<slug:number>/events/"} < set(lists())


@pytest.mark.parametrize("path", lists())
def test_what_it_does_not_know_it_refuses(cast, path):
    partner = cast.client("county-hospital", roles=("doctor", "desk", "institution_administrator"))
    filled = path.replace("<slug:code>", "county-hospital")
    if "<slug:number>" in filled:
        filled = filled.replace("<slug:number>", referral_at("submitted", cast).number)
    address = f"/api/v1/{filled}"
    needed = NEEDED.get(path, "")
    assert partner.call("GET", f"{address}?{needed}").status_code == 200
    answer = partner.call("GET", f"{address}?{needed}&x=1")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/x"]
    paged = partner.call("GET", f"{address}?{needed}&limit=1").status_code
    assert paged == (400 if path in WHOLE else 200)
