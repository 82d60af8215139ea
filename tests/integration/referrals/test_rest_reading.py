"""Lists, one referral and its timeline over REST: to whom, in which order, masked or whole, and written down."""

from datetime import datetime, timedelta

import pytest

from events.models import AccessEntry
from referrals.actions import change_draft
from referrals.serializers import ContentSerializer
from referrals.statuses import STATUS_LABELS
from tests.integration.referrals.speaking import ROOT, Side, address, problem
from tests.walk import CONTENT, referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.rest.choices import known_words

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

CLINICAL = ("purpose", "history", "past_history", "diagnoses", "allergies", "vitals", "consent", "summary", "treatment")
NAME, PHONE, STREET = "王秀英", "13800001234", "东街 12 号"


def numbers(side, query="") -> list[str]:
    answer = side.get(ROOT + query)
    assert answer.status_code == 200, answer.content
    return [row["number"] for row in answer.json()["results"]]


# --- lists ------------------------------------------------------------------------------------------------------------


def test_each_box_is_one_side_in_its_own_order(cast, clock):
    stages = ("draft", "submitted", "accepted", "rejected", "closed")
    up = {}
    for number, status in enumerate(stages):
        clock.move_to(MOMENT + timedelta(minutes=number))
        up[status] = referral_at(status, cast).number
    down = referral_at("submitted", cast, direction="down").number
    other = referral_at("submitted", cast, sender=cast.institutions.hekou).number
    step("defer", referral_at("accepted", cast), cast, contact_by=datetime(2026, 3, 13).date())
    deferred = numbers(Side.of(cast, "core_desk"), "?box=deferred")
    assert len(deferred) == 1
    boxes = {
        "township_doctor": {
            "outgoing": [*deferred, up["closed"], up["rejected"], up["accepted"], up["submitted"], up["draft"]],
            "incoming": [down],
            "deferred": [],
            "my_turn": [up["rejected"], up["draft"]],
        },
        "township_desk": {
            "outgoing": [*deferred, up["closed"], up["rejected"], up["accepted"], up["submitted"], up["draft"]],
            "incoming": [down],
            "deferred": [],
            "my_turn": [down],
        },
        "core_desk": {
            "outgoing": [down],
            "incoming": [*deferred, other, up["closed"], up["rejected"], up["accepted"], up["submitted"]],
            "deferred": deferred,
            "my_turn": [up["submitted"], other, *deferred, up["accepted"]],
        },
        "tcm_desk": {"outgoing": [], "incoming": [], "deferred": [], "my_turn": []},
        "outsider_doctor": {"outgoing": [], "incoming": [], "deferred": [], "my_turn": []},
    }
    for who, expected in boxes.items():
        side = Side.of(cast, who)
        found = {box: numbers(side, f"?box={box}") for box in expected}
        assert found == expected, who
        assert numbers(side) == expected["incoming"]


def test_a_list_is_read_to_its_end_page_by_page(cast, clock):
    for number in range(5):
        clock.move_to(MOMENT + timedelta(minutes=number))
        referral_at("submitted", cast)
    side = Side.of(cast, "core_desk")
    whole = numbers(side, "?limit=200")
    assert len(whole) == 5
    pages, address = [], ROOT + "?limit=2&box=incoming"
    while address:
        page = side.get(address.removeprefix("http://testserver")).json()
        pages.append([row["number"] for row in page["results"]])
        address = page["next"]
    assert pages == [whole[:2], whole[2:4], whole[4:]]
    assert side.get(ROOT + "?count=exact&limit=1").json()["count"] == 5


def test_a_row_is_masked_and_writes_no_access(cast):
    referral_at("arrived", cast)
    for who in ("core_desk", "cardiologist"):
        answer = Side.of(cast, who).get(ROOT)
        (row,) = answer.json()["results"]
        assert row["patient_shown"]["name"] == "王**"
        assert not set(CLINICAL) & set(row)
        for secret in (NAME, PHONE, STREET, "胸闷", "李建国"):
            assert secret not in answer.content.decode()
    assert not AccessEntry.objects.exists()


