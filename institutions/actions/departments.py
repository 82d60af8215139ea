"""Adding a department and changing it."""

from functools import partial

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from events.log import record
from institutions import checks
from institutions.models import Department
from institutions.scope import require_manager
from institutions.versions import require_current, save_change
from toolkit.refusals import Conflict, Findings

FIELDS = {
    "name": partial(checks.text, longest=50, required=True),
    "specialty": checks.specialty,
    "phone": checks.phone,
    "takes_referrals": checks.flag,
    "active": checks.flag,
}


@transaction.atomic
def add_department(*, actor, institution, code, name, specialty, phone="", takes_referrals=True):
    """A new department of an institution. Returns the Department."""
    require_manager(actor, institution)
    findings = Findings()
    values = {"code": checks.code(findings, "/code", code)}
    given = {"name": name, "specialty": specialty, "phone": phone, "takes_referrals": takes_referrals}
    values |= checks.run(findings, FIELDS, given)
    findings.raise_if_any()
    try:
        with transaction.atomic():
            department = Department.objects.create(institution=institution, **values)
    except IntegrityError as clash:
        detail = _("本机构已有代码为 %(code)s 的科室。") % {"code": values["code"]}
        raise Conflict.of("/code", "taken", detail) from clash
    record("department.added", actor=actor, subject=department, specialty=specialty)
    return department


@transaction.atomic
def change_department(*, actor, department, version=None, **changes):
    """Change fields of `FIELDS`, made from `version` (None: from the instance as loaded). Returns the Department."""
    require_current(department, version)
    require_manager(actor, department.institution)
    findings = Findings()
    values = checks.run(findings, FIELDS, changes)
    findings.raise_if_any()
    changed = save_change(department, values)
    if changed:
        record("department.changed", actor=actor, subject=department, fields=changed)
    return department
