"""Who works where: coming, changing, leaving."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.log import record
from institutions.checks import run
from institutions.scope import require_manager
from institutions.versions import require_current, save_change
from toolkit.refusals import Conflict, Findings, Forbidden, Refused

from .. import checks
from ..models import DutyShift, Membership, User
from ..roles import ROLES


@transaction.atomic
def add_membership(
    *,
    actor,
    user,
    institution,
    roles,
    department=None,
    staff_number="",
    title="",
    phone="",
    started_on=None,
) -> Membership:
    """Somebody begins to work at an institution, or comes back to it."""
    require_manager(actor, institution, "staff.manage")
    _refuse_own_roles(actor, user)
    findings = Findings()
    given = {"roles": roles, "staff_number": staff_number, "title": title, "phone": phone}
    values = run(findings, checks.JOB, given)
    _check_department(findings, institution, department)
    _check_apart(findings, user, institution, values["roles"])
    findings.raise_if_any()
    require_grants(actor, values["roles"])
    values |= {"department": department, "started_on": started_on or timezone.localdate(), "ended_on": None}
    _refuse_taken_number(institution, values["staff_number"], user)
    membership = _write(user, institution, values)
    record("membership.added", actor=actor, subject=membership, user=user.pk, roles=membership.roles)
    return membership


@transaction.atomic
def change_membership(*, actor, membership, version=None, **changes) -> Membership:
    """Change roles, department, staff number, title or phone, made from `version` (None: as loaded)."""
    require_current(membership, version)
    require_manager(actor, membership.institution, "staff.manage")
    findings = Findings()
    given = dict(changes)
    values = {}
    if "department" in given:
        department = given.pop("department")
        _check_department(findings, membership.institution, department)
        values["department_id"] = department.pk if department else None
    values |= run(findings, checks.JOB, given)
    if "roles" in values:
        _check_apart(findings, membership.user, membership.institution, values["roles"])
    findings.raise_if_any()
    if "roles" in values and values["roles"] != membership.roles:
        require_grants(actor, set(values["roles"]) ^ set(membership.roles))
        _refuse_own_roles(actor, membership.user)
        values["role_keys"] = Membership.keys_of(values["roles"])
    if values.get("staff_number"):
        _refuse_taken_number(membership.institution, values["staff_number"], membership.user)
    changed = [name for name in save_change(membership, values) if name != "role_keys"]
    if changed:
        record("membership.changed", actor=actor, subject=membership, fields=changed, roles=membership.roles)
    return membership


@transaction.atomic
def end_membership(*, actor, membership, version=None, on=None) -> Membership:
    """From the day `on` (today) the person no longer works there; duty from then on is taken off the roster."""
    require_current(membership, version)
    require_manager(actor, membership.institution, "staff.manage")
    if actor.user_id == membership.user_id:
        raise Forbidden(_("不能结束自己的任职，请由另一位管理员办理。"))
    require_grants(actor, membership.roles)
    if membership.ended_on is not None:
        raise Conflict(_("该任职已经结束。"), code="ended")
    day = on or timezone.localdate()
    if day < membership.started_on:
        raise Refused.of("/ended_on", "order", _("结束日期不能早于开始日期。"))
    save_change(membership, {"ended_on": day})
    left = DutyShift.objects.filter(membership=membership, starts_at__date__gte=day, starts_at__gt=timezone.now())
    removed = left.delete()[0]
    record("membership.ended", actor=actor, subject=membership, user=membership.user_id, shifts_removed=removed)
    return membership


def _write(user, institution, values) -> Membership:
    """A new row, or the old one of somebody who comes back."""
    former = Membership.objects.filter(user=user, institution=institution).select_for_update().first()
    if former is not None and (former.ended_on is None or former.ended_on > timezone.localdate()):
        raise Conflict.of("/user", "taken", _("该人员已在本机构任职，请直接修改其任职。"))
    membership = former or Membership(user=user, institution=institution, version=0)
    for name, value in values.items():
        setattr(membership, name, value)
    membership.version += 1
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as clash:
        raise Conflict(_("该人员或工号刚刚已被登记，请刷新后查看。"), code="taken") from clash
    return membership


def _check_department(findings, institution, department) -> None:
    if department is not None and department.institution_id != institution.pk:
        findings.add("/department", "other_institution", _("科室须属于该机构。"))


def _check_apart(findings, user, institution, roles) -> None:
    """What one person may not be in one house he may not be in two either. `roles` as `checks.roles` leaves them."""
    if findings:
        return
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two houses at once would each find nothing
    elsewhere = Membership.objects.filter(user=user).not_over().exclude(institution=institution)
    held = ROLES.keys() & {code for job in elsewhere.values_list("roles", flat=True) for code in job}
    for code in roles:
        for other in sorted(held):
            if other in ROLES[code].apart_from or code in ROLES[other].apart_from:
                words = {"one": ROLES[code].name, "other": ROLES[other].name}
                findings.add("/roles", "roles_apart", _("“%(one)s”不能与“%(other)s”由同一人兼任。") % words)


def _refuse_own_roles(actor, user) -> None:
    """Who grants roles does not grant them to himself: an administrator would be a doctor with one click."""
    if actor.user_id is not None and actor.user_id == user.pk:
        raise Forbidden(_("不能给自己增减角色，请由另一位管理员办理。"), code="own_roles")


def require_grants(actor, roles) -> None:
    """Nobody gives or takes a role he may not give: some are the consortium's to grant."""
    for code in roles:
        role = ROLES[code]
        if role.granted_by == "consortium.manage" and not actor.may("consortium.manage"):
            detail = _("“%(role)s”角色只能由医联体管理员授予或收回。") % {"role": role.name}
            raise Forbidden(detail, code="role_not_yours")


def _refuse_taken_number(institution, number, user) -> None:
    if not number:
        return
    holders = Membership.objects.filter(institution=institution, staff_number=number, ended_on=None)
    if holders.exclude(user=user).exists():
        detail = _("工号 %(number)s 在本机构已有人使用。") % {"number": number}
        raise Conflict.of("/staff_number", "taken", detail)
