"""What was withdrawn, sent elsewhere or entered by mistake is the sender's again, whatever else its receiver knows."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events import outbox
from events.models import Event
from notifications.models import Delivery
from records.actions import register_patient
from records.data import NumberData, PatientData
from referrals import actions
from referrals.models import Referral
from tests.integration.referrals.speaking import Side, address
from tests.walk import CONTENT, DOWNWARD, referral_at, step

pytestmark = pytest.mark.django_db

WRITTEN = {"history": "反复胸闷独有其文", "past_history": "既往独有其文", "allergies": ["过敏独有其文"]}
MARK = "独有其文"
ENDS = {"withdraw": "withdrawn", "forward": "forwarded", "void": "void"}


def seen(cast, who, referral) -> dict:
    """Where the mark, or the patient's name, meets this reader."""
    browser, side = cast.browser(who), Side.of(cast, who)
    pages = {
        name: browser.get(reverse(f"referrals:{name}", args=[referral.number]))
        for name in ("detail", "slip", "consent")
    }
    pages |= {"rest": side.get(address(referral.number)), "events": side.get(address(referral.number, "events"))}
    return {name: page.status_code for name, page in pages.items() if MARK in page.text or "王秀英" in page.text}


@pytest.mark.parametrize(("verb", "status"), ENDS.items())
def test_another_referral_of_the_same_person_does_not_open_it_again(cast, verb, status):
    taken = referral_at("submitted", cast, **WRITTEN)
    assert set(seen(cast, "cardiologist", taken)) == {"detail", "slip", "consent", "rest"}
    step(verb, taken, cast)
    assert Referral.objects.get(pk=taken.pk).status == status
    Referral.objects.filter(parent=taken).update(status="draft")  # a successor must not stand in the way
    running = referral_at("submitted", cast, patient=taken.patient, department=cast.departments.neurology)
    assert set(seen(cast, "cardiologist", running)) >= {"detail", "rest"}
    assert seen(cast, "cardiologist", taken) == {}
    assert set(seen(cast, "township_doctor", taken)) >= {"detail", "slip", "rest"}
    answer = cast.browser("cardiologist").post(
        reverse("referrals:reveal", args=[taken.number]), {"fields": ["identifiers"], "reason": "核对身份"}
    )
    assert answer.status_code == 403


def test_nor_does_the_own_registration_of_whom_one_was_to_take_back(cast):
    """Downward the patient is the receiver's own; the hospital's letter is not."""
    stay = referral_at("arrived", cast)
    letter = step("refer_back", stay, cast)
    actions.change_draft(
        letter,
        actor=cast.actors.cardiologist,
        **(CONTENT | DOWNWARD | WRITTEN | {"follow_up_on": stay.created_at.date()}),
    )
    step("submit", letter, cast)
    assert set(seen(cast, "township_doctor", letter)) >= {"detail", "slip", "rest"}
    step("withdraw", letter, cast)
    assert seen(cast, "township_doctor", letter) == {}


def registered_there(cast, patient):
    """The same person, as the hospital registers him."""
    numbers = [NumberData(type="resident_id", value=patient.identifiers.get().value)]
    return register_patient(actor=cast.actors.cardiologist, data=PatientData(name="王秀英", identifiers=numbers))[0]


def proposed(cast, patient):
    """The allergies a new sheet of the hospital takes over."""
    chosen = cast.browser("cardiologist").post(reverse("referrals:choose"), {"patient": patient.public_id})
    return chosen.context["prefill"].get("allergies")


@pytest.mark.parametrize("verb", ENDS)
def test_a_new_sheet_takes_nothing_over_from_it(cast, verb):
    taken = referral_at("submitted", cast, **WRITTEN)
    own = registered_there(cast, taken.patient)
    assert proposed(cast, own) == WRITTEN["allergies"]
    step(verb, taken, cast)
    assert proposed(cast, own) is None


def test_nor_from_what_was_closed_too_long_ago(cast, time_machine):
    closed = referral_at("closed", cast, **WRITTEN)
    own = registered_there(cast, closed.patient)
    assert proposed(cast, own) == WRITTEN["allergies"]
    time_machine.move_to(timezone.now() + timedelta(days=91))
    assert proposed(cast, own) is None


