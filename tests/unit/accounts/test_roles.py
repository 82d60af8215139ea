"""The table of roles as an auditor reads it: a change here must be meant."""

import pytest

from accounts.roles import FOR_CLIENTS, PERMISSIONS, ROLES, permissions_of, role_names
from events.actor import Actor
from toolkit.refusals import Forbidden

PATIENT = {"patient.read", "patient.write", "patient.reveal"}
ADVICE = {"advice.ask", "advice.answer"}
FIGURES = {"figures.read", "figures.oversee"}
SNAPSHOT = {
    "consortium_administrator": {"consortium.manage", "referral.read", "referral.oversee", "delivery.manage"} | FIGURES,
    "institution_administrator": {
        "institution.manage",
        "staff.manage",
        "capacity.manage",
        "delivery.manage",
        "figures.read",
    },
    "doctor": PATIENT
    | ADVICE
    | {"referral.read", "referral.write", "referral.send", "referral.answer", "referral.treat"},
    "desk": PATIENT
    | {"referral.read", "referral.send", "referral.review", "referral.answer", "capacity.manage"}
    | {"figures.read"},
    "pharmacist": set(),
    "centre_technician": set(),
    "family_doctor": PATIENT | ADVICE | {"referral.read", "referral.write", "referral.send", "referral.treat"},
    "village_doctor": ADVICE | {
        "patient.read", "patient.write", "referral.read", "referral.write", "referral.send", "referral.answer",
        "referral.treat",
    },
    "assessor": set(),
    "regulator": FIGURES,
    "security_auditor": {"audit.read"},
}  # fmt: skip


def test_what_each_role_may_do():
    assert {code: set(role.permissions) for code, role in ROLES.items()} == SNAPSHOT


def test_who_grants_which_role():
    consortium = {code for code, role in ROLES.items() if role.granted_by == "consortium.manage"}
    assert consortium == {"consortium_administrator", "assessor", "regulator", "security_auditor"}


def test_what_only_a_person_can_be():
    alone = {code for code, role in ROLES.items() if not role.for_clients}
    assert alone == {"security_auditor", "assessor", "regulator"}
    assert set(FOR_CLIENTS) == set(ROLES) - alone


def test_every_permission_has_a_holder_and_words():
    held = set().union(*(role.permissions for role in ROLES.values()))
    assert held == set(PERMISSIONS)


def test_administrators_see_no_patients():
    assert {
        code: bool(permissions_of([code]) & PATIENT)
        for code in ("consortium_administrator", "institution_administrator", "security_auditor")
    } == {"consortium_administrator": False, "institution_administrator": False, "security_auditor": False}


def test_unknown_roles_give_nothing():
    assert permissions_of(["doctor", "emperor"]) == ROLES["doctor"].permissions


def test_names_come_in_the_order_of_the_table():
    assert role_names(["desk", "doctor"]) == ["医生", "双向转诊服务台"]


@pytest.mark.parametrize(
    ("permission", "sentence"),
    [
        (
            "referral.review",
            "您当前的身份不能做这件事，需要：“双向转诊服务台”角色（审核本机构转出的申请），可请本机构的机构管理员授予。",
        ),
        (
            "audit.read",
            "您当前的身份不能做这件事，需要：“安全审计员”角色（查阅审计记录），可请医联体管理员授予。",
        ),
    ],
)
def test_a_refusal_names_the_role_that_may(permission, sentence):
    with pytest.raises(Forbidden) as refused:
        Actor(kind="user").require(permission)
    assert str(refused.value.detail) == sentence
