"""Founding a consortium, admitting members and letting them go."""

from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from events.log import record
from institutions import checks
from institutions.models import Consortium, Institution, Member, Relation
from institutions.scope import require_consortium_manager
from toolkit.refusals import Conflict, Findings, Forbidden, Refused

FIELDS = {
    "code": checks.code,
    "name": partial(checks.text, longest=100, required=True),
    "kind": partial(checks.one_of, allowed=Consortium.Kind.values),
    "office_phone": checks.phone,
    "deductible_up": checks.flag,
    "deductible_down": checks.flag,
}
MEMBER_FIELDS = {
    "role": partial(checks.one_of, allowed=Member.Role.values),
    "closeness": partial(checks.one_of, allowed=Member.Closeness.values),
    "agreement": partial(checks.text, longest=100),
}


@transaction.atomic
def found_consortium(*, actor, code, name, kind, core=None, office_phone=""):
    """A new consortium; `core` (an Institution, for a person always the own one) is admitted as its core hospital."""
    actor.require("consortium.manage")
    core = core or _own_institution(actor)
    if actor.kind != "system" and core.pk != actor.institution_id:
        raise Forbidden(_("只能以本机构为牵头单位建立医联体。"))
    findings = Findings()
    values = {"code": code, "name": name, "kind": kind, "office_phone": office_phone}
    values = checks.run(findings, FIELDS, values)
    findings.raise_if_any()
    consortium = _create(Consortium, values, taken=_("代码 %(code)s 已被其他医联体使用。") % {"code": values["code"]})
    record("consortium.founded", actor=actor, subject=consortium, kind=kind)
    if core:
        _admit(actor, consortium, core, {"role": Member.Role.CORE}, timezone.localdate())
    return consortium


def _own_institution(actor):
    if actor.institution_id is None:
        return None
    return Institution.objects.get(pk=actor.institution_id)


@transaction.atomic
def change_consortium(*, actor, consortium, **changes):
    """Change name, kind, office telephone of a consortium, or whether slips speak of the deductible."""
    require_consortium_manager(actor, consortium)
    findings = Findings()
    table = {name: check for name, check in FIELDS.items() if name != "code"}
    values = checks.run(findings, table, changes)
    findings.raise_if_any()
    changed = sorted(name for name, value in values.items() if getattr(consortium, name) != value)
    if changed:
        for name in changed:
            setattr(consortium, name, values[name])
        consortium.save(update_fields=changed)
        record("consortium.changed", actor=actor, subject=consortium, fields=changed)
    return consortium


@transaction.atomic
def admit_member(
    *, actor, consortium, institution, role="member", closeness="tight", joined_on=None, left_on=None, agreement=""
):
    """Admit an institution from `joined_on` (default today) to `left_on` (default: open). Returns the Member."""
    require_consortium_manager(actor, consortium)
    joined_on = joined_on or timezone.localdate()
    findings = Findings()
    values = checks.run(findings, MEMBER_FIELDS, {"role": role, "closeness": closeness, "agreement": agreement})
    if left_on and left_on < joined_on:
        findings.add("/left_on", "before_joining", _("退出日期不能早于加入日期。"))
    findings.raise_if_any()
    _refuse_takeover(actor, consortium, institution, role)
    _refuse_overlap(consortium, institution, joined_on, left_on)
    return _admit(actor, consortium, institution, values | {"left_on": left_on}, joined_on)


def _admit(actor, consortium, institution, values, joined_on):
    taken = _("%(name)s 已是该医联体的成员。") % {"name": institution.label}
    values = {"consortium": consortium, "institution": institution, "joined_on": joined_on, **values}
    member = _create(Member, values, taken=taken, pointer="")
    record(
        "member.admitted",
        actor=actor,
        subject=institution,
        consortium=consortium.code,
        role=member.role,
        joined_on=joined_on.isoformat(),
    )
    return member


def _create(model, values, *, taken, pointer="/code"):
    try:
        with transaction.atomic():
            return model.objects.create(**values)
    except IntegrityError as clash:
        raise Conflict.of(pointer, "taken", taken) from clash


def _refuse_takeover(actor, consortium, institution, role):
    """Somebody else's full member comes as a collaborator: to look after it would be to take it over."""
    if actor.kind == "system" or role == Member.Role.COLLABORATING:
        return
    elsewhere = Member.objects.current().filter(institution=institution).exclude(consortium=consortium)
    if elsewhere.exclude(role=Member.Role.COLLABORATING).exists():
        detail = _("该机构已是其他医联体的成员，只能作为协作单位加入。")
        raise Refused.of("/role", "member_elsewhere", detail)


def _refuse_overlap(consortium, institution, joined_on, left_on):
    clashes = Member.objects.filter(Q(left_on=None) | Q(left_on__gt=joined_on))
    if left_on:
        clashes = clashes.filter(joined_on__lt=left_on)
    if clashes.filter(consortium=consortium, institution=institution).exists():
        detail = _("%(name)s 在这段时间已是该医联体的成员。") % {"name": institution.label}
        raise Conflict.of("", "member_already", detail)


@transaction.atomic
def change_member(*, actor, member, **changes):
    """Change role, closeness or agreement of a membership."""
    require_consortium_manager(actor, member.consortium)
    findings = Findings()
    values = checks.run(findings, MEMBER_FIELDS, changes)
    findings.raise_if_any()
    if values.get("role", member.role) != member.role:
        _refuse_takeover(actor, member.consortium, member.institution, values["role"])
    changed = sorted(name for name, value in values.items() if getattr(member, name) != value)
    if changed:
        for name in changed:
            setattr(member, name, values[name])
        member.save(update_fields=changed)
        facts = {"consortium": member.consortium.code, "fields": changed}
        record("member.changed", actor=actor, subject=member.institution, **facts)
    return member


@transaction.atomic
def end_membership(*, actor, member, left_on=None):
    """End a membership on `left_on` (default today), the first day without it. Relations end with it."""
    require_consortium_manager(actor, member.consortium)
    left_on = left_on or timezone.localdate()
    if left_on < member.joined_on:
        raise Refused.of("/left_on", "before_joining", _("退出日期不能早于加入日期。"))
    ended = Member.objects.filter(pk=member.pk).filter(Q(left_on=None) | Q(left_on__gt=timezone.localdate()))
    if not ended.update(left_on=left_on):
        raise Conflict(_("该成员资格已经结束。"), code="already_ended")
    member.left_on = left_on
    if left_on <= timezone.localdate():
        _let_go_of_relations(member)
    facts = {"consortium": member.consortium.code, "left_on": left_on.isoformat()}
    record("member.left", actor=actor, subject=member.institution, **facts)
    return member


def _let_go_of_relations(member):
    """Relations between two that share another consortium go over to it; generated ones end; exceptions stay."""
    institution = member.institution_id
    sides = Q(sender=institution) | Q(receiver=institution)
    rows = Relation.objects.filter(sides, consortium=member.consortium_id)
    for other in Member.objects.current().filter(institution=institution).order_by("consortium_id"):
        partners = Member.objects.current().filter(consortium=other.consortium_id).values("institution_id")
        shared = rows.filter(sender__in=partners, receiver__in=partners)
        shared.update(consortium=other.consortium_id)
    rows.filter(source=Relation.Source.GENERATED).update(active=False)
