"""The duty roster."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.log import record
from institutions.checks import phone as check_phone
from institutions.scope import require_manager
from toolkit.refusals import Conflict, Findings, Missing
from toolkit.words import listed

from ..models import DutyShift

LONGEST = timedelta(days=7)


@transaction.atomic
def add_shift(*, actor, institution, kind, membership, starts_at, ends_at, department=None, phone="") -> DutyShift:
    """Put somebody on duty from `starts_at` to `ends_at` (aware). `department` exactly for kind "department"."""
    _require_roster(actor, institution, kind)
    findings = Findings()
    number = check_phone(findings, "/phone", phone)
    _check_kind(findings, institution, kind, department)
    _check_person(findings, institution, membership, starts_at)
    _check_times(findings, starts_at, ends_at)
    findings.raise_if_any()
    _refuse_overlap(kind, membership, department, starts_at, ends_at)
    shift = DutyShift(
        institution=institution,
        kind=kind,
        department=department,
        membership=membership,
        starts_at=starts_at,
        ends_at=ends_at,
        phone=number,
    )
    try:
        with transaction.atomic():
            shift.save()
    except IntegrityError as clash:
        raise _overlap() from clash
    record("shift.added", actor=actor, subject=shift, kind=kind, membership=membership.pk)
    return shift


@transaction.atomic
def remove_shift(*, actor, shift) -> None:
    """Take a shift off the roster; what is over stays, it says who answered."""
    _require_roster(actor, shift.institution, shift.kind)
    if shift.ends_at <= timezone.now():
        raise Conflict(_("已结束的值班是记录，不能删除。"), code="past")
    ref = shift.event_ref
    if not DutyShift.objects.filter(pk=shift.pk).delete()[0]:
        raise Missing(_("该值班已被删除。"))
    record("shift.removed", actor=actor, subject=ref, kind=shift.kind, membership=shift.membership_id)


def _require_roster(actor, institution, kind) -> None:
    """The house keeps its own roster; the consortium office is the consortium administrator's."""
    if kind == DutyShift.Kind.OFFICE:
        actor.require("consortium.manage")
    require_manager(actor, institution, "staff.manage")


def _check_kind(findings, institution, kind, department) -> None:
    if kind not in DutyShift.Kind.values:
        codes = listed(DutyShift.Kind.values)
        findings.add("/kind", "unknown_code", _("不认识的值班类别，可用：%(codes)s") % {"codes": codes})
    if kind == DutyShift.Kind.DEPARTMENT and department is None:
        findings.add("/department", "required", _("科室值班须选择科室。"))
    if kind != DutyShift.Kind.DEPARTMENT and department is not None:
        findings.add("/department", "not_allowed", _("只有科室值班才填写科室。"))
    if department is not None and department.institution_id != institution.pk:
        findings.add("/department", "other_institution", _("科室须属于该机构。"))


def _check_person(findings, institution, membership, starts_at) -> None:
    if membership.institution_id != institution.pk:
        findings.add("/membership", "other_institution", _("值班人员须在该机构任职。"))
    elif membership.ended_on is not None and membership.ended_on <= timezone.localdate(starts_at):
        findings.add("/membership", "ended", _("该人员届时已不在本机构任职。"))


def _check_times(findings, starts_at, ends_at) -> None:
    if ends_at <= starts_at:
        findings.add("/ends_at", "order", _("结束时间须晚于开始时间；跨夜值班请选择次日。"))
    elif ends_at - starts_at > LONGEST:
        findings.add("/ends_at", "too_long", _("一次值班最长 7 天，请分段排班。"))


def _refuse_overlap(kind, membership, department, starts_at, ends_at) -> None:
    same = DutyShift.objects.filter(membership=membership, kind=kind, department=department)
    if same.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise _overlap()


def _overlap() -> Conflict:
    return Conflict.of("/starts_at", "overlap", _("该人员在这段时间已排有同类值班。"))
