"""Publishing what a day offers: outpatient places and beds of an institution's departments, in one call."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from events.log import record
from institutions import checks
from institutions.models import Capacity, Institution
from institutions.scope import require_manager
from toolkit.refusals import Findings, Malformed, Refused, Stale

Kind, Session = Capacity.Kind, Capacity.Session
SESSIONS = {Kind.SLOT: Session.values, Kind.BED: [Session.DAY]}
EARLIEST_YEAR = 2000
FARTHEST = timedelta(days=366)
MOST_ROWS = 1000
MOST_PLACES = 10_000
NUMBERS = ("total", "referral_quota", "booked_elsewhere")
WRITTEN = (*NUMBERS, "release_at")


def day_version(institution, date):
    """The version of a whole day: 0 while nothing is published, rising with every change."""
    rows = Capacity.objects.filter(department__institution=institution, date=date)
    return rows.aggregate(all=Sum("version"))["all"] or 0


@transaction.atomic
def publish_capacity(*, actor, institution, date, rows, version=None):
    """Set the rows given for one day; rows of that day which are not named stay as they are.

    A row: {"department": code, "kind", "session", "total", "referral_quota"=0, "booked_elsewhere" (default: unchanged,
    0 for a new row), "release_at"=aware datetime or None (default: unchanged, for a new row the institution's release
    time on the day before)}. `version` is that of the day (`day_version`), None to skip the check.
    All errors of all rows are answered at once. Returns the rows of `Capacity`, in the order given.
    """
    require_manager(actor, institution, "capacity.manage")
    if len(rows) > MOST_ROWS:
        raise Malformed(_("一次最多提交 %(most)s 行。") % {"most": MOST_ROWS})
    Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)  # two first publishers would clash
    _require_current_day(institution, date, version)
    findings = Findings()
    _check_date(findings, date)
    plans = _Day(institution, date).plans(findings, rows)
    findings.raise_if_any()
    published = _write(plans)
    total = sum(plan["total"] for _pointer, _row, plan in plans)
    record("capacity.published", actor=actor, subject=institution, date=date.isoformat(), rows=len(plans), total=total)
    return published


def _require_current_day(institution, date, version):
    if version is not None and version != day_version(institution, date):
        raise Stale(_("这一天的号源床位已有修改，请刷新后重新提交。"))


def _check_date(findings, date):
    today = timezone.localdate()
    if date.year < EARLIEST_YEAR:  # no day before it to release on
        raise Refused.of("/date", "past", _("日期过早，请核对年份。"))
    if date < today:
        findings.add("/date", "past", _("不能发布过去日期的号源床位。"))
    elif date > today + FARTHEST:
        findings.add("/date", "too_far", _("最多提前 %(days)s 天发布。") % {"days": FARTHEST.days})


class _Day:
    """One institution's day: what is known before the rows are looked at."""

    def __init__(self, institution, date):
        self.institution = institution
        self.date = date
        self.departments = {each.code: each for each in institution.departments.filter(active=True)}
        own = Capacity.objects.filter(department__institution=institution, date=date)
        existing = own.select_for_update(of=("self",), no_key=True).order_by("pk")  # what is booked stays as checked
        self.existing = {(each.department_id, each.kind, each.session): each for each in existing}

    def plans(self, findings, rows):
        """[(pointer, existing Capacity or None, values)] of the rows that are in order; the rest become findings."""
        seen = set()
        plans = [self._plan(findings, f"/rows/{index}", row, seen) for index, row in enumerate(rows)]
        return [plan for plan in plans if plan]

    def _plan(self, findings, pointer, row, seen):
        before = len(findings.errors)
        department = self._department(findings, pointer, row)
        _check_kind(findings, pointer, row)
        if len(findings.errors) > before:
            return None
        key = (department.pk, row["kind"], row["session"])
        if key in seen:
            findings.add(pointer, "twice", _("同一科室、种类和时段在本次提交中出现了两次。"))
        seen.add(key)
        existing = self.existing.get(key)
        values = self._values(row, existing)
        _check_numbers(findings, pointer, values, existing)
        self._check_release(findings, pointer, values)
        return pointer, existing, {"department": department, "date": self.date, **values}

    def _department(self, findings, pointer, row):
        department = self.departments.get(row["department"])
        if department is None:
            detail = _("本机构没有代码为 %(code)s 的在用科室。") % {"code": row["department"]}
            findings.add(f"{pointer}/department", "unknown_department", detail)
        return department

    def _values(self, row, existing):
        values = {name: row.get(name) for name in ("kind", "session", *NUMBERS, "release_at")}
        if values["referral_quota"] is None:
            values["referral_quota"] = 0
        if values["booked_elsewhere"] is None:
            values["booked_elsewhere"] = existing.booked_elsewhere if existing else 0
        if values["release_at"] is None:
            values["release_at"] = existing.release_at if existing else self._usual_release()
        return values

    def _usual_release(self):
        moment = datetime.combine(self.date - timedelta(days=1), self.institution.release_time)
        return timezone.make_aware(moment)

    def _check_release(self, findings, pointer, values):
        if timezone.localdate(values["release_at"]) > self.date:
            findings.add(f"{pointer}/release_at", "after_the_day", _("预留释放时间不能晚于当日。"))


def _check_kind(findings, pointer, row):
    kind = checks.one_of(findings, f"{pointer}/kind", row["kind"], allowed=Kind.values)
    if kind in SESSIONS:
        checks.one_of(findings, f"{pointer}/session", row["session"], allowed=SESSIONS[kind])


def _check_numbers(findings, pointer, values, existing):
    wrong = [name for name in NUMBERS if not _is_count(values[name])]
    for name in wrong:
        detail = _("应为 0 到 %(most)s 的整数。") % {"most": MOST_PLACES}
        findings.add(f"{pointer}/{name}", "out_of_range", detail)
    if wrong:
        return
    if values["referral_quota"] > values["total"]:
        findings.add(f"{pointer}/referral_quota", "above_total", _("转诊预留不能多于总数。"))
    booked = existing.booked if existing else 0
    if values["total"] < booked + values["booked_elsewhere"]:
        findings.add(f"{pointer}/total", "below_booked", below_booked(booked, values["booked_elsewhere"]))


def _is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_PLACES


def below_booked(booked, elsewhere):
    words = {"booked": booked, "elsewhere": elsewhere, "least": booked + elsewhere}
    return _("已约转诊 %(booked)s 个、其他渠道 %(elsewhere)s 个，总数不能少于 %(least)s。") % words


def _write(plans):
    """New rows in one statement, changed rows in one; never touches `booked`. The rows in the order of the plans."""
    rows = [_filled(existing, values) for _pointer, existing, values in plans]
    changed = [
        row for row, (_pointer, existing, _values) in zip(rows, plans, strict=True) if existing and row.is_changed
    ]
    Capacity.objects.bulk_create([row for row in rows if row.pk is None])
    Capacity.objects.bulk_update(changed, [*WRITTEN, "version"])
    return rows


def _filled(existing, values):
    if existing is None:
        return Capacity(**values)
    existing.is_changed = any(getattr(existing, name) != values[name] for name in WRITTEN)
    for name in ("department", *WRITTEN):
        setattr(existing, name, values[name])
    existing.version += existing.is_changed
    return existing
