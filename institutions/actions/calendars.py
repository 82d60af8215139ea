"""Days on which a consortium or an institution departs from the national calendar."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.log import record
from institutions import checks
from institutions.models import CalendarDay
from institutions.scope import require_consortium_manager, require_manager
from toolkit.refusals import Findings, Missing

FARTHEST = timedelta(days=3 * 366)


@transaction.atomic
def set_calendar_day(*, actor, date, working, name="", consortium=None, institution=None):
    """Make `date` a working day or not, for exactly one of consortium and institution. Returns the CalendarDay."""
    owner = _owner(actor, consortium, institution)
    findings = Findings()
    name = checks.text(findings, "/name", name, longest=50)
    today = timezone.localdate()
    if not today <= date <= today + FARTHEST:
        findings.add("/date", "out_of_range", _("日期应在今天到三年之内。"))
    findings.raise_if_any()
    day, _new = CalendarDay.objects.update_or_create(date=date, **owner, defaults={"working": working, "name": name})
    record("calendar.set", actor=actor, subject=day, working=working)
    return day


@transaction.atomic
def clear_calendar_day(*, actor, date, consortium=None, institution=None):
    """Follow the national calendar again on `date`."""
    owner = _owner(actor, consortium, institution)
    day = CalendarDay.objects.filter(date=date, **owner).first()
    if day is None:
        raise Missing(_("这一天没有特别安排。"))
    record("calendar.cleared", actor=actor, subject=day)
    day.delete()


def _owner(actor, consortium, institution):
    if (consortium is None) == (institution is None):
        raise TypeError("a calendar day belongs to exactly one of consortium and institution")
    if consortium is not None:
        require_consortium_manager(actor, consortium)
    else:
        require_manager(actor, institution)
    return {"consortium": consortium, "institution": institution}
