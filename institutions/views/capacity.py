"""Publishing places and beds: the days of a week above, the grid of one day below."""

from datetime import date, timedelta

from django.contrib import messages
from django.db.models import Sum
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from institutions import actions
from institutions.calendars import days_of, monday_of
from institutions.forms.capacity import DayAskedForm, Grid, PublishForm
from institutions.houses import house_for
from institutions.models import Capacity, Department
from toolkit.keyset import page
from toolkit.refusals import Malformed, Refused
from toolkit.words import listed

PER_PAGE = 40
WEEK = timedelta(days=7)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def capacity(request):
    house = house_for(request, "capacity.manage")
    asked = DayAskedForm.of(request).cleaned_data
    shown, more = asked["date"] or timezone.localdate(), asked["more"]
    week = Week(request.actor, house.institution, shown)
    found = _departments(request, house.institution)
    grid = _grid(request, found.results, shown, more)
    form = PublishForm(request.POST or None, grid=grid, shown=shown, days=week.others)
    here = _address(house, shown, more)
    if request.method == "POST" and form.attempt(lambda data: _publish(request.actor, house.institution, form)):
        words = _("已发布 %(days)s 天，共 %(rows)s 个时段")
        messages.success(request, words % {"days": 1 + len(form.cleaned_data["also"]), "rows": form.result})
        return redirect(here)
    context = {"form": form, "grid": grid, "week": week, "page": found, "more": more, "here": here, **house.context}
    return render(request, "institutions/capacity.html", context, status=form.status)


def _departments(request, institution):
    rows = Department.objects.visible_to(request.actor).filter(institution=institution, active=True)
    return page(rows, order=("code",), cursor=request.GET.get("cursor"), limit=PER_PAGE)


def _grid(request, departments, shown, more) -> Grid:
    rows = Capacity.objects.visible_to(request.actor).filter(department__in=departments, date=shown)
    return Grid(departments, rows, more=more, data=request.POST if request.method == "POST" else None)


def _publish(actor, institution, form):
    if not form.grid.entries:
        raise Refused(_("表格是空的，请先填写至少一格总数。"))
    return actions.publish_days(
        actor=actor,
        institution=institution,
        dates=[form.shown, *form.cleaned_data["also"]],
        rows=[row for _cell, row in form.grid.entries],
        versions=form.versions,
        release=form.release_rule,
    )


@require_POST
def copy_week(request):
    """Fill the free days of a week from the week before."""
    house = house_for(request, "capacity.manage")
    monday = parse_iso(request.POST.get("monday", ""))
    written = actions.copy_week(actor=request.actor, institution=house.institution, monday=monday_of(monday))
    days = listed(f"{day:%m-%d}" for day in written)
    messages.success(request, _("已照上一周发布：%(days)s") % {"days": days})
    return redirect(_address(house, written[0]))


def parse_iso(text) -> date:
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None or not date(2000, 1, 1) <= found <= date(2100, 1, 1):
        raise Malformed(_("日期应写成 2026-11-23 的样子。"))
    return found


def _address(house, day, more=False) -> str:
    given = {"date": day.isoformat()} | ({"more": "1"} if more else {})
    if house.query:
        given["institution"] = house.institution.code
    return f"{reverse('institutions:capacity')}?{urlencode(given)}"


class Week:
    """The seven days around `shown`, each with what is published and booked; the week after counts for publishing.

    Two queries.
    """

    def __init__(self, actor, institution, shown):
        self.shown = shown
        self.monday = monday_of(shown)
        self.before, self.after = self.monday - WEEK, self.monday + WEEK
        self.days = days_of(institution, self.monday, 14)
        rows = Capacity.objects.visible_to(actor).filter(department__institution=institution)
        rows = rows.filter(date__gte=self.monday, date__lt=self.after + WEEK).values("date", "kind")
        sums = rows.annotate(places=Sum("total"), taken=Sum("booked"), versions=Sum("version")).order_by("date", "kind")
        self.sums = {}
        for row in sums:
            self.sums.setdefault(row["date"], {})[row["kind"]] = row

    @property
    def others(self):
        """The days the same can be published on as well."""
        return [day for day in self.days if day.date != self.shown and not day.past]

    @property
    def tiles(self):
        """[(day, its slots or None, its beds or None)]"""
        kinds = Capacity.Kind
        return [
            (day, self.sums.get(day.date, {}).get(kinds.SLOT), self.sums.get(day.date, {}).get(kinds.BED))
            for day in self.days[:7]
        ]

    @property
    def versions(self):
        return [(day.date, sum(row["versions"] for row in self.sums.get(day.date, {}).values())) for day in self.days]
