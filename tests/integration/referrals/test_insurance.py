"""Insurance on a referral: taken over, checked, shown, printed; the deductible only where the office lets it."""

import pytest
from django.urls import reverse

from institutions.actions import change_consortium
from referrals import actions
from referrals.content import clean_content
from tests.integration.referrals.pages import words_in
from tests.integration.referrals.speaking import ROOT, Side, address, letter
from tests.walk import referral_at, step
from toolkit.refusals import Refused

pytestmark = pytest.mark.django_db

WHOLE = {
    "kind": "resident", "area": "四川省广元市青川县", "certificate_number": "备案-2026/0031",
    "valid_from": "2026-03-01", "valid_to": "2026-09-01",
}  # fmt: skip
LINE = "起付线连续计算，以参保地政策为准"


def slip(cast, referral, who="township_doctor") -> str:
    return words_in(cast.browser(who).get(reverse("referrals:slip", args=[referral.number])))


def detail(cast, referral, who="core_desk") -> str:
    return words_in(cast.browser(who).get(reverse("referrals:detail", args=[referral.number])))


def lets(cast, **flags):
    change_consortium(actor=cast.actors.consortium_administrator, consortium=cast.consortium, **flags)


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"valid_to": "2026-02-28"}, "/insurance/valid_to", "order"),
        ({"valid_from": "2026-02-30"}, "/insurance/valid_from", "date"),
        ({"valid_to": "2206-09-01"}, "/insurance/valid_to", "year"),
        ({"certificate_number": "1" * 61}, "/insurance/certificate_number", "too_long"),
        ({"certificate_number": "12\n34"}, "/insurance/certificate_number", "bad_character"),
        ({"kind": "gold"}, "/insurance/kind", "choice"),
        ({"area": ["x"]}, "/insurance/area", "text"),
    ],
)
def test_what_is_wrong_is_named(change, pointer, code):
    with pytest.raises(Refused) as refused:
        clean_content({"insurance": WHOLE | change})
    assert [(each.pointer, each.code) for each in refused.value.errors] == [(pointer, code)]


def test_on_page_slip_and_rest_and_twice_is_once(cast):
    sent = referral_at("submitted", cast, insurance=WHOLE)
    shown = "城乡居民基本医疗保险（四川省广元市青川县） 转诊备案号 备案-2026/0031 有效期 2026-03-01—2026-09-01"
    assert shown in detail(cast, sent)
    printed = slip(cast, sent)
    assert "城乡居民基本医疗保险（四川省广元市青川县）" in printed and "转诊备案号 备案-2026/0031" in printed
    assert LINE not in printed and LINE not in detail(cast, sent)
    side, draft = Side.of(cast, "township_doctor"), referral_at("draft", cast)
    body = {"insurance": WHOLE}
    once = side.patch(address(draft.number), body, version=draft.version).json()
    again = side.patch(address(draft.number), body, version=once["version"]).json()
    assert once["insurance"] == again["insurance"] == WHOLE


def test_the_deductible_where_the_office_lets_it_and_somebody_stays(cast):
    up = referral_at("submitted", cast, kind="inpatient", insurance=WHOLE)
    down = step("refer_back", referral_at("concluded", cast), cast)
    actions.change_draft(down, actor=cast.actors.cardiologist, kind="rehabilitation")
    visit = referral_at("submitted", cast)
    assert LINE not in slip(cast, up)
    lets(cast, deductible_up=True)
    assert LINE in slip(cast, up) and LINE in detail(cast, up)
    assert LINE not in slip(cast, visit) and LINE not in slip(cast, down, "cardiologist")
    lets(cast, deductible_up=False, deductible_down=True)
    assert LINE not in slip(cast, up) and LINE in slip(cast, down, "cardiologist")


def test_a_certificate_stays_with_its_referral(cast):
    down = step("refer_back", referral_at("concluded", cast, insurance=WHOLE), cast)
    assert down.insurance == {"kind": "resident", "area": "四川省广元市青川县"}


def test_a_letter_over_rest_may_leave_it_out(cast):
    body = letter(cast.patient().public_id) | {"insurance": {"kind": "", "valid_from": None}}
    assert Side.of(cast, "township_doctor").post(ROOT, body).json()["insurance"] == {}
