"""The duty roster: who answers the desk, the departments, the duty line and the office, week by week."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from institutions.calendars import days_of, monday_of
from institutions.houses import house_for
from institutions.models import Department
from institutions.scope import require_manager

from .. import actions
from ..forms.duty import ShiftForm, WeekAskedForm
from ..idempotency import location_once
from ..models import DutyShift, Membership
from ..rosters import lines_of, midnight, units_of

WEEK = timedelta(days=7)
MOST_DEPARTMENTS = 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def duty(request):
    house = house_for(request, "staff.manage")
    asked = WeekAskedForm.of(request).cleaned_data
    monday = monday_of(asked["week"] or timezone.localdate())
    days = days_of(house.institution, monday, 7)
    units = units_of(_departments(request.actor, house.institution), office=request.actor.may("consortium.manage"))
    form = _form(request, house.institution, units, days, asked)
    here = _address(house, monday)
    if request.method == "POST" and form.attempt(
        lambda data: location_once(request, lambda: _add(request, house.institution, form, here))
    ):
        return redirect(form.result)
    context = {
        "form": form, "days": days, "monday": monday, "here": here, "before": monday - WEEK, "after": monday + WEEK,
        "lines": lines_of(units, days, *_shifts(request.actor, house.institution, monday)), **house.context,
    }  # fmt: skip
    return render(request, "accounts/duty.html", context, status=form.status)


def _departments(actor, institution):
    rows = Department.objects.visible_to(actor).filter(institution=institution, active=True)
    return list(rows.order_by("-takes_referrals", "code")[:MOST_DEPARTMENTS])


def _shifts(actor, institution, monday):
    """(those that touch the week, those on duty now)"""
    rows = DutyShift.objects.visible_to(actor)
    week = rows.filter(institution=institution, starts_at__lt=midnight(monday + WEEK), ends_at__gt=midnight(monday))
    week = week.select_related("membership__user").order_by("starts_at", "id")
    return list(week), list(rows.answering(institution.pk))


def _form(request, institution, units, days, asked):
    people = Membership.objects.visible_to(request.actor).current().filter(institution=institution)
    people = people.select_related("user", "department").order_by("user__name_keys", "id")
    initial = {"unit": asked["unit"], "dates": [asked["day"].isoformat()] if asked["day"] else []}
    open_days = [day for day in days if not day.past]
    return ShiftForm(request.POST or None, units=units, days=open_days, people=people, initial=initial)


def _add(request, institution, form, here) -> str:
    added = actions.add_shifts(actor=request.actor, institution=institution, **form.shift)
    messages.success(request, _("已排 %(count)s 个班") % {"count": len(added)})
    return here


@require_POST
def copy(request):
    """This week like the one before."""
    house = house_for(request, "staff.manage")
    asked = WeekAskedForm.of(request).cleaned_data
    monday = monday_of(asked["week"] or timezone.localdate())
    added, left_out = actions.copy_roster(actor=request.actor, institution=house.institution, monday=monday)
    if added:
        messages.success(request, _("已照上一周排 %(count)s 个班") % {"count": added})
    if left_out:
        words = _("%(count)s 个班没有复制：本周已有排班、人员已离职，或时间已过。")
        messages.warning(request, words % {"count": left_out})
    return redirect(_address(house, monday))


@require_POST
def remove(request, pk):
    rows = DutyShift.objects.visible_to(request.actor).select_related("institution", "membership__user")
    shift = get_object_or_404(rows, pk=pk)
    require_manager(request.actor, shift.institution, "staff.manage")
    actions.remove_shift(actor=request.actor, shift=shift)
    messages.success(request, _("已取消 %(name)s 的值班") % {"name": shift.membership.user.name})
    query = {"week": monday_of(timezone.localdate(shift.starts_at)).isoformat()}
    if shift.institution_id != request.actor.institution_id:
        query["institution"] = shift.institution.code
    return redirect(f"{reverse('accounts:duty')}?{urlencode(query)}")


def _address(house, monday) -> str:
    query = {"week": monday.isoformat()} | ({"institution": house.institution.code} if house.query else {})
    return f"{reverse('accounts:duty')}?{urlencode(query)}"
