"""The inbox and the bell, as people meet them."""

import json

import pytest
from django.urls import reverse

from events.notices import Words
from notifications import actions
from notifications.models import InboxMessage
from tests.unit.notifications.builders import happened, telling, to

pytestmark = pytest.mark.django_db

INBOX = reverse("notifications:inbox")
UNREAD = reverse("notifications:unread")


def lines(response):
    """(number, read) of every line shown."""
    return [(line.number, line.row.read_at is not None) for line in response.context["lines"]]


@pytest.fixture
def told(world):
    """Factory: a message to a person about parcel `number`; answers it."""
    telling(to(world.li), key="li")
    telling(to(world.zhang), event="parcel.lost", key="zhang", urgent=True)
    telling(to(world.li), event="parcel.found", key="alarm", urgent=True)
    telling(to(world.li_township), event="parcel.seen", key="township", urgent=True)

    def tell(number, event="parcel.sent"):
        actions.tell(happened(event, number=number))
        return InboxMessage.objects.latest("id")

    return tell


class TestInbox:
    def test_the_own_messages_in_this_job_newest_first(self, world, told, signed_in):
        for number in ("R1", "R2"):
            told(number)
        told("R3", "parcel.lost")
        told("R4", "parcel.seen")
        response = signed_in(world.li).get(INBOX)
        assert (response.status_code, lines(response)) == (200, [("R2", False), ("R1", False)])
        assert "包裹已寄出" in response.text
        assert "您在其他任职机构还有 1 条未读消息" in response.text

    @pytest.mark.parametrize(
        ("show", "expected"),
        [("all", ["R3", "R2", "R1"]), ("unread", ["R3", "R1"]), ("urgent", ["R3"])],
    )
    def test_tabs(self, world, told, signed_in, show, expected):
        told("R1")
        read = told("R2")
        told("R3", "parcel.found")
        InboxMessage.objects.filter(pk=read.pk).update(read_at=read.created_at)
        response = signed_in(world.li).get(INBOX, {"show": show})
        assert [number for number, _read in lines(response)] == expected

    def test_an_unknown_tab_is_refused_with_the_right_ones(self, world, signed_in):
        response = signed_in(world.li).get(INBOX, {"show": "mine"})
        assert response.status_code == 400
        assert "没有这个分类，可选：all、unread、urgent" in response.text

    def test_a_bad_cursor_is_refused(self, world, signed_in):
        assert signed_in(world.li).get(INBOX, {"cursor": "nonsense"}).status_code == 400

    def test_paging(self, world, told, signed_in):
        for number in range(31):
            told(f"R{number}")
        browser = signed_in(world.li)
        first = browser.get(INBOX)
        second = browser.get(INBOX, {"cursor": first.context["page"].next})
        assert (len(lines(first)), lines(second)) == (30, [("R0", False)])

    def test_empty(self, world, signed_in):
        assert "没有消息" in signed_in(world.li).get(INBOX).text

    def test_words_that_fail_or_are_gone_are_neutral_words(self, world, told, signed_in):
        def broken(event):
            raise KeyError("patient")

        telling(to(world.li), event="parcel.broken", key="broken", words=broken, link=broken)
        told("R1", "parcel.broken")
        InboxMessage.objects.filter(pk=told("R2").pk).update(notice="gone")
        response = signed_in(world.li).get(INBOX)
        shown = [(line.words, line.link) for line in response.context["lines"]]
        assert shown == [
            (Words("有一件事项已更新", "编号：R2"), ""),
            (Words("有一件事项已更新", "编号：R1"), ""),
        ]

    @pytest.mark.parametrize("count", [1, 30])
    def test_queries(self, world, told, signed_in, django_assert_max_num_queries, count):
        for number in range(count):
            told(f"R{number}")
        browser = signed_in(world.li)
        with django_assert_max_num_queries(12):
            response = browser.get(INBOX)
        assert len(lines(response)) == count

    def test_strangers_are_sent_to_the_login(self, client, world):
        response = client.get(INBOX)
        assert (response.status_code, response.url) == (302, f"{reverse('accounts:login')}?next=%2Finbox%2F")


