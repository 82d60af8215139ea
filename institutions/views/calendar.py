"""The booking calendar: two weeks of the departments one can refer to."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from institutions.calendars import days_of
from institutions.forms.calendar import CalendarAskedForm
from institutions.models import Capacity, Department, Institution
from institutions.showing import place_of
from toolkit.keyset import page

PER_PAGE = 30
DAYS = 14
SESSIONS = list(Capacity.Session.values)


@never_cache
@require_safe
def calendar(request):
    """Free for referrals, taken, and when the rest is released; also for doctors and desks of the sender."""
    actor = request.actor
    if not actor.may("capacity.manage"):
        actor.require("referral.read")
    asked = CalendarAskedForm.of(request).cleaned_data
    houses = list(Institution.objects.visible_to(actor).reachable_from(actor.institution_id).order_by("code"))
    house = _chosen(houses, asked["institution"] or actor.institution_code)
    kind = asked["kind"] or Capacity.Kind.SLOT
    start = asked["start"] or timezone.localdate()
    days = days_of(house, start, DAYS)
    departments = Department.objects.visible_to(actor).receiving().filter(institution=house)
    choices = list(departments.order_by("code"))
    only = _chosen(choices, asked["department"]) if asked["department"] else None
    shown = departments.filter(pk=only.pk) if only else departments
    found = page(shown, order=("code",), cursor=request.GET.get("cursor"), limit=PER_PAGE)
    places = _places(actor, found.results, kind, days)
    heads = [(day, _release_of(day, places)) for day in days]
    lines = [
        (each, [(day, places.get((each.pk, day.date), []), release_at) for day, release_at in heads])
        for each in found.results
    ]
    context = {
        "house": house, "houses": houses, "kind": kind, "page": found, "start": start,
        "departments": choices, "department": only, "address": _address(house, only),
        "weeks": [(heads[first : first + 7], _part(lines, first)) for first in (0, 7)],
        "before": start - timedelta(days=DAYS), "after": start + timedelta(days=DAYS),
        "anything": bool(places), "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "institutions/calendar.html", context)


def _chosen(several, code):
    found = next((each for each in several if each.code == code), None)
    if found is None:
        raise Http404
    return found


def _address(house, department) -> str:
    """What every link of the page carries on."""
    return urlencode({"institution": house.code} | ({"department": department.code} if department else {}))


def _release_of(day, places):
    """When the rest of a day is released, where it is one moment for all departments; then it is said above the day."""
    of_day = [place for (_department, date), several in places.items() if date == day.date for place in several]
    moments = {place.release_at for place in of_day if place.rest}
    return moments.pop() if len(moments) == 1 else None


def _part(lines, first):
    """The lines of one of the two weeks."""
    return [(department, cells[first : first + 7]) for department, cells in lines]


def _places(actor, departments, kind, days) -> dict:
    """{(department id, date): [Place]} in the order of the sessions. One query."""
    now = timezone.now()
    rows = Capacity.objects.visible_to(actor).with_free(now)
    rows = rows.filter(department__in=departments, kind=kind, date__gte=days[0].date, date__lte=days[-1].date)
    found = {}
    for row in sorted(rows, key=lambda row: SESSIONS.index(row.session)):
        found.setdefault((row.department_id, row.date), []).append(place_of(row, now))
    return found