@pytest.mark.parametrize("verb", ENDS)
def test_an_answer_that_was_kept_for_its_key_is_not_given_again(cast, verb):
    taken = referral_at("submitted", cast, **WRITTEN)
    desk = Side.of(cast, "core_desk")
    version = desk.read(taken.number)["version"]
    send = lambda: desk.post(address(taken.number, "comment"), {"text": "收到"}, version=version, key="k")  # noqa: E731
    first, again = send(), send()
    assert (MARK in first.text, again.text, again.headers["Idempotency-Replayed"]) == (True, first.text, "true")
    step(verb, taken, cast)
    later = send()
    assert (later.status_code, later.json()["status"]) == (200, ENDS[verb])
    assert (MARK in later.text, "王秀英" in later.text) == (False, False)
    assert taken.steps.filter(verb="comment").count() == 1


# --- numbers of other referrals ---------------------------------------------------------------------------------------


def numbers_at(cast, who, referral) -> set[str]:
    page = cast.browser(who).get(reverse("referrals:detail", args=[referral.number]))
    side = Side.of(cast, who)
    told = page.context["story"].entries
    steps = side.get(address(referral.number, "events")).json()["results"]
    return {entry.linked for entry in told if entry.linked} | {
        one["facts"]["number"] for one in steps if "number" in one["facts"]
    }


def test_the_number_of_a_draft_is_its_writers(cast):
    stay = referral_at("arrived", cast)
    letter = step("refer_back", stay, cast)
    assert numbers_at(cast, "cardiologist", stay) == {letter.number}
    assert numbers_at(cast, "township_doctor", stay) == set()


def test_who_forwards_learns_no_number_and_who_receives_none_of_before(cast):
    old = referral_at("submitted", cast)
    new = step("forward", old, cast)
    assert numbers_at(cast, "township_doctor", old) == {new.number}
    assert numbers_at(cast, "core_desk", old) == set()
    assert old.number not in Side.of(cast, "tcm_desk").get(address(new.number)).text
    assert Side.of(cast, "township_doctor").read(new.number)["parent"] == old.number


# --- before it is sent ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_of_what_is_not_sent_the_other_side_hears_nothing(cast, status):
    """Neither its people, nor its administrators among what was not delivered, nor the office as unheard."""
    referral = referral_at(status, cast)
    author = cast.hand(referral.sender, "doctor")
    step("comment", referral, cast, actor=author, text="先等心电图")
    step("upgrade", referral, cast, actor=author, urgency="urgent")
    step("record_death", referral, cast, actor=author)
    while outbox.run_due():
        pass
    house = cast.institutions.hospital
    assert Delivery.objects.filter(institution=house).count() == 0
    assert Event.objects.filter(name="notice.unheard").count() == 0
    assert referral.number not in cast.browser("core_administrator").get("/deliveries/?show=suppressed").text


def test_what_was_found_is_not_in_the_events(cast):
    referral_at("concluded", cast)
    assert "outcome" not in Event.objects.get(name="referral.concluded").facts


# --- masks ------------------------------------------------------------------------------------------------------------


def test_masked_numbers_are_for_who_may_open_the_record(cast):
    """Region, year of birth and the last four digits leave a few dozen numbers to try."""
    referral = referral_at("submitted", cast)
    office = cast.client("county-hospital", roles=["consortium_administrator"])
    desk = Side.of(cast, "core_desk")

    def numbers(side, path, box="incoming"):
        return [row["patient_shown"]["identifiers"] for row in side.get(f"{path}?box={box}").json()["results"]]

    shown = [
        {"type": "resident_id", "value": "510822********" + referral.patient.last4, "owner": "self", "history": False}
    ]
    assert numbers(desk, "/api/v1/referrals/") == [shown]
    assert numbers(office, "/api/v1/referrals/", "overseen") == [[]]
    assert office.get(address(referral.number)).json()["patient_shown"]["identifiers"] == []
    step("withdraw", referral, cast)
    assert numbers(desk, "/api/v1/referrals/") == [[]]
    assert desk.read(referral.number)["patient_shown"]["identifiers"] == []


def test_what_the_patient_is_to_bring_is_for_the_parties(cast):
    referral = referral_at("accepted", cast)
    step("schedule", referral, cast, slot=cast.slot(), place="三楼", bring="既往胸部 CT 片")
    office = cast.client("county-hospital", roles=["consortium_administrator"])
    booked = office.get(address(referral.number)).json()["booking"]
    assert (booked["date"], booked["place"], booked["bring"]) == (cast.slot().date.isoformat(), "", "")
    assert Side.of(cast, "core_desk").read(referral.number)["booking"]["bring"] == "既往胸部 CT 片"
