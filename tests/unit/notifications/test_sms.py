"""Short messages to patients: when, where to, and what a provider may do to them."""

import json
import socket
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from events.notices import Audience, Recipient, Text, register_recipient
from notifications import actions, sms
from notifications.actions import delivering
from notifications.checks import short_messages_are_set_up
from notifications.models import Delivery, InboxMessage
from notifications.sms import aliyun

from .builders import happened, telling, to
from .provider import hangs, hangs_up, provider, redirects, says

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
NUMBER = "13800138000"
OK = says({"Code": "OK", "Message": "OK", "BizId": "1^0", "RequestId": "r"})


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def files(settings, tmp_path):
    """The messages written by the file provider."""
    settings.SMS_PROVIDER, settings.VAR_DIR = "file", tmp_path
    return lambda: [json.loads(path.read_text()) for path in sorted((tmp_path / "sms").glob("*.json"))]


@pytest.fixture
def aliyun_here(settings):
    with provider() as told:
        settings.SMS_PROVIDER, settings.SMS_ENDPOINT = "aliyun", told.url
        settings.SMS_SIGNATURE, settings.SMS_TEMPLATES = "测试医共体", {"arrived": "SMS_1"}
        settings.SMS_KEY_ID, settings.SMS_KEY_SECRET = "testId", "testSecret"
        yield told


@pytest.fixture
def patient(world):
    """Factory: tells a patient that the parcel has arrived; answers the delivery."""
    register_recipient("patient", lambda ref, event: Recipient(NUMBER, "zh-hans"))
    audience = Audience(institution_id=world.hospital.pk, unit="patient", ref="patient:P1")

    def tell(event="parcel.arrived", **more):
        text = more.pop("text", lambda happened: Text("arrived", {"place": "一楼"}, "您的包裹在一楼。"))
        telling(audience, to(world.zhang), event=event, key="patient", text=text, channels=("inbox",), **more)
        actions.tell(happened(event, number="R26"))
        return Delivery.objects.filter(channel="sms").last()

    return tell


def columns(delivery, *names):
    return Delivery.objects.values_list(*names).get(pk=delivery.pk)


class TestPatient:
    def test_once_with_signature_and_words(self, patient, files, world):
        row = patient()
        actions.tell(row.event)
        assert actions.deliver_due() == 1
        assert files() == [
            {
                "id": str(row.message_id),
                "at": "2026-03-02T09:00:00+08:00",
                "phone": NUMBER,
                "template": "arrived",
                "params": {"place": "一楼"},
                "words": "【医联体】您的包裹在一楼。",
            }
        ]
        kept = Delivery.objects.filter(channel="sms").values_list("user", "recipient", "institution", "state", "error")
        assert list(kept) == [(None, "patient:P1", world.hospital.pk, "sent", "")]
        assert InboxMessage.objects.count() == 1

    def test_a_repeat_leaves_one_message(self, patient, files):
        row = patient()
        for _try in range(2):
            Delivery.objects.filter(pk=row.pk).update(state="queued", sent_at=None)
            assert actions.deliver(row.pk) is True
        assert len(files()) == 1

    def test_without_a_provider_nobody_is_written_to(self, patient, settings):
        settings.SMS_PROVIDER = ""
        assert patient() is None

    def test_a_provider_taken_away_since(self, patient, files, settings):
        row = patient()
        settings.SMS_PROVIDER = ""
        assert (actions.deliver(row.pk), columns(row, "state", "error")) == (False, ("suppressed", "no_sms"))

    @pytest.mark.parametrize("found", [None, Recipient("", "en"), Recipient("0571-87654321", "en")])
    def test_who_is_not_to_be_reached(self, patient, files, found):
        row = patient()
        register_recipient("patient", lambda ref, event: found)
        assert actions.deliver(row.pk) is False
        assert (columns(row, "state", "error"), files()) == (("suppressed", "no_mobile"), [])

    @pytest.mark.parametrize("written", ["138 0013 8000", "+86-13800138000", "008613800138000", "13800138000"])
    def test_numbers_as_people_write_them(self, written):
        assert sms.mobile(written) == NUMBER


class TestNight:
    @pytest.mark.parametrize(
        ("now", "until"), [((2, 21, 0), (3, 8, 0)), ((3, 3, 30), (3, 8, 0)), ((3, 7, 59), (3, 8, 0))]
    )
    def test_what_does_not_press_waits_for_the_morning(self, patient, files, clock, now, until):
        row = patient()
        clock.move_to(datetime(2026, 3, *now, tzinfo=ZONE))
        assert actions.deliver_due() == 0
        morning = datetime(2026, 3, *until, tzinfo=ZONE)
        assert columns(row, "state", "attempts", "next_at", "lease") == ("queued", 0, morning, None)
        clock.move_to(morning)
        assert (actions.deliver_due(), len(files())) == (1, 1)

    def test_what_presses_does_not(self, patient, files, clock):
        clock.move_to(datetime(2026, 3, 3, 3, 30, tzinfo=ZONE))
        patient(urgent=True)
        assert (actions.deliver_due(), len(files())) == (1, 1)

    def test_the_hours_are_the_installations(self, patient, files, clock, settings):
        settings.SMS_QUIET_HOURS = ""
        clock.move_to(datetime(2026, 3, 3, 3, 30, tzinfo=ZONE))
        patient()
        assert actions.deliver_due() == 1


