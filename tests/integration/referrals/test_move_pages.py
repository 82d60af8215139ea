"""Every move through its form: asked, made, refused without losing a word, made once."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from referrals.actions import ACTS
from referrals.models import Referral, Step
from tests.integration.referrals.pages import HTMX, fresh, move_of, page_of, typed, words_in
from tests.walk import CAME_BY, FOR_MOVE, PARTS, actor_for, referral_at, step

pytestmark = pytest.mark.django_db

FROM = {
    "submit": "draft", "approve": "in_review", "send_back": "in_review", "accept": "submitted", "return": "submitted",
    "reject": "submitted", "redirect": "submitted", "forward": "submitted", "schedule": "accepted",
    "defer": "accepted", "cancel": "accepted", "dispatch": "accepted", "divert": "in_transit",
    "turn_back": "in_transit", "arrive": "scheduled", "undo_arrival": "arrived", "discharge": "arrived",
    "conclude": "arrived",
    "refer_back": "arrived", "acknowledge": "concluded", "follow_up": "following_up", "settle": "rejected",
    "resubmit": "rejected", "upgrade": "submitted", "withdraw": "submitted", "discard": "draft",
    "record_death": "arrived", "void": "submitted", "claim": "submitted", "comment": "submitted",
}  # fmt: skip
"""Verb → a status it is made from. `miss` needs a day that has come and has its own test."""

LEADS_TO = {verb: status for status, (_before, verb) in CAME_BY.items()} | {
    "acknowledge": "closed", "follow_up": "closed", "divert": "forwarded", "turn_back": "accepted",
    "send_back": "draft", "approve": "submitted", "undo_arrival": "scheduled", "discard": "withdrawn",
    "submit": "submitted", "redirect": "submitted", "defer": "accepted", "upgrade": "submitted", "claim": "submitted",
    "comment": "submitted", "refer_back": "arrived", "resubmit": "rejected", "discharge": "arrived",
}  # fmt: skip


def browser_for(cast, verb, referral):
    """A browser of the person whose move it is."""
    actor = actor_for(verb, referral, cast)
    return cast.browser(next(name for name, each in vars(cast.actors).items() if each == actor))


@pytest.mark.parametrize("verb", sorted(FROM))
def test_each_move_is_asked_and_made(cast, verb):
    referral = referral_at(FROM[verb], cast, **FOR_MOVE.get(verb, {}))
    browser = browser_for(cast, verb, referral)
    asked = browser.get(move_of(referral, verb))
    assert asked.status_code == 200
    assert 'name="idempotency_key"' in words_in(asked)
    assert f'name="version" value="{referral.version}"' in words_in(asked)
    made = browser.post(move_of(referral, verb), typed(verb, referral, cast))
    assert made.status_code == 302, words_in(made)
    assert fresh(referral).status == LEADS_TO[verb]
    assert referral.steps.filter(verb=verb).count() == 1
    followed = browser.get(made.headers["Location"])
    assert followed.status_code == 200
    assert "：已" in words_in(followed)


@pytest.mark.parametrize("verb", sorted(FROM))
def test_a_stranger_and_a_colleague_without_the_role(cast, verb):
    referral = referral_at(FROM[verb], cast, **FOR_MOVE.get(verb, {}))
    facts, before = typed(verb, referral, cast), Step.objects.count()
    colleague = "hekou_doctor" if FROM[verb] == "in_review" else "township_administrator"
    for who, status in {"outsider_doctor": 404, colleague: 403}.items():
        browser = cast.browser(who)
        assert browser.get(move_of(referral, verb)).status_code == status
        assert browser.post(move_of(referral, verb), facts).status_code == status
    assert Step.objects.count() == before


def test_a_patient_who_did_not_come(cast):
    referral = referral_at("accepted", cast)
    step("schedule", referral, cast, slot=cast.slot(days=0))
    made = cast.browser("core_desk").post(move_of(referral, "miss"), {"version": referral.version})
    assert made.status_code == 302
    assert fresh(referral).status == "no_show"


def test_every_act_people_make_is_tried_here():
    assert sorted([*FROM, "miss"]) == sorted(ACTS)
    assert set(PARTS) <= set(ACTS)


@pytest.mark.parametrize("verb", ["close", "expire", "escalate", "dance"])
def test_what_people_do_not_do_is_not_there(cast, verb):
    referral = referral_at("submitted", cast)
    browser = cast.browser("core_desk")
    assert browser.get(move_of(referral, verb)).status_code == 404
    assert browser.post(move_of(referral, verb), {"version": 2}).status_code == 404


class TestWhoAndWhen:
    def test_the_other_side_hears_why_not(self, cast):
        referral = referral_at("submitted", cast)
        browser = cast.browser("township_doctor")
        for answer in (browser.get(move_of(referral, "accept")),
                       browser.post(move_of(referral, "accept"), {"version": referral.version})):  # fmt: skip
            assert answer.status_code == 403
            assert "“接收”由接收方办理。" in words_in(answer)

    def test_out_of_turn_it_says_when(self, cast):
        referral = referral_at("submitted", cast)
        browser = cast.browser("core_desk")
        for answer in (browser.get(move_of(referral, "schedule")),
                       browser.post(move_of(referral, "schedule"), {"version": referral.version})):  # fmt: skip
            assert answer.status_code == 422
            assert "只有在“已接收、已预约”时才能安排预约" in words_in(answer)

    def test_the_message_says_whose_turn_it_is_now(self, cast):
        referral = referral_at("submitted", cast)
        browser = cast.browser("core_desk")
        made = browser.post(move_of(referral, "reject"), typed("reject", referral, cast), follow=True)
        assert f"{referral.number}：已登记不予接收；现在轮到城关镇卫生院 全科。" in words_in(made)

    def test_who_forwards_stays_with_what_he_may_see(self, cast):
        referral = referral_at("submitted", cast)
        browser = cast.browser("core_desk")
        made = browser.post(move_of(referral, "forward"), typed("forward", referral, cast))
        assert made.headers["Location"] == page_of(referral)
        assert referral.children.count() == 1

    def test_referring_back_leads_to_the_new_draft(self, cast):
        referral = referral_at("arrived", cast)
        made = cast.browser("cardiologist").post(move_of(referral, "refer_back"), {"version": referral.version})
        assert made.headers["Location"] == page_of(referral.children.get())


class TestVersions:
    def test_a_stale_form_comes_back_with_what_was_typed(self, cast):
        referral = referral_at("submitted", cast)
        sent = typed("accept", referral, cast, remark="请空腹来院", version=referral.version - 1)
        answer = cast.browser("core_desk").post(move_of(referral, "accept"), sent)
        words = words_in(answer)
        assert (answer.status_code, fresh(referral).status) == (412, "submitted")
        assert "这张转诊单已有更新" in words
        assert "请空腹来院" in words
        assert f'href="{page_of(referral)}"' in words
        assert f'name="version" value="{referral.version}"' in words

    def test_where_the_move_is_no_longer_open_it_says_so(self, cast):
        referral = referral_at("submitted", cast)
        sent = typed("accept", referral, cast)
        step("reject", referral, cast)
        answer = cast.browser("core_desk").post(move_of(referral, "accept"), sent)
        assert answer.status_code == 412
        assert "当前状态为“不予接收”" in words_in(answer)

    @pytest.mark.parametrize(("version", "status"), [("", 428), ("three", 400), ("²", 400), ("9" * 30, 412)])
    def test_a_missing_or_spoilt_version_is_refused(self, cast, version, status):
        referral = referral_at("submitted", cast)
        answer = cast.browser("core_desk").post(move_of(referral, "accept"), {"version": version, "remark": "留着"})
        assert (answer.status_code, fresh(referral).status) == (status, "submitted")
        assert "留着" in words_in(answer)

    def test_a_word_needs_no_version(self, cast):
        referral = referral_at("submitted", cast)
        assert cast.browser("core_desk").post(move_of(referral, "comment"), {"text": "收到"}).status_code == 302


class TestOnce:
    def test_a_double_click_has_one_effect(self, cast):
        referral = referral_at("submitted", cast)
        sent = typed("accept", referral, cast, idempotency_key=str(uuid.uuid4()))
        browser = cast.browser("core_desk")
        answers = [browser.post(move_of(referral, "accept"), sent) for _click in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert [answer.headers["Location"] for answer in answers] == [page_of(referral)] * 2
        assert referral.steps.filter(verb="accept").count() == 1
        assert words_in(browser.get(page_of(referral))).count("：已接收") == 1

    def test_a_refused_form_may_be_sent_again_with_its_key(self, cast):
        referral = referral_at("submitted", cast)
        key = str(uuid.uuid4())
        browser = cast.browser("core_desk")
        sent = typed("reject", referral, cast, idempotency_key=key, reason="other")
        assert browser.post(move_of(referral, "reject"), sent).status_code == 422
        again = browser.post(move_of(referral, "reject"), sent | {"remark": "家属已另行联系"})
        assert again.status_code == 302


class TestInsideThePage:
    def test_the_form_comes_as_a_part(self, cast):
        referral = referral_at("submitted", cast)
        words = words_in(cast.browser("core_desk").get(move_of(referral, "accept"), headers=HTMX))
        assert words.startswith('<form class="move-form"')
        assert "<html" not in words

    def test_made_it_leads_the_whole_page_on(self, cast):
        referral = referral_at("submitted", cast)
        sent = typed("accept", referral, cast)
        made = cast.browser("core_desk").post(move_of(referral, "accept"), sent, headers=HTMX)
        assert (made.status_code, made.headers["HX-Redirect"]) == (204, page_of(referral))

    def test_refused_it_comes_back_to_its_place(self, cast):
        referral = referral_at("submitted", cast)
        sent = typed("reject", referral, cast, reason="other")
        answer = cast.browser("core_desk").post(move_of(referral, "reject"), sent, headers=HTMX)
        assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#move")
        assert words_in(answer).startswith('<form class="move-form"')


def test_late_entry_is_dated_when_it_happened(cast):
    with time_machine.travel(timezone.now() - timedelta(hours=3)):
        referral = referral_at("submitted", cast)
    then = timezone.localtime() - timedelta(hours=2)
    sent = typed("accept", referral, cast, occurred_at=then)
    assert cast.browser("core_desk").post(move_of(referral, "accept"), sent).status_code == 302
    made = referral.steps.get(verb="accept")
    assert (made.late, f"{timezone.localtime(made.occurred_at):%H:%M}") == (True, f"{then:%H:%M}")


def test_nobody_makes_two_live_ones_of_one_patient(cast):
    referral = referral_at("submitted", cast)
    other = referral_at("draft", cast, patient=referral.patient)
    answer = cast.browser("township_doctor").post(move_of(other, "submit"), {"version": other.version})
    assert answer.status_code == 409
    assert referral.number in words_in(answer)
    assert Referral.objects.filter(status="submitted").count() == 1
