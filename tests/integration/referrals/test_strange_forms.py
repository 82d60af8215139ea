"""What no browser sends: bytes no text may hold, numbers without end, codes that are none. Answered, never a 500."""

import itertools

import pytest
from django.urls import reverse

from referrals.models import Referral
from tests.integration.referrals.pages import fresh
from tests.integration.referrals.sheets import NEW, edit_of, sheet
from tests.walk import referral_at

pytestmark = pytest.mark.django_db

STRANGE = ["a\0b", "9" * 5000, "٣", "2026-13-45"]
ENDS = ["patient", "direction", "receiver", "department", "number", "version"]


@pytest.mark.parametrize(("page", "field"), [*itertools.product(["choose", "destinations", "standing"], ENDS)])
def test_parts_of_the_sheet(cast, page, field):
    patient = cast.patient()
    browser = cast.browser("township_doctor")
    for value in STRANGE:
        given = {
            "patient": patient.public_id,
            "direction": "up",
            "receiver": "county-hospital",
            "department": "cardiology",
        }
        assert browser.post(reverse(f"referrals:{page}"), given | {field: value}).status_code == 200


@pytest.mark.parametrize(("act", "field"), [*itertools.product(["save", "submit"], ENDS)])
def test_the_sheet_itself(cast, act, field):
    written = referral_at("draft", cast)
    browser = cast.browser("township_doctor")
    for value in STRANGE:
        new = browser.post(NEW, sheet(cast.patient(), act=act) | {field: value})
        changed = browser.post(
            edit_of(written), sheet(written.patient, act="save", version=written.version) | {field: value}
        )
        assert {new.status_code, changed.status_code} <= {302, 409, 412, 422}
        written = fresh(written)
    assert set(Referral.objects.values_list("direction", flat=True)) == {"up"}


@pytest.mark.parametrize("field", ENDS)
def test_what_saves_itself(cast, field):
    written = referral_at("draft", cast)
    browser = cast.browser("township_doctor")
    for value in STRANGE:
        sent = sheet(written.patient, version=fresh(written).version) | {field: value}
        for address in (reverse("referrals:autosave_new"), reverse("referrals:autosave", args=[written.number])):
            answer = browser.post(address, sent)
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert set(Referral.objects.values_list("direction", flat=True)) == {"up"}
