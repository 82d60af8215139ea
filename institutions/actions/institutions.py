"""Adding an institution and changing what is known about it."""

from functools import partial

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from events.log import record
from institutions import checks
from institutions.actions.consortia import admit_member
from institutions.models import Institution
from institutions.scope import oversees, require_consortium_manager, require_manager
from institutions.versions import require_current, save_change
from toolkit import pinyin
from toolkit.refusals import Conflict, Findings, Forbidden
from toolkit.words import listed

OPERATIONAL_FIELDS = {
    "short_name": partial(checks.text, longest=30),
    "address": partial(checks.text, longest=200),
    "desk_phone": checks.phone,
    "duty_phone": checks.phone,
    "reviews_outgoing": checks.flag,
    "opening_hours": checks.opening_hours,
    "release_time": checks.clock_time,
}
"""What an institution's own administrator may change; the rest belongs to the consortium's."""

FIELDS = OPERATIONAL_FIELDS | {
    "name": partial(checks.text, longest=100, required=True),
    "level": checks.level,
    "type": checks.institution_type,
    "credit_code": checks.social_credit_code,
    "licence_number": checks.licence_number,
    "handles_on": partial(checks.one_of, allowed=Institution.HandlesOn.values),
    "active": checks.flag,
}


@transaction.atomic
def add_institution(
    *,
    actor,
    code,
    name,
    level,
    type,
    consortium=None,
    role="member",
    joined_on=None,
    left_on=None,
    agreement="",
    **details,
):
    """A new institution, admitted to `consortium` (an instance) where given; without one it stands outside.

    `details`: any further field of `FIELDS`. Returns the Institution.
    """
    if consortium:
        require_consortium_manager(actor, consortium)
    actor.require("consortium.manage")
    findings = Findings()
    values = {"code": checks.code(findings, "/code", code)}
    values |= checks.run(findings, FIELDS, {"name": name, "level": level, "type": type, **details})
    findings.raise_if_any()
    institution = _create(values | {"name_keys": name_keys(values)})
    record("institution.added", actor=actor, subject=institution, level=level, type=type)
    if consortium:
        membership = {"role": role, "joined_on": joined_on, "left_on": left_on, "agreement": agreement}
        admit_member(actor=actor, consortium=consortium, institution=institution, **membership)
    return institution


def name_keys(values):
    """Pinyin of name and short name, whole and initials, for the search box."""
    names = [name for name in (values.get("name"), values.get("short_name")) if name]
    return " ".join(key for name in names for key in pinyin.search_keys(name))[:600]


def _create(values):
    if Institution.objects.filter(code=values["code"]).exists():
        raise Conflict.of("/code", "taken", _("代码 %(code)s 已被使用。") % {"code": values["code"]})
    try:
        with transaction.atomic():
            return Institution.objects.create(**values)
    except IntegrityError as clash:
        raise _licence_taken() from clash


def _licence_taken():
    return Conflict.of("/licence_number", "taken", _("该登记号已属于另一家机构，请核对执业许可证。"))


@transaction.atomic
def change_institution(*, actor, institution, version=None, **changes):
    """Change fields of `FIELDS`, made from `version` (None: from the instance as loaded). Returns the Institution."""
    require_current(institution, version)
    require_manager(actor, institution)
    _require_overseer_for(actor, institution, changes)
    findings = Findings()
    values = checks.run(findings, FIELDS, changes)
    findings.raise_if_any()
    if {"name", "short_name"} & set(values):
        names = {"name": institution.name, "short_name": institution.short_name} | values
        values["name_keys"] = name_keys(names)
    try:
        with transaction.atomic():
            changed = save_change(institution, values)
    except IntegrityError as clash:
        raise _licence_taken() from clash
    if changed:
        record("institution.changed", actor=actor, subject=institution, fields=[f for f in changed if f in FIELDS])
    return institution


def _require_overseer_for(actor, institution, changes):
    reserved = sorted(
        name for name in changes if name not in OPERATIONAL_FIELDS and changes[name] != getattr(institution, name)
    )
    if not reserved or actor.kind == "system" or oversees(actor, institution):
        return
    words = listed(str(Institution._meta.get_field(name).verbose_name) for name in reserved)
    raise Forbidden(_("这些内容由医联体管理员维护：%(fields)s。") % {"fields": words})
