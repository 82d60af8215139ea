"""Step zero: who is it, where may one refer to, and what already runs, before anything is written."""

import re
from datetime import date

import pytest
from django.urls import reverse

from events.models import AccessEntry
from records.data import NumberData
from records.models import Patient
from tests.cast import resident_number
from tests.integration.referrals.pages import HTMX, statements, words_in
from tests.integration.referrals.sheets import NEW
from tests.walk import referral_at

pytestmark = pytest.mark.django_db

SEARCH, CHOOSE = reverse("referrals:patients"), reverse("referrals:choose")
REGISTER, DESTINATIONS = reverse("referrals:register"), reverse("referrals:destinations")
STANDING = reverse("referrals:standing")
GENERIC = "该患者在本专科已有进行中的转诊，请联系医联体办公室。"
MOST_STATEMENTS = 12


def ask(cast, who, address, **given):
    return cast.browser(who).post(address, given, headers=HTMX)


def slow(settings, **rates):
    known = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": known | rates}


def results(answer) -> list[str]:
    """Each result as its words."""
    found = re.findall(r"data-result.*?</button>", answer.content.decode(), re.S)
    return [" ".join(re.sub(r"<[^>]*>", " ", each.partition(">")[2]).split()) for each in found]


def options(answer, name: str) -> list[str]:
    select = re.search(rf'<select[^>]*name="{name}".*?</select>', answer.content.decode(), re.S)[0]
    return re.findall(r'<option value="([^"]+)"', select)


class TestLookingUp:
    @pytest.mark.parametrize("text", ["王秀", "wangxiu", "wxy", "WXY"])
    def test_by_name_pinyin_and_initials_masked(self, cast, text):
        patient = cast.patient()
        cast.patient(name="李桂兰")
        answer = ask(cast, "township_doctor", SEARCH, q=text)
        assert results(answer) == [f"王** 女 {patient.age} 岁 尾号 {patient.last4} 城关镇卫生院"]
        assert AccessEntry.objects.count() == 0

    def test_by_the_whole_number(self, cast):
        patient = cast.patient()
        number = patient.identifiers.get().value
        assert len(results(ask(cast, "township_doctor", SEARCH, q=number))) == 1
        assert results(ask(cast, "township_doctor", SEARCH, q=number[:-1])) == []

    def test_nobody_tries_numbers_one_after_the_other(self, cast, settings):
        slow(settings, look_up="2/day")
        number = cast.patient().identifiers.get().value
        browser = cast.browser("outsider_doctor")
        answers = [browser.post(SEARCH, {"q": number}, headers=HTMX) for _each in range(3)]
        assert [each.status_code for each in answers] == [200, 200, 429]
        assert browser.post(SEARCH, {"q": "王秀英"}, headers=HTMX).status_code == 200
        entered = {"person-name": "刘德", "person-number": number}
        assert browser.post(REGISTER, entered, headers=HTMX).status_code == 429

    def test_to_hear_whose_number_it_is_not_is_a_look_up(self, cast):
        patient = cast.patient()
        entered = {"person-name": "刘德", "person-number": patient.identifiers.get().value}
        answer = ask(cast, "outsider_doctor", REGISTER, **entered)
        assert "该号码已用于登记另一姓名" in words_in(answer)
        looked = AccessEntry.objects.get()
        assert (looked.patient_id, looked.basis, looked.institution_code) == (patient.pk, "number", "city-second")

    def test_a_stranger_finds_nobody(self, cast):
        cast.patient()
        for who in ("outsider_doctor", "hekou_doctor"):
            assert results(ask(cast, who, SEARCH, q="王秀英")) == []

    def test_somebody_known_elsewhere_must_be_registered_here(self, cast):
        patient = cast.patient()
        number = patient.identifiers.get().value
        answer = ask(cast, "hekou_doctor", SEARCH, q=number)
        assert results(answer) == [f"王** 女 {patient.age} 岁 尾号 {number[-4:]} 城关镇卫生院 在本机构登记"]
        assert "data-register" in ask(cast, "hekou_doctor", REGISTER, open="1", q=number).content.decode()

    def test_nobody_found_says_what_to_do(self, cast):
        assert "登记新患者" in words_in(ask(cast, "township_doctor", SEARCH, q="查无此人"))

    def test_who_may_not_write_referrals_is_told_so(self, cast):
        for address in (SEARCH, CHOOSE, REGISTER, DESTINATIONS, STANDING):
            assert ask(cast, "township_desk", address, q="wxy").status_code == 403

    def test_nothing_is_asked_by_address(self, cast):
        for address in (SEARCH, CHOOSE, REGISTER, DESTINATIONS, STANDING):
            assert cast.browser("township_doctor").get(address, {"q": "王秀英"}).status_code == 405


