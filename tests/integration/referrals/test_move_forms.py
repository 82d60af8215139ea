"""What a move's form offers to choose from, and how it takes mistakes, rows and telephone answers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import AccessEntry
from institutions.models import Capacity
from tests.integration.referrals.pages import fresh, move_of, typed, words_in
from tests.walk import DOWNWARD, referral_at, step

ACUTE = {"urgency": "urgent", "diagnoses": [{"code": "K35.900", "text": "急性阑尾炎", "primary": True}]}

pytestmark = pytest.mark.django_db


class TestMistakes:
    def test_what_is_missing_stands_beside_its_field(self, cast):
        referral = referral_at("arrived", cast)
        sent = {"version": referral.version, "treatment": "冠脉造影", "outcome": "", "advice": ""}
        answer = cast.browser("cardiologist").post(move_of(referral, "conclude"), sent)
        form = answer.context["form"]
        assert answer.status_code == 422
        assert sorted(form.errors) == ["advice", "outcome"]
        assert "冠脉造影" in words_in(answer)
        assert 'id="id_move_advice_error"' in words_in(answer)

    def test_what_the_act_refuses_stands_there_too(self, cast):
        referral = referral_at("submitted", cast)
        sent = typed("reject", referral, cast, reason="other")
        answer = cast.browser("core_desk").post(move_of(referral, "reject"), sent)
        assert answer.status_code == 422
        assert answer.context["form"].errors == {"remark": ["选择此原因时请在备注中说明。"]}

    def test_everything_is_said_when_a_draft_cannot_be_sent(self, cast):
        referral = referral_at("draft", cast, history="", purpose="", diagnoses=[], consent=None)
        answer = cast.browser("township_doctor").post(move_of(referral, "submit"), {"version": referral.version})
        words = words_in(answer)
        assert answer.status_code == 422
        for sentence in ("请填写主要现病史。", "请填写转诊目的。", "请填写初步印象", "请登记患者或监护人的同意"):
            assert sentence in words

    @pytest.mark.parametrize(
        ("field", "value"),
        [("contact_by", "2026-02-31"), ("contact_by", "明天"), ("occurred_at", "25:00"), ("contact_by", "0001-01-01"),
         ("remark", "\0"), ("reason", "x" * 201), ("occurred_at", "0001-01-01T00:00"), ("contact_by", "99999-01-01")],
    )  # fmt: skip
    def test_nonsense_is_named(self, cast, field, value):
        referral = referral_at("accepted", cast)
        sent = typed("defer", referral, cast, **{field: value})
        answer = cast.browser("core_desk").post(move_of(referral, "defer"), sent)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]

    def test_a_place_taken_meanwhile_is_a_conflict_and_nothing_is_lost(self, cast):
        referral, slot = referral_at("accepted", cast), cast.slot(days=3)  # released the afternoon before
        Capacity.objects.filter(pk=slot.pk).update(booked=slot.referral_quota)
        sent = typed("schedule", referral, cast, slot=slot, bring="请带既往片子")
        answer = cast.browser("core_desk").post(move_of(referral, "schedule"), sent)
        assert (answer.status_code, fresh(referral).status) == (409, "accepted")
        assert list(answer.context["form"].errors) == ["slot"]
        assert "请带既往片子" in words_in(answer)

    def test_a_place_of_another_house_does_not_exist(self, cast):
        referral = referral_at("accepted", cast)
        foreign = cast.slot(cast.departments.general_chengguan)
        sent = typed("schedule", referral, cast, slot=foreign)
        answer = cast.browser("core_desk").post(move_of(referral, "schedule"), sent)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["slot"]

    def test_a_department_of_another_house_is_refused(self, cast):
        referral = referral_at("submitted", cast)
        sent = typed("redirect", referral, cast, department="general")
        answer = cast.browser("core_desk").post(move_of(referral, "redirect"), sent)
        assert (answer.status_code, fresh(referral).department_id) == (422, cast.departments.cardiology.pk)


class TestChoices:
    def test_places_are_offered_by_day_with_what_is_free(self, cast):
        referral = referral_at("accepted", cast)
        Capacity.objects.filter(pk=cast.slot(days=2, session="pm").pk).update(booked=4)
        answer = cast.browser("core_desk").get(move_of(referral, "schedule"))
        days = {day.date: day for day in answer.context["form"].days}
        today = timezone.localdate()
        assert [(place.label, place.free) for place in days[today + timedelta(days=2)].places] == [("上午", 4)]
        assert f"{today + timedelta(days=1):%m-%d} 明天" == days[today + timedelta(days=1)].words
        assert "起向公众开放" in words_in(answer)

    def test_a_day_nobody_wished_for_says_so(self, cast):
        day = timezone.localdate()
        first, last = day + timedelta(days=2), day + timedelta(days=3)
        referral = referral_at("submitted", cast, preferred_from=first, preferred_to=last)
        answer = cast.browser("core_desk").get(move_of(referral, "accept"))
        told = [(each.date, each.wished, each.unwished) for each in answer.context["form"].days]
        assert told == [(on, first <= on <= last, not first <= on <= last) for on, _wished, _not in told]
        assert {first, last} < {on for on, _wished, _not in told}
        words = words_in(answer)
        assert words.count("期望日期之外") == len(told) - 2 + 1  # and once above them
        assert f"患者希望 {first:%m-%d} 至 {last:%m-%d} 就诊" in words

    def test_without_a_wish_no_day_is_outside_of_it(self, cast):
        answer = cast.browser("core_desk").get(move_of(referral_at("submitted", cast), "accept"))
        assert not any(day.unwished for day in answer.context["form"].days)
        assert "期望日期之外" not in words_in(answer)

    def test_who_stays_is_shown_beds(self, cast):
        referral = referral_at("accepted", cast, kind="inpatient")
        days = cast.browser("core_desk").get(move_of(referral, "schedule")).context["form"].days
        assert [place.label for place in days[1].places] == ["床位"]

    def test_accepting_without_a_place_leaves_out_what_was_proposed_for_one(self, cast):
        referral = referral_at("submitted", cast)
        browser, address = cast.browser("core_desk"), move_of(referral, "accept")
        proposed = browser.get(address).context["form"].initial
        assert proposed["place"] and proposed["bring"]
        sent = {"version": referral.version, "place": proposed["place"], "bring": "别的东西"}
        kept = browser.post(address, sent)
        assert list(kept.context["form"].errors) == ["bring"]
        assert browser.post(address, sent | {"bring": proposed["bring"]}).status_code == 302
        assert fresh(referral).status == "accepted"

    def test_other_departments_of_the_house_are_offered(self, cast):
        referral = referral_at("submitted", cast)
        form = cast.browser("core_desk").get(move_of(referral, "redirect")).context["form"]
        codes = [code for code, _name in form.fields["department"].choices]
        assert sorted(codes) == ["", "emergency", "general-surgery", "neurology"]

    def test_only_where_relations_lead(self, cast):
        referral = referral_at("submitted", cast)
        form = cast.browser("core_desk").get(move_of(referral, "forward")).context["form"]
        codes = sorted(code for code, _name in form.fields["receiver"].choices)
        assert codes == ["", "county-tcm", "hekou", "lizhuang"]

    def test_going_back_home_is_proposed(self, cast):
        referral = referral_at("arrived", cast)
        form = cast.browser("cardiologist").get(move_of(referral, "refer_back")).context["form"]
        assert (form["receiver"].value(), form["department"].value()) == ("chengguan", "general")

    def test_urgency_only_rises(self, cast):
        referral = referral_at("submitted", cast, urgency="urgent")
        form = cast.browser("core_desk").get(move_of(referral, "upgrade")).context["form"]
        assert [code for code, _words in form.fields["urgency"].choices] == ["urgent", "emergency"]

    @pytest.mark.parametrize(("changes", "days"), [({}, 7), ({"urgency": "urgent"}, 14), (ACUTE, 7)])
    def test_the_follow_up_is_proposed(self, cast, changes, days):
        referral = referral_at("arrived", cast, **changes)
        step("conclude", referral, cast, follow_up_on=None)
        form = cast.browser("township_doctor").get(move_of(referral, "acknowledge")).context["form"]
        assert form["follow_up_on"].value() == timezone.localdate() + timedelta(days=days)

    def test_what_the_summary_asks_for_is_proposed(self, cast):
        referral = referral_at("concluded", cast)
        form = cast.browser("township_doctor").get(move_of(referral, "acknowledge")).context["form"]
        assert form["follow_up_on"].value() == timezone.localdate() + timedelta(days=14)


class TestSummary:
    def conclude(self, cast, **rows):
        referral = referral_at("arrived", cast)
        sent = typed("conclude", referral, cast, diagnoses=[], **rows)
        return referral, cast.browser("cardiologist").post(move_of(referral, "conclude"), sent)

    def test_rows_are_filed_and_empty_ones_left_out(self, cast):
        referral, answer = self.conclude(cast, **{
            "diagnoses-0-text": "稳定型心绞痛", "diagnoses-0-code": "I20.900", "diagnoses-1-text": "",
            "diagnoses-2-text": "高血压", "diagnoses-primary": "2", "medications-0-name": "",
            "medications-0-long_term": "on",
            "medications-4-name": "阿司匹林肠溶片", "medications-4-dose": "100mg", "medications-4-days": "28",
            "medications-4-long_term": "on", "medications-4-supply": "brings_own",
        })  # fmt: skip
        assert answer.status_code == 302
        summary = fresh(referral).summary
        assert [(row["text"], row["code"], row["primary"]) for row in summary.diagnoses] == [
            ("稳定型心绞痛", "I20.900", False), ("高血压", "", True),
        ]  # fmt: skip
        assert summary.medications == [{
            "name": "阿司匹林肠溶片", "strength": "", "dose": "100mg", "route": "", "frequency": "", "days": 28,
            "long_term": True, "supply": "brings_own",
        }]  # fmt: skip

    def test_a_mistake_stands_in_its_own_cell(self, cast):
        referral, answer = self.conclude(cast, **{
            "diagnoses-0-text": "心绞痛", "diagnoses-3-text": "高血压", "diagnoses-3-code": "XYZ",
            "medications-1-name": "某药", "medications-1-days": "900",
        })  # fmt: skip
        assert (answer.status_code, fresh(referral).status) == (422, "arrived")
        form = answer.context["form"]
        assert [(row.index, cell.column.name) for lines in form.lines.values() for row in lines.rows
                for cell in row.cells if cell.errors] == [(3, "code"), (1, "days")]  # fmt: skip
        assert 'value="XYZ"' in words_in(answer)

    def test_the_impression_of_the_letter_is_nobodys_diagnosis(self, cast):
        """What the township thought does not go back as what the hospital found."""
        referral, answer = self.conclude(cast)
        assert (answer.status_code, fresh(referral).status) == (422, "arrived")
        assert answer.context["form"].lines["diagnoses"].errors == ["此项必填。"]

    def test_it_stands_beside_to_be_taken_over_by_a_click(self, cast):
        referral = referral_at("arrived", cast)
        lines = cast.browser("cardiologist").get(move_of(referral, "conclude")).context["form"].lines["diagnoses"]
        assert (lines.required, lines.values) == (True, [])
        assert [row["text"] for row in lines.offered] == ["心绞痛"]

    def test_showing_it_is_a_look_at_the_record(self, cast):
        referral = referral_at("arrived", cast)
        before = AccessEntry.objects.count()
        answer = cast.browser("cardiologist").get(move_of(referral, "conclude"))
        assert AccessEntry.objects.count() == before + 1
        assert "转诊印象：心绞痛（I20.900）" in words_in(answer)

    def test_a_refused_one_names_everything_missing_and_offers_it_again(self, cast):
        looks = AccessEntry.objects.count
        referral = referral_at("arrived", cast)
        sent, before = typed("conclude", referral, cast, diagnoses=[], outcome="", advice=""), looks()
        answer = cast.browser("cardiologist").post(move_of(referral, "conclude"), sent)
        form = answer.context["form"]
        assert (list(form.errors), form.lines["diagnoses"].errors) == (["outcome", "advice"], ["此项必填。"])
        assert [row["text"] for row in form.lines["diagnoses"].offered] == ["心绞痛"]
        assert (answer.status_code, looks()) == (422, before + 1)

    def test_other_forms_are_none(self, cast):
        referral = referral_at("submitted", cast)
        before = AccessEntry.objects.count()
        words = words_in(cast.browser("core_desk").get(move_of(referral, "accept")))
        assert AccessEntry.objects.count() == before
        assert "心绞痛" not in words
        assert "王秀英" not in words


class TestOnTheTelephone:
    def at_clinic(self, cast):
        return referral_at("submitted", cast, sender=cast.institutions.chengguan, direction="down",
                           department=cast.departments.general_clinic, **DOWNWARD,
                           follow_up_on=timezone.localdate() + timedelta(days=9))  # fmt: skip

    def test_the_sender_records_who_answered(self, cast):
        referral = self.at_clinic(cast)
        browser = cast.browser("township_doctor")
        asked = words_in(browser.get(move_of(referral, "accept")))
        assert "电话代录" in asked
        assert f'href="tel:{cast.institutions.clinic.desk_phone}"' in asked
        sent = {"version": referral.version, "told_by": "村医 老李", "told_phone": "13800000001"}
        assert browser.post(move_of(referral, "accept"), sent).status_code == 302
        assert referral.steps.get(verb="accept").on_behalf is True

    def test_without_a_name_it_is_refused(self, cast):
        referral = self.at_clinic(cast)
        sent = {"version": referral.version, "told_phone": "13800000001"}
        answer = cast.browser("township_doctor").post(move_of(referral, "accept"), sent)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["told_by"])


def test_the_present_minute_means_now(cast):
    referral = referral_at("scheduled", cast)
    sent = typed("arrive", referral, cast, arrived_at=timezone.localtime())
    answer = cast.browser("core_desk").post(move_of(referral, "arrive"), sent)
    assert answer.status_code == 302
    assert fresh(referral).arrived_at >= fresh(referral).submitted_at
