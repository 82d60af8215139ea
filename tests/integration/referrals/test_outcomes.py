"""我的转诊结局: one's own patients alone, masked in the list, each finding opened and recorded by itself."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from events.models import AccessEntry
from tests.integration.pages import at_most, refused, words
from tests.integration.referrals.overviewing import next_of
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)
PNEUMONIA = [{"text": "社区获得性肺炎", "code": "J18.900", "primary": True}]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def outcomes(browser, **query):
    return browser.get(reverse("referrals:outcomes", query=query or None))


def opened(browser, referral, **headers):
    return browser.get(reverse("referrals:outcome", args=[referral.number]), **headers)


def listed(answer) -> list[str]:
    return [row.referral.number for row in answer.context["rows"]]


def test_what_became_of_my_patients(cast):
    closed = referral_at("closed", cast)
    other = step("conclude", referral_at("arrived", cast), cast, diagnoses=PNEUMONIA)
    rejected = referral_at("rejected", cast)
    step("return", referral_at("submitted", cast), cast, reason="exam")
    for status in ("submitted", "draft", "void"):
        referral_at(status, cast)
    referral_at("closed", cast, by=cast.actors.township_colleague)
    referral_at("closed", cast, sender=cast.institutions.hekou)
    answer = outcomes(cast.browser("township_doctor"))
    assert listed(answer) == [rejected.number, other.number, closed.number]
    assert [(row.became, row.followed, row.compared and row.compared.words) for row in answer.context["rows"]] == [
        ("无床或号源已满", "", None), ("转回基层", "小结还没签收", "不同"), ("转回基层", "未约随访", "相符"),
    ]  # fmt: skip
    assert answer.context["tally"] == {
        "numbers": [
            ("转诊总数", 5), ("已到诊", 2), ("初步印象：相符", 1), ("初步印象：部分相符", 0), ("初步印象：不同", 1),
            ("退回补充", 1), ("不予接收", 1),
        ],
        "back": [("不予接收：无床或号源已满", 1), ("退回补充：缺检查检验结果", 1)],
    }  # fmt: skip


def test_the_list_is_masked_and_opening_one_is_on_record(cast):
    closed = referral_at("closed", cast)
    browser = cast.browser("township_doctor")
    before = AccessEntry.objects.count()
    page = words(outcomes(browser))
    assert ("王**" in page, "王秀英" in page, "心绞痛" in page, "规律服药" in page) == (True, False, False, False)
    assert AccessEntry.objects.count() == before
    unfolded = opened(browser, closed, headers={"HX-Request": "true"})
    shown = words(unfolded)
    assert "心绞痛 I20.900" in shown
    assert "稳定型心绞痛 I20.900" in shown
    assert "规律服药，两周后复查" in shown
    entry = AccessEntry.objects.order_by("pk").last()
    assert AccessEntry.objects.count() == before + 1
    assert (entry.user_id, entry.purpose, entry.patient_id) == (
        cast.users.township_doctor.pk,
        "outcome",
        closed.patient_id,
    )
    assert "<html" not in unfolded.text
    assert "<html" in opened(browser, closed).text


def test_what_i_found_at_the_follow_up_stands_beside_it(cast):
    referral = step("follow_up", referral_at("following_up", cast), cast)
    browser = cast.browser("township_doctor")
    assert outcomes(browser).context["rows"][0].followed == "已随访"
    assert "血压 132/80，无胸闷" in words(opened(browser, referral))


def test_nobody_else_opens_it(cast):
    closed = referral_at("closed", cast)
    before = AccessEntry.objects.count()
    for who in ("township_colleague", "cardiologist", "township_desk"):
        answer = opened(cast.browser(who), closed)
        assert (answer.status_code, "只给开单医生本人看" in refused(answer)) == (403, True)
    assert opened(cast.browser("outsider_doctor"), closed).status_code == 404
    assert listed(outcomes(cast.browser("township_colleague"))) == []
    for who in ("township_desk", "consortium_administrator", "township_administrator"):
        assert outcomes(cast.browser(who)).status_code == 403
    assert AccessEntry.objects.count() == before


def test_without_a_summary_there_is_nothing_to_open(cast):
    answer = opened(cast.browser("township_doctor"), referral_at("rejected", cast))
    assert (answer.status_code, "还没有回传小结" in refused(answer)) == (404, True)


def test_who_works_in_two_houses_sees_those_of_the_one_he_is_in(cast):
    there = referral_at("closed", cast, sender=cast.institutions.hekou, by=cast.actors.travelling_doctor_at_hekou)
    assert listed(outcomes(cast.browser("travelling_doctor_at_hekou"))) == [there.number]
    assert listed(outcomes(cast.browser("travelling_doctor"))) == []


def test_periods(cast, clock):
    old = referral_at("closed", cast)
    clock.shift(timedelta(days=120))
    browser = cast.browser("township_doctor")
    assert (listed(outcomes(browser)), listed(outcomes(browser, days="365"))) == ([], [old.number])
    assert outcomes(browser, days="soon").status_code == 200
    assert outcomes(browser, day="90").status_code == 400


def test_as_many_statements_for_thirty_page_by_page(cast):
    browser = cast.browser("township_doctor")
    made = [referral_at("concluded", cast).number]
    with at_most(9):
        assert listed(outcomes(browser)) == made
    made += [referral_at("withdrawn", cast).number for _each in range(29)]
    with at_most(9):
        first = outcomes(browser)
    second = browser.get(next_of(first))
    assert listed(first) + listed(second) == made[::-1]
