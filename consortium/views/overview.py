"""The overview of the consortium's referrals: figures, the referrals behind each, and a table to take away."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from events.log import record
from referrals.figures import FIGURES, rows_of
from referrals.figures.asking import counted_for, opens_rows, require_rows
from referrals.forms.filtering import refuse_unknown
from referrals.showing.rows import Row
from toolkit.keyset import page
from toolkit.pages.rendering import is_fragment
from toolkit.refusals import Findings, Malformed
from toolkit.spreadsheets import csv_response
from toolkit.words import labelled

from ..overview.asking import KEYS, OverviewForm, RowsForm, address
from ..overview.charts import charts_of
from ..overview.export import lines_of
from ..overview.sections import Overview

PER_PAGE = 20
NEWEST_FIRST, LONGEST_WAITING_FIRST = ("-submitted_at", "-id"), ("deadline", "id")


@never_cache
@require_safe
def overview(request):
    """Counted anew at every look: the figures are those of this moment."""
    request.actor.require("figures.read")
    refuse_unknown(request.GET, known=OverviewForm.base_fields)
    form = OverviewForm(request.GET, actor=request.actor)
    context = {
        "form": form,
        "definitions": FIGURES.values(),
        "whole": request.actor.may("figures.oversee"),
        "opens": opens_rows(request.actor),
    }
    if not form.is_valid():
        return render(request, "consortium/overview.html", context, status=422)
    shown = Overview(request.actor, form, now=timezone.now())
    context |= {"shown": shown, "charts": charts_of(shown)}
    return render(request, "consortium/overview.html", context)


@never_cache
@require_safe
def overview_rows(request):
    """Exactly the referrals behind one number of the overview, masked."""
    actor = request.actor
    require_rows(actor)
    refuse_unknown(request.GET, known=(*RowsForm.base_fields, *KEYS, "cursor"))
    form = RowsForm(request.GET, actor=actor)
    _require_valid(form)
    figure, side = form.figure_asked, form.side_asked
    rows = rows_of(actor, form.asked, figure, side=side, now=timezone.now(), keys=form.keys)
    order = LONGEST_WAITING_FIRST if figure.now else NEWEST_FIRST
    found = page(rows.as_rows().telling_turn_of(actor), order=order, cursor=request.GET.get("cursor"), limit=PER_PAGE)
    context = {
        "figure": figure,
        "side_words": figure.part_words if side == "part" else figure.whole_words,
        "count": rows.count(),
        "period": None if figure.now else form.asked.period,
        "page": found,
        "rows": [Row(each, actor) for each in found.results],
        "back": address("overview", **form.query),
    }
    template = "consortium/overview/rows_part.html" if is_fragment(request) else "consortium/overview/rows.html"
    return render(request, template, context)


@never_cache
@require_POST
def overview_export(request):
    """The figures as CSV, on record: who took which period away."""
    counted_for(request.actor)
    form = OverviewForm(request.POST, actor=request.actor)
    _require_valid(form)
    shown = Overview(request.actor, form, now=timezone.now())
    lines = list(lines_of(shown))
    record("figures.exported", actor=request.actor, subject="figures:overview", lines=len(lines), **form.facts)
    period = form.asked.period
    return csv_response(f"overview-{period.since:%Y%m%d}-{period.until:%Y%m%d}.csv", lines)


def _require_valid(form) -> None:
    """What an address of our own never says wrong is Malformed, and named."""
    findings = Findings()
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        for error in errors:
            findings.add(f"/{name}", "invalid", labelled(label, error) if label else error)
    findings.raise_if_any(Malformed)
