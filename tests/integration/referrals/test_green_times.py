"""Onset and call: optional, of the green channel alone, never ahead of us, in order; shown in one row and on paper."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from referrals.actions import change_draft
from referrals.models import Referral
from tests.integration.referrals.green import LEAST, again, arrived, at, sent
from tests.integration.referrals.sheets import NEW, edit_of, errors_in, field_in, green_sheet, sheet
from tests.integration.referrals.speaking import ROOT, Side, letter, pointers
from tests.walk import draft, referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.refusals import Refused

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)  # a Wednesday
ONSET, CALL = at("03-11 08:55"), at("03-11 09:40")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def wrong(act) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        act()
    return [(error.pointer, error.code) for error in refused.value.errors]


# --- what may be written ----------------------------------------------------------------------------------------------

WRONG = [
    ({"onset_at": MOMENT + timedelta(minutes=6)}, [("/onset_at", "future")]),
    ({"called_at": MOMENT + timedelta(days=1)}, [("/called_at", "future")]),
    ({"onset_at": CALL, "called_at": ONSET}, [("/called_at", "order")]),
    ({"onset_at": MOMENT - timedelta(days=31)}, [("/onset_at", "too_early")]),
    ({"onset_at": "1890-01-01T00:00:00+08:00"}, [("/onset_at", "datetime")]),
    ({"onset_at": "gestern", "called_at": 7}, [("/onset_at", "datetime"), ("/called_at", "datetime")]),
    ({"called_at": "2026-02-30T08:00:00+08:00"}, [("/called_at", "datetime")]),
    ({"onset_at": ONSET, "green_channel": ""}, [("/onset_at", "not_green")]),
]


@pytest.mark.parametrize(("given", "found"), WRONG)
def test_what_cannot_be_is_refused_beside_its_field(cast, given, found):
    assert wrong(lambda: draft(cast, **LEAST | given)) == found
    assert Referral.objects.count() == 0


def test_both_are_optional_and_a_moment_without_offset_is_ours(cast):
    assert (sent(cast).onset_at, sent(cast).called_at) == (None, None)
    referral = sent(cast, onset_at="2026-03-11 08:55")
    assert (referral.onset_at, referral.called_at) == (ONSET, None)


def test_clocks_of_two_houses_may_differ_a_little(cast):
    assert sent(cast, called_at=MOMENT + timedelta(minutes=4)).status == "submitted"


def test_one_that_is_added_is_judged_by_the_other(cast):
    referral, doctor = sent(cast, called_at=ONSET), cast.actors.township_doctor
    assert wrong(lambda: change_draft(referral, actor=doctor, onset_at=CALL)) == [("/called_at", "order")]
    change_draft(referral, actor=doctor, onset_at=ONSET - timedelta(minutes=5))
    assert again(referral).onset_at == ONSET - timedelta(minutes=5)


def test_nobody_calls_after_the_referral_was_sent(cast, clock):
    referral, doctor = sent(cast), cast.actors.township_doctor
    clock.shift(timedelta(hours=1))
    late = MOMENT + timedelta(minutes=30)
    assert wrong(lambda: change_draft(referral, actor=doctor, called_at=late)) == [("/called_at", "after_sending")]
    paper = draft(cast, **LEAST | {"called_at": late})
    assert wrong(lambda: step("submit", paper, cast, occurred_at=MOMENT)) == [("/called_at", "after_sending")]


def test_they_go_with_the_green_channel(cast):
    referral, doctor = draft(cast, **LEAST | {"onset_at": ONSET}), cast.actors.township_doctor
    change_draft(referral, actor=doctor, green_channel="", urgency="urgent")
    assert (again(referral).onset_at, again(referral).green_channel) == (None, "")


def test_the_next_hospital_has_them_too_however_long_it_took(cast, clock):
    referral = sent(cast, onset_at=ONSET, called_at=CALL)
    clock.shift(timedelta(days=40))
    new = step("forward", referral, cast, agreed_by="市医院急诊")
    assert (new.onset_at, new.called_at) == (ONSET, CALL)


# --- the page ---------------------------------------------------------------------------------------------------------


def test_typed_on_the_page_kept_and_shown_again_at_completion(cast):
    browser = cast.browser("township_doctor")
    times = {"onset_at": "2026-03-11T08:55", "called_at": "2026-03-11T09:40"}
    assert browser.post(NEW, green_sheet(cast.patient(), **times)).status_code == 302
    referral = Referral.objects.get()
    assert (referral.onset_at, referral.called_at) == (ONSET, CALL)
    page = browser.get(edit_of(referral))
    assert {name: field_in(page, name) for name in times} == times
    given = sheet(act="save", version=referral.version, onset_at="2026-03-11T08:40", called_at="")
    assert browser.post(edit_of(referral), given).status_code == 302
    assert (again(referral).onset_at, again(referral).called_at) == (at("03-11 08:40"), None)


def test_every_mistake_is_named_and_nothing_typed_is_lost(cast):
    browser = cast.browser("township_doctor")
    times = {"onset_at": "2026-03-11T09:40", "called_at": "2026-03-11T08:55"}
    answer = browser.post(NEW, green_sheet(cast.patient(), history="", **times))
    assert errors_in(answer) == ["请写明主诉。", "呼救（来电）时间：呼救时间不能早于发病时间。"]
    assert field_in(answer, "onset_at") == "2026-03-11T09:40"
    answer = browser.post(NEW, green_sheet(cast.patient(), onset_at="8点多"))
    assert errors_in(answer)[1:] == ["发病时间：不是有效时间，应写作 2026-03-31 09:30。"]
    assert Referral.objects.count() == 0


def test_typed_before_the_green_channel_was_left_they_stop_nobody(cast):
    answer = cast.browser("township_doctor").post(NEW, sheet(cast.patient(), onset_at="2026-03-11T08:55"))
    assert answer.status_code == 302
    assert Referral.objects.get().onset_at is None


def test_one_strip_on_the_page_and_one_line_on_paper(cast, clock):
    referral = sent(cast, onset_at=ONSET)
    clock.shift(timedelta(minutes=12))
    step("dispatch", referral, cast, confirmed_by="徐磊")
    answer = cast.browser("township_doctor").get(reverse("referrals:detail", args=[referral.number]))
    marks = [(mark.label, mark.at, mark.after, mark.missing) for mark in answer.context["strip"].marks]
    assert marks == [
        ("发病", ONSET, "", False), ("呼叫", None, "", True), ("发出", MOMENT, "1 小时 5 分", False),
        ("接收", None, "", True), ("出发", at("03-11 10:12"), "12 分", False), ("到达", None, "", False),
    ]  # fmt: skip
    slip = cast.browser("township_doctor").get(reverse("referrals:slip", args=[referral.number])).content.decode()
    line = "发病 03-11 08:55 → 发出 10:00（+1 小时 5 分） → 出发 10:12（+12 分）"
    assert f"<dt>急救时间</dt><dd>{line}</dd>" in slip


def test_no_strip_elsewhere(cast):
    referral = referral_at("accepted", cast)
    answer = cast.browser("township_doctor").get(reverse("referrals:detail", args=[referral.number]))
    assert answer.context["strip"] is None
    slip = cast.browser("township_doctor").get(reverse("referrals:slip", args=[referral.number])).content.decode()
    assert "急救时间" not in slip


# --- REST -------------------------------------------------------------------------------------------------------------


def test_over_rest(cast):
    side = Side.of(cast, "township_doctor")
    green = {"green_channel": "stroke", "caller_phone": "13900007777", "kind": "emergency", "urgency": "emergency"}
    body = letter(cast.patient().public_id, **green, onset_at=ONSET.isoformat(), called_at=CALL.isoformat())
    made = side.post(ROOT, body)
    assert made.status_code == 201, made.content
    told = {name: datetime.fromisoformat(made.json()[name]) for name in ("onset_at", "called_at")}
    assert told == {"onset_at": ONSET, "called_at": CALL}
    body |= {"patient": cast.patient().public_id, "onset_at": CALL.isoformat(), "called_at": ONSET.isoformat()}
    assert pointers(side.post(ROOT, body), 422) == ["/called_at"]
    assert pointers(side.post(ROOT, body | {"onset_at": "8点"}), 400) == ["/onset_at"]


def test_the_times_of_the_way_over_rest(cast, clock):
    referral = arrived(cast)
    told = Side.of(cast, "neurologist").read(referral.number)
    names = ("responded_at", "dispatched_at", "arrived_at")
    assert {datetime.fromisoformat(told[name]) for name in names} == {MOMENT}
