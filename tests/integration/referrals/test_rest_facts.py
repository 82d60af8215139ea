"""Facts over REST: what cannot be true is refused at its place, and nothing is dropped in silence."""

from datetime import date, datetime

import pytest

from referrals.models import Booking, Referral
from tests.cast import SCOPES
from tests.integration.referrals.speaking import ROOT, Side, address, letter, pointers, problem, untouched
from tests.walk import referral_at
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def township(cast):
    return Side.of(cast, "township_doctor")


@pytest.fixture
def desk(cast):
    return Side.of(cast, "core_desk")


def answered(side, referral, verb, **facts):
    return side.post(address(referral.number, verb), facts, version=referral.version)


NO_MOMENT = [
    "0001-01-01",
    "2026-03-11",
    "2026-03-11T09:00:00",
    "2026-W11-3T09:00:00+08:00",
    "20260311T090000+0800",
    "２０２６-03-11T09:00:00+08:00",
    "0001-01-01T00:00:00+08:00",
    "9999-12-31T23:59:59-12:00",
    "2026-03-11T09:00:00+99:00",
    "2026-02-30T09:00:00+08:00",
    "2026-03-11 09:00:00+08:00",
    1_773_190_800,
    True,
]


@pytest.mark.parametrize("moment", NO_MOMENT)
@pytest.mark.parametrize(
    ("status", "verb", "name"),
    [
        ("scheduled", "arrive", "occurred_at"),
        ("scheduled", "arrive", "arrived_at"),
        ("arrived", "conclude", "ended_at"),
        ("arrived", "record_death", "died_at"),
    ],
)
def test_a_moment_has_one_form(cast, status, verb, name, moment):
    referral = referral_at(status, cast)
    answer = answered(Side.moving(cast, verb, referral), referral, verb, **{name: moment})
    found = problem(answer, 400)
    assert [error["pointer"] for error in found["errors"]] == [f"/{name}"]
    assert "2026-03-31T09:30:00+08:00" in found["detail"]


@pytest.mark.parametrize("moment", NO_MOMENT)
def test_so_has_that_of_a_signature(cast, township, moment):
    body = letter(cast.patient().public_id)
    body["consent"] |= {"given_at": moment}
    assert pointers(township.post(ROOT, body), 400) == ["/consent/given_at"]


@pytest.mark.parametrize("moment", ["2026-03-11T09:59Z", "2026-03-11T09:59:59.123456+08:00"])
def test_the_forms_that_are_meant(cast, township, moment):
    body = letter(cast.patient().public_id)
    body["consent"] |= {"given_at": moment.replace("Z", "+08:00")}
    assert township.post(ROOT, body).status_code == 201


@pytest.mark.parametrize("day", ["20260401", "2026-W14-3", "２０２６-04-01", "2026-4-1", "2026-04-01T00:00Z", 7])
def test_a_day_has_one_form(cast, township, day):
    assert pointers(township.post(ROOT, letter(cast.patient().public_id, preferred_from=day)), 400) == [
        "/preferred_from"
    ]


@pytest.mark.parametrize("at", ["0930", "9:30", "09:30+08:00", "09:30Z", "０9:30", "24:00", "09", 9])
def test_a_time_of_day_has_one_form(cast, desk, at):
    referral = referral_at("submitted", cast)
    assert pointers(answered(desk, referral, "accept", slot=cast.slot().pk, at=at), 400) == ["/at"]


# --- places -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("session", "at", "words"),
    [
        ("am", "23:00", "06:00–12:00"),
        ("am", "03:00", "06:00–12:00"),
        ("am", "12:01", "06:00–12:00"),
        ("pm", "09:00", "12:00–17:30"),
        ("pm", "17:31", "12:00–17:30"),
    ],
)
@pytest.mark.parametrize(("status", "verb"), [("submitted", "accept"), ("accepted", "schedule")])
def test_an_hour_outside_of_the_session(cast, desk, status, verb, session, at, words):
    referral, slot = referral_at(status, cast), cast.slot(session=session)
    answer = untouched(lambda: answered(desk, referral, verb, slot=slot.pk, at=at))
    assert words in problem(answer, 422)["errors"][0]["detail"]
    assert pointers(answer, 422) == ["/at"]


def test_an_hour_that_is_over(cast, desk):
    referral, today = referral_at("submitted", cast), cast.slot(days=0)
    assert pointers(answered(desk, referral, "accept", slot=today.pk, at="09:59"), 422) == ["/at"]
    assert answered(desk, referral, "accept", slot=today.pk, at="10:00").status_code == 200


def test_an_hour_that_was_to_come_when_it_was_agreed(cast, desk, clock):
    referral = referral_at("submitted", cast)
    clock.move_to(MOMENT.replace(hour=11))
    agreed = {"slot": cast.slot(days=0).pk, "at": "10:30", "occurred_at": MOMENT.isoformat()}
    assert answered(desk, referral, "accept", **agreed).status_code == 200


def test_a_bed_is_there_all_day(cast, desk):
    referral = referral_at("submitted", cast, kind="inpatient")
    assert answered(desk, referral, "accept", slot=cast.bed().pk, at="20:00").status_code == 200


