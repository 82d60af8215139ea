"""Pages that belong to no single part."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from .navigation import navigation


@require_safe
def home(request):
    """The first page after login: what waits for me, or the first page my role opens."""
    for _group, entries in navigation(request.actor, request.path):
        return redirect(entries[0].url)
    return render(request, "home_empty.html")
