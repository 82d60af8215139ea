"""The patient's link: a secret, one question, and the same closed door for everything else."""

import logging
import re
from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from events.models import Event
from records.data import NumberData
from referrals.actions import change_draft
from referrals.actions.links import MOST, find_link, issue_link, revoke_links
from referrals.models import PatientLink, Referral
from referrals.proving import proves
from referrals.showing.patient_side import patient_side_of
from referrals.showing.slip import return_slip_of, slip_of
from tests.architecture.routes import BY_TOKEN
from tests.cast import resident_number
from tests.integration.referrals.pages import statements
from tests.integration.referrals.patients import BORN, HOME, address_of, answers, inside, token_of
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.refusals import Forbidden

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)
UNKNOWN = "A" * 22
HOSPITAL = "县人民医院"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture(autouse=True)
def _reachable(settings):
    settings.PATIENTS_URL = HOME
    cache.clear()


@pytest.fixture
def doctor(cast):
    return cast.actors.township_doctor


@pytest.fixture
def token(cast, doctor):
    return token_of(referral_at("scheduled", cast), doctor)


def words(answer) -> str:
    return answer.content.decode()


class TestTheQuestion:
    def test_nothing_is_said_before_the_answer(self, cast, token):
        page = words(Client().get(address_of(token)))
        told = ("王", HOSPITAL, "心内科", "城关镇", "1958", cast.institutions.hospital.desk_phone, "R26")
        assert [word for word in told if word in page] == []

    def test_either_answer_opens_it_and_the_browser_is_remembered_for_half_an_hour(self, cast, doctor, clock):
        referral = referral_at("scheduled", cast)
        token = token_of(referral, doctor)
        for right in (referral.patient.last4, "1958年3月12日", "１９５８０３１２"):
            assert HOSPITAL in words(inside(token, right).get(address_of(token)))
        browser = inside(token)
        cookie = browser.cookies["consortium_patient"]
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/p/{token}", True, "Lax")
        clock.shift(timedelta(minutes=29))
        assert HOSPITAL in words(browser.get(address_of(token)))
        clock.shift(timedelta(minutes=29))
        assert HOSPITAL in words(browser.get(address_of(token)))
        clock.shift(timedelta(minutes=31))
        assert HOSPITAL not in words(browser.get(address_of(token)))
        link = PatientLink.objects.get()
        assert (link.opened, link.opened_at, link.failed) == (4, MOMENT, 0)

    def test_the_answer_for_one_link_opens_no_other(self, cast, doctor, token):
        """Somebody else's referral, the same birth date even: the cookie names its own link."""
        other = token_of(referral_at("accepted", cast, department=cast.departments.neurology), doctor)
        browser = inside(token)
        browser.cookies["consortium_patient"]["path"] = "/"
        assert "神经内科" not in words(browser.get(address_of(other)))
        assert "心内科" in words(browser.get(address_of(token)))
        assert browser.post(address_of(other, "patient_decline"), {"reason": "better"}).status_code == 302
        assert Event.objects.filter(name="referral.patient_declined").count() == 0

    def test_a_form_from_elsewhere_is_refused(self, token):
        strict = Client(enforce_csrf_checks=True)
        assert answers(token, BORN, strict).status_code == 403

    def test_the_secret_is_told_to_nobody(self, cast, token, caplog):
        with caplog.at_level(logging.DEBUG):
            answer = inside(token).get(address_of(token))
            Client().get(address_of(UNKNOWN))
        assert answer["Referrer-Policy"] == "strict-origin"
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        rows = [*Event.objects.values_list("subject", "facts"), *PatientLink.objects.values_list()]
        assert token not in str(rows)
        assert "tried in vain" in caplog.text
        kept = [record.getMessage() for record in caplog.records if record.name.startswith(("referrals", "axes"))]
        assert [line for line in kept if token in line or UNKNOWN in line] == []


class TestWhatFits:
    def test_of_a_known_patient(self, cast):
        number = NumberData(type="resident_id", value=resident_number(date(1958, 3, 12), 2))
        patient = cast.patient(identifiers=[number])
        right = [patient.last4, patient.last4.lower(), "1958-03-12", "1958.3.12", "19580312"]
        wrong = ["", "0000", "1958", "0312", "19580313", patient.phone[-4:], number.value, "1958-13-40", "x" * 30]
        assert [proves(patient, answer) for answer in right] == [True] * 5
        assert [proves(patient, answer) for answer in wrong] == [False] * len(wrong)

    def test_a_number_that_stands_on_the_paper_is_no_answer(self, cast):
        filed = [NumberData(type="health_record", value="51082110120200001")]
        patient = cast.patient(identifiers=filed, birth_date=date(1958, 3, 12), sex="2")
        assert patient.last4 == "0001"
        assert [proves(patient, answer) for answer in ("0001", "19580312")] == [False, True]

    def test_of_nobody_the_telephone_and_without_one_nothing(self, cast):
        unknown = {"name": "无名氏", "unknown": True, "estimated_age": 45, "identifiers": [], "next_of_kin": None}
        left = cast.patient(**unknown | {"phone": "13800001234"})
        nothing = cast.patient(**unknown | {"phone": ""})
        assert [proves(left, answer) for answer in ("1234", "0123", "")] == [True, False, False]
        assert [proves(nothing, answer) for answer in ("", "0000", "1234")] == [False] * 3


