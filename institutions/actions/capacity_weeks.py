"""Publishing the same day several times, and a week like the one before: all days or none."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from institutions.actions.capacity import publish_capacity
from institutions.calendars import days_of
from institutions.models import Capacity
from institutions.scope import require_manager
from toolkit.refusals import Findings, Refused

WEEK = timedelta(days=7)


@transaction.atomic
def publish_days(*, actor, institution, dates, rows, versions=None, release=None):
    """`publish_capacity` of the same rows on each of `dates`; `versions` maps dates to the versions shown.

    `release` is (days before, time of day) and replaces the rows' own; None leaves what stands or is usual. The errors
    of all days come at once, under "/days/2026-11-23". Returns the number of rows written.
    """
    findings = Findings()
    written = 0
    for day in dates:
        given = [row | {"release_at": release_moment(day, release)} for row in rows]
        version = (versions or {}).get(day)
        try:
            done = publish_capacity(actor=actor, institution=institution, date=day, rows=given, version=version)
        except Refused as refusal:
            findings.extend(refusal.errors, under=f"/days/{day.isoformat()}")
        else:
            written += len(done)
    findings.raise_if_any()
    return written


def release_moment(day, release):
    """(days before, time of day) → aware datetime; None stays None."""
    if release is None:
        return None
    before, clock = release
    return timezone.make_aware(datetime.combine(day - timedelta(days=before), clock))


@transaction.atomic
def copy_week(*, actor, institution, monday):
    """Publish the week from `monday` as the week before was published; returns the dates written.

    Days that have something already stay as they are, and so do days that are over or closed (a holiday).
    """
    require_manager(actor, institution, "capacity.manage")
    source = _rows_by_date(institution, monday - WEEK)
    taken = _rows_by_date(institution, monday)
    today = timezone.localdate()
    open_days = [day.date for day in days_of(institution, monday, 7) if day.working and day.date >= today]
    dates = [day for day in open_days if day not in taken and day - WEEK in source]
    if not dates:
        raise Refused(_("没有可以复制的日子：上一周没有发布，或者本周的工作日都已发布。"), code="nothing_to_copy")
    for day in dates:
        rows = [_copied(row) for row in source[day - WEEK]]
        publish_capacity(actor=actor, institution=institution, date=day, rows=rows, version=0)
    return dates


def _rows_by_date(institution, monday):
    rows = Capacity.objects.filter(department__institution=institution, department__active=True)
    found = {}
    for row in rows.filter(date__gte=monday, date__lt=monday + WEEK).select_related("department").order_by("id"):
        found.setdefault(row.date, []).append(row)
    return found


def _copied(row):
    return {
        "department": row.department.code,
        "kind": row.kind,
        "session": row.session,
        "total": row.total,
        "referral_quota": row.referral_quota,
        "release_at": row.release_at + WEEK,
    }