@pytest.mark.parametrize(
    ("kind", "fits"),
    [
        ("outpatient", {"slot"}),
        ("exam", {"slot"}),
        ("follow_up", {"slot"}),
        ("inpatient", {"bed"}),
        ("rehabilitation", {"bed"}),
        ("emergency", {"slot", "bed"}),
    ],
)
@pytest.mark.parametrize("place", ["slot", "bed"])
def test_which_places_a_kind_takes(cast, desk, kind, fits, place):
    referral = referral_at("submitted", cast, kind=kind)
    answer = answered(desk, referral, "accept", slot=getattr(cast, place)().pk)
    if place in fits:
        assert (answer.status_code, answer.json()["booking"]["slot"]) == (200, getattr(cast, place)().pk)
    else:
        assert (pointers(answer, 422), answer.json()["code"]) == (["/slot"], "wrong_kind")
        assert not Booking.objects.exists()


def test_an_appointment_needs_a_place(cast, desk):
    referral = referral_at("submitted", cast)
    words = {"at": "09:30", "place": "门诊二楼", "bring": "身份证"}
    assert pointers(untouched(lambda: answered(desk, referral, "accept", **words)), 422) == ["/at", "/place", "/bring"]
    assert answered(desk, referral, "accept", bring="").status_code == 200


def test_a_place_has_its_day(cast, desk):
    referral, slot = referral_at("accepted", cast), cast.slot()
    other = answered(desk, referral, "schedule", slot=slot.pk, date="2026-03-20")
    assert pointers(other, 422) == ["/date"]
    assert slot.date.isoformat() in other.json()["detail"]
    assert answered(desk, referral, "schedule", slot=slot.pk, date=slot.date.isoformat()).status_code == 200


# --- the letter -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["follow_up_on", "preferred_from", "preferred_to"])
@pytest.mark.parametrize(("day", "kept"), [("1900-01-01", False), ("9999-12-31", False), ("2026-03-10", True)])
def test_days_that_nobody_means(cast, township, name, day, kept):
    body = letter(cast.patient().public_id) | {name: day}
    assert pointers(untouched(lambda: township.post(ROOT, body)), 422) == [f"/{name}"]
    drafted = township.post(ROOT, body | {"submit": False})
    assert drafted.status_code == (201 if kept else 422)


def test_a_wish_ends_after_it_begins_in_a_draft_too(cast, township):
    wish = {"preferred_from": "2026-03-20", "preferred_to": "2026-03-19", "submit": False}
    assert pointers(township.post(ROOT, letter(cast.patient().public_id, **wish)), 422) == ["/preferred_to"]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"diagnoses": [{"text": "胸闷", "code": "I10", "system": "bogus"}]}, "/diagnoses/0/system"),
        ({"insurance": {"kind": "bogus"}}, "/insurance/kind"),
    ],
)
def test_codes_come_from_their_lists(cast, township, changes, where):
    assert pointers(township.post(ROOT, letter(cast.patient().public_id, **changes)), 422) == [where]


def test_a_priority_is_kept_once(cast, township):
    body = letter(cast.patient().public_id, priority=["elderly", "disabled", "elderly"])
    assert township.post(ROOT, body).json()["priority"] == ["elderly", "disabled"]


def test_the_purpose_explains_another_reason(cast, township):
    body = letter(cast.patient().public_id, reason="other")
    assert township.post(ROOT, body).status_code == 201
    entries = township.get("/api/v1/codes/").json()["referral_reasons"]
    assert {entry["code"]: entry["comment_required"] for entry in entries}["other"] is False


def test_a_signature_before_birth_is_a_wrong_date(cast, township):
    body = letter(cast.patient(born=date(1958, 3, 12)).public_id)
    body["consent"] |= {"given_at": "1900-01-01T00:00:00+08:00"}
    found = problem(township.post(ROOT, body), 422)
    assert [(error["pointer"], error["code"]) for error in found["errors"]] == [("/consent/given_at", "before_birth")]


# --- what is told back ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["draft", "returned"])
def test_an_empty_change_changes_nothing(cast, township, status):
    referral = referral_at(status, cast)
    before = Referral.objects.values().get(), referral.steps.count()
    answer = township.patch(address(referral.number), {}, version=referral.version)
    assert (answer.status_code, answer["ETag"]) == (200, f'"{referral.version}"')
    assert (Referral.objects.values().get(), referral.steps.count()) == before


CLINICAL = ("history", "diagnoses", "treatment", "medications", "consent", "summary", "caller_phone")


def test_who_may_only_write_is_not_told_what_is_written(cast, township):
    writer = cast.client("chengguan", scopes=[scope for scope in SCOPES if scope != "referrals:read"])
    staff = cast.memberships.township_doctor.staff_number
    patient = cast.patient().public_id
    options = {"on_behalf_of": staff, "key": "k-1"}
    body = letter(patient)
    sent = writer.post(ROOT, body, **options)
    assert (sent.status_code, sent.json()["status"]) == (201, "submitted")
    number, version = sent.json()["number"], sent.json()["version"]
    commented = writer.post(address(number, "comment"), {"text": "请尽快"}, on_behalf_of=staff, version=version)
    again = writer.post(ROOT, body, **options)
    assert again["Idempotency-Replayed"] == "true"
    for answer in (sent, commented, again):
        assert {name: answer.json()[name] for name in CLINICAL} == dict.fromkeys(CLINICAL)
        assert "王" not in answer.json()["patient_shown"]["name"][1:]
    assert township.read(number)["history"] == Referral.objects.get().history == body["history"]


def test_forwarding_answers_what_its_caller_may_see(cast, desk):
    """The receiver is no party of what follows and is shown the old one, ended."""
    referral = referral_at("submitted", cast)
    answer = answered(desk, referral, "forward", receiver="county-tcm", department="cardiology")
    assert (answer.status_code, answer.json()["number"], answer.json()["status"]) == (
        200, referral.number, "forwarded"
    )  # fmt: skip
    assert "Location" not in answer.headers
