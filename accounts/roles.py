"""Roles as data: what each may do, in words an auditor can read.

Change a role here and nowhere else; the snapshot in `tests/unit/accounts/test_roles.py` changes with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from toolkit.words import listed

PERMISSIONS = {
    "consortium.manage": _("管理医联体成员、转诊关系和办公室值班"),
    "institution.manage": _("维护本机构资料、科室和接口客户端"),
    "staff.manage": _("管理本机构人员、任职和排班"),
    "capacity.manage": _("维护号源和床位"),
    "patient.read": _("查阅患者登记"),
    "patient.write": _("登记和修改患者"),
    "patient.reveal": _("说明理由后查看患者完整信息"),
    "referral.read": _("查看转诊"),
    "referral.write": _("填写和提交转诊、确认下转和随访"),
    "referral.send": _("安排转出、改转、撤回和结案"),
    "referral.review": _("审核本机构转出的申请"),
    "referral.answer": _("答复转入申请、安排号源床位和接诊登记"),
    "referral.treat": _("填写诊疗结论和转归"),
    "referral.oversee": _("查看医联体内全部转诊、代电话联系的成员办理"),
    "figures.read": _("查看与本机构有关的转诊统计"),
    "figures.oversee": _("查看医联体的转诊统计"),
    "advice.ask": _("提出转诊前咨询，处理答复"),
    "advice.answer": _("答复转诊前咨询"),
    "audit.read": _("查阅审计记录"),
    "delivery.manage": _("查看和重发通知"),
}

_PATIENT = ("patient.read", "patient.write", "patient.reveal")


@dataclass(frozen=True, kw_only=True)
class Role:
    """A role. `granted_by` is the permission needed to give or take it; `apart_from` roles exclude it.

    `for_clients` says whether a partner's system may hold it as well; what is not, only a person can answer for.
    """

    code: str
    name: str
    permissions: frozenset[str] = frozenset()
    granted_by: str = "staff.manage"
    apart_from: frozenset[str] = frozenset()
    for_clients: bool = True


def _role(code, name, *permissions, granted_by="staff.manage", apart_from=(), for_clients=True) -> Role:
    return Role(
        code=code,
        name=name,
        permissions=frozenset(permissions),
        granted_by=granted_by,
        apart_from=frozenset(apart_from),
        for_clients=for_clients,
    )


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        _role(
            "consortium_administrator",
            _("医联体管理员"),
            "consortium.manage",
            "referral.read",
            "referral.oversee",
            "delivery.manage",
            "figures.read",
            "figures.oversee",
            granted_by="consortium.manage",
        ),
        _role(
            "institution_administrator",
            _("机构管理员"),
            "institution.manage",
            "staff.manage",
            "capacity.manage",
            "delivery.manage",
            "figures.read",
        ),
        _role(
            "doctor",
            _("医生"),
            *_PATIENT,
            "referral.read",
            "referral.write",
            "referral.send",
            "referral.answer",
            "referral.treat",
            "advice.ask",
            "advice.answer",
        ),
        _role(
            "desk",
            _("双向转诊服务台"),
            *_PATIENT,
            "referral.read",
            "referral.send",
            "referral.review",
            "referral.answer",
            "capacity.manage",
            "figures.read",
        ),
        _role("pharmacist", _("药师")),
        _role("centre_technician", _("共享中心技师")),
        _role(
            "family_doctor",
            _("家庭医生"),
            *_PATIENT,
            "referral.read",
            "referral.write",
            "referral.send",
            "referral.treat",
            "advice.ask",
            "advice.answer",
        ),
        # a clinic of one: he sends, takes back and looks after, alone; what is hidden of a patient is not his to reveal
        _role(
            "village_doctor",
            _("村医"),
            "patient.read",
            "patient.write",
            "referral.read",
            "referral.write",
            "referral.send",
            "referral.answer",
            "referral.treat",
            "advice.ask",
            "advice.answer",
        ),
        _role("assessor", _("绩效考核员"), granted_by="consortium.manage", for_clients=False),
        _role(
            "regulator",
            _("监管人员"),
            "figures.read",
            "figures.oversee",
            granted_by="consortium.manage",
            for_clients=False,
        ),
        _role(
            "security_auditor",
            _("安全审计员"),
            "audit.read",
            granted_by="consortium.manage",
            # who runs the system must not be the one who audits it (GB/T 22239-2019, separation of administrators)
            apart_from=("consortium_administrator", "institution_administrator"),
            for_clients=False,
        ),
    )
}


DESK = "desk"
VILLAGE_DOCTOR = "village_doctor"
DOCTORS = ("doctor", "family_doctor", VILLAGE_DOCTOR)

FOR_CLIENTS = tuple(code for code, role in ROLES.items() if role.for_clients)


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Everything the roles may do together. Unknown codes give nothing."""
    return frozenset().union(*(ROLES[code].permissions for code in roles if code in ROLES))


def is_doctor(roles: Iterable[str]) -> bool:
    return not set(DOCTORS).isdisjoint(roles)


def works_in_village(roles: Iterable[str]) -> bool:
    """Whether somebody is a village doctor and nothing else: his pages are made for the phone."""
    return set(roles) == {VILLAGE_DOCTOR}


def holders_of(permission: str) -> list[Role]:
    """The roles that have a permission, in the order of the table."""
    return [role for role in ROLES.values() if permission in role.permissions]


def role_names(roles: Iterable[str]) -> list[str]:
    """The names people read, in the order of the table."""
    held = set(roles)
    return [str(role.name) for role in ROLES.values() if role.code in held]


def _needed(permission: str) -> str:
    """What somebody lacks who is refused: the thing to be done and the role that may do it."""
    words = {"what": PERMISSIONS[permission]}
    holders = holders_of(permission)
    if not holders:
        return str(words["what"])
    words["roles"] = listed(_("“%(role)s”") % {"role": role.name} for role in holders)
    if any(role.granted_by == "staff.manage" for role in holders):
        return _("%(roles)s角色（%(what)s），可请本机构的机构管理员授予") % words
    return _("%(roles)s角色（%(what)s），可请医联体管理员授予") % words


def needed_words() -> dict[str, str]:
    """Permission → the lazy sentence part `Actor.require` puts into its refusal."""
    late = lazy(_needed, str)
    return {permission: late(permission) for permission in PERMISSIONS}