class TestClosed:
    def test_unknown_old_revoked_locked_and_half_look_the_same(self, cast, doctor, clock):
        referral = referral_at("closed", cast)
        old = token_of(referral, doctor)
        clock.move_to(MOMENT + timedelta(days=31))
        revoked = token_of(referral_at("submitted", cast, department=cast.departments.surgery), doctor)
        revoke_links(PatientLink.objects.latest("pk").referral, actor=doctor)
        locked = token_of(referral_at("accepted", cast, department=cast.departments.neurology), doctor)
        for _each in range(5):
            last = answers(locked, "0000")
        cache.clear()
        seen = {}
        for name, token in {"old": old, "revoked": revoked, "locked": locked, "half": locked[:11]}.items():
            seen[name] = Client().get(address_of(token))
            assert answers(token, BORN).status_code == 404
        unknown = Client().get(address_of(UNKNOWN))
        assert {answer.status_code for answer in seen.values()} == {404}
        plain = {without_what_differs(words(answer)) for answer in [*seen.values(), unknown, last]}
        assert len(plain) == 1
        assert [word for word in (HOSPITAL, "王", "0839") if word in words(unknown)] == []

    def test_every_page_of_the_link_is_closed_alike_and_asks_as_much(self, token):
        asked = set()
        for name in BY_TOKEN:
            for wrong in (UNKNOWN, token[:-1] + ("a" if token[-1] != "a" else "b")):
                method = "post" if name.endswith(("come", "messages", "leave")) else "get"
                with statements() as ran:
                    answer = getattr(Client(), method)(address_of(wrong, name.partition(":")[2]))
                assert answer.status_code == 404, name
                asked.add(len(ran))
        assert asked == {1}

    def test_it_closes_thirty_days_after_the_end_and_after_a_year_whatever_became_of_it(self, cast, doctor, clock):
        ended = token_of(referral_at("closed", cast), doctor)
        runs = token_of(referral_at("accepted", cast, department=cast.departments.neurology), doctor)
        for days, open_ones in ((29, {ended, runs}), (31, {runs}), (364, {runs}), (366, set())):
            clock.move_to(MOMENT + timedelta(days=days))
            assert {token for token in (ended, runs) if find_link(token)} == open_ones

    @pytest.mark.parametrize("verb", ["void", "button"])
    def test_the_wrong_patients_paper_opens_nothing(self, cast, doctor, verb):
        referral = referral_at("submitted", cast)
        token = token_of(referral, doctor)
        browser = inside(token)
        if verb == "void":
            step("void", referral, cast)
        else:
            cast.browser("core_desk").post(f"/referrals/{referral.number}/links/revoke/")
        assert browser.get(address_of(token)).status_code == 404
        assert issue_link(referral, actor=doctor, made_for="slip") == "" or verb == "button"
        assert Event.objects.get(name="link.revoked").facts == {
            "why": "void" if verb == "void" else "party",
            "links": 1,
        }

    def test_the_button_ends_the_papers_of_what_went_before_as_well(self, cast, doctor):
        first = referral_at("submitted", cast)
        paper, elsewhere = token_of(first, doctor), token_of(referral_at("submitted", cast, patient=cast.patient(
            name="赵玉珍")), doctor)  # fmt: skip
        second = step("forward", first, cast)
        own = token_of(second, doctor)
        desk = cast.actors.tcm_desk
        assert patient_side_of(second, desk)["patient_side"].living == 2
        assert revoke_links(second, actor=desk) == 2
        assert [token for token in (paper, own, elsewhere) if find_link(token)] == [elsewhere]
        assert patient_side_of(second, desk)["patient_side"].living == 0

    def test_paper_lives_as_long_as_what_it_leads_on_to(self, cast, doctor, clock):
        first = referral_at("submitted", cast)
        paper = token_of(first, doctor)
        second = step("forward", first, cast)
        clock.move_to(MOMENT + timedelta(days=60))
        assert find_link(paper)
        assert patient_side_of(second, doctor)["patient_side"].living == 1
        Referral.objects.filter(pk=second.pk).update(ended_at=MOMENT + timedelta(days=40))
        clock.move_to(MOMENT + timedelta(days=69))
        assert find_link(paper)
        clock.move_to(MOMENT + timedelta(days=71))
        assert find_link(paper) is None
        assert patient_side_of(Referral.objects.get(pk=second.pk), doctor)["patient_side"].living == 0

    def test_only_a_party_ends_them(self, cast, doctor):
        referral = referral_at("submitted", cast)
        token_of(referral, doctor)
        with pytest.raises(Forbidden):
            revoke_links(referral, actor=cast.actors.consortium_administrator)


