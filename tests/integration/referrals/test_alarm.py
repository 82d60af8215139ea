"""The red banner: every emergency that nobody has taken, on the screens of whoever may answer, and on nobody else's."""

import re
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from tests.integration.referrals.green import again, sent, statements
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 2, 0, tzinfo=ZONE)
AT_MOST = 3
"""Statements of its own: besides who asks (session, person, jobs, house) it is one."""

WHO_ASKS = 4
NUMBER = re.compile(r"R\d{11}")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def banner(cast, who) -> str:
    answer = cast.browser(who).get(reverse("referrals:alarm"), headers={"HX-Request": "true", "X-Background": "1"})
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(cast, who) -> list[str]:
    return list(dict.fromkeys(NUMBER.findall(banner(cast, who))))


def test_it_hangs_at_the_desk_and_in_the_department_until_somebody_claims(cast, clock):
    stroke = sent(cast)
    referral_at("submitted", cast)  # no emergency
    sent(cast, department=cast.departments.tcm_cardiology)  # another house's
    step("claim", sent(cast, department=cast.departments.surgery), cast)  # taken already
    clock.shift(timedelta(minutes=7))
    assert {who: numbers(cast, who) for who in ("core_desk", "neurologist", "cardiologist", "township_doctor")} == {
        "core_desk": [stroke.number], "neurologist": [stroke.number], "cardiologist": [], "township_doctor": [],
    }  # fmt: skip
    words = banner(cast, "core_desk")
    assert [part in words for part in ("卒中", "城关镇卫生院", "神经内科", "已等 7 分", "tel:13908390001")] == [
        True
    ] * 5
    claim = reverse("referrals:move", args=[stroke.number, "claim"])
    assert (claim in words, claim in banner(cast, "neurologist")) == (True, False)
    assert cast.browser("core_desk").post(claim).status_code == 302
    assert [numbers(cast, who) for who in ("core_desk", "neurologist")] == [[], []]


def test_nothing_of_the_patient_hangs_in_the_corridor(cast):
    stroke = sent(cast, patient=cast.patient(name="欧阳雪松"))
    words = re.sub(r"R\d{11}|1390839\d{4}|csrfmiddlewaretoken.*", "", banner(cast, "core_desk"))
    hidden = ("欧阳", "雪松", stroke.history, stroke.caller_phone, stroke.patient.last4, str(stroke.patient.age))
    assert [
        part for part in hidden if part in re.sub(r"R\d{11}|\d{2}:\d{2}|tel:\d+|1390839\d{4}|token.*", "", words)
    ] == []


def test_who_set_out_before_the_answer_is_still_unanswered(cast):
    stroke = step("dispatch", sent(cast), cast, confirmed_by="徐磊")
    assert numbers(cast, "core_desk") == [stroke.number]
    step("accept", again(stroke), cast)
    assert numbers(cast, "core_desk") == []


def test_an_ambulance_that_does_not_come_is_missed_until_somebody_asks(cast, clock):
    """Without a travel time three hours are allowed; a claim from before says nothing of that."""
    stroke = step("dispatch", step("accept", sent(cast), cast), cast)
    step("claim", again(stroke), cast)
    clock.shift(timedelta(hours=2, minutes=59))
    assert numbers(cast, "core_desk") == []
    clock.shift(timedelta(minutes=21))
    assert "超时未到 20 分" in banner(cast, "core_desk")
    step("claim", again(stroke), cast)  # by the same person, who now sees to it
    assert numbers(cast, "core_desk") == []


def test_who_left_before_anybody_accepted_is_missed_as_well_though_somebody_has_claimed(cast, clock):
    stroke = step("dispatch", sent(cast), cast, confirmed_by="徐磊")
    step("claim", again(stroke), cast)
    clock.shift(timedelta(hours=2, minutes=59))
    assert numbers(cast, "core_desk") == []
    clock.shift(timedelta(minutes=21))
    assert "超时未到 20 分" in banner(cast, "core_desk")
    step("claim", again(stroke), cast)
    assert numbers(cast, "core_desk") == []


def test_who_cannot_answer_is_not_asked_to_poll(cast):
    address = reverse("referrals:alarm")
    page = {who: cast.browser(who).get(reverse("notifications:inbox")).content.decode() for who in ASKED}
    assert {who: f'hx-get="{address}"' in page[who] for who in ASKED} == ASKED
    refused = cast.browser("pharmacist").get(address, headers={"HX-Request": "true"})
    assert refused.status_code == 403


ASKED = {"core_desk": True, "neurologist": True, "family_doctor": False, "core_administrator": False, "auditor": False}


def test_thirty_emergencies_cost_no_more_than_none(cast):
    browser = cast.browser("core_desk")

    def asked():
        return browser.get(reverse("referrals:alarm"), headers={"HX-Request": "true", "X-Background": "1"})

    before = statements(asked)
    for _each in range(7):
        sent(cast)
    assert statements(asked) == before <= WHO_ASKS + AT_MOST
    assert "还有 2 位" in asked().content.decode()
