"""The office reviews each use of the green channel: once, inside its own consortium, corrected only with a reason."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.urls import reverse

from accounts import actions as people
from accounts.actors import actor_for_membership
from events import outbox
from events.models import AccessEntry, Event
from notifications.models import InboxMessage
from notifications.wording import words_of
from referrals.actions import review_green
from referrals.models import GreenReview, Referral
from tests.cast import LONG_AGO, SYSTEM
from tests.integration.referrals.green import again, arrived, at, closed, complete, sent, tick
from tests.integration.referrals.seeing import events_of
from tests.integration.referrals.speaking import ROOT, Side, address, pointers, problem
from tests.integration.referrals.test_paper_owed import listed, statements
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.refusals import Conflict, Forbidden, Refused, Stale

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)  # a Wednesday

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

PAGE = reverse("referrals:to_review")
FOUND = {"verdict": "justified", "times_kept": True}
POORLY = {"verdict": "not_justified", "times_kept": False, "remark": "起病三天，应走加急"}


def office(cast):
    return cast.actors.consortium_administrator


def reviewed(referral, cast, **more):
    return review_green(referral, actor=office(cast), **FOUND | more)


def page_of(referral) -> str:
    return reverse("referrals:review", args=[referral.number])


# --- the list ---------------------------------------------------------------------------------------------------------


def test_what_is_over_waits_for_the_office(cast, clock):
    there = arrived(cast)
    clock.shift(timedelta(minutes=1))
    ended = again(step("withdraw", sent(cast), cast))
    waiting, error, routine = sent(cast), step("void", arrived(cast), cast), referral_at("arrived", cast)
    assert [again(each).review_due for each in (waiting, error, routine)] == [None, None, None]
    answer = cast.browser("consortium_administrator").get(PAGE)
    assert listed(answer) == [there.number, ended.number]
    assert [(row.due, row.go.url) for row in answer.context["rows"]] == [
        (at("03-18 10:00"), page_of(there)),
        (at("03-18 10:01"), page_of(ended)),
    ]
    assert "王秀英" not in answer.content.decode()
    assert listed(cast.browser("outsider_office").get(PAGE)) == []
    assert {cast.browser(who).get(PAGE).status_code for who in ("core_desk", "cardiologist", "pharmacist")} == {403}


def test_an_arrival_that_was_a_mistake_takes_it_off_again(cast):
    referral = step("undo_arrival", arrived(cast), cast)
    assert (again(referral).review_due, again(referral).completion_due) == (None, MOMENT + timedelta(hours=24))
    assert listed(cast.browser("consortium_administrator").get(PAGE)) == []


def test_a_use_that_goes_on_keeps_its_day(cast, clock):
    referral = arrived(cast)
    clock.shift(timedelta(days=2))
    step("conclude", referral, cast, diagnoses=[{"text": "急性脑梗死"}])
    assert again(referral).review_due == at("03-18 10:00")


def test_the_office_is_reminded_once(cast, clock):
    referral = complete(arrived(cast), cast)
    clock.move_to(at("03-18 09:59"))
    assert tick() == []
    clock.move_to(at("03-18 10:00"))
    assert tick() == ["review_due"]
    outbox.run_due()
    (message,) = InboxMessage.objects.filter(notice="review_due").select_related("event", "user")
    assert (message.user.username, words_of(message.event, "review_due").title) == (
        "consortium-administrator", f"{referral.number} 绿色通道使用待评审",
    )  # fmt: skip
    clock.shift(timedelta(days=60))
    assert tick() == []


def test_the_menu_counts_and_rest_lists(cast):
    referral = arrived(cast)
    browser = cast.browser("consortium_administrator")
    assert '<span class="count">1<' in browser.get(reverse("referrals:to_review_count")).content.decode()
    partner = cast.client("county-hospital", roles=["consortium_administrator"])
    (row,) = partner.get(f"{ROOT}?box=to_review").json()["results"]
    assert (row["number"], datetime.fromisoformat(row["review_due"])) == (referral.number, at("03-18 10:00"))
    assert Side.of(cast, "core_desk").get(f"{ROOT}?box=to_review").status_code == 403


@pytest.mark.parametrize("rows", [1, 30])
def test_query_counts(cast, rows):
    for _number in range(rows):
        step("withdraw", sent(cast), cast)
    referral = arrived(cast)
    reviewed(referral, cast)
    browser = cast.browser("consortium_administrator")
    browser.get(reverse("referrals:overseen"))
    detail = reverse("referrals:detail", args=[referral.number])
    asked = {name: statements(lambda url=url: browser.get(url)) for name, url in (
        ("list", PAGE), ("review", page_of(referral)), ("detail", detail),
    )}  # fmt: skip
    assert asked == {"list": 7, "review": 11, "detail": 9}


# --- the act ----------------------------------------------------------------------------------------------------------


def test_what_was_found_is_kept_and_takes_it_off_the_list(cast):
    referral = arrived(cast)
    version = referral.version
    review = reviewed(referral, cast, remark=" 溶栓及时 ")
    assert (review.version, review.verdict, review.times_kept, review.remark, review.reason) == (
        1, "justified", True, "溶栓及时", None,
    )  # fmt: skip
    assert (review.reviewer_name, review.institution, review.reviewed_at) == (
        "马超", cast.institutions.hospital, MOMENT,
    )  # fmt: skip
    after = again(referral)
    assert (after.review_due, after.version, after.completion_due) == (None, version, MOMENT + timedelta(hours=24))
    assert after.beside_at == at("03-12 06:00")
    assert events_of(referral, "reviewed") == ["reviewed"]
    step("conclude", after, cast, diagnoses=[{"text": "急性脑梗死"}])
    assert again(referral).review_due is None


@pytest.mark.parametrize(
    ("wrong", "at_fault"),
    [
        ({"verdict": ""}, ["/verdict"]),
        ({"verdict": "splendid"}, ["/verdict"]),
        ({"times_kept": None}, ["/times_kept"]),
        ({"verdict": "partly"}, ["/remark"]),
        ({"verdict": "not_justified", "remark": "  "}, ["/remark"]),
        ({"remark": "字" * 2001}, ["/remark"]),
        ({"verdict": "", "times_kept": None, "remark": "a\x00"}, ["/verdict", "/times_kept", "/remark"]),
        ({"corrects": 1}, ["/corrects"]),
    ],
)
def test_what_cannot_be_recorded_is_said_at_once(cast, wrong, at_fault):
    referral = arrived(cast)
    with pytest.raises(Refused) as refused:
        reviewed(referral, cast, **wrong)
    assert [error.pointer for error in refused.value.errors] == at_fault
    assert (GreenReview.objects.count(), again(referral).review_due) == (0, at("03-18 10:00"))


def test_once_and_then_only_corrected(cast):
    referral = arrived(cast)
    reviewed(referral, cast)
    with pytest.raises(Conflict) as refused:
        reviewed(referral, cast)
    assert str(refused.value) == "已由马超评审。如需更正，请写明更正的是第几版（第 1 版）和更正理由。"
    with pytest.raises(Refused) as refused:
        reviewed(referral, cast, corrects=1)
    assert [error.pointer for error in refused.value.errors] == ["/reason"]
    reviewed(referral, cast, corrects=1, reason="核对了出诊记录", **POORLY)
    with pytest.raises(Conflict):
        reviewed(referral, cast, corrects=1, reason="同时更正")
    kept = list(referral.green_reviews.order_by("version").values_list("version", "verdict", "reason"))
    assert kept == [(1, "justified", None), (2, "not_justified", "核对了出诊记录")]
    assert again(referral).review_due is None


@pytest.mark.parametrize(("status", "content"), [("submitted", {}), ("arrived", {"green_channel": ""}), ("void", {})])
def test_not_before_it_is_over_nor_without_the_green_channel(cast, status, content):
    given = {"green_channel": "stroke", "caller_phone": "13900007777"} | content
    referral = referral_at(status, cast, **given)
    with pytest.raises(Refused) as refused:
        reviewed(referral, cast)
    assert refused.value.code == "not_reviewable"


@pytest.mark.parametrize("who", ["core_desk", "cardiologist", "township_doctor", "core_administrator"])
def test_only_the_office(cast, who):
    with pytest.raises(Forbidden) as refused:
        review_green(arrived(cast), actor=getattr(cast.actors, who), **FOUND)
    assert refused.value.code == "wrong_role"


def test_only_of_its_own_consortium_and_never_its_own_author(cast):
    referral = arrived(cast)
    with pytest.raises(Forbidden) as refused:
        review_green(referral, actor=cast.actors.outsider_office, **FOUND)
    assert refused.value.code == "wrong_side"
    both = people.add_membership(
        actor=SYSTEM, user=cast.users.township_doctor, institution=cast.institutions.tcm,
        roles=["consortium_administrator"], staff_number="S099", started_on=LONG_AGO,
    )  # fmt: skip
    with pytest.raises(Forbidden) as refused:
        review_green(referral, actor=actor_for_membership(both), **FOUND)
    assert refused.value.code == "second_person"


def test_a_stale_page_is_refused(cast):
    referral = arrived(cast)
    with pytest.raises(Stale):
        reviewed(referral, cast, version=referral.version - 1)


@pytest.mark.parametrize(
    "wrong",
    [{"verdict": "splendid"}, {"verdict": "partly", "remark": None}, {"version": 2}, {"reason": "为什么"}, {}],
)
def test_what_must_never_be_false(cast, wrong):
    referral = arrived(cast)
    row = {"referral": referral, "version": 1, "reviewer_name": "马超", "institution": cast.institutions.hospital}
    if not wrong:
        GreenReview.objects.create(**row, **FOUND)
    with pytest.raises(IntegrityError), transaction.atomic():
        GreenReview.objects.create(**row | FOUND | wrong)
    for lie in ({"arrived_at": None}, {"green_channel": ""}, {"status": "void", "hand_institution": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Referral.objects.filter(pk=referral.pk).update(completion_due=None, **lie)


# --- telling ----------------------------------------------------------------------------------------------------------


def test_both_sides_hear_the_verdict_and_read_the_remark(cast):
    referral = arrived(cast)
    reviewed(referral, cast, **POORLY)
    outbox.run_due()
    told = InboxMessage.objects.filter(notice="reviewed").select_related("event", "user").order_by("user__username")
    assert {message.user.username for message in told} == {
        "township-doctor", "township-colleague", "family-doctor", "neurologist",
    }  # fmt: skip
    words = words_of(told[0].event, "reviewed")
    assert words.title == f"{referral.number} 绿色通道评审：使用不当"
    assert POORLY["remark"] not in f"{words} {Event.objects.get(name='referral.reviewed').facts}"
    for who in ("township_doctor", "neurologist", "consortium_administrator"):
        page = cast.browser(who).get(reverse("referrals:detail", args=[referral.number])).content.decode()
        assert [word for word in ("使用不当", POORLY["remark"], "马超") if word not in page] == []


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_shows_times_against_limits_and_no_patient(cast, clock):
    referral = sent(cast, onset_at=at("03-11 08:55"), called_at=at("03-11 09:40"))
    clock.move_to(at("03-11 10:05"))
    step("dispatch", referral, cast, confirmed_by="急诊科 徐磊")
    clock.move_to(at("03-11 10:20"))
    step("accept", referral, cast)
    clock.move_to(at("03-11 10:50"))
    step("arrive", again(referral), cast)
    entries = AccessEntry.objects.count()
    answer = cast.browser("consortium_administrator").get(page_of(referral))
    page = answer.content.decode()
    assert [(mark.label, mark.after) for mark in answer.context["strip"].marks] == [
        ("发病", ""), ("呼叫", "45 分"), ("发出", "20 分"), ("出发", "5 分"), ("接收", "15 分"), ("到达", "30 分"),
    ]  # fmt: skip
    assert answer.context["strip"].whole == "发病至到达共 1 小时 55 分"
    checks = [(check.label, check.limit, check.taken, check.kept) for check in answer.context["checks"]]
    assert checks == [
        ("发出到接收", "15 分 内", "20 分", False),
        ("出发到到达", "3 小时 内", "45 分", True),
        ("补录资料", "1 天 内", "尚未补齐", None),
    ]
    assert answer.context["confirmations"] == [("出发前电话确认", "急诊科 徐磊")]
    assert [word for word in ("王秀英", "言语不清", "13900007777") if word in page] == []
    assert "王**" in page
    assert AccessEntry.objects.count() == entries


def test_reviewed_on_the_page_and_corrected_there(cast):
    referral, browser = arrived(cast), cast.browser("consortium_administrator")
    assert f'href="{page_of(referral)}">去评审' in detail(browser, referral)
    given = {"verdict": "partly", "times_kept": "yes", "remark": "", "version": referral.version}
    answer = browser.post(page_of(referral), given)
    assert (answer.status_code, answer.context["form"].errors["remark"]) == (
        422, ["不是“使用恰当”时请写明评审意见。"],
    )  # fmt: skip
    answer = browser.post(page_of(referral), given | {"remark": "可走加急"})
    assert answer.url == reverse("referrals:detail", args=[referral.number])
    assert f'href="{page_of(referral)}">更正评审' in detail(browser, referral)
    again_given = {"verdict": "justified", "times_kept": "no", "version": referral.version, "corrects": "1"}
    assert browser.post(page_of(referral), again_given).context["form"].errors == {"reason": ["请写明更正理由。"]}
    assert browser.post(page_of(referral), again_given | {"reason": "补看了记录"}).status_code == 302
    assert "更正前的评审" in detail(browser, referral)
    assert listed(browser.get(PAGE)) == []


def detail(browser, referral) -> str:
    return browser.get(reverse("referrals:detail", args=[referral.number])).content.decode()


def test_a_double_click_is_one_review(cast):
    referral, browser = arrived(cast), cast.browser("consortium_administrator")
    given = FOUND | {"times_kept": "yes", "version": referral.version, "idempotency_key": "k1"}
    answers = [browser.post(page_of(referral), given) for _each in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert GreenReview.objects.count() == 1


def test_bad_posts_are_answered(cast):
    referral, browser = arrived(cast), cast.browser("consortium_administrator")
    for wrong in ({}, {"version": "x"}, {"version": "9" * 30}, FOUND | {"times_kept": "perhaps", "version": "1"}):
        answer = browser.post(page_of(referral), wrong | {"act": "save"})
        assert answer.status_code == 422, wrong
    stale = FOUND | {"times_kept": "yes", "version": 1}
    assert browser.post(page_of(referral), stale).status_code == 412
    assert GreenReview.objects.count() == 0


def test_the_page_is_for_the_office_alone(cast):
    referral, early = arrived(cast), sent(cast)
    codes = {who: cast.browser(who).get(page_of(referral)).status_code for who in (
        "consortium_administrator", "core_desk", "cardiologist", "pharmacist", "township_doctor", "outsider_office",
        "outsider_doctor", "tcm_doctor",
    )}  # fmt: skip
    assert codes == {
        "consortium_administrator": 200, "core_desk": 403, "cardiologist": 403, "pharmacist": 403,
        "township_doctor": 403, "outsider_office": 404, "outsider_doctor": 404, "tcm_doctor": 404,
    }  # fmt: skip
    assert cast.browser("consortium_administrator").get(page_of(early)).status_code == 422


# --- REST -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def system(cast):
    """The office's own system, with its staff on the line."""
    side = Side.of(cast, "consortium_administrator")
    side.partner = cast.client("county-hospital", roles=["consortium_administrator"])
    return side


