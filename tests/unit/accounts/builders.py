"""A hospital, a township centre and an outsider with a few people, made through the real acts."""

from types import SimpleNamespace

from accounts import actions
from accounts.actors import actor_for_membership
from accounts.models import User
from events.actor import system_actor
from events.models import Event
from institutions import actions as houses

SYSTEM = system_actor()
PASSWORD = "correct-horse-battery"


def person(username, name, **details) -> User:
    given = {"password": PASSWORD, "must_change_password": False} | details
    return actions.create_user(actor=SYSTEM, username=username, name=name, **given)


def job(user, institution, *roles, **details):
    return actions.add_membership(actor=SYSTEM, user=user, institution=institution, roles=roles, **details)


def house(code, name, **details):
    return houses.add_institution(actor=SYSTEM, code=code, name=name, level="2a", type="A100", **details)


def department(institution, code="cardiology", name="心内科"):
    return houses.add_department(actor=SYSTEM, institution=institution, code=code, name=name, specialty="cardiology")


def client_of(institution, *, roles=("doctor", "desk"), scopes=("referrals:read", "referrals:write"), **details):
    """(client, secret)"""
    return actions.register_client(
        actor=SYSTEM, institution=institution, name="HIS", roles=roles, scopes=scopes, **details
    )


def world() -> SimpleNamespace:
    """Zhang works at the hospital alone, Li at both houses; Wang is its administrator, Zhao the consortium's.

    Qian is doctor and administrator outside.
    """
    hospital = house("county-hospital", "青川县人民医院", short_name="县医院")
    consortium = houses.found_consortium(
        actor=SYSTEM, code="qingchuan", name="青川县域医共体", kind="county", core=hospital
    )
    township = house("east-township", "东河镇卫生院", consortium=consortium)
    outsider = house("outsider", "邻县人民医院")
    houses.found_consortium(actor=SYSTEM, code="linxian", name="邻县医共体", kind="county", core=outsider)
    made = SimpleNamespace(consortium=consortium, hospital=hospital, township=township, outsider=outsider)
    made.cardiology = department(hospital)
    made.zhang = job(person("zhang", "张三"), hospital, "doctor", staff_number="D001", department=made.cardiology)
    made.li = job(person("li", "李四"), hospital, "doctor", staff_number="D002")
    made.li_township = job(made.li.user, township, "doctor", "desk", staff_number="D002")
    made.wang = job(person("wang", "王五"), hospital, "institution_administrator", staff_number="A001")
    made.zhao = job(person("zhao", "赵六"), hospital, "consortium_administrator", staff_number="A002")
    made.qian = job(person("qian", "钱七"), outsider, "doctor", "institution_administrator", staff_number="D001")
    return made


def acting(membership):
    return actor_for_membership(membership)


def last_event() -> tuple:
    """(name, subject, facts) of the newest event."""
    event = Event.objects.order_by("id").last()
    return event.name, event.subject, event.facts
