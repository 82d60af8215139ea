"""The roster by the week: the same shift on several days, and a week like the one before."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from institutions.scope import require_manager
from toolkit.refusals import Conflict, Findings, Refusal, Refused

from ..models import DutyShift
from .roster import add_shift

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@transaction.atomic
def add_shifts(
    *, actor, institution, kind, membership, dates, begins, ends, department=None, phone=""
) -> list[DutyShift]:
    """The same shift on each of `dates`, from `begins` to `ends` (times of day); not later means the next morning.

    All of them or none. Mistakes that differ by day are named with their day.
    """
    findings = Findings()
    if not dates:
        findings.add("/dates", "required", _("请至少选择一天。"))
    added = []
    for number, day in enumerate(sorted(dates)):
        starts_at, ends_at = moments(day, begins, ends)
        try:
            added.append(
                add_shift(
                    actor=actor, institution=institution, kind=kind, membership=membership, department=department,
                    starts_at=starts_at, ends_at=ends_at, phone=phone,
                )
            )  # fmt: skip
        except (Conflict, Refused) as refusal:
            _note(findings, refusal, day, first=number == 0)
    findings.raise_if_any()
    return added


def moments(day, begins, ends):
    """(aware start, aware end) of a shift that begins on `day`."""
    starts_at = timezone.make_aware(datetime.combine(day, begins))
    last = day if ends > begins else day + DAY
    return starts_at, timezone.make_aware(datetime.combine(last, ends))


def _note(findings, refusal, day, *, first) -> None:
    """A clash belongs to its day; anything else is wrong on every day alike and is said once."""
    for error in refusal.errors:
        if error.code in ("overlap", "ended"):
            detail = _("%(day)s：%(detail)s") % {"day": f"{day:%m-%d}", "detail": error.detail}
            findings.add("/dates", error.code, detail)
        elif first:
            findings.extend([error])


@transaction.atomic
def copy_roster(*, actor, institution, monday) -> tuple[int, int]:
    """The week from `monday` like the week before; returns (shifts added, shifts left out).

    Left out is who has left or already stands there, what would be over, and the office where it is not the actor's.
    """
    require_manager(actor, institution, "staff.manage")
    first = timezone.make_aware(datetime.combine(monday - WEEK, datetime.min.time()))
    rows = DutyShift.objects.filter(institution=institution, starts_at__gte=first, starts_at__lt=first + WEEK)
    shifts = list(rows.select_related("membership__user", "department").order_by("starts_at", "id"))
    if not shifts:
        raise Refused(_("上一周没有排班，没有可以复制的内容。"), code="nothing_to_copy")
    added = sum(_repeat(actor, institution, shift) for shift in shifts)
    return added, len(shifts) - added


def _repeat(actor, institution, shift) -> bool:
    if shift.ends_at + WEEK <= timezone.now() or not shift.membership.user.is_active:
        return False
    if shift.department is not None and not shift.department.active:
        return False
    try:
        add_shift(
            actor=actor, institution=institution, kind=shift.kind, membership=shift.membership,
            department=shift.department, starts_at=shift.starts_at + WEEK, ends_at=shift.ends_at + WEEK,
            phone=shift.phone,
        )  # fmt: skip
    except Refusal:
        return False
    return True