class TestChoosing:
    def test_the_four_facts_are_confirmed_and_the_look_is_on_record(self, cast):
        patient = cast.patient()
        words = words_in(ask(cast, "township_doctor", CHOOSE, patient=patient.public_id))
        for fact in ("王秀英", "女", f"{patient.age} 岁", patient.last4, "城关镇卫生院"):
            assert fact in words
        entry = AccessEntry.objects.get()
        assert (entry.patient_id, entry.basis, entry.purpose) == (patient.pk, "registration", "write referral")

    def test_a_stranger_s_choice_is_nobody(self, cast):
        patient = cast.patient()
        answer = ask(cast, "outsider_doctor", CHOOSE, patient=patient.public_id)
        assert "没有找到该患者" in words_in(answer)
        assert "王秀英" not in words_in(answer)
        assert AccessEntry.objects.count() == 0

    def test_what_is_known_comes_along(self, cast):
        patient = cast.patient()
        referral_at("closed", cast, patient=patient)
        page = ask(cast, "township_doctor", CHOOSE, patient=patient.public_id).content.decode()
        prefill = re.search(r'<script id="prefill" type="application/json">(.*?)</script>', page)[1]
        assert prefill.encode().decode("unicode_escape") == (
            '{"insurance": {"kind": "resident"}, "priority": ["elderly"], "past_history": "高血压病 10 年", '
            '"allergies": ["青霉素"]}'
        )

    def test_another_house_s_history_does_not_come_along(self, cast):
        patient = cast.patient()
        referral_at("closed", cast, patient=patient)
        number = patient.identifiers.get().value
        mine = cast.patient(cast.actors.hekou_doctor, identifiers=[NumberData(type="resident_id", value=number)])
        assert mine.person_id == patient.person_id
        page = ask(cast, "hekou_doctor", CHOOSE, patient=mine.public_id).content.decode()
        assert "past_history" not in page

    def test_without_a_choice_the_search_comes_back(self, cast):
        assert 'id="q"' in ask(cast, "township_doctor", CHOOSE, patient="").content.decode()


class TestWhatAlreadyRuns:
    def test_the_parties_see_the_live_one_before_the_form_is_filled(self, cast):
        live = referral_at("submitted", cast)
        words = words_in(ask(cast, "township_doctor", CHOOSE, patient=live.patient.public_id))
        assert "该患者有进行中的转诊" in words
        assert live.number in words

    def test_a_rival_in_the_same_specialty_is_named_to_its_parties(self, cast):
        live = referral_at("submitted", cast)
        given = {"patient": live.patient.public_id, "receiver": "county-hospital", "department": "cardiology"}
        words = words_in(ask(cast, "township_doctor", STANDING, direction="up", **given))
        assert f"该患者在本专科已有进行中的转诊 {live.number}（待接收），请在原单上办理。" in words

    def test_others_hear_only_the_sentence(self, cast):
        live = referral_at("submitted", cast)
        number = live.patient.identifiers.get().value
        mine = cast.patient(cast.actors.hekou_doctor, identifiers=[NumberData(type="resident_id", value=number)])
        given = {"patient": mine.public_id, "receiver": "county-hospital", "direction": "up"}
        words = words_in(ask(cast, "hekou_doctor", STANDING, department="cardiology", **given))
        assert GENERIC in words
        assert live.number not in words
        assert GENERIC not in words_in(ask(cast, "hekou_doctor", STANDING, department="neurology", **given))

    def test_hearing_that_something_runs_is_on_record_and_hearing_nothing_is_not(self, cast):
        live = referral_at("submitted", cast)
        number = live.patient.identifiers.get().value
        mine = cast.patient(cast.actors.hekou_doctor, identifiers=[NumberData(type="resident_id", value=number)])
        given = {"patient": mine.public_id, "receiver": "county-hospital", "direction": "up"}
        AccessEntry.objects.all().delete()
        for department in ("neurology", "cardiology"):
            for address in (STANDING, DESTINATIONS):
                ask(cast, "hekou_doctor", address, department=department, **given)
        entries = AccessEntry.objects.order_by("pk").values_list("patient_id", "basis", "purpose", "institution_code")
        assert list(entries) == [(mine.pk, "registration", "what runs", "hekou")] * 2

    @pytest.mark.parametrize("urgency", ["routine", "emergency"])
    def test_so_is_hearing_it_of_the_own_one(self, cast, urgency):
        live = referral_at("submitted", cast)
        before = AccessEntry.objects.count()
        given = {"patient": live.patient.public_id, "receiver": "county-hospital", "department": "cardiology"}
        ask(cast, "township_doctor", STANDING, direction="up", urgency=urgency, **given)
        assert [entry.purpose for entry in AccessEntry.objects.order_by("pk")[before:]] == ["what runs"]

    def test_an_emergency_is_told_that_it_supersedes(self, cast):
        live = referral_at("submitted", cast)
        given = {"patient": live.patient.public_id, "receiver": "county-hospital", "department": "cardiology"}
        words = words_in(ask(cast, "township_doctor", STANDING, direction="up", urgency="emergency", **given))
        assert "将取代该患者在本专科尚未出发的普通转诊" in words

    def test_the_last_one_to_this_specialty(self, cast):
        closed = referral_at("closed", cast)
        given = {"patient": closed.patient.public_id, "receiver": "county-hospital", "direction": "up"}
        words = words_in(ask(cast, "township_doctor", STANDING, department="cardiology", **given))
        assert "上次转该专科" in words
        assert closed.number in words
        assert closed.number not in words_in(ask(cast, "township_doctor", STANDING, department="neurology", **given))


