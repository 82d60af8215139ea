"""Paper over REST: a hospital's system enters what its people wrote on a numbered slip."""

from datetime import timedelta

import pytest
from django.utils import timezone

from referrals.actions.blanks import print_blanks
from referrals.models import BlankSlip, Referral
from tests.integration.referrals.speaking import ROOT, Side, letter, pointers, problem, untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def side(cast):
    return Side.of(cast, "township_doctor")


@pytest.fixture
def blank(cast):
    made = print_blanks(actor=cast.actors.township_doctor, count=1, direction="up")[0]
    BlankSlip.objects.update(printed_at=timezone.now() - timedelta(days=1))
    return made


def on_paper(cast, blank, hours=2, **changes) -> dict:
    at = timezone.now() - timedelta(hours=hours)
    return letter(cast.patient().public_id, blank_number=blank.number, occurred_at=at.isoformat()) | changes


def test_it_bears_the_number_and_the_time(cast, side, blank):
    body = on_paper(cast, blank)
    answer = side.post(ROOT, body)
    assert answer.status_code == 201, answer.content
    sent = answer.json()
    assert (sent["number"], sent["status"], sent["submitted_at"][:16]) == (
        blank.number, "submitted", f"{timezone.localtime(Referral.objects.get().submitted_at):%Y-%m-%dT%H:%M}"
    )  # fmt: skip
    steps = side.get(f"{ROOT}{blank.number}/events/").json()["results"]
    assert [(step["verb"], step["late"]) for step in steps] == [("submit", True)]


def test_a_draft_keeps_the_time_until_it_is_sent(cast, side, blank):
    side.post(ROOT, on_paper(cast, blank, submit=False))
    assert side.move(blank.number, "submit")["status"] == "submitted"
    blank.refresh_from_db()
    assert Referral.objects.get().submitted_at == blank.written_at


def test_late_entry_without_paper_as_well(cast, side):
    at = timezone.now() - timedelta(hours=3)
    side.post(ROOT, letter(cast.patient().public_id, occurred_at=at.isoformat()))
    assert Referral.objects.get().submitted_at == at


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"blank_number": "R26000000005"}, 422, "/blank_number"),
        ({"blank_number": "R26000000006"}, 422, "/blank_number"),
        ({"occurred_at": None}, 422, "/occurred_at"),
        ({"occurred_at": "2020-01-01T08:00:00+08:00"}, 422, "/occurred_at"),
        ({"occurred_at": "yesterday"}, 400, "/occurred_at"),
        ({"blank_number": "", "submit": False}, 422, "/occurred_at"),
    ],
)
def test_what_is_wrong_keeps_nothing(cast, side, blank, change, status, pointer):
    body = on_paper(cast, blank) | change
    side.partner.token  # noqa: B018 - fetching it writes as well
    assert pointers(untouched(lambda: side.post(ROOT, body)), status) == [pointer]


def test_before_it_was_printed(cast, side, blank):
    answer = side.post(ROOT, on_paper(cast, blank, hours=30))
    assert problem(answer, 422)["code"] == "before_printing"


def test_a_second_patient_does_not_get_it(cast, side, blank):
    assert side.post(ROOT, on_paper(cast, blank)).status_code == 201
    assert problem(side.post(ROOT, on_paper(cast, blank)), 409)["code"] == "used"
    assert Referral.objects.count() == 1


def test_the_paper_of_others_is_unknown(cast, blank):
    body = on_paper(cast, blank, patient=cast.patient(cast.actors.hekou_doctor).public_id)
    assert problem(Side.of(cast, "hekou_doctor").post(ROOT, body), 422)["code"] == "unknown"
