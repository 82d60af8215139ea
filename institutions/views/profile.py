"""What others know of a house, and the days on which it departs from the national calendar."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from institutions import actions
from institutions.forms.days import DayForm
from institutions.forms.institutions import FullProfileForm, ProfileForm
from institutions.houses import house_for, office_for, office_query, offices_of, query_of
from institutions.models import CalendarDay
from institutions.scope import oversees
from toolkit.calendar import knows_holidays_of
from toolkit.calendar.holidays import holiday_of

SHOWN_DAYS = 100
LOOKED_AHEAD = timedelta(days=60)
"""Deadlines and appointments fall that far ahead; the State Council publishes a year in the November before it."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    house = house_for(request)
    institution = house.institution
    whole = oversees(request.actor, institution)
    form = (FullProfileForm if whole else ProfileForm).filled(institution, request.POST or None)
    if request.method == "POST" and form.attempt(
        lambda data: actions.change_institution(actor=request.actor, institution=institution, **data)
    ):
        messages.success(request, _("机构资料已保存"))
        return redirect(reverse("institutions:profile") + house.query)
    context = {"form": form, "whole": whole, **house.context}
    return render(request, "institutions/profile.html", context, status=form.status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def days(request):
    """The days of a house; those of its consortia stand beside them."""
    house = house_for(request)
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.attempt(
        lambda data: actions.set_calendar_day(actor=request.actor, institution=house.institution, **data)
    ):
        messages.success(request, _("工作日历已更新"))
        return redirect(reverse("institutions:days") + house.query)
    rows = CalendarDay.objects.visible_to(request.actor).of(house.institution)
    context = {"form": form, "days": _shown(rows), "unknown_year": _unknown_year(), **house.context}
    return render(request, "institutions/days.html", context, status=form.status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consortium_days(request):
    """The days that hold for every member."""
    office = office_for(request)
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.attempt(
        lambda data: actions.set_calendar_day(actor=request.actor, consortium=office.consortium, **data)
    ):
        messages.success(request, _("工作日历已更新"))
        return redirect(reverse("institutions:consortium_days") + office.query)
    rows = CalendarDay.objects.visible_to(request.actor).filter(consortium=office.consortium)
    context = {"form": form, "days": _shown(rows), "unknown_year": _unknown_year(), **office.context}
    return render(request, "institutions/days.html", context, status=form.status)


def _shown(rows):
    """From today on, each with the national holiday it falls on."""
    coming = rows.filter(date__gte=timezone.localdate()).order_by("date", "id")[:SHOWN_DAYS]
    return [(day, holiday_of(day.date)) for day in coming]


def _unknown_year():
    """The year that is near and whose national holidays are not known here; None while all is known."""
    years = {timezone.localdate().year, (timezone.localdate() + LOOKED_AHEAD).year}
    return next((year for year in sorted(years) if not knows_holidays_of(year)), None)


@require_POST
def day_clear(request, pk):
    """Follow the national calendar again."""
    rows = CalendarDay.objects.visible_to(request.actor).select_related("institution", "consortium")
    day = get_object_or_404(rows, pk=pk)
    owner = {"institution": day.institution} if day.institution else {"consortium": day.consortium}
    actions.clear_calendar_day(actor=request.actor, date=day.date, **owner)
    messages.success(request, _("%(date)s 恢复按国家日历办理") % {"date": day.date.isoformat()})
    if day.institution:
        return redirect(reverse("institutions:days") + query_of(request.actor, day.institution))
    query = office_query(offices_of(request.actor), day.consortium)
    return redirect(reverse("institutions:consortium_days") + query)
