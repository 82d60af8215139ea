"""What pages say at the right moment: after a move, on the ladder, on paper, above a list, beside a field."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from events import notices
from events.models import Event
from institutions.models import Relation
from referrals.actions import clock as referral_clock
from referrals.actions import perform
from referrals.forms.choices import bookable_days, destinations
from referrals.forms.moving import MoveForm
from referrals.limits import limit_of
from referrals.models import Referral
from referrals.showing.totals import totals_of
from tests.integration.referrals.pages import fresh, move_of, page_of, typed, words_in
from tests.walk import referral_at, step
from toolkit.refusals import Refused

pytestmark = pytest.mark.django_db


def said_after(cast, who, verb, referral, **more) -> str:
    """The message on the page a move leads to."""
    browser = cast.browser(who)
    made = browser.post(move_of(referral, verb), typed(verb, referral, cast, **more))
    page = browser.get(made.headers["Location"]).content.decode()
    return re.search(r'<div class="alert alert-success[^>]*>\s*<div>(.*?)</div>', page, re.S)[1]


class TestAfterAMove:
    def test_what_happened_and_what_comes_next(self, cast):
        referral = referral_at("accepted", cast)
        place = cast.slot(cast.departments.cardiology)
        said = said_after(cast, "core_desk", "schedule", referral, slot=place.pk)
        day = f"{place.date:%m-%d}"
        assert said == f"{referral.number}：已安排，预约 {day} 上午 心内科；患者到院后请登记到诊。"

    def test_whose_turn_it_is_where_it_is_somebody_elses(self, cast):
        referral = referral_at("submitted", cast)
        said = said_after(cast, "core_desk", "return", referral)
        assert said == f"{referral.number}：已退回，请对方补充；现在轮到城关镇卫生院 全科。"

    def test_that_it_is_over(self, cast):
        referral = referral_at("rejected", cast)
        said = said_after(cast, "township_doctor", "settle", referral)
        assert said == f"{referral.number}：已登记患者去向；这一单已经办完，无需再处理。"


def test_the_ladder_names_who_was_told_and_the_number(cast):
    hospital = cast.institutions.hospital
    referral = referral_at("submitted", cast, urgency="emergency", kind="emergency")
    for minutes in (16, 21, 26):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            referral_clock.tick()
    words = re.sub(r"<[^>]+>", "", words_in(cast.browser("core_desk").get(page_of(referral))))
    assert f"已提醒：{fresh(referral).hand_institution.label}（{hospital.desk_phone}）" in words
    assert f"已提醒：总值班（{hospital.duty_phone}）" in words
    assert "已提醒：医联体办公室" in words
    assert "逾期升级" not in words


def test_what_was_completed_is_not_announced_as_new(cast):
    referral = referral_at("returned", cast)
    step("submit", referral, cast)
    event = Event.objects.filter(name="referral.submitted").last()
    notice, *_others = notices.notices_for(event.name)
    assert notice.words(event).title == f"城关镇卫生院 已补充 {referral.number}，再次提交"


class TestOnPaper:
    def test_the_slip_says_when_and_where_the_patient_is_awaited(self, cast):
        referral = referral_at("scheduled", cast)
        held = referral.bookings.get()
        page = slip(cast, "township_doctor", referral)
        assert f"{held.date} 上午，心内科，{held.place}" in page
        assert "预约就诊" not in slip(cast, "township_doctor", referral_at("submitted", cast))

    def test_who_registered_the_patient_reads_the_name_also_afterwards(self, cast):
        referral = referral_at("closed", cast)
        own, other = (slip(cast, who, referral) for who in ("township_doctor", "core_desk"))
        assert (own.count("王秀英") > 0, "王**" in own) == (True, False)
        assert ("王秀英" in other, "王**" in other) == (False, True)


def slip(cast, who, referral) -> str:
    return cast.browser(who).get(reverse("referrals:slip", args=[referral.number])).content.decode()


class TestOnwards:
    def test_who_forwards_chooses_among_those_he_may_refer_to_himself(self, cast):
        referral, houses = referral_at("submitted", cast), cast.institutions
        Relation.objects.filter(sender=houses.chengguan, receiver=houses.tcm).update(active=False)
        offered = destinations(referral, cast.actors.core_desk, "forward")
        assert houses.tcm in offered
        new = perform(
            "forward", referral, actor=cast.actors.core_desk, version=referral.version, receiver=houses.tcm,
            department=cast.departments.tcm_cardiology,
        )  # fmt: skip
        assert (new.status, new.sender, new.receiver) == ("submitted", houses.chengguan, houses.tcm)

    def test_and_not_among_the_senders(self, cast):
        referral, houses = referral_at("submitted", cast), cast.institutions
        Relation.objects.filter(sender=houses.hospital, receiver=houses.tcm).update(active=False)
        assert houses.tcm not in destinations(referral, cast.actors.core_desk, "forward")
        with pytest.raises(Refused) as refused:
            perform(
                "forward", referral, actor=cast.actors.core_desk, version=referral.version, receiver=houses.tcm,
                department=cast.departments.tcm_cardiology,
            )  # fmt: skip
        assert [error.code for error in refused.value.errors] == ["no_relation"]

    def test_the_journey_names_the_direction_of_its_first_leg(self, cast):
        up = referral_at("arrived", cast)
        step("refer_back", up, cast)
        page = cast.browser("cardiologist").get(page_of(up)).content.decode()
        assert re.findall(r'class="journey-way"><b>(.*?)</b>', page) == ["上转", "下转"]


def test_concluding_says_everything_at_once(cast):
    referral, today = referral_at("arrived", cast), timezone.localdate()
    with pytest.raises(Refused) as refused:
        perform(
            "conclude", referral, actor=cast.actors.cardiologist, version=referral.version, outcome="discharged_home",
            diagnoses=[{"text": "心绞痛"}], treatment="药物治疗", advice="按时服药",
            ended_at=timezone.now() + timedelta(days=1),
            follow_up_on=today - timedelta(days=1),
        )  # fmt: skip
    assert [(error.pointer, error.code) for error in refused.value.errors] == [
        ("/ended_at", "future"), ("/follow_up_on", "past"),
    ]  # fmt: skip


class TestMarkedTruthfully:
    def test_setting_out_before_the_answer_needs_who_said_yes(self, cast):
        green = referral_at("submitted", cast, green_channel="chest_pain", caller_phone="13800000000")
        accepted = referral_at("accepted", cast)
        doctor = cast.actors.township_doctor
        asked = [MoveForm("dispatch", each, doctor).fields["confirmed_by"].required for each in (green, accepted)]
        assert asked == [True, False]

    def test_a_choice_tells_what_it_needs_besides(self, cast):
        form = MoveForm("settle", referral_at("rejected", cast), cast.actors.township_doctor)
        assert json.loads(form.needed_with) == {
            "remark": {"outcome": ["went_elsewhere"]}, "attempts": {"outcome": ["unreachable"]},
        }  # fmt: skip
        assert MoveForm("accept", referral_at("submitted", cast), cast.actors.core_desk).needed_with == ""

    def test_returning_asks_for_one_thing(self, cast):
        form = MoveForm("return", referral_at("submitted", cast), cast.actors.core_desk)
        assert (form.fields["remark"].label, form.fields["remark"].required) == ("请对方补充什么", True)

    def test_who_is_brought_at_once_is_not_asked_for_a_place_in_two_weeks(self, cast):
        cast.slot(cast.departments.cardiology)
        urgent = referral_at("submitted", cast, urgency="emergency", kind="emergency")
        folded = [
            MoveForm("accept", each, cast.actors.core_desk).slots_folded
            for each in (urgent, referral_at("submitted", cast))
        ]
        assert folded == [True, False]

    def test_only_places_that_fit_are_offered(self, cast):
        cast.slot(cast.departments.cardiology)
        cast.bed(cast.departments.cardiology)
        outpatient, inpatient = (referral_at("submitted", cast, kind=kind) for kind in ("outpatient", "inpatient"))
        labels = [
            {place.label for day in bookable_days(each) for place in day.places} for each in (outpatient, inpatient)
        ]
        assert labels == [{"上午", "下午"}, {"床位"}]


class TestTheOffice:
    def test_one_line_says_how_much_is_where_and_leads_there(self, cast):
        for status in ("submitted", "submitted", "rejected", "closed"):
            referral_at(status, cast)
        Referral.objects.filter(status="rejected").update(deadline=timezone.now() - timedelta(hours=1))
        Referral.objects.filter(status="closed").update(deadline=timezone.now() - timedelta(hours=1))
        office = cast.actors.consortium_administrator
        found = [(each.label, each.count, each.query) for each in totals_of(office)]
        assert found == [
            ("进行中", 3, "live=on"), ("已超时", 1, "live=on&overdue=on"), ("县人民医院", 2, "hand=county-hospital"),
            ("城关镇卫生院", 1, "hand=chengguan"),
        ]  # fmt: skip
        browser = cast.browser("consortium_administrator")
        shown = [len(set(re.findall(r"R\d{11}", rows_of(browser, query)))) for _label, _count, query in found]
        assert shown == [3, 1, 2, 1]

    def test_nothing_is_counted_for_another_consortium(self, cast):
        referral_at("submitted", cast)
        assert totals_of(cast.actors.outsider_office) == []


def rows_of(browser, query: str) -> str:
    answer = browser.get(f"{reverse('referrals:overseen')}?{query}", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_number_is_found_without_its_letter(cast):
    referral = referral_at("submitted", cast)
    answer = cast.browser("core_desk").post(reverse("referrals:search"), {"text": referral.number[1:]})
    assert (answer.status_code, answer.url) == (302, page_of(referral))


def test_the_answer_to_a_routine_referral_is_due_at_the_end_of_the_working_day(cast):
    """From a Sunday one working day is over on Monday evening."""
    referral = referral_at("submitted", cast)
    calendar = cast.institutions.hospital.calendar()
    sunday = timezone.make_aware(timezone.datetime(2026, 3, 15, 11, 0))
    due = limit_of(referral, "respond").after(sunday, calendar)
    assert f"{timezone.localtime(due):%m-%d %H:%M}" == "03-16 17:30"
