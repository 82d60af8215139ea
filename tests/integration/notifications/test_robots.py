"""The pages of group robots and of the own ways, as people meet them."""

import pytest
from django.urls import reverse

from notifications import actions
from notifications.models import Delivery, Preference, Robot
from tests.unit.accounts.builders import acting
from tests.unit.notifications.builders import happened, telling, unit

pytestmark = pytest.mark.django_db

LIST, ADD = reverse("notifications:robots"), reverse("notifications:robot_add")
WAYS = reverse("notifications:preferences")
ADDRESS = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789abcdef"
TYPED = {"name": "服务台群", "kind": "wecom", "address": ADDRESS, "idempotency_key": "k1"}


@pytest.fixture
def robot(world):
    def made(name="服务台群"):
        return actions.add_robot(
            actor=acting(world.wang), institution=world.hospital, name=name, kind="wecom", address=ADDRESS
        )

    return made


class TestRobots:
    def test_adding_shows_it_masked(self, world, signed_in):
        response = signed_in(world.wang).post(ADD, TYPED, follow=True)
        assert [text in response.text for text in ("服务台群", "qyapi.weixin.qq.com … cdef", "0123456789")] == [
            True,
            True,
            False,
        ]

    def test_what_is_wrong_stays_typed(self, world, signed_in):
        response = signed_in(world.wang).post(ADD, TYPED | {"address": "https://example.org/x"})
        assert response.status_code == 422
        assert [text in response.text for text in ("https://example.org/x", "以 https://qyapi.weixin.qq.com/")] == [
            True,
            True,
        ]
        assert Robot.objects.count() == 0

    def test_changing_testing_switching_removing(self, world, robot, signed_in):
        browser, row = signed_in(world.wang), robot()

        def act(verb, **data):
            return browser.post(reverse(f"notifications:{verb}", args=[row.pk]), data, follow=True)

        assert "已保存群机器人“新群”" in act("robot", name="新群").text
        assert Robot.objects.get().address == ADDRESS
        assert "测试消息正在发送" in act("robot_test").text
        assert "已停用群机器人" in act("robot_switch").text
        assert act("robot_test").status_code == 422
        assert "已启用群机器人" in act("robot_switch", active="on").text
        assert "还没有群机器人" in act("robot_remove").text

    def test_each_says_what_became_of_its_last_message(self, world, robot, signed_in):
        row = robot()
        telling(unit(world.hospital, "desk"), channels=("robot",))
        actions.tell(happened())
        Delivery.objects.update(state="dead", error="errcode-93000")
        response = signed_in(world.wang).get(reverse("notifications:robot_last", args=[row.pk]))
        assert [text in response.text for text in ("已停止重试", "errcode-93000")] == [True, True]

    @pytest.mark.parametrize("count", [1, 30])
    def test_queries(self, world, robot, signed_in, django_assert_max_num_queries, count):
        for number in range(count):
            robot(f"群{number}")
        telling(unit(world.hospital, "desk"), channels=("robot",))
        actions.tell(happened())
        browser = signed_in(world.wang)
        with django_assert_max_num_queries(12):
            assert len(browser.get(LIST).context["page"].results) == count

    @pytest.mark.parametrize(("who", "status"), [("zhang", 403), ("qian", 404), ("li_township", 404)])
    def test_it_is_the_administrators(self, world, robot, signed_in, who, status):
        browser = signed_in(getattr(world, who))
        assert browser.get(reverse("notifications:robot", args=[robot().pk])).status_code == status

    def test_the_list_too(self, world, signed_in):
        assert signed_in(world.zhang).get(LIST).status_code == 403


class TestWays:
    def test_saving_and_what_is_refused(self, world, signed_in):
        browser = signed_in(world.zhang)
        assert "没有开通短信" in browser.get(WAYS).text
        refused = browser.post(WAYS, {"quiet_from": "22:00"})
        assert (refused.status_code, Preference.objects.count()) == (422, 0)
        assert [text in refused.text for text in ("请至少保留一种", "请都填写", 'value="22:00"')] == [True] * 3
        saved = browser.post(WAYS, {"urgent_email": "on", "quiet_from": "22:00", "quiet_to": "07:00"}, follow=True)
        assert "通知方式已保存" in saved.text
        kept = Preference.objects.values_list("user", "urgent_email", "ordinary_email", "quiet_from__hour")
        assert list(kept) == [(world.zhang.user_id, True, False, 22)]


class TestDeliveries:
    @pytest.fixture
    def sent(self, world, robot):
        """One message to a patient and one to a group, neither of which arrived; one of another house."""
        robot()
        telling(unit(world.hospital, "desk"), channels=("robot",))
        event = happened(number="R26")
        actions.tell(event)
        row = {"event": event, "notice": "desk", "channel": "sms", "recipient": "patient:P7"}
        Delivery.objects.create(institution=world.hospital, **row)
        Delivery.objects.create(institution=world.outsider, **row | {"recipient": "patient:P8"})
        Delivery.objects.update(state="dead", error="isv.MOBILE_NUMBER_ILLEGAL")

    def test_neither_name_nor_number_of_a_patient(self, world, sent, signed_in):
        response = signed_in(world.wang).get(reverse("notifications:deliveries"))
        assert [line.row.to for line in response.context["lines"]] == ["患者（短信）", "服务台群"]
        assert [text in response.text for text in ("R26", "isv.MOBILE_NUMBER_ILLEGAL", "patient:", "P7")] == [
            True,
            True,
            False,
            False,
        ]

    def test_all_of_the_own_house_at_once(self, world, sent, signed_in):
        browser = signed_in(world.wang)
        response = browser.post(reverse("notifications:resend_all"), follow=True)
        assert "已重新排队发送 2 条通知" in response.text
        states = Delivery.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == ["queued", "queued", "dead"]
        assert browser.post(reverse("notifications:resend_all")).status_code == 422
        assert signed_in(world.zhang).post(reverse("notifications:resend_all")).status_code == 403