class TestReading:
    def test_marking_one_answers_the_line_and_the_bell(self, world, told, signed_in):
        message, _other = told("R1"), told("R2")
        url = reverse("notifications:read", args=[message.pk])
        response = signed_in(world.li).post(url, headers={"HX-Request": "true"})
        assert response.status_code == 200
        message.refresh_from_db()
        assert message.read_at is not None
        assert f'id="message-{message.pk}"' in response.text
        assert response.context["unread"].here == 1
        assert 'id="unread" hx-swap-oob="innerHTML"' in response.text
        assert reverse("notifications:read", args=[message.pk]) not in response.text

    def test_without_scripts_it_returns_to_the_inbox(self, world, told, signed_in):
        response = signed_in(world.li).post(reverse("notifications:read", args=[told("R1").pk]))
        assert (response.status_code, response.url) == (302, INBOX)

    def test_opening_marks_it_and_leads_on(self, world, told, signed_in):
        message = told("R1")
        response = signed_in(world.li).post(reverse("notifications:open", args=[message.pk]))
        message.refresh_from_db()
        assert (response.url, message.read_at is None) == ("/parcels/R1/", False)

    def test_opening_one_that_leads_nowhere_stays(self, world, told, signed_in):
        message = told("R1")
        InboxMessage.objects.update(notice="gone")
        assert signed_in(world.li).post(reverse("notifications:open", args=[message.pk])).url == INBOX

    def test_all_that_was_shown(self, world, told, signed_in):
        shown, later = told("R1"), told("R2")
        signed_in(world.li).post(reverse("notifications:read_all"), {"upto": shown.pk})
        assert list(InboxMessage.objects.unread()) == [later]

    @pytest.mark.parametrize("upto", ["", "x", "-1", "²", "9" * 40])
    def test_nonsense_is_no_error(self, world, told, signed_in, upto):
        response = signed_in(world.li).post(reverse("notifications:read_all"), {"upto": upto})
        assert response.status_code == 302

    @pytest.mark.parametrize("name", ["read", "open"])
    @pytest.mark.parametrize("who", ["zhang", "li_township", "qian", "zhao"])
    def test_nobody_elses_message_and_none_of_another_job(self, world, told, signed_in, name, who):
        message = told("R1")
        response = signed_in(getattr(world, who)).post(reverse(f"notifications:{name}", args=[message.pk]))
        message.refresh_from_db()
        assert (response.status_code, message.read_at) == (404, None)

    @pytest.mark.parametrize("name", ["read", "open"])
    def test_looking_marks_nothing(self, world, told, signed_in, name):
        message = told("R1")
        assert signed_in(world.li).get(reverse(f"notifications:{name}", args=[message.pk])).status_code == 405


class TestBell:
    def bell(self, browser):
        response = browser.get(UNREAD, headers={"HX-Request": "true", "X-Background": "1"})
        assert response.status_code == 200
        trigger = response.headers.get("HX-Trigger")
        return response.context["unread"].shown, trigger and json.loads(trigger)["toast"]

    def test_nothing_new(self, world, signed_in):
        browser = signed_in(world.li)
        assert self.bell(browser) == ("0", None)
        assert browser.get(UNREAD).text.strip() == ""

    def test_the_number(self, world, told, signed_in):
        told("R1")
        read = told("R2")
        actions.mark_read(actor=_actor(world.li), message=read)
        told("R3", "parcel.lost")
        browser = signed_in(world.li)
        assert self.bell(browser) == ("1", None)
        assert 'class="count">1<' in browser.get(UNREAD).text

    def test_an_urgent_message_pops_up_once(self, world, told, signed_in):
        told("R1", "parcel.found")
        browser = signed_in(world.li)
        assert self.bell(browser) == ("1", {"text": "包裹已寄出：R1", "level": "error"})
        assert self.bell(browser) == ("1", None)
        told("R2")
        told("R3", "parcel.found")
        assert self.bell(browser) == ("3", {"text": "包裹已寄出：R3", "level": "error"})

    def test_what_is_read_does_not_pop_up(self, world, told, signed_in):
        actions.mark_read(actor=_actor(world.li), message=told("R1", "parcel.found"))
        assert self.bell(signed_in(world.li)) == ("0", None)

    def test_urgent_news_of_the_other_job_says_which(self, world, told, signed_in):
        told("R1", "parcel.seen")
        browser = signed_in(world.li)
        assert self.bell(browser) == ("0", {"text": "（东河镇卫生院）包裹已寄出：R1", "level": "error"})
        assert "您在其他任职机构有未读消息" in browser.get(UNREAD).text

    def test_who_used_this_browser_before_does_not_silence_the_next(self, world, told, signed_in):
        told("R1", "parcel.lost")
        told("R2", "parcel.found")
        assert self.bell(signed_in(world.li))[1]["text"] == "包裹已寄出：R2"
        assert self.bell(signed_in(world.zhang))[1]["text"] == "包裹已寄出：R1"

    @pytest.mark.parametrize("cookie", ["", ".", "7", "x.y", "7.", ".5", "7.²", "7." + "9" * 50])
    def test_a_strange_cookie_is_no_error(self, world, told, signed_in, cookie):
        told("R1", "parcel.found")
        browser = signed_in(world.li)
        browser.cookies["toasted"] = cookie
        assert self.bell(browser)[0] == "1"

    def test_a_job_that_has_ended_no_longer_counts(self, world, told, signed_in):
        from accounts import actions as staff
        from tests.unit.accounts.builders import SYSTEM

        told("R1", "parcel.seen")
        staff.end_membership(actor=SYSTEM, membership=world.li_township)
        browser = signed_in(world.li)
        assert self.bell(browser) == ("0", None)
        assert browser.get(UNREAD).text.strip() == ""

    def test_hundreds_are_not_spelled_out(self, world, told, signed_in, monkeypatch):
        monkeypatch.setattr("notifications.unread.MOST_SHOWN", 2)
        for number in range(3):
            told(f"R{number}")
        assert self.bell(signed_in(world.li))[0] == "2+"

    @pytest.mark.parametrize(("event", "own"), [("parcel.sent", 1), ("parcel.found", 2)])
    def test_it_is_cheap(self, world, told, signed_in, django_assert_num_queries, event, own):
        """The session, the user, the jobs, their consortia: four of everybody; then one, or two with a message."""
        for number in range(3):
            told(f"R{number}", event)
        browser = signed_in(world.li)
        browser.get(INBOX)  # the session has been written for this minute
        with django_assert_num_queries(4 + own):
            self.bell(browser)


def _actor(membership):
    from accounts.actors import actor_for_membership

    return actor_for_membership(membership)