def test_over_rest_as_every_other_move(cast, system):
    referral = closed(cast)
    path, body = address(referral.number, "review"), {"verdict": "partly", "times_kept": False, "remark": "可走加急"}
    assert problem(system.post(path, body), 428)
    assert problem(system.post(path, body, version=referral.version - 1), 412)
    assert pointers(system.post(path, {"verdict": "bad"}, version=referral.version), 400) == ["/verdict"]
    answers = [system.post(path, body, version=referral.version, key="once") for _each in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json() == {
        "version": 1, "verdict": "partly", "verdict_label": "部分恰当", "times_kept": False, "remark": "可走加急",
        "reason": "", "by": "马超", "institution": "county-hospital", "reviewed_at": "2026-03-11T10:00:00+08:00",
    }  # fmt: skip
    assert answers[0].headers["Location"].endswith(path)
    assert problem(system.post(path, body, version=referral.version), 409)["detail"].startswith("已由马超评审")
    corrected = body | {"verdict": "justified", "corrects": 1, "reason": "核对记录"}
    assert system.post(path, corrected, version=referral.version).status_code == 201
    for who in ("township_doctor", "neurologist"):
        rows = Side.of(cast, who).get(path).json()["results"]
        assert [(row["version"], row["verdict"]) for row in rows] == [(2, "justified"), (1, "partly")]
        assert Side.of(cast, who).read(referral.number)["review"]["reason"] == "核对记录"


def test_a_person_reviews_and_nobody_else(cast, system):
    referral = arrived(cast)
    path = address(referral.number, "review")
    without = system.partner.post(path, FOUND, version=referral.version)
    assert problem(without, 403)["detail"] == "评审须由办公室人员本人办理，请注明代表的工号。"
    assert Side.of(cast, "cardiologist").post(path, FOUND, version=referral.version).status_code == 403
    assert Side.of(cast, "tcm_doctor").get(path).status_code == 404
    early = sent(cast)
    assert problem(system.post(address(early.number, "review"), FOUND, version=early.version), 422)
    assert GreenReview.objects.count() == 0
