"""Group robots: which addresses, what they are told, what they may answer, how often they are called."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from events.models import Event
from events.notices import Words
from notifications import actions, robots
from notifications.models import Delivery, Robot
from tests.unit.accounts.builders import acting, department
from toolkit.refusals import Conflict, Forbidden, Refused

from .builders import happened, nobody_sees, telling, unit
from .provider import hangs_up, provider, redirects, says

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
KEY = "0123456789abcdef"
WECOM = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
DINGTALK = f"https://oapi.dingtalk.com/robot/send?access_token={KEY}"
OK = says({"errcode": 0, "errmsg": "ok"})


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def maker(settings):
    with provider() as told:
        settings.ROBOT_ORIGINS = [told.url]
        settings.PUBLIC_URL = "https://refer.example.org"
        told.wecom = f"{told.url}/cgi-bin/webhook/send?key={KEY}"
        told.dingtalk = f"{told.url}/robot/send?access_token={KEY}"
        told.will(OK)
        yield told


@pytest.fixture
def robot(world, maker):
    """The hospital's robot, of 企业微信."""
    return actions.add_robot(
        actor=acting(world.wang), institution=world.hospital, name="服务台群", kind="wecom", address=maker.wecom
    )


def tell(world, *, audience=None, number="R26", **more):
    telling(audience or unit(world.hospital, "desk"), event=f"parcel.{number}", channels=("robot",), **more)
    actions.tell(happened(f"parcel.{number}", number=number))
    return Delivery.objects.filter(channel="robot").last()


def columns(delivery, *names):
    return Delivery.objects.values_list(*names).get(pk=delivery.pk)


class TestAddress:
    @pytest.mark.parametrize(
        ("kind", "address", "fine"),
        [
            ("wecom", WECOM, True),
            ("dingtalk", DINGTALK, True),
            ("wecom", DINGTALK, False),
            ("wecom", WECOM.replace("https", "http"), False),
            ("wecom", WECOM.replace("qyapi.weixin.qq.com", "qyapi.weixin.qq.com.evil.example"), False),
            ("wecom", WECOM.replace("https://", "https://user@"), False),
            ("wecom", WECOM.replace(".com/", ".com:444/"), False),
            ("wecom", WECOM.replace("webhook/send", "webhook/../send"), False),
            ("wecom", f"{WECOM}&debug=1", False),
            ("wecom", f"{WECOM}#x", False),
            ("wecom", f"{WECOM}\n", False),
            ("wecom", "https://169.254.169.254/cgi-bin/webhook/send?key=0123456789", False),
            ("wecom", "https://[::1/cgi-bin", False),
        ],
    )
    def test_only_the_makers_own(self, kind, address, fine):
        assert robots.is_allowed(kind, address) is fine

    def test_of_an_installation_its_own_too(self, settings):
        settings.ROBOT_ORIGINS = ["http://10.0.0.5:8080"]
        path = WECOM.partition(".com")[2]
        assert robots.is_allowed("wecom", f"http://10.0.0.5:8080{path}")
        assert not robots.is_allowed("wecom", f"http://10.0.0.5{path}")

    def test_it_lies_encrypted_and_is_shown_masked(self, robot):
        with connection.cursor() as cursor:
            cursor.execute("SELECT address FROM notifications_robot")
            assert KEY not in cursor.fetchone()[0]
        assert robots.masked(WECOM) == "qyapi.weixin.qq.com … cdef"
        assert KEY not in str(list(Event.objects.values_list("facts", flat=True)))


