"""Short messages to the patient at each step: what they say, what they never say, and when there is none."""

import json
from datetime import date, datetime, timedelta

import pytest

from events import outbox
from events.models import Event
from notifications.actions import deliver_due
from notifications.models import Delivery
from referrals import patient_notices
from referrals.actions.links import MOST, find_link, issue_link
from referrals.actions.patient_words import choose_sms
from referrals.models import PatientLink
from tests.cast import SYSTEM
from tests.integration.referrals.patients import HOME, inside
from tests.walk import referral_at, step
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)
FOLLOWED = date(2026, 3, 18)
NEVER = ("王", "秀英", "心内科", "心绞痛", "胸", "R26", "诊室", "1958")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture(autouse=True)
def _on(settings, tmp_path):
    settings.PATIENTS_URL, settings.SMS_PROVIDER, settings.VAR_DIR = HOME, "file", tmp_path


@pytest.fixture
def sent(tmp_path):
    """Run what is owed; answers the messages that went out since, oldest first."""
    seen = set()

    def run() -> list[dict]:
        while outbox.run_due() or deliver_due():
            pass
        paths = set((tmp_path / "sms").glob("*.json")) - seen
        seen.update(paths)
        order = {str(row.message_id): row.pk for row in Delivery.objects.filter(channel="sms")}
        messages = [json.loads(path.read_text()) for path in paths]
        theirs = [each for each in messages if each["template"].startswith("patient_")]
        return sorted(theirs, key=lambda each: order[each["id"]])

    return run


def test_a_journey_up_and_back(cast, sent):
    referral = referral_at("submitted", cast)
    hospital, township = cast.institutions.hospital, cast.institutions.chengguan
    messages = sent()
    for verb, facts in (("accept", {}), ("schedule", {"place": "门诊楼 2 楼心内科 3 诊室"}), ("arrive", {}),
                        ("conclude", {}), ("acknowledge", {"follow_up_on": FOLLOWED})):  # fmt: skip
        step(verb, referral, cast, **facts)
        messages += sent()
    assert [each["template"] for each in messages] == [
        "patient_sent", "patient_accepted", "patient_placed", "patient_arrived", "patient_going_home",
        "patient_follow_up",
    ]  # fmt: skip
    assert {each["phone"] for each in messages} == {"13800001234"}
    placed = messages[2]
    assert placed["words"].startswith(
        "【医联体】已为您约好：2026年3月12日 星期四 上午，县人民医院。请带身份证、医保卡和转诊单"
    )
    assert placed["params"]["when"] == "2026年3月12日 星期四 上午"
    assert f"电话：{hospital.desk_phone}。" in placed["words"]
    assert f"电话：{township.desk_phone}。" in messages[0]["words"]
    said = json.dumps([[each["words"], each["params"]] for each in messages], ensure_ascii=False)
    assert [each for each in NEVER if each in said] == []
    tokens = [each["params"]["link"].rpartition("/")[2] for each in messages]
    assert len(set(tokens)) == 6
    assert "约好 2026年" in inside(tokens[-1]).get(f"/p/{tokens[-1]}").content.decode()


@pytest.mark.parametrize(
    ("status", "template"),
    [
        ("rejected", "not_taken"),
        ("expired", "lapsed"),
        ("cancelled", "called_off"),
        ("no_show", "not_seen"),
        ("withdrawn", "taken_back"),
    ],
)
def test_bad_news_names_whom_to_call_at_home(cast, sent, status, template):
    """What was said on the way there and is true no more stays unsaid."""
    referral_at(status, cast)
    messages = sent()
    assert [each["template"] for each in messages] == [f"patient_{template}"]
    assert cast.institutions.chengguan.desk_phone in messages[0]["words"]


def test_who_refused_died_or_left_no_telephone_hears_nothing(cast, sent):
    refused = referral_at("submitted", cast)
    choose_sms(refused, actor=SYSTEM, wanted=False)
    silent = {"department": cast.departments.neurology, "patient": cast.patient(name="赵玉珍", phone="")}
    referral_at("submitted", cast, **silent)
    referral_at("died", cast, department=cast.departments.surgery, patient=cast.patient(name="孙德福"))
    assert sent() == []
    why = Delivery.objects.filter(channel="sms").values_list("state", "error").distinct()
    assert list(why) == [("suppressed", "no_mobile")]
    assert PatientLink.objects.count() == 0


@pytest.mark.parametrize(
    ("status", "verb"), [("submitted", "forward"), ("rejected", "resubmit"), ("concluded", "refer_back")]
)
def test_a_refusal_holds_for_what_goes_on_from_it(cast, sent, status, verb):
    first = referral_at(status, cast)
    sent()
    choose_sms(first, actor=SYSTEM, wanted=False)
    first.refresh_from_db()
    assert step(verb, first, cast).no_sms is True
    assert sent() == []


def test_on_the_green_channel_the_first_word_is_the_arrival(cast, sent):
    green = {"urgency": "emergency", "green_channel": "chest_pain", "caller_phone": "13900001111"}
    referral = referral_at("submitted", cast, **green)
    step("dispatch", referral, cast, confirmed_by="黄丽")
    step("accept", referral, cast)
    assert sent() == []
    step("arrive", referral, cast)
    assert [each["template"] for each in sent()] == ["patient_arrived"]


def test_the_night_is_waited_out_and_only_the_last_word_is_said(cast, sent, clock):
    referral = referral_at("accepted", cast)
    sent()
    clock.move_to(datetime(2026, 3, 11, 22, 0, tzinfo=ZONE))
    step("schedule", referral, cast)
    clock.shift(timedelta(minutes=20))
    step("cancel", referral, cast)
    assert sent() == []
    clock.move_to(datetime(2026, 3, 12, 8, 1, tzinfo=ZONE))
    assert [each["template"] for each in sent()] == ["patient_called_off"]


def test_of_an_emergency_the_family_hears_at_night_and_never_of_a_place_that_is_over(cast, sent, clock):
    clock.move_to(datetime(2026, 3, 11, 22, 0, tzinfo=ZONE))
    arrived = referral_at("arrived", cast, urgency="emergency")
    assert [each["template"] for each in sent()] == ["patient_arrived"]
    assert arrived.status == "arrived"
    step("schedule", referral_at("accepted", cast), cast)
    clock.shift(timedelta(days=3))
    assert "patient_placed" not in [each["template"] for each in sent()]


def test_repeats_say_the_same_link_and_kill_no_other(cast):
    referral_at("submitted", cast)
    event = Event.objects.get(name="referral.submitted")
    links = [patient_notices.text_of(event).params["link"] for _try in range(10)]
    assert (len(set(links)), PatientLink.objects.living().count()) == (1, 1)
    assert find_link(links[-1].rpartition("/")[2])


def test_many_messages_have_as_many_living_links_as_are_kept(cast):
    referral = referral_at("submitted", cast)
    links = [issue_link(referral, actor=SYSTEM, made_for="sms", message=str(each)) for each in range(MOST["sms"] + 4)]
    assert (len(set(links)), PatientLink.objects.living().count()) == (MOST["sms"] + 4, MOST["sms"])
    assert find_link(links[-1].rpartition("/")[2])


def test_without_an_address_of_our_own_the_words_do_without(cast, sent, settings):
    settings.PATIENTS_URL = ""
    referral_at("submitted", cast)
    words = sent()[0]["words"]
    assert words.endswith(f"电话：{cast.institutions.chengguan.desk_phone}。")
    assert "详情" not in words
