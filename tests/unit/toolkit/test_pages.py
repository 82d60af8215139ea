from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.utils import translation

from toolkit.keyset import Page
from toolkit.pages.remaining import Remaining, duration_words, remaining

NOW = datetime(2026, 2, 13, 1, 0, tzinfo=UTC)


def render(text, request=None, **context):
    return Template("{% load toolkit %}" + text).render(Context({"request": request, **context})).strip()


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(), "不到 1 分"),
        (timedelta(seconds=59), "不到 1 分"),
        (timedelta(minutes=1), "1 分"),
        (timedelta(hours=1, minutes=20, seconds=30), "1 小时 20 分"),
        (timedelta(hours=2), "2 小时"),
        (timedelta(days=1, minutes=59), "1 天"),
        (timedelta(days=2, hours=3, minutes=4), "2 天 3 小时"),
        (-timedelta(hours=5), "5 小时"),
    ],
)
def test_durations(span, words):
    assert duration_words(span) == words


@pytest.mark.parametrize(
    ("left", "words", "level"),
    [
        (timedelta(hours=2, minutes=1), "剩 2 小时 1 分", "ok"),
        (timedelta(hours=2), "剩 2 小时", "soon"),
        (timedelta(seconds=1), "剩 不到 1 分", "soon"),
        (timedelta(), "已超时 不到 1 分", "late"),
        (-timedelta(days=2), "已超时 2 天", "late"),
    ],
)
def test_deadlines(left, words, level):
    assert remaining(NOW + left, now=NOW) == Remaining(words, level, int(left.total_seconds()))


def test_no_deadline():
    assert (remaining(None), render("{% remaining_time d as left %}{{ left.words }}", d=None)) == (None, "")


@time_machine.travel(NOW, tick=False)
def test_deadlines_in_templates():
    deadline = NOW + timedelta(minutes=30)
    assert render("{% remaining_time d as left %}{{ left }} {{ left.level }}", d=deadline) == "剩 30 分 soon"
    assert render("{% remaining_time d soon_minutes=15 as left %}{{ left.level }}", d=deadline) == "ok"
    assert render("{% with left=d|remaining_time %}{{ left.words }}{% endwith %}", d=deadline) == "剩 30 分"


def test_masks_in_templates():
    text = "{{ n|mask_name }} {{ p|mask_phone }} {{ i|mask_number }} {{ i|mask_number_strictly }} {{ a|mask_address }}"
    shown = render(text, n="张三", p="13812341234", i="11010519491231002X", a="北京市朝阳区建国路88号")
    assert shown == "张* 138****1234 110105********002X 1****************X 北京市朝阳区***"
    assert render("{{ n|mask_name }}", n="<三") == "&lt;*"


def test_working_time_in_templates():
    a, b = datetime(2026, 2, 14, 9, 0, tzinfo=UTC), datetime(2026, 2, 24, 1, 0, tzinfo=UTC)
    assert render("{% working_time a b as span %}{{ span|duration }}", a=a, b=b) == "1 小时 30 分"
    assert render("{% working_time a None as span %}{{ span|duration }}", a=a) == ""
    assert render("{% if day|working %}上班{% else %}休息{% endif %}", day=date(2026, 2, 15)) == "休息"


class TestPager:
    def test_it_keeps_the_other_parameters(self, rf):
        request = rf.get("/referrals/", {"status": "sent", "cursor": "old"})
        shown = render("{% keyset_pager page %}", request, page=Page([1], "n&x", "p"))
        assert [part.split('"')[0] for part in shown.split('href="')[1:]] == [
            "/referrals/?status=sent",
            "/referrals/?status=sent&amp;cursor=p",
            "/referrals/?status=sent&amp;cursor=n%26x",
        ]
        assert "hx-get" not in shown

    def test_only_what_there_is(self, rf):
        shown = render('{% keyset_pager page target="#list" %}', rf.get("/referrals/"), page=Page([1], "n", None))
        assert (shown.count("href="), shown.count('hx-get="/referrals/?cursor=n"')) == (1, 1)
        assert render("{% keyset_pager page %}", rf.get("/"), page=Page([1], None, None)) == ""


class TestRefusalPages:
    @pytest.mark.parametrize(
        ("name", "status"),
        [("refused", 422), ("full", 409), ("too_many", 429), ("http404", 404), ("denied", 403), ("too_big", 413)],
    )
    def test_a_refusal_is_a_page(self, site, name, status):
        response = site.get(f"/page/{name}")
        assert (response.status_code, response["Content-Type"]) == (status, "text/html; charset=utf-8")
        assert "<html" in response.content.decode()
        assert "secret" not in response.content.decode()

    def test_it_says_why(self, site):
        assert "出生日期不能晚于今天" in site.get("/page/refused").content.decode()

    def test_htmx_gets_a_part(self, site):
        response = site.get("/page/refused", headers={"hx-request": "true"})
        assert (response.status_code, "<html" in response.content.decode()) == (422, False)
        assert "出生日期不能晚于今天" in response.content.decode()
        assert "HX-Request" in response["Vary"]

    def test_a_boosted_link_gets_the_page(self, site):
        response = site.get("/page/refused", headers={"hx-request": "true", "hx-boosted": "true"})
        assert "<html" in response.content.decode()

    def test_what_is_fine_is_left_alone(self, site):
        assert site.get("/page/fine").content == b"fine"

    def test_when_to_come_back(self, site):
        assert site.get("/page/too_many")["Retry-After"] == "7"


def test_words_exist_in_the_language_of_the_page():
    with translation.override("zh-hans"):
        assert duration_words(timedelta(days=3)) == "3 天"
