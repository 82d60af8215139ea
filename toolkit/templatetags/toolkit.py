"""{% load toolkit %}: deadlines in words, masks, and the pager of a keyset list."""

from datetime import timedelta

from django import template

from toolkit.calendar import WorkingCalendar
from toolkit.identifiers import masks
from toolkit.pages import remaining

register = template.Library()

for mask in (masks.mask_name, masks.mask_phone, masks.mask_number, masks.mask_number_strictly, masks.mask_address):
    register.filter(mask.__name__, mask)


@register.filter("remaining_time")
def remaining_time(deadline):
    """{% with left=referral.deadline|remaining_time %}{{ left.words }}{{ left.level }}{% endwith %}"""
    return remaining.remaining(deadline) if deadline else None


@register.simple_tag(name="remaining_time")
def remaining_time_tag(deadline, soon_minutes=None):
    """{% remaining_time deadline soon_minutes=15 as left %}"""
    if not deadline:
        return None
    soon = remaining.SOON if soon_minutes is None else timedelta(minutes=soon_minutes)
    return remaining.remaining(deadline, soon=soon)


@register.filter
def duration(span):
    """timedelta → words."""
    return remaining.duration_words(span) if isinstance(span, timedelta) else ""


@register.simple_tag
def working_time(earlier, later, calendar=None):
    """The open time between two moments as a timedelta: {% working_time a b institution.calendar as span %}"""
    if not earlier or not later:
        return None
    return (calendar or WorkingCalendar()).working_time_between(earlier, later)


@register.filter
def working(day, calendar=None):
    """Whether a date is a working day: {% if day|working:calendar %}"""
    return (calendar or WorkingCalendar()).is_working_day(day)


@register.inclusion_tag("toolkit/pager.html", takes_context=True)
def keyset_pager(context, page, target=""):
    """Previous and next of a keyset Page, all other query parameters kept; `target` is an htmx selector."""
    request = context["request"]
    return {
        "first": _address(request, None) if page.previous else "",
        "previous": _address(request, page.previous) if page.previous else "",
        "next": _address(request, page.next) if page.next else "",
        "target": target,
    }


def _address(request, cursor):
    query = request.GET.copy()
    query.pop("cursor", None)
    if cursor:
        query["cursor"] = cursor
    return f"{request.path}?{query.urlencode()}" if query else request.path