class TestHearing:
    def heard(self, world, audience):
        tell(world, audience=audience, number=f"R{Event.objects.count()}")
        refs = Delivery.objects.filter(channel="robot").values_list("recipient", flat=True)
        found = [Robot.objects.get(pk=ref.partition(":")[2]).name for ref in refs]
        Delivery.objects.all().delete()
        return found

    def test_which_robot_hears_what(self, world, robot, maker):
        def add(name, **more):
            more = {"institution": world.hospital} | more
            actor = acting(world.zhao)
            return actions.add_robot(actor=actor, name=name, kind="wecom", address=maker.wecom, **more)

        neurology = department(world.hospital, "neurology", "神经内科")
        add("心内科群", department=world.cardiology)
        add("乡镇群", institution=world.township)
        actions.switch_robot(actor=acting(world.wang), robot=add("停用的"), active=False)
        cases = [
            (unit(world.hospital, "desk"), ["服务台群"]),
            (unit(world.hospital, "duty_line"), ["服务台群"]),
            (unit(world.hospital, "department", department_id=world.cardiology.pk), ["服务台群", "心内科群"]),
            (unit(world.hospital, "department", department_id=neurology.pk), ["服务台群"]),
            (unit(world.hospital, "office"), []),
            (unit(world.hospital, "user", user_id=world.zhang.user_id), []),
        ]
        assert [self.heard(world, audience) for audience, _names in cases] == [names for _audience, names in cases]

    def test_what_it_reads(self, world, robot, maker):
        row = tell(world, urgent=True)
        actions.tell(row.event)
        assert actions.deliver_due() == 1
        content = "【紧急】R26 有新的进展，请登录平台办理\nhttps://refer.example.org/parcels/R26/"
        assert maker.asked == [({"key": KEY}, {"msgtype": "text", "text": {"content": content}})]
        assert columns(row, "state", "user", "recipient") == ("sent", None, robot.event_ref)

    def test_of_what_it_is_about_a_group_reads_nothing(self, world, robot, maker):
        def words(event):
            return Words("绿色通道·卒中：神经内科 已登记死亡", "评审：不合理")

        actions.deliver(tell(world, words=words).pk)
        said = "【普通】R26 有新的进展，请登录平台办理\nhttps://refer.example.org/parcels/R26/"
        assert [body["text"]["content"] for _query, body in maker.asked] == [said]

    def test_a_signed_one(self, world, robot, maker):
        Robot.objects.update(kind="dingtalk", address=maker.dingtalk, secret="SECabc")
        actions.deliver(tell(world).pk)
        now = str(round(START.timestamp() * 1000))
        digest = hmac.new(b"SECabc", f"{now}\nSECabc".encode(), hashlib.sha256).digest()
        wanted = {"access_token": KEY, "timestamp": now, "sign": base64.b64encode(digest).decode()}
        assert [query for query, _body in maker.asked] == [wanted]

    def test_what_speaks_against_it_is_asked_when_it_is_sent(self, world, robot, maker):
        rows = [tell(world, number=f"R{number}") for number in range(3)]
        nobody_sees()
        actions.deliver(rows[0].pk)
        actions.switch_robot(actor=acting(world.wang), robot=robot, active=False)
        actions.deliver(rows[1].pk)
        actions.remove_robot(actor=acting(world.wang), robot=robot)
        actions.deliver(rows[2].pk)
        states = [columns(row, "state", "error") for row in rows]
        assert states == [("suppressed", "not_visible"), ("suppressed", "no_robot"), ("suppressed", "no_robot")]
        assert maker.asked == []

    def test_a_host_no_longer_allowed_is_not_called(self, world, robot, maker, settings):
        row = tell(world)
        settings.ROBOT_ORIGINS = []
        actions.deliver(row.pk)
        assert (columns(row, "state", "error"), maker.asked) == (("dead", "not_allowed"), [])

    def test_its_quiet_hours_hold_what_does_not_press(self, world, robot, maker, clock):
        Robot.objects.update(quiet_from="22:00", quiet_to="07:00")
        clock.move_to(datetime(2026, 3, 2, 23, 0, tzinfo=ZONE))
        ordinary, urgent = tell(world), tell(world, number="R27", urgent=True)
        assert actions.deliver_due() == 1
        assert columns(ordinary, "state", "next_at") == ("queued", datetime(2026, 3, 3, 7, 0, tzinfo=ZONE))
        assert columns(urgent, "state") == ("sent",)


class TestAnswers:
    @pytest.mark.parametrize(
        ("answer", "state", "error"),
        [
            (says({"errcode": 45009, "errmsg": "freq"}), "failed", "errcode-45009"),
            (says({"errcode": 93000, "errmsg": "invalid"}), "dead", "errcode-93000"),
            (says({"errmsg": "ok"}), "unsure", "no_answer"),
            (says({"errcode": "0"}), "unsure", "no_answer"),
            (says(b"<html>"), "unsure", "no_answer"),
            (hangs_up, "unsure", "no_answer"),
            (redirects, "failed", "http-302"),
        ],
    )
    def test_only_the_code_counts(self, world, robot, maker, answer, state, error, caplog):
        maker.will(answer)
        row = tell(world)
        actions.deliver(row.pk)
        assert (columns(row, "state", "error"), len(maker.asked)) == ((state, error), 1)
        assert KEY not in caplog.text


def test_it_is_called_ten_times_a_minute_at_most_and_the_last_two_press(world, robot, maker, clock):
    for number in range(10):
        tell(world, number=f"R{number}")
    assert actions.deliver_due() == 8
    for number in range(3):
        tell(world, number=f"U{number}", urgent=True)
    assert actions.deliver_due() == 2
    waiting = Delivery.objects.filter(state="queued").values_list("attempts", "next_at")
    assert list(waiting) == [(0, START + timedelta(minutes=1))] * 3
    clock.shift(timedelta(minutes=1))
    assert actions.deliver_due() == 3


class TestManaging:
    def test_a_test_message_goes_the_way_of_all(self, world, robot, maker):
        actions.test_robot(actor=acting(world.wang), robot=robot)
        actions.tell(Event.objects.get(name="robot.tested"))
        assert actions.deliver_due() == 1
        assert "服务台群" in maker.asked[0][1]["text"]["content"]
        assert list(Delivery.objects.values_list("recipient", "channel")) == [(robot.event_ref, "robot")]

    def test_what_is_wrong_is_said(self, world, robot):
        other = department(world.township, "general", "全科")
        with pytest.raises(Refused) as refusal:
            actions.add_robot(
                actor=acting(world.wang),
                institution=world.hospital,
                name="",
                kind="dingtalk",
                address="https://example.org/",
                department=other,
                quiet_from=START.time(),
            )
        pointers = [error.pointer for error in refusal.value.errors]
        assert pointers == ["/department", "/quiet_to", "/name", "/address"]
        with pytest.raises(Conflict):
            actions.add_robot(
                actor=acting(world.wang), institution=world.hospital, name="服务台群", kind="wecom", address=WECOM
            )

    def test_changing_keeps_what_nobody_can_read(self, world, robot, maker):
        actions.change_robot(actor=acting(world.wang), robot=robot, name="新群")
        robot.refresh_from_db()
        assert (robot.name, robot.address) == ("新群", maker.wecom)

    @pytest.mark.parametrize("who", ["zhang", "qian"])
    def test_only_who_manages_the_house(self, world, robot, who):
        with pytest.raises(Forbidden):
            actions.remove_robot(actor=acting(getattr(world, who)), robot=robot)
        assert Robot.objects.count() == 1