FILTERED = [
    ("?status=submitted", {"routine"}),
    ("?status=submitted&status=scheduled", {"routine", "urgent"}),
    ("?urgency=emergency", {"green"}),
    ("?green=true", {"green"}),
    ("?green=false", {"routine", "urgent", "inpatient"}),
    ("?kind=inpatient", {"inpatient"}),
    ("?department=neurology", {"inpatient"}),
    ("?partner=hekou", {"urgent"}),
    ("?partner=chengguan&kind=outpatient", {"routine", "green"}),
    ("?direction=up", {"routine", "urgent", "inpatient", "green"}),
    ("?direction=down", set()),
    ("?overdue=true", {"green"}),
    ("?overdue=false", {"routine", "urgent", "inpatient"}),
    ("?since=2026-03-11&until=2026-03-11", {"routine", "urgent", "inpatient", "green"}),
    ("?since=2026-03-12", set()),
    ("?until=2026-03-10", set()),
]


def test_filters(cast, clock):
    made = {
        "routine": referral_at("submitted", cast),
        "urgent": referral_at("scheduled", cast, urgency="urgent", sender=cast.institutions.hekou),
        "inpatient": referral_at("accepted", cast, kind="inpatient", department=cast.departments.neurology),
        "green": referral_at("accepted", cast, green_channel="stroke", caller_phone="13800000000"),
    }
    clock.shift(timedelta(minutes=6))
    side = Side.of(cast, "core_desk")
    names = {referral.number: name for name, referral in made.items()}
    assert {query: {names[number] for number in numbers(side, query)} for query, _wanted in FILTERED} == dict(FILTERED)


# --- one referral -----------------------------------------------------------------------------------------------------


def test_the_parties_read_it_whole_and_each_look_is_written_down(cast):
    referral = referral_at("concluded", cast)
    for looks, who in enumerate(("township_doctor", "cardiologist", "core_desk"), start=1):
        body = Side.of(cast, who).read(referral.number)
        assert body["patient_shown"]["name"] == NAME
        assert {name: body[name] for name in ("history", "vitals", "allergies")} == {
            name: CONTENT[name] for name in ("history", "vitals", "allergies")
        }
        assert body["summary"]["outcome"] == "referred_back"
        assert AccessEntry.objects.count() == looks
    bases = AccessEntry.objects.order_by("pk").values_list("institution_code", "basis")
    assert list(bases) == [("chengguan", "registration"), ("county-hospital", "referral"),
                           ("county-hospital", "referral")]  # fmt: skip


def test_when_it_is_over_the_parties_see_masks(cast):
    referral = referral_at("closed", cast)
    assert Side.of(cast, "cardiologist").read(referral.number)["patient_shown"]["name"] == "王**"


def test_after_a_withdrawal_the_receiver_sees_that_it_was_and_nothing_of_the_patient(cast):
    referral = referral_at("withdrawn", cast)
    body = Side.of(cast, "cardiologist").read(referral.number)
    assert (body["status"], body["patient_shown"]["name"]) == ("withdrawn", "王**")
    assert {body[name] for name in CLINICAL} == {None}
    assert not AccessEntry.objects.exists()


def test_the_office_sees_where_it_stands_and_no_word_about_the_illness(cast):
    referral = referral_at("returned", cast)
    office = Side(cast, "county-hospital", None)
    office.partner = cast.client("county-hospital", roles=("consortium_administrator",))
    # the hospital is a party; let the office sit elsewhere
    answer = office.partner.get(address(referral.number))
    assert answer.status_code == 200
    for secret in (NAME, PHONE, "胸闷", "心电图"):
        assert secret not in answer.content.decode()
    steps = office.partner.get(address(referral.number, "events"))
    assert [row["remark"] for row in steps.json()["results"]] == ["", ""]
    assert not AccessEntry.objects.exists()