class TestAliyun:
    def test_the_signature_printed_in_the_manual(self, settings):
        settings.SMS_KEY_ID, settings.SMS_KEY_SECRET = "testId", "testSecret"
        given = {
            "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466",
            "Timestamp": "2017-07-12T02:42:19Z",
            "Format": "XML",
            "Action": "SendSms",
            "PhoneNumbers": "15300000001",
            "SignName": "阿里云短信测试专用",
            "TemplateParam": '{"customer":"test"}',
            "TemplateCode": "SMS_71390007",
            "OutId": "123",
        }
        assert aliyun.signed(given, method="GET")["Signature"] == "zJDF+Lrzhj/ThnlvIToysFRq6t4="

    def test_what_is_sent(self, patient, aliyun_here):
        aliyun_here.will(OK)
        row = patient()
        assert actions.deliver(row.pk) is True
        ((query, form),) = aliyun_here.asked
        named = ("Action", "PhoneNumbers", "SignName", "TemplateCode", "TemplateParam", "OutId")
        assert (query, [form[name] for name in named]) == (
            {},
            ["SendSms", NUMBER, "测试医共体", "SMS_1", '{"place": "一楼"}', str(row.message_id)],
        )

    @pytest.mark.parametrize(
        ("answer", "state", "error"),
        [
            (says({"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": NUMBER}), "failed", "isv.BUSINESS_LIMIT_CONTROL"),
            (says({"Code": "Throttling.User"}, 400), "failed", "Throttling.User"),
            (says({"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": NUMBER}), "dead", "isv.MOBILE_NUMBER_ILLEGAL"),
            (says({"Code": "SignatureDoesNotMatch"}, 400), "dead", "SignatureDoesNotMatch"),
            (says({"Code": f"号码 {NUMBER}"}), "dead", "unknown"),
            (says(b"<html>too many</html>", 429), "failed", "http-429"),
            (redirects, "failed", "http-302"),
            (says(b"<html>ok</html>"), "unsure", "no_answer"),
            (says([{"Code": "OK"}]), "unsure", "no_answer"),
            (says({"code": "OK"}), "unsure", "no_answer"),
            (says(b"x" * 100_000), "unsure", "no_answer"),
            (says(b"bad gateway", 502), "unsure", "no_answer"),
            (hangs_up, "unsure", "no_answer"),
        ],
    )
    def test_what_it_may_answer(self, patient, aliyun_here, answer, state, error, caplog):
        aliyun_here.will(answer)
        row = patient()
        assert actions.deliver(row.pk) is False
        assert (columns(row, "state", "error", "sent_at"), len(aliyun_here.asked)) == ((state, error, None), 1)
        assert NUMBER not in caplog.text

    def test_one_that_hangs(self, patient, aliyun_here, monkeypatch):
        monkeypatch.setattr("notifications.sending.READ", 0.1)
        aliyun_here.will(hangs)
        row = patient()
        actions.deliver(row.pk)
        assert columns(row, "state", "error") == ("unsure", "no_answer")

    def test_one_that_is_away_took_nothing(self, patient, aliyun_here, settings):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            settings.SMS_ENDPOINT = f"http://127.0.0.1:{unused.getsockname()[1]}"
            row = patient()
            actions.deliver(row.pk)
        assert columns(row, "state", "error") == ("failed", "unreachable")

    def test_no_template_for_it(self, patient, aliyun_here):
        row = patient(text=lambda event: Text("left", {}, "x"))
        actions.deliver(row.pk)
        assert (columns(row, "state", "error"), aliyun_here.asked) == (("dead", "no_template"), [])

    def test_unsure_is_repeated_twice_under_the_same_id_and_stays_unsure(self, patient, aliyun_here, clock):
        aliyun_here.will(hangs_up)
        row = patient()
        seen = []
        for _try in range(len(delivering.UNSURE_BACK_OFF) + 1):
            actions.deliver(row.pk)
            state, next_at = columns(row, "state", "next_at")
            seen.append(state)
            clock.move_to(next_at)
        assert (seen, columns(row, "error")) == (["unsure", "unsure", "dead"], ("no_answer",))
        sent = [form["OutId"] for _query, form in aliyun_here.asked if form["Action"] == "SendSms"]
        assert sent == [str(row.message_id)] * 3
        clock.shift(timedelta(days=2))
        assert actions.deliver_due() == 0

    def test_what_first_failed_for_certain_is_repeated_when_it_becomes_unsure(self, patient, aliyun_here):
        aliyun_here.will(hangs_up)
        row = patient()
        Delivery.objects.filter(pk=row.pk).update(attempts=4, state="failed", error="ConnectionError")
        actions.deliver(row.pk)
        assert columns(row, "state", "error") == ("unsure", "no_answer")

    @pytest.mark.parametrize(("status", "actions_asked"), [(1, 1), (3, 1), (2, 2)])
    def test_before_a_repeat_it_is_asked_whether_it_has_it(self, patient, aliyun_here, clock, status, actions_asked):
        aliyun_here.will(hangs_up)
        row = patient()
        actions.deliver(row.pk)
        clock.move_to(columns(row, "next_at")[0])
        rows = [{"OutId": "other", "SendStatus": 3}, {"OutId": str(row.message_id), "SendStatus": status}]
        aliyun_here.will(says({"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows}}), OK)
        assert actions.deliver(row.pk) is True
        asked = [form["Action"] for _query, form in aliyun_here.asked[1:]]
        assert asked == ["QuerySendDetails", "SendSms"][:actions_asked]


class TestSetUp:
    def found(self):
        return [error.id for error in short_messages_are_set_up()]

    def test_off_or_to_files_is_fine(self, settings):
        for settings.SMS_PROVIDER in ("", "file"):
            assert self.found() == []

    def test_what_is_missing_is_named(self, settings, aliyun_here):
        settings.SMS_KEY_SECRET, settings.SMS_TEMPLATES, settings.SMS_QUIET_HOURS = "", ["x"], "night"
        assert self.found() == [f"notifications.E00{number}" for number in (2, 3, 4, 5)]
        settings.SMS_PROVIDER = "pigeon"
        assert self.found() == ["notifications.E001"]
