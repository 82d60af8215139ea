"""The audit trail, for the security auditor: who looked at whom, and what happened."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.log import record
from institutions.models import Institution
from toolkit.keyset import page

from ..trail.asking import ACCESS, EVENTS, TrailForm
from ..trail.lines import access_lines, event_lines
from ..trail.scope import accesses_within, events_within

PER_PAGE = 50
ASKED = "trail_asked"
NEWEST_FIRST = ("-id",)


@never_cache
@require_safe
def trail(request):
    """Looking at the trail is itself on it, once for each question and not for each page."""
    actor = request.actor
    actor.require("audit.read")
    houses = list(Institution.objects.visible_to(actor).order_by("code"))
    asked = TrailForm.of(request, houses=houses)
    shown = asked.cleaned_data["trail"] or ACCESS
    events = shown == EVENTS
    rows = asked.narrowed(events_within(actor) if events else accesses_within(actor), events=events, houses=houses)
    found = page(rows, order=NEWEST_FIRST, cursor=request.GET.get("cursor"), limit=PER_PAGE)
    lines = (event_lines if events else access_lines)(found.results, houses)
    _note(request, shown, asked)
    context = {"page": found, "lines": lines, "asked": asked, "shown": shown}
    return render(request, "consortium/trail.html", context)


def _note(request, shown, asked) -> None:
    """Turning pages is no new question; another question with an old cursor is."""
    question = [shown, asked.facts]
    if request.GET.get("cursor") and request.session.get(ASKED) == question:
        return
    record("trail.read", actor=request.actor, subject=f"trail:{shown}", **asked.facts)
    request.session[ASKED] = question
