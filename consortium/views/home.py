"""Pages that belong to no single part."""

from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from ..navigation import navigation


@require_safe
def home(request):
    """What waits for me, or the first page my role opens; the inbox is open to everybody."""
    _group, entries = navigation(request.actor, request.path)[0]
    return redirect(entries[0].url)


@require_safe
def favicon(request):
    """Where browsers look for it beside what is no page."""
    return redirect(static("favicon.ico"))
