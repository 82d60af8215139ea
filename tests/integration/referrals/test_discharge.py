"""The end of a stay: the summary is due a day later, the sender hears, and what was registered wrongly is corrected."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from events import outbox
from events.models import Event
from events.notices import find
from notifications.models import InboxMessage
from referrals.actions import change_draft
from referrals.models import Referral
from tests.integration.referrals.pages import move_of, page_of, typed, words_in
from tests.integration.referrals.seeing import everything, tick
from tests.integration.referrals.speaking import Side, address, pointers
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.refusals import Forbidden, Refused

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)  # a Wednesday
DAY, HOUR = timedelta(days=1), timedelta(hours=1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def again(referral) -> Referral:
    return Referral.objects.with_parties().get(pk=referral.pk)


def staying(cast, **content) -> Referral:
    """In bed since `MOMENT`."""
    return referral_at("arrived", cast, **{"kind": "inpatient"} | content)


def refused(referral, cast, verb="discharge", **facts) -> Refused:
    before = everything()
    with pytest.raises(Refused) as caught:
        step(verb, referral, cast, **facts)
    assert everything() == before
    return caught.value


@pytest.mark.parametrize("kind", ["inpatient", "rehabilitation", "emergency"])
def test_the_summary_is_due_a_day_after_discharge(cast, clock, kind):
    referral = staying(cast, kind=kind)
    clock.shift(9 * DAY)
    step("discharge", referral, cast, discharged_at=MOMENT + 8 * DAY)
    after = again(referral)
    assert (after.status, after.version) == ("arrived", again(referral).steps.get(verb="arrive").version + 1)
    assert (after.discharged_at, after.arrived_at, after.deadline) == (MOMENT + 8 * DAY, MOMENT, MOMENT + 9 * DAY)
    made = after.steps.get(verb="discharge")
    assert (made.occurred_at, made.recorded_at, made.late) == (MOMENT + 8 * DAY, MOMENT + 9 * DAY, True)
    assert made.facts == {"discharged_at": (MOMENT + 8 * DAY).isoformat()}


def test_one_reminder_and_no_more(cast, clock):
    referral = staying(cast)
    clock.shift(5 * DAY)
    step("discharge", referral, cast)
    clock.shift(DAY - timedelta(minutes=1))
    assert tick() == []
    clock.shift(timedelta(minutes=1))
    assert tick() == ["reminded"]
    clock.shift(60 * DAY)
    assert tick() == []
    assert again(referral).deadline == MOMENT + 6 * DAY


def test_registered_again_it_corrects_the_time_and_both_stay_on_record(cast, clock):
    referral = staying(cast)
    clock.shift(2 * DAY)
    step("discharge", referral, cast)
    clock.shift(DAY)
    assert tick() == ["reminded"]
    for corrected in (MOMENT + DAY, MOMENT + 3 * DAY):
        referral = step("discharge", again(referral), cast, discharged_at=corrected)
        assert (referral.discharged_at, referral.deadline) == (corrected, corrected + DAY)
    times = referral.steps.filter(verb="discharge").order_by("id").values_list("occurred_at", flat=True)
    assert list(times) == [MOMENT + 2 * DAY, MOMENT + DAY, MOMENT + 3 * DAY]
    clock.shift(DAY)
    assert tick() == ["reminded"]


@pytest.mark.parametrize(
    ("facts", "pointer", "code"),
    [
        ({"discharged_at": MOMENT + DAY + timedelta(seconds=1)}, "/discharged_at", "future"),
        ({"discharged_at": MOMENT - timedelta(seconds=1)}, "/discharged_at", "before_arrival"),
        ({"occurred_at": MOMENT + DAY + timedelta(minutes=4)}, "/occurred_at", "future"),
    ],
    ids=["ahead", "before he came", "ahead, as late entry"],
)
def test_nobody_leaves_tomorrow_or_before_he_came(cast, clock, facts, pointer, code):
    referral = staying(cast)
    clock.shift(DAY)
    assert [(error.pointer, error.code) for error in refused(referral, cast, **facts).errors] == [(pointer, code)]


@pytest.mark.parametrize("kind", ["outpatient", "exam", "follow_up"])
def test_a_visit_is_concluded_directly(cast, kind):
    refusal = refused(staying(cast, kind=kind), cast)
    assert refusal.code == "no_stay"
    assert "请直接“办结并回传小结”" in str(refusal.detail)


@pytest.mark.parametrize(
    ("who", "may"), [("core_desk", True), ("cardiologist", True), ("pharmacist", False), ("township_doctor", False)]
)
def test_the_house_where_he_lies_registers_it(cast, who, may):
    referral, actor = staying(cast), getattr(cast.actors, who)
    if may:
        assert step("discharge", referral, cast, actor=actor).discharged_at == MOMENT
    else:
        with pytest.raises(Forbidden):
            step("discharge", referral, cast, actor=actor)


def test_the_sender_hears_that_he_has_left_and_nothing_of_his_illness(cast):
    referral = staying(cast)
    outbox.run_due()
    step("discharge", referral, cast)
    outbox.run_due()
    told = InboxMessage.objects.filter(notice="discharged")
    heard = told.values_list("user__username", flat=True)
    assert sorted(heard) == ["family-doctor", "township-colleague", "township-doctor"]
    words = find("referral.discharged", "discharged").words(told.first().event)
    assert (words.title, words.body) == (f"{referral.number} 患者已出院", "县人民医院 应在24小时内回传小结。")


def test_of_a_member_on_the_telephone_it_is_written_down(cast):
    referral = staying(
        cast, direction="down", kind="rehabilitation",
        sender=cast.institutions.chengguan, receiver=cast.institutions.clinic,
    )  # fmt: skip
    assert referral.deadline is None
    step("discharge", referral, cast)
    made = referral.steps.get(verb="discharge")
    assert (made.on_behalf, made.facts["told_by"], again(referral).deadline) == (True, "村医 老李", MOMENT + DAY)


def test_an_arrival_that_was_a_mistake_takes_its_discharge_with_it(cast):
    referral = step("discharge", staying(cast), cast)
    referral = step("undo_arrival", again(referral), cast)
    assert (referral.arrived_at, referral.discharged_at) == (None, None)
    referral = step("arrive", again(referral), cast)
    assert (referral.discharged_at, referral.deadline) == (None, None)


@pytest.mark.parametrize("verb", ["void", "record_death"])
def test_what_ends_otherwise_ends_as_before(cast, verb):
    referral = step(verb, step("discharge", staying(cast), cast), cast)
    assert (referral.discharged_at, referral.deadline, referral.look_at) == (MOMENT, None, None)


def test_what_the_sender_adds_later_is_no_arrival(cast, clock):
    referral = referral_at("arrived", cast, green_channel="chest_pain", caller_phone="13800000000", consent=None)
    clock.shift(HOUR)
    change_draft(referral, actor=cast.actors.township_doctor, past_history="高血压病 11 年")
    assert again(referral).arrived_at == MOMENT


# --- the summary ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "ended"),
    [({}, MOMENT + DAY), ({"ended_at": MOMENT + HOUR}, MOMENT + HOUR), ({"ended_at": MOMENT}, MOMENT)],
    ids=["as registered", "as the doctor says", "at once"],
)
def test_the_summary_says_what_is_true(cast, clock, facts, ended):
    referral = staying(cast)
    clock.shift(DAY)
    step("discharge", referral, cast)
    clock.shift(HOUR)
    referral = step("conclude", again(referral), cast, **facts)
    assert (again(referral).summary.ended_at, again(referral).discharged_at) == (ended, MOMENT + DAY)


def test_it_does_not_end_before_he_came(cast):
    referral = step("discharge", staying(cast), cast)
    facts = {"ended_at": MOMENT - HOUR}
    assert [error.pointer for error in refused(referral, cast, "conclude", **facts).errors] == ["/ended_at"]


def test_without_discharge_it_ends_now(cast, clock):
    referral = staying(cast)
    clock.shift(HOUR)
    assert step("conclude", referral, cast).summary.ended_at == MOMENT + HOUR


# --- pages and REST ---------------------------------------------------------------------------------------------------


def test_the_form_proposes_it_to_the_summary_to_the_second(cast, clock):
    referral = staying(cast)
    clock.shift(timedelta(seconds=30))
    step("discharge", referral, cast)
    clock.shift(DAY)
    browser = cast.browser("cardiologist")
    form = browser.get(move_of(referral, "conclude")).context["form"]
    assert form["ended_at"].value() == datetime(2026, 3, 11, 10, 0, 30)
    sent = typed("conclude", referral, cast, ended_at=form.initial["ended_at"])
    assert sent["ended_at"] == "2026-03-11T10:00"
    assert browser.post(move_of(referral, "conclude"), sent).status_code == 302
    assert again(referral).summary.ended_at == MOMENT + timedelta(seconds=30)


def test_it_stands_on_the_page_and_on_the_letter_back(cast, clock):
    referral = staying(cast)
    clock.shift(DAY)
    browser = cast.browser("core_desk")
    assert "出院时间" not in words_in(browser.get(page_of(referral)))
    step("discharge", referral, cast)
    assert "<dt>出院时间</dt><dd>2026-03-12 10:00</dd>" in words_in(browser.get(page_of(referral)))
    step("conclude", again(referral), cast)
    slip = words_in(cast.browser("township_doctor").get(f"{page_of(referral)}slip/?form=return"))
    assert "出院时间" in slip
    assert "2026-03-12 10:00" in slip


def test_a_visit_has_no_discharge_on_its_letter_back(cast):
    referral = referral_at("concluded", cast)
    assert "出院时间" not in words_in(cast.browser("township_doctor").get(f"{page_of(referral)}slip/?form=return"))


def test_over_rest(cast, clock):
    referral = staying(cast)
    side = Side.of(cast, "core_desk")
    assert side.read(referral.number)["discharged_at"] is None
    wrong = side.post(address(referral.number, "discharge"), {"discharged_at": "2026-03-12T10:00:00+08:00"},
                      version=referral.version)  # fmt: skip
    assert pointers(wrong, 422) == ["/discharged_at"]
    body = side.move(referral.number, "discharge")
    assert (body["status"], body["discharged_at"]) == ("arrived", "2026-03-11T10:00:00+08:00")
    assert body["deadline"] == "2026-03-12T10:00:00+08:00"
    visit = referral_at("arrived", cast)
    assert "discharge" not in [move["verb"] for move in side.read(visit.number)["moves"]]


@pytest.mark.parametrize("wrong", [{"discharged_at": MOMENT - HOUR}, {"discharged_at": MOMENT, "arrived_at": None}])
def test_the_database_knows_that_nobody_leaves_before_he_came(cast, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=staying(cast).pk).update(**wrong)


def test_the_event_names_no_patient(cast):
    referral = step("discharge", staying(cast), cast)
    event = Event.objects.get(name="referral.discharged")
    assert (event.facts["number"], event.facts["target"]) == (referral.number, "arrived")
    assert "discharged_at" not in event.facts
