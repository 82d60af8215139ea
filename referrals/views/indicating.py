"""Indications: what holds for the sheet being written, and the page of all rules with the office's switches."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from institutions.houses import office_for
from referrals.actions.switching import may_switch, switch_indication
from referrals.forms.indicating import SwitchForm
from referrals.forms.writing import Sheet
from referrals.models import Referral
from referrals.resolving import patient_of
from referrals.rules import consortium_between
from referrals.showing.indications import box_for
from referrals.showing.rules import consortia_for, rule_in, table_of
from toolkit.pages.forms import posted
from toolkit.refusals import Refusal


@never_cache
@require_POST
def proposals(request):
    """The box of the writing page anew, for what is typed so far; whatever cannot be read is left out."""
    request.actor.require("referral.write")
    direction = posted(request, "direction")
    box = box_for(
        Sheet(data=request.POST).facts(),
        direction=direction,
        patient=_patient(request),
        consortium=consortium_for(request.actor, posted(request, "receiver"), direction),
        parent=_parent(request),
    )
    return render(request, "referrals/_writing_indications.html", {"indications": box, "swapped": True})


def consortium_for(actor, receiver: str, direction: str):
    """The consortium whose rules count towards the receiver of that code; before there is one, the only own one."""
    if receiver:
        return consortium_between(actor.institution_id, direction, receiver__code=receiver)
    return next(iter(actor.consortium_ids)) if len(actor.consortium_ids) == 1 else None


def _patient(request):
    wanted = posted(request, "patient")
    try:
        return patient_of(request.actor, wanted) if wanted else None
    except Refusal:
        return None


def _parent(request):
    number = posted(request, "number")
    rows = Referral.objects.visible_to(request.actor).select_related("parent__summary")
    one = rows.filter(number=number, link="refer_back").first() if number else None
    return one.parent if one else None


@never_cache
@require_safe
def rules(request):
    """Every rule in force: its conditions, source, and what the office of the consortium has switched, with reasons."""
    request.actor.require("referral.read")
    choice = consortia_for(request)
    may = bool(choice.consortium) and may_switch(request.actor, choice.consortium)
    context = {"topics": table_of(choice.consortium), "may_switch": may, **choice.context}
    return render(request, "referrals/indications.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request, code):
    """Switch one rule off or on, for the office."""
    office = office_for(request)
    shown = rule_in(office.consortium, code)
    form = SwitchForm(request.POST or None)
    switched = {"actor": request.actor, "consortium": office.consortium, "code": code, "on": not shown.on}
    if request.method == "POST" and form.attempt(lambda data: switch_indication(**switched, **data)):
        messages.success(request, _("已停用。") if shown.on else _("已启用。"))
        return redirect(reverse("referrals:indications") + office.query)
    context = {"rule": shown, "form": form, **office.context}
    return render(request, "referrals/indication.html", context, status=form.status)
