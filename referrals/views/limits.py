"""Time limits of the consortium: what holds, and the office's own values."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from institutions.houses import office_for
from referrals.actions.limiting import STEPS, limits_of, reset_limit, set_limit, unit_words
from referrals.codes import URGENCIES
from referrals.forms.limits import LimitForm
from referrals.limits import DEFAULTS


@never_cache
@require_safe
def limits(request):
    """The table: urgencies by steps, own values marked."""
    office = office_for(request)
    held = limits_of(office.consortium)
    rows = [
        (code, words, [_shown(step, *held.get((code, step), (None, False))) for step in STEPS])
        for code, words in URGENCIES.items()
    ]
    return render(request, "referrals/limits.html", {"rows": rows, "steps": STEPS.values(), **office.context})


def _shown(step, held, own) -> tuple:
    """One cell; not every step is made at every urgency."""
    return step, unit_words(held) if held else "", own


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def limit(request, urgency, step):
    """Set one limit."""
    office = office_for(request)
    held, own = _cell(office.consortium, urgency, step)
    form = LimitForm(request.POST or None, initial={"amount": held.amount, "unit": held.unit})
    cell = {"actor": request.actor, "consortium": office.consortium, "urgency": urgency, "step": step}
    if request.method == "POST" and form.attempt(lambda data: set_limit(**cell, **data)):
        messages.success(request, _("时限已保存，从下一步起生效；进行中的期限不变。"))
        return redirect(reverse("referrals:limits") + office.query)
    default = unit_words(DEFAULTS[urgency, step])
    context = {"form": form, "own": own, "default": default, "urgency": urgency, "step": step, **office.context}
    context |= {"title": f"{URGENCIES[urgency]} · {STEPS[step]}"}
    return render(request, "referrals/limit.html", context, status=form.status)


@require_POST
def limit_reset(request, urgency, step):
    """Back to the default."""
    office = office_for(request)
    _cell(office.consortium, urgency, step)
    reset_limit(actor=request.actor, consortium=office.consortium, urgency=urgency, step=step)
    messages.success(request, _("已恢复默认时限。"))
    return redirect(reverse("referrals:limits") + office.query)


def _cell(consortium, urgency, step):
    if (urgency, step) not in DEFAULTS:
        raise Http404
    return limits_of(consortium)[urgency, step]
