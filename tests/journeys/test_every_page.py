"""Every page of every role: whole, quiet, within the screen, in both languages, and to be used without a mouse."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.inspecting import faults_of, width_faults
from tests.journeys.visitor import PHONE, WARD_PC, Visitor

pytestmark = pytest.mark.journey
ROLES = {
    "zhangjianguo": "doctor",
    "zhoumingyuan": "doctor",
    "huanglihua": "desk",
    "chenxiaolan": "family_doctor",
    "tangshoucheng": "village_doctor",
    "sunlijun": "institution_administrator",
    "mahongmei": "consortium_administrator",
    "heqiang": "regulator",
    "huanbang": "security_auditor",
}
LINKS = """() => Array.from(document.querySelectorAll("#work a[href^='/'], #work a[href^='?']"))
  .filter((link) => !link.download && !link.pathname.startsWith("/api/")).map((link) => link.pathname + link.search)"""
MOVING = re.compile(r"R\d{11}|\d+|(?<=limits/)\w+/\w+|(?<=[?&])(?!trail|form)\w+=[^&]*&?")
"""What differs between two addresses of the same page: all that is asked of it but which trail and which form."""


@pytest.fixture(scope="module")
def known() -> set:
    """Kinds of pages another role has been shown: for the next one only the frame differs."""
    return set()


@pytest.mark.parametrize("username", ROLES)
def test_every_page(visitor, site, known, username):
    """The whole menu of the role, and of what it leads to a page of each kind nobody has seen yet."""
    assert site.account(username)["role"] == ROLES[username]
    person = visitor(username)
    menu = [entry.get_attribute("href") for entry in person.page.locator("#rail-menu a").all()]
    new, faults = in_chinese(person, menu, known)
    faults += in_english(person, new)
    known |= {kind_of(address) for address in new}
    assert not faults, "\n".join(faults)


def test_every_role_is_visited(site):
    assert {each["role"] for each in site.demo["accounts"]} == set(ROLES.values())


def in_chinese(person: Visitor, menu: list[str], known: set) -> tuple[list[str], list[str]]:
    """On the ward's computer and on a phone; answers the pages of a new kind, and the faults."""
    waiting, seen, new, faults = list(menu), set(map(kind_of, menu)) | known, [], []
    while waiting:
        address = waiting.pop(0)
        is_new = kind_of(address) not in known
        faults += shown(person, address, "zh-hans", picture=is_new)
        faults += on_a_phone(person, address, picture=is_new)
        new += [address] * is_new
        for link in person.page.evaluate(LINKS):
            if kind_of(link) not in seen:
                seen.add(kind_of(link))
                waiting.append(link)
    return new, faults


def on_a_phone(person: Visitor, address: str, *, picture: bool) -> list[str]:
    person.page.set_viewport_size(PHONE)
    faults = [f"{address} on a phone: {fault}" for fault in width_faults(person)]
    if picture:
        person.look(f"{name_of(address)}-phone")
    person.page.set_viewport_size(WARD_PC)
    return faults


def in_english(person: Visitor, addresses: list[str]) -> list[str]:
    if not addresses:
        return []
    person.clicks("English")
    faults = [fault for address in addresses for fault in shown(person, address, "en", picture=False)]
    person.clicks("简体中文")
    return faults


def shown(person: Visitor, address: str, language: str, *, picture: bool) -> list[str]:
    answer = person.go(address)
    faults = faults_of(person, language)
    if answer.status != 200:
        faults.append(f"answered {answer.status}")
    if picture:
        person.look(f"{name_of(address)}-{language}")
    return [f"{address} ({language}): {fault}" for fault in faults]


def kind_of(address: str) -> str:
    return MOVING.sub("#", address)


def name_of(address: str) -> str:
    return re.sub(r"[^\w]+", "-", MOVING.sub("", address)).strip("-") or "home"


def test_pages_outside_the_frame(visitor, site):
    """The start page, the guide for residents, the choice of a job, the own password."""
    nobody = visitor()
    faults = both_languages(nobody, "/") + both_languages(nobody, "/guide/")
    surgeon = visitor()
    surgeon.sign_in(site.account("songjianing"))
    faults += both_languages(surgeon, "/memberships/")
    faults += both_languages(surgeon, "/password/")
    assert not faults, "\n".join(faults)


def both_languages(person: Visitor, address: str) -> list[str]:
    faults = shown(person, address, "zh-hans", picture=True) + on_a_phone(person, address, picture=True)
    return faults + in_english(person, [address])


def test_the_documentation_of_the_interface_is_quiet(visitor):
    person = visitor("sunlijun")
    person.clicks(person.page.locator("header.topbar").get_by_role("button", name="孙立军"))
    person.clicks("接口文档")
    expect(person.page.locator(".opblock, rapi-doc, redoc").first).to_be_visible()
    person.look("api-docs")


def test_without_a_mouse(visitor, site):
    """Login and one move with nothing but Tab, typing and Enter."""
    doctor = visitor()
    account = site.account("chenxiaolan")
    doctor.go("/")
    tabs_to(doctor, "#id_username")
    doctor.page.keyboard.type(account["username"])
    doctor.page.keyboard.press("Tab")
    doctor.page.keyboard.type(account["password"])
    doctor.presses("Enter")
    expect(doctor.page.locator("h1")).to_have_text("待我处理")

    tabs_to(doctor, "#rows tbody a")
    doctor.presses("Enter")
    expect(doctor.page.locator("h1")).to_contain_text("转诊 R")
    tabs_to(doctor, "#moves [data-verb=claim], #moves form[action$='/claim/'] button")
    doctor.presses("Enter")
    doctor.sees(re.compile("已由您办理；"))


def tabs_to(person: Visitor, target: str) -> None:
    """Press Tab until the focus is there; it must come within one round."""
    stops = person.page.evaluate(
        "() => document.querySelectorAll('a, button, input, select, textarea, summary').length"
    )
    for _each in range(stops + 2):
        if person.page.evaluate("target => document.activeElement?.matches(target)", target):
            return
        person.page.keyboard.press("Tab")
    raise AssertionError(f"the focus never comes to {target}")
