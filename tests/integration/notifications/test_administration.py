"""Deliveries and dead errands, as administrators meet them."""

import pytest
from django.urls import reverse

from events.models import Errand
from events.reactions import on
from notifications import actions
from notifications.models import Delivery
from tests.unit.notifications.builders import happened, telling, to

pytestmark = pytest.mark.django_db

DELIVERIES = reverse("notifications:deliveries")
ERRANDS = reverse("notifications:errands")


@pytest.fixture
def failed(world):
    """Factory: an e-mail to Zhang in this state; answers the delivery."""
    world.zhang.user.email = "zhang@example.org"
    world.zhang.user.save()
    telling(to(world.zhang))

    def fail(state="dead", number="R1", error="ConnectionError"):
        actions.tell(happened(number=number))
        row = Delivery.objects.filter(channel="email").latest("id")
        Delivery.objects.filter(pk=row.pk).update(state=state, error=error, attempts=8)
        return row

    return fail


@pytest.fixture
def dead_errand(world):
    on("parcel.lost")(fail)
    event = happened("parcel.lost", by=world.zhang, number="R9")
    event.errands.update(state="dead", attempts=12, error="KeyError")
    return event.errands.get()


def fail(event):
    raise KeyError


class TestDeliveries:
    def test_what_did_not_reach_the_own_staff(self, world, failed, signed_in):
        failed("dead", "R1")
        failed("failed", "R2")
        failed("suppressed", "R3", error="left")
        failed("queued", "R4", error="")
        browser = signed_in(world.wang)
        response = browser.get(DELIVERIES)
        shown = [(line.number, line.row.why) for line in response.context["lines"]]
        assert shown == [("R2", "ConnectionError"), ("R1", "ConnectionError")]
        (held_back,) = browser.get(DELIVERIES, {"show": "suppressed"}).context["lines"]
        assert (held_back.number, held_back.row.why) == ("R3", "收件人已停用或已离开该机构")
        assert "zhang@example.org" not in response.text

    @pytest.mark.parametrize("state", ["failed", "dead", "suppressed"])
    def test_tabs(self, world, failed, signed_in, state):
        for number, each in enumerate(("failed", "dead", "suppressed")):
            failed(each, f"R{number}")
        response = signed_in(world.wang).get(DELIVERIES, {"show": state})
        assert [line.row.state for line in response.context["lines"]] == [state]

    @pytest.mark.parametrize("show", ["sent", "x"])
    def test_an_unknown_tab(self, world, signed_in, show):
        assert signed_in(world.wang).get(DELIVERIES, {"show": show}).status_code == 400

    def test_another_house_sees_nothing(self, world, failed, signed_in):
        failed()
        response = signed_in(world.qian).get(DELIVERIES)
        assert (response.context["lines"], "这里没有通知" in response.text) == ([], True)

    def test_without_the_permission(self, world, signed_in):
        response = signed_in(world.zhang).get(DELIVERIES)
        assert (response.status_code, "查看和重发通知" in response.text) == (403, True)

    @pytest.mark.parametrize("count", [1, 30])
    def test_queries(self, world, failed, signed_in, django_assert_max_num_queries, count):
        for number in range(count):
            failed(number=f"R{number}")
        browser = signed_in(world.wang)
        with django_assert_max_num_queries(12):
            assert len(browser.get(DELIVERIES).context["lines"]) == count

    def test_resend(self, world, failed, signed_in):
        row = failed()
        response = signed_in(world.wang).post(reverse("notifications:resend", args=[row.pk]), follow=True)
        row.refresh_from_db()
        assert (row.state, "已重新排队发送" in response.text) == ("queued", True)

    def test_a_double_click_is_told_so(self, world, failed, signed_in):
        browser, url = signed_in(world.wang), reverse("notifications:resend", args=[failed().pk])
        assert [browser.post(url).status_code for _click in range(2)] == [302, 422]

    @pytest.mark.parametrize(("who", "status"), [("zhang", 403), ("qian", 404), ("li_township", 404)])
    def test_resend_is_the_administrators(self, world, failed, signed_in, who, status):
        row = failed()
        response = signed_in(getattr(world, who)).post(reverse("notifications:resend", args=[row.pk]))
        row.refresh_from_db()
        assert (response.status_code, row.state) == (status, "dead")


class TestErrands:
    def test_the_list(self, world, dead_errand, signed_in):
        response = signed_in(world.zhao).get(ERRANDS)
        assert list(response.context["page"].results) == [dead_errand]
        assert [text in response.text for text in ("tests.fail", "KeyError", "parcel:R9")] == [True] * 3

    def test_an_act_of_the_clock_keeps_its_subject_to_itself(self, world, signed_in):
        on("parcel.lost")(fail)
        happened("parcel.lost", number="R10").errands.update(state="dead", error="KeyError")
        response = signed_in(world.zhao).get(ERRANDS)
        assert (len(response.context["page"].results), "R10" in response.text) == (1, False)

    def test_replay(self, world, dead_errand, signed_in):
        response = signed_in(world.zhao).post(reverse("notifications:replay", args=[dead_errand.pk]), follow=True)
        dead_errand.refresh_from_db()
        assert (dead_errand.state, "已重新执行" in response.text) == ("waiting", True)

    @pytest.mark.parametrize(("who", "status"), [("wang", 403), ("zhang", 403), ("qian", 404)])
    def test_replay_is_the_consortiums_administrators(self, world, dead_errand, signed_in, who, status):
        response = signed_in(getattr(world, who)).post(reverse("notifications:replay", args=[dead_errand.pk]))
        dead_errand.refresh_from_db()
        assert (response.status_code, dead_errand.state) == (status, "dead")

    def test_the_page_is_theirs_too(self, world, signed_in):
        assert signed_in(world.wang).get(ERRANDS).status_code == 403

    @pytest.mark.parametrize("count", [1, 30])
    def test_queries(self, world, signed_in, django_assert_max_num_queries, count):
        on("parcel.lost")(fail)
        for number in range(count):
            happened("parcel.lost", by=world.zhang, number=f"R{number}")
        Errand.objects.update(state="dead", error="KeyError")
        browser = signed_in(world.zhao)
        with django_assert_max_num_queries(12):
            assert len(browser.get(ERRANDS).context["page"].results) == count

    def test_nothing_dead(self, world, signed_in):
        assert "没有失败的后台任务" in signed_in(world.zhao).get(ERRANDS).text
