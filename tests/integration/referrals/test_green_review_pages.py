"""The office's review of a green channel on its page and over REST: times against limits, the patient masked."""

from datetime import datetime

import pytest
from django.urls import reverse

from events.models import AccessEntry
from referrals.models import GreenReview
from tests.integration.referrals.green import FOUND, again, arrived, at, closed, listed, page_of, sent
from tests.integration.referrals.speaking import Side, address, pointers, problem
from tests.walk import step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)  # a Wednesday
PAGE = reverse("referrals:to_review")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


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
