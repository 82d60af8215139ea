"""The lists of inquiries, one page for all boxes."""

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from advice.boxes import BOXES, how_many_in, open_to, rows_in
from advice.filters import ListFilter
from advice.showing import Row, totals_of
from toolkit.keyset import Page, page
from toolkit.pages.rendering import is_fragment

PER_PAGE = 20
MOST_COUNTED = 99


@never_cache
@require_safe
def inquiries(request, box: str):
    """One list; for the office with its counts above. Who neither asks nor answers is shown the list he has."""
    others = open_to(request.actor)
    if box == "my_turn" and others and BOXES[box] not in others:
        return redirect(f"advice:{others[-1].name}")
    request.actor.require(BOXES[box].permission)
    asked = ListFilter(request, queryset=rows_in(box, request.actor))
    found = Page([], None, None)
    if asked.is_valid():
        found = page(asked.qs, order=BOXES[box].order, cursor=request.GET.get("cursor"), limit=PER_PAGE)
    context = {
        "box": BOXES[box],
        "boxes": others,
        "filter": asked,
        "page": found,
        "rows": [Row(each, request.actor) for each in found.results],
    }
    if box == "overseen" and not is_fragment(request):
        context["totals"] = totals_of(request.actor)
    template = "advice/parts/rows.html" if is_fragment(request) else "advice/list.html"
    return render(request, template, context)


@never_cache
@require_safe
def count(request):
    """The number in the menu: what waits for me."""
    request.actor.require("referral.read")
    found = how_many_in("my_turn", request.actor, most=MOST_COUNTED + 1)
    shown = f"{MOST_COUNTED}+" if found > MOST_COUNTED else str(found)
    return render(request, "referrals/parts/owed.html", {"count": found, "shown": shown})
