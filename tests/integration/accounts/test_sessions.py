"""Signing in and out, choosing the job, the own password, the language; through the project's own addresses."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import User
from accounts.sessions import draft_key
from events.models import Event
from tests.unit.accounts.builders import PASSWORD, SYSTEM, last_event

pytestmark = pytest.mark.urls("tests.integration.accounts.page_urls")
WHO = "/who/"  # see page_urls: what the page knows about who acts


def sign_in(client, username, password=PASSWORD, **more):
    return client.post("/login/", {"username": username, "password": password, **more})


def who(client):
    return client.get(WHO).json()


def moved(answer):
    return answer.status_code, answer.headers.get("Location")


def test_strangers_are_sent_to_the_login_and_back(client, world):
    assert moved(client.get(WHO + "?a=1")) == (302, "/login/?next=%2Fwho%2F%3Fa%3D1")
    assert moved(client.get("/")) == (302, "/login/")
    assert moved(client.post(WHO)) == (302, "/login/")
    assert moved(sign_in(client, "zhang", next="/who/?a=1")) == (302, "/who/?a=1")


def test_htmx_takes_the_whole_page_to_the_login(client, db):
    answer = client.get(WHO, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/login/")


def test_nobody_is_sent_to_another_site(client, world):
    assert moved(sign_in(client, "zhang", next="https://evil.example/")) == (302, "/")
    client.post("/logout/")
    assert moved(sign_in(client, "zhang", next="//evil.example/")) == (302, "/")


def test_open_addresses_ask_nobody_to_sign_in(client, db):
    assert client.get("/login/").status_code == 200
    assert client.get("/healthz").status_code == 200
    assert client.get("/api/v1/nothing/").status_code == 404
    assert client.get("/oauth2/token").status_code == 405


def test_the_only_job_is_chosen(client, world):
    assert moved(sign_in(client, " Zhang ")) == (302, "/")
    assert who(client) == {
        "name": "张三",
        "institution": "county-hospital",
        "roles": ["doctor"],
        "membership": world.zhang.pk,
        "memberships": [world.zhang.pk],
    }
    assert list(Event.objects.filter(subject=f"user:{world.zhang.user_id}").values_list("name", flat=True)) == [
        "user.created",
        "session.opened",
    ]


def test_with_several_jobs_one_is_chosen_first(client, world):
    sign_in(client, "li")
    assert moved(client.get(WHO)) == (302, "/memberships/")
    assert "东河镇卫生院" in client.get("/memberships/").content.decode()
    assert moved(client.post("/switch/", {"membership": world.li_township.pk, "next": WHO})) == (302, WHO)
    assert who(client)["institution"] == "east-township"
    assert last_event() == ("membership.chosen", f"membership:{world.li_township.pk}", {})
    assert moved(client.post("/switch/", {"membership": world.li.pk, "next": "//evil.example"})) == (302, "/")
    assert who(client)["institution"] == "county-hospital"
    assert who(client)["memberships"] == [world.li.pk, world.li_township.pk]


@pytest.mark.parametrize("wanted", ["", "x", "0", "-1", "9" * 40])
def test_no_job_but_the_own(client, world, wanted):
    sign_in(client, "li")
    assert client.post("/switch/", {"membership": wanted}).status_code == 404
    assert client.post("/switch/", {"membership": world.zhang.pk}).status_code == 404
    assert moved(client.get(WHO)) == (302, "/memberships/")


def test_an_ended_job_is_gone_at_the_next_click(client, world):
    sign_in(client, "li")
    client.post("/switch/", {"membership": world.li_township.pk})
    actions.end_membership(actor=SYSTEM, membership=world.li_township)
    assert (who(client)["institution"], client.session.get("membership")) == ("county-hospital", None)
    actions.end_membership(actor=SYSTEM, membership=world.li)
    assert moved(client.get(WHO)) == (302, "/memberships/")
    assert "您目前没有任职机构" in client.get("/memberships/").content.decode()


def test_a_closed_account_is_out_at_the_next_click(client, world):
    sign_in(client, "zhang")
    User.objects.filter(username="zhang").update(is_active=False)
    assert moved(client.get(WHO)) == (302, "/login/?next=%2Fwho%2F")


def test_two_statements_tell_who_acts(client, world, django_assert_num_queries):
    sign_in(client, "zhang")
    who(client)
    with django_assert_num_queries(4):  # session, user; jobs, consortia
        client.get(WHO)


def test_changes_need_post_and_the_csrf_token(world):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.zhang.user, backend="django.contrib.auth.backends.ModelBackend")
    for address in ("/login/", "/logout/", "/switch/", "/demo-login/", "/language/", "/password/"):
        assert browser.post(address, {"username": "zhang", "password": PASSWORD}).status_code == 403, address
    for address in ("/logout/", "/switch/", "/demo-login/", "/language/"):
        assert browser.get(address).status_code == 405, address
    assert who(browser)["name"] == "张三"


def test_signing_out(client, world):
    sign_in(client, "zhang")
    left = client.post("/logout/")
    assert (moved(left), left.headers["Clear-Site-Data"]) == ((302, "/login/"), '"storage"')
    assert last_event() == ("session.closed", f"user:{world.zhang.user_id}", {})
    assert client.get(WHO).status_code == 302


# --- wrong passwords --------------------------------------------------------------------------------------------------


def test_a_wrong_password_and_an_unknown_name_look_the_same(client, world):
    answers = [sign_in(client, name, "wrong").content.decode() for name in ("zhang", "nobody")]
    assert ["用户名或密码不正确" in each for each in answers] == [True, True]
    User.objects.filter(username="zhang").update(is_active=False)
    assert "用户名或密码不正确" in sign_in(client, "zhang").content.decode()


@pytest.mark.parametrize("name", ["", "a\0b", "x" * 500, "张三"])
def test_names_that_cannot_be(client, world, name):
    assert sign_in(client, name).status_code == 422


def test_five_failures_lock_the_name_for_a_quarter_of_an_hour(client, world, time_machine):
    start = timezone.now()
    time_machine.move_to(start)
    spellings = ["zhang", "ZHANG", " Zhang", "zhanG ", "zHANG"]
    assert [sign_in(client, each, "wrong").status_code for each in spellings] == [422] * 4 + [429]
    locked = sign_in(client, "zhang")
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")
    assert "该账号已锁定 15 分钟" in locked.content.decode()
    assert sign_in(Client(), "li").status_code == 302
    time_machine.move_to(start + timedelta(minutes=14))
    assert sign_in(client, "zhang").status_code == 429
    time_machine.move_to(start + timedelta(minutes=16))
    assert sign_in(client, "zhang").status_code == 302


def test_the_lock_speaks_the_callers_language(client, world):
    for _each in range(5):
        answer = client.post("/login/", {"username": "zhang", "password": "wrong"}, headers={"Accept-Language": "zh"})
    assert "该账号已锁定" in answer.content.decode()


# --- the own password -------------------------------------------------------------------------------------------------


def new_password(client, old=PASSWORD, new="another-long-phrase", again=None):
    return client.post("/password/", {"old_password": old, "new_password": new, "again": again or new})


def test_a_first_password_is_replaced_before_anything_else(client, world):
    first = actions.set_password(actor=SYSTEM, user=world.zhang.user)
    sign_in(client, "zhang", first)
    assert moved(client.get(WHO)) == (302, "/password/")
    assert new_password(client, old=first, new="short").status_code == 422
    assert moved(client.get(WHO)) == (302, "/password/")
    assert moved(new_password(client, old=first)) == (302, "/")
    assert who(client)["name"] == "张三"
    assert sign_in(Client(), "zhang", "another-long-phrase").status_code == 302


def test_bad_new_passwords(client, world):
    sign_in(client, "zhang")
    for changes, words in (
        ({"old": "wrong"}, "当前密码不正确"),
        ({"again": "something else"}, "两次输入的新密码不一致"),
        ({"new": PASSWORD}, "新密码不能与当前密码相同"),
    ):
        answer = new_password(client, **changes)
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert User.objects.get(username="zhang").check_password(PASSWORD)


def test_an_unattended_screen_is_no_place_to_guess_at_the_password(client, world, settings):
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] | {"password": "2/day"}
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": rates}
    sign_in(client, "zhang")
    guesses = [new_password(client, old="guess").status_code for _each in range(3)]
    assert guesses == [422, 422, 429]
    assert new_password(client).status_code == 429


def test_other_sessions_end_with_the_old_password(client, world):
    other = Client()
    sign_in(other, "zhang")
    sign_in(client, "zhang")
    new_password(client)
    assert who(client)["name"] == "张三"
    assert other.get(WHO).status_code == 302


# --- the demo ---------------------------------------------------------------------------------------------------------


def test_one_click_signs_in_demo_accounts_only(client, world, settings):
    settings.DEMO = True
    User.objects.filter(username="zhang").update(is_demo=True)
    assert client.post("/demo-login/", {"username": "li"}).status_code == 404
    assert client.post("/demo-login/", {"username": "a\0b"}).status_code == 404
    assert moved(client.post("/demo-login/", {"username": "zhang", "next": WHO})) == (302, WHO)
    assert who(client)["name"] == "张三"
    settings.DEMO = False
    assert client.post("/demo-login/", {"username": "zhang"}).status_code == 404


def test_changing_the_demo_person_leaves_nothing_of_the_first(client, world, settings):
    settings.DEMO = True
    User.objects.filter(username__in=["li", "zhang"]).update(is_demo=True)
    client.post("/demo-login/", {"username": "li"})
    client.post("/switch/", {"membership": world.li.pk})
    client.post("/demo-login/", {"username": "zhang"})
    assert (who(client)["name"], client.session.get("membership")) == ("张三", None)


# --- the language -----------------------------------------------------------------------------------------------------


def test_the_language_goes_with_the_person(client, world):
    sign_in(client, "zhang")
    assert moved(client.post("/language/", {"language": "en", "next": WHO})) == (302, WHO)
    assert User.objects.get(username="zhang").language == "en"
    elsewhere = Client()
    sign_in(elsewhere, "zhang")
    assert elsewhere.cookies["django_language"].value == "en"


@pytest.mark.parametrize("wanted", ["", "fr", "../en", "\0"])
def test_languages_we_do_not_speak(client, world, wanted):
    assert moved(client.post("/language/", {"language": wanted, "next": "//evil.example"})) == (302, "/login/")
    assert "django_language" not in client.cookies


# --- a form sent twice ------------------------------------------------------------------------------------------------


def test_a_double_click_on_a_form_has_one_effect(client, world):
    sign_in(client, "zhang")
    given = {"idempotency_key": "5e0f", "word": "a", "csrfmiddlewaretoken": "one"}
    first = client.post("/deed/", given)
    second = client.post("/deed/", given | {"csrfmiddlewaretoken": "two"})
    assert moved(first) == moved(second)
    assert Event.objects.filter(name="deed.done").count() == 1
    assert client.post("/deed/", given | {"word": "b"}).status_code == 422
    assert moved(client.post("/deed/", {"word": "a"})) != moved(first)


def test_the_form_carries_a_fresh_key_each_time(client, world):
    sign_in(client, "zhang")
    keys = [client.get("/deed/").content.decode() for _each in range(2)]
    assert keys[0].startswith('<input type="hidden" name="idempotency_key" value="')
    assert keys[0] != keys[1]


# --- the session ends while somebody writes ---------------------------------------------------------------------------

PAGE = {"Referer": "http://testserver/who/?a=1"}
BACK = "/login/?next=%2Fwho%2F%3Fa%3D1&expired=1"


def test_signing_in_again_leads_back_to_the_form(client, world):
    assert moved(client.post("/deed/", headers=PAGE)) == (302, BACK)
    assert "登录已过期，请重新登录。" in client.get(BACK).content.decode()
    wrong = sign_in(client, "zhang", "wrong", next="/who/", expired="1").content.decode()
    assert 'name="expired"' in wrong
    assert 'name="expired"' not in client.get("/login/").content.decode()


@pytest.mark.parametrize("headers", [{"Referer": "https://evil.example/who/"}, {"X-Return-To": "//evil.example/"}])
def test_there_is_no_way_back_to_another_site(client, world, headers):
    assert moved(client.post("/deed/", headers=headers)) == (302, "/login/")


def test_a_part_of_a_page_leads_back_to_its_page(client, world):
    part = {"HX-Request": "true", "HX-Current-URL": "http://testserver/who/?a=1"}
    assert client.get(WHO, headers=part).headers["HX-Redirect"] == BACK
    named = client.post("/deed/", headers=part | {"X-Return-To": "/deed/"})
    assert named.headers["HX-Redirect"] == "/login/?next=%2Fdeed%2F&expired=1"


def test_the_browser_hears_which_form_was_taken(client, world):
    one, two = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
    client.post("/deed/", {"idempotency_key": one, "word": "a"})
    assert "consortium_saved" not in client.cookies  # the session had ended: nothing was taken
    sign_in(client, "zhang")
    client.post("/deed/", {"idempotency_key": one, "word": "a"})
    client.post("/deed/", {"idempotency_key": two, "word": "a"})
    assert client.cookies["consortium_saved"].value == f"{one}.{two}"
    client.post("/deed/", {"idempotency_key": one, "word": "another"})
    assert client.cookies["consortium_saved"].value == f"{one}.{two}"
    client.post("/deed/", {"idempotency_key": "a; Path=/evil", "word": "a"})
    assert client.cookies["consortium_saved"].value == f"{one}.{two}"


def test_what_a_browser_keeps_is_enciphered_for_one_person_and_one_password(world):
    zhang, li = world.zhang.user, world.li.user
    assert draft_key(zhang) == draft_key(User.objects.get(pk=zhang.pk))
    assert len({draft_key(zhang), draft_key(li)}) == 2
    before = draft_key(zhang)
    zhang.set_password("another-long-phrase")
    assert draft_key(zhang) != before