class TestGuessing:
    def test_five_wrong_answers_lock_it_for_an_hour_and_three_locks_for_good(self, token, clock):
        for lock in (1, 2, 3):
            assert [answers(token, "0000").status_code for _each in range(5)] == [422] * 4 + [404]
            assert answers(token, BORN).status_code == 404
            cache.clear()
            clock.shift(timedelta(minutes=61))
            assert Event.objects.filter(name="link.locked").count() == lock
        assert answers(token, BORN).status_code == 404
        assert PatientLink.objects.get().revoked_why == "guessed"
        assert Event.objects.filter(name="link.locked").latest("pk").subject.startswith("referral:R")

    def test_a_right_answer_between_forgets_the_wrong_ones(self, token):
        for _round in range(2):
            assert [answers(token, "0000").status_code for _each in range(4)] == [422] * 4
            inside(token)

    def test_ten_thousand_guesses_are_twenty_tries_one_event_and_no_answer(self, token, settings):
        """The rest of them is told to come later, also where they hit; who has answered already goes on."""
        settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
            "DEFAULT_THROTTLE_RATES": settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] | {"patient_link": "20/h"}
        }
        browser, guesser = inside(token), Client()
        found = [guesser.get(address_of(f"{guess:022}")).status_code for guess in range(30)]
        assert found == [404] * 20 + [429] * 10
        with statements() as ran:
            refused = guesser.get(address_of(token))
        assert (refused.status_code, ran) == (429, [])
        assert int(refused["Retry-After"]) > 0
        assert "打开的人太多或输错次数较多" in words(refused)
        assert browser.get(address_of(token)).status_code == 200
        elsewhere = Client(REMOTE_ADDR="192.0.2.7")
        assert elsewhere.get(address_of(token)).status_code == 200
        event = Event.objects.get(name="link.guessed")
        assert (event.subject, event.facts, event.address) == ("link:unknown", {"scope": "patient_link"}, "127.0.0.1")

    def test_many_addresses_together_are_held_back_too(self, token, settings):
        settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
            "DEFAULT_THROTTLE_RATES": settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] | {"patient_links": "5/h"}
        }
        found = [Client(REMOTE_ADDR=f"192.0.2.{host}").get(address_of(UNKNOWN)).status_code for host in range(7)]
        assert found == [404] * 5 + [429] * 2
        assert Event.objects.get(name="link.guessed").facts == {"scope": "patient_links"}


class TestPapers:
    def test_reprints_leave_the_paper_in_the_patients_hand_good(self, cast, doctor):
        referral = referral_at("submitted", cast)
        first = token_of(referral, doctor)
        inside(first)
        later = [token_of(referral, doctor) for _print in range(MOST["slip"] + 3)]
        assert PatientLink.objects.living().count() == MOST["slip"]
        assert find_link(first)
        assert [token for token in later[:4] if find_link(token)] == []
        message = token_of(referral, doctor, "sms")
        assert find_link(message) and find_link(later[-1])

    def test_a_paper_with_a_link_does_not_print_the_answer(self, cast, doctor):
        number = NumberData(type="resident_id", value=resident_number(date(1958, 3, 12), 2))
        referral = referral_at("concluded", cast, patient=cast.patient(identifiers=[number]))
        for made in (slip_of, return_slip_of):
            shown = {address: dict(made(referral, doctor, address).particulars)["证件号码"] for address in ("", HOME)}
            assert shown[HOME].endswith(f" {number.value[0]}{'*' * 16}{number.value[-1]}")
            assert shown[""].endswith(number.value[-4:])

    def test_of_an_unknown_patient_it_does_not_print_the_telephones_end(self, cast, doctor):
        kin = {"name": "李建国", "relation": "其他", "phone": "13800001234"}
        unknown = cast.patient(name="无名氏", unknown=True, estimated_age=45, identifiers=[], phone="13800001234",
                               next_of_kin=kin)  # fmt: skip
        referral = referral_at("submitted", cast, patient=unknown, urgency="emergency", green_channel="chest_pain",
                               caller_phone="13900001111")  # fmt: skip
        paper = slip_of(referral, doctor, HOME)
        assert paper.patient["phone"] == "138********"
        assert "1234" not in str([paper.patient, paper.stub, paper.particulars])
        assert slip_of(referral, doctor).patient["phone"] == "13800001234"

    def test_without_an_address_there_is_no_link(self, cast, doctor, settings):
        settings.PATIENTS_URL = ""
        assert issue_link(referral_at("submitted", cast), actor=doctor, made_for="slip") == ""
        assert PatientLink.objects.count() == 0

    def test_another_patient_on_the_draft_closes_what_was_printed(self, cast, doctor):
        draft = referral_at("draft", cast)
        token = token_of(draft, doctor)
        change_draft(draft, actor=doctor, patient=cast.patient(name="赵玉珍"))
        assert find_link(token) is None
        assert PatientLink.objects.get().revoked_why == "wrong_patient"


def without_what_differs(page: str) -> str:
    """Without the tokens against forgery and the address the language switch returns to."""
    page = re.sub(r'(name="csrfmiddlewaretoken" value|name="csrf-token" content|name="next" value)="[^"]*"', "", page)
    return re.sub(r"/p/\w+", "/p/", page)
