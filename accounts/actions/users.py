"""People and their passwords."""

import secrets

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from events.log import record
from institutions.checks import run
from institutions.scope import manages
from toolkit.refusals import Conflict, Findings, Forbidden, Missing, Refused

from .. import checks
from ..models import Membership, User
from ..roles import ROLES

READABLE = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without 0O1lI


def temporary_password() -> str:
    """A first password to read out to somebody, 16 characters."""
    return "".join(secrets.choice(READABLE) for _each in range(16))


@transaction.atomic
def create_user(
    *,
    actor,
    username,
    name,
    password,
    phone="",
    email="",
    language="zh-hans",
    must_change_password=True,
    is_demo=False,
    hashed=None,
) -> User:
    """Somebody who can sign in. Without a membership he may do nothing yet.

    `hashed` is the hash of `password` where it is known already: making one is slow on purpose.
    """
    _require_staff_manager(actor)
    findings = Findings()
    values = {"username": checks.username(findings, "/username", username)}
    values |= run(findings, checks.PERSON, {"name": name, "phone": phone, "email": email, "language": language})
    user = User(**values, must_change_password=must_change_password, is_demo=is_demo)
    checks.password(findings, "/password", password, user=user)
    findings.raise_if_any()
    if hashed:
        user.password = hashed
    else:
        user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as clash:
        detail = _("用户名 %(username)s 已被使用，请换一个。") % {"username": values["username"]}
        raise Conflict.of("/username", "taken", detail) from clash
    record("user.created", actor=actor, subject=user)
    return user


@transaction.atomic
def change_user(*, actor, user, **changes) -> User:
    """Change fields of `checks.PERSON`."""
    _require_reach(actor, user)
    findings = Findings()
    values = run(findings, checks.PERSON, changes)
    findings.raise_if_any()
    changed = sorted(name for name, value in values.items() if getattr(user, name) != value)
    for name in changed:
        setattr(user, name, values[name])
    if changed:
        user.save(update_fields=[*changed, "name_keys"])
        record("user.changed", actor=actor, subject=user, fields=changed)
    return user


@transaction.atomic
def set_password(*, actor, user, password=None) -> str:
    """A new first password for somebody who forgot his; returns it. He must replace it when he signs in.

    The own one is changed by who knows it: else an unattended screen would be enough to take an account over.
    """
    if actor.user_id == user.pk:
        raise Forbidden(_("不能给自己重设密码，请用“修改密码”。"))
    _require_reach(actor, user)
    password = temporary_password() if password is None else password
    findings = Findings()
    checks.password(findings, "/password", password, user=user)
    findings.raise_if_any()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    record("user.password_reset", actor=actor, subject=user)
    return password


@transaction.atomic
def change_own_password(*, actor, user, old, new) -> None:
    """Pointers of the refusal: /old_password, /new_password."""
    if actor.user_id != user.pk:
        raise Forbidden(_("只能修改自己的密码。"))
    if not user.check_password(old):
        raise Refused.of("/old_password", "wrong", _("当前密码不正确，请重新输入。"))
    findings = Findings()
    if old == new:
        findings.add("/new_password", "unchanged", _("新密码不能与当前密码相同。"))
    checks.password(findings, "/new_password", new, user=user)
    findings.raise_if_any()
    user.set_password(new)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record("user.password_changed", actor=actor, subject=user)


@transaction.atomic
def set_language(*, actor, user, language) -> None:
    """The own language."""
    if actor.user_id != user.pk:
        raise Forbidden(_("只能修改自己的语言。"))
    findings = Findings()
    checks.language(findings, "/language", language)
    findings.raise_if_any()
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
        record("user.changed", actor=actor, subject=user, fields=["language"])


def _require_staff_manager(actor) -> None:
    if not actor.may("consortium.manage"):
        actor.require("staff.manage")


def _require_reach(actor, user) -> None:
    """Everything a person may do anywhere hangs on his password, so every house he works for must be in reach.

    And every role he holds: whoever may not grant one must not come to it by signing in as its holder.
    """
    _require_staff_manager(actor)
    jobs = list(Membership.objects.filter(user=user).not_over().select_related("institution"))
    reach = [manages(actor, job.institution, "staff.manage") for job in jobs]
    if actor.kind == "system":
        return
    if not any(reach):
        raise Missing(_("本机构没有这名人员。"))
    if not all(reach):
        raise Forbidden(_("该人员还在其他机构任职，请由医联体管理员修改其账号。"))
    _require_roles_in_reach(actor, {code for job in jobs for code in job.roles})


def _require_roles_in_reach(actor, roles) -> None:
    for code in sorted(roles & ROLES.keys()):
        if ROLES[code].granted_by == "consortium.manage" and not actor.may("consortium.manage"):
            detail = _("该人员有“%(role)s”角色，请由医联体管理员修改其账号。") % {"role": ROLES[code].name}
            raise Forbidden(detail, code="role_not_yours")