@pytest.mark.parametrize("path", ["", "events"])
def test_a_stranger_hears_nothing_and_a_colleague_why_not(cast, path):
    referral = referral_at("submitted", cast)
    where = address(referral.number, path)
    for who in ("outsider_doctor", "tcm_desk", "hekou_doctor"):
        problem(Side.of(cast, who).get(where), 404)
    assert "查看转诊" in problem(Side.of(cast, "pharmacist").get(where), 403)["detail"]
    assert "查看转诊" in problem(Side.of(cast, "pharmacist").get(ROOT), 403)["detail"]


def test_a_draft_is_the_senders_alone(cast):
    for status in ("draft", "in_review"):
        referral = referral_at(status, cast)
        problem(Side.of(cast, "core_desk").get(address(referral.number)), 404)


def test_the_number_may_be_typed_in_small_letters(cast):
    referral = referral_at("submitted", cast)
    assert Side.of(cast, "core_desk").read(referral.number.lower())["number"] == referral.number


# --- the timeline -----------------------------------------------------------------------------------------------------


def test_the_timeline_tells_what_happened_to_those_who_may_know(cast):
    referral = referral_at("returned", cast)
    rows = Side.of(cast, "core_desk").get(address(referral.number, "events")).json()["results"]
    assert [(row["verb"], row["from"], row["to"], row["institution"], row["by"]) for row in rows] == [
        ("submit", "draft", "submitted", "chengguan", "张伟"),
        ("return", "submitted", "returned", "county-hospital", "黄丽"),
    ]
    assert [row["remark"] for row in rows] == ["", "请补充近期心电图"]
    assert [row["hand"] for row in rows] == ["县人民医院", "城关镇卫生院 全科"]


# --- changing it ------------------------------------------------------------------------------------------------------


def test_a_returned_one_is_changed_and_says_so(cast):
    referral = referral_at("returned", cast)
    side = Side.of(cast, "township_doctor")
    answer = side.patch(address(referral.number), {"history": "补充心电图：ST 段压低"}, version=referral.version)
    assert (answer.status_code, answer.json()["history"]) == (200, "补充心电图：ST 段压低")
    assert answer.headers["ETag"] == f'"{referral.version + 1}"'
    problem(side.patch(address(referral.number), {"history": "又一次"}, version=referral.version), 412)


def test_what_is_left_out_stays(cast):
    referral = referral_at("draft", cast)
    change_draft(referral, actor=cast.actors.township_doctor, purpose="请会诊")
    body = Side.of(cast, "township_doctor").read(referral.number)
    assert (body["purpose"], body["history"], body["allergies"]) == ("请会诊", CONTENT["history"], ["青霉素"])


def test_what_was_read_can_be_sent_back_as_it_is(cast):
    """Nothing written yet reads as nothing in its own kind: an empty list is a list."""
    referral = referral_at("draft", cast, allergies=[], vitals={}, past_history="", diagnoses=[])
    side = Side.of(cast, "township_doctor")
    body = side.read(referral.number)
    empty = {"allergies": [], "medications": [], "vitals": {}, "past_history": "", "diagnoses": [], "insurance": {}}
    assert {name: body[name] for name in empty} == empty
    written = {name: body[name] for name in ContentSerializer().fields if name != "consent"}
    answer = side.patch(address(referral.number), written, version=referral.version)
    assert answer.status_code == 200, answer.content.decode()
    after = answer.json()
    assert {name: after[name] for name in written} == written


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ("direction=x", "请从以下选择：up（上转）、down（下转）、lateral（平级转诊）、out（外转）。"),
        ("status=submitted&status=nope", None),
        ("green=perhaps", "请从以下选择：true（是）、false（否）。"),
        ("since=2026-02-30", "不是有效日期，应写作 2026-03-31。"),
    ],
)
def test_a_wrong_filter_says_what_would_be_right(cast, query, right):
    told = problem(Side.of(cast, "core_desk").get(f"{ROOT}?{query}"), 400)["errors"]
    assert [each["pointer"] for each in told] == [f"/{query.split('=')[0]}"]
    assert told[0]["detail"] == (right or known_words(STATUS_LABELS.items()))
