"""In which order things are wrong over REST: 404, 428 and 412, 403, 422; and a double click is one effect."""

from datetime import datetime

import pytest

from tests.integration.referrals.speaking import Side, address, facts_as_json, problem, untouched
from tests.walk import referral_at
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def township(cast):
    return Side.of(cast, "township_doctor")


def test_first_whether_it_is_there_then_which_version_then_who_then_what(cast):
    referral = referral_at("submitted", cast)
    outsider, doctor = Side.of(cast, "outsider_doctor"), Side.of(cast, "township_doctor")
    desk = Side.of(cast, "core_desk")
    path, wrong = address(referral.number, "accept"), {"slot": "never"}
    for answer, status in [
        (lambda: outsider.post(path, wrong), 404),
        (lambda: outsider.post(path, wrong, version=referral.version), 404),
        (lambda: doctor.post(path, wrong), 428),
        (lambda: doctor.post(path, wrong, **{"If-Match": "latest"}), 400),
        (lambda: doctor.post(path, wrong, **{"If-Match": "*"}), 400),
        (lambda: doctor.post(path, wrong, version=99), 412),
        (lambda: doctor.post(path, wrong, version=referral.version), 403),
        (lambda: desk.post(path, wrong, version=referral.version), 400),
        (lambda: desk.post(path, {"slot": 10**12}, version=referral.version), 422),
        (lambda: desk.post(path, {}, version=referral.version, **{"Authorization": "Bearer nothing"}), 401),
    ]:
        problem(untouched(answer), status)


def test_the_same_order_when_it_is_changed(cast):
    referral = referral_at("returned", cast)
    path, wrong = address(referral.number), {"colour": "red"}
    outsider, receiver = Side.of(cast, "outsider_doctor"), Side.of(cast, "cardiologist")
    doctor = Side.of(cast, "township_doctor")
    for answer, status in [
        (lambda: outsider.patch(path, wrong), 404),
        (lambda: receiver.patch(path, wrong), 428),
        (lambda: receiver.patch(path, wrong, version=1), 412),
        (lambda: receiver.patch(path, wrong, version=referral.version), 403),
        (lambda: doctor.patch(path, wrong, version=referral.version), 400),
        (lambda: doctor.patch(path, {"urgency": "urgent"}, version=referral.version), 422),
    ]:
        problem(untouched(answer), status)


@pytest.mark.parametrize("number", ["R2600000000", "r-x", "R26" + "9" * 60, "new", "drop-table"])
def test_a_number_nobody_has(township, number):
    for answer in (township.get(address(number)), township.post(address(number, "submit"), {}, version=1)):
        problem(answer, 404)


def test_a_verb_nobody_has(cast, township):
    problem(township.post(address(referral_at("draft", cast).number, "explode"), {}, version=1), 404)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_method_nobody_offers(cast, township, method):
    problem(township.call(method, address(referral_at("draft", cast).number), {}), 405)


def test_out_of_turn_says_when_it_would_be_right(cast):
    referral = referral_at("accepted", cast)
    answer = Side.of(cast, "cardiologist").post(
        address(referral.number, "conclude"), facts_as_json("conclude", referral, cast), version=referral.version
    )
    body = problem(answer, 422)
    assert body["detail"] == "当前状态为“已接收”，只有在“已到诊”时才能办结并回传小结。"


def test_a_double_click_is_one_effect(cast):
    referral = referral_at("submitted", cast)
    desk = Side.of(cast, "core_desk")
    first = desk.post(address(referral.number, "accept"), {}, version=referral.version)
    assert first.status_code == 200
    problem(untouched(lambda: desk.post(address(referral.number, "accept"), {}, version=referral.version)), 412)