class TestRegistering:
    GIVEN = {
        "person-name": "钱多多",
        "person-sex": "2",
        "person-birth_date": "1990-01-02",
        "person-phone": "13811112222",
    }

    def test_somebody_new_without_leaving_the_page(self, cast):
        answer = ask(cast, "township_doctor", REGISTER, **self.GIVEN)
        patient = Patient.objects.get(name="钱多多")
        assert patient.institution == cast.institutions.chengguan
        assert patient.public_id in answer.content.decode()
        assert "data-patient-chosen" in answer.content.decode()

    def test_a_wrong_check_digit_stands_at_its_field(self, cast):
        right = resident_number(date(1990, 1, 2), 2)
        wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
        answer = ask(cast, "township_doctor", REGISTER, **self.GIVEN, **{"person-number": wrong})
        assert Patient.objects.filter(name="钱多多").count() == 0
        page = answer.content.decode()
        assert 'value="钱多多"' in page
        assert page.count("is-invalid") == 1
        assert re.search(r'<input[^>]*name="person-number"[^>]*is-invalid', page)

    def test_nothing_typed_there_is_kept_on_the_computer(self, cast):
        page = ask(cast, "township_doctor", REGISTER, open="1", q="钱多多").content.decode()
        fields = re.findall(r'<(?:input|select)[^>]*name="person-[^>]*>', page)
        assert [tag for tag in fields if "data-draft-skip" not in tag] == []
        assert 'value="钱多多"' in page


class TestDestinations:
    def test_only_what_the_relations_allow_nearest_first(self, cast):
        answer = ask(cast, "township_doctor", DESTINATIONS, direction="up")
        assert options(answer, "receiver") == ["county-hospital", "county-tcm"]
        assert options(answer, "department") == ["cardiology", "emergency", "general-surgery", "neurology"]

    def test_downward_general_practice_is_proposed(self, cast):
        answer = ask(cast, "cardiologist", DESTINATIONS, direction="down", receiver="hekou")
        assert 'value="general" selected' in answer.content.decode()

    def test_the_green_channel_goes_to_the_emergency_department_of_the_core_hospital(self, cast):
        page = ask(cast, "township_doctor", DESTINATIONS, direction="up", green_channel="stroke").content.decode()
        assert re.findall(r'value="([a-z-]+)" selected', page) == ["county-hospital", "emergency"]

    def test_an_unknown_receiver_falls_back_to_the_nearest(self, cast):
        answer = ask(cast, "township_doctor", DESTINATIONS, direction="up", receiver="city-second")
        assert options(answer, "receiver") == ["county-hospital", "county-tcm"]


class TestWhatItCosts:
    @pytest.mark.parametrize("patients", [1, 30])
    def test_looking_up(self, cast, patients):
        for number in range(patients):
            cast.patient(phone=f"138000{number:05d}")
        browser = cast.browser("township_doctor")
        with statements() as ran:
            answer = browser.post(SEARCH, {"q": "wxy"}, headers=HTMX)
        assert len(results(answer)) == min(patients, 20)
        assert len(ran) <= MOST_STATEMENTS

    def test_choosing_with_everything_to_say(self, cast):
        patient = cast.patient()
        referral_at("closed", cast, patient=patient)
        referral_at("submitted", cast, patient=patient, department=cast.departments.neurology)
        given = {
            "patient": patient.public_id,
            "receiver": "county-hospital",
            "department": "cardiology",
            "direction": "up",
        }
        browser = cast.browser("township_doctor")
        with statements() as ran:
            browser.post(CHOOSE, given, headers=HTMX)
        assert len(ran) <= MOST_STATEMENTS

    @pytest.mark.parametrize("query", ["", "?green=1"])
    def test_the_blank_sheet(self, cast, query):
        browser = cast.browser("township_doctor")
        browser.get(NEW)
        with statements() as ran:
            answer = browser.get(NEW + query)
        assert answer.status_code == 200
        assert len(ran) <= MOST_STATEMENTS
