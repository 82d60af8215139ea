"""无名氏 gets a name: by either party, from the page of the referral, as soon as somebody knows him."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.idempotency import location_once
from accounts.throttling import hold_back
from records.access import may_identify
from records.actions import change_patient
from records.search import note_numbers
from referrals.forms.identifying import IdentifyForm
from referrals.presenting import open_for
from referrals.resolving import find_referral
from referrals.showing.patients import card_of
from referrals.views.loading import for_page
from toolkit.refusals import Conflict, Forbidden, Refused

ROUTE = "POST /referrals/{number}/patient/"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def identify(request, number):
    """GET: what is asked. POST: the registration becomes that of the person he turned out to be."""
    referral = find_referral(request.actor, number, queryset=for_page())
    request.viewed_referral = referral
    _require_unknown(request.actor, referral)
    form = IdentifyForm(request.POST or None, patient=referral.patient)
    if request.method == "POST" and form.attempt(lambda data: _kept(request, referral, form)):
        messages.success(request, _("患者身份已登记，转诊单、时间轴和查看依据都跟随该患者。"))
        return redirect(form.result)
    opened = open_for(referral, request.actor, purpose="identify", route="GET /referrals/{number}/patient/")
    context = {
        "referral": referral,
        "patient": card_of(referral, request.actor, opened=opened),
        "form": form,
    }
    return render(request, "referrals/identify.html", context, status=form.status)


def _require_unknown(actor, referral) -> None:
    if not referral.patient.unknown:
        raise Refused(_("这名患者已登记身份；需要更正时请由登记的机构修改。"), code="known")
    if not may_identify(actor, referral.patient):
        raise Forbidden(_("只有登记该患者的机构和接诊的机构可以登记其身份。"))
    actor.require("patient.write")


def _kept(request, referral, form) -> str:
    def act() -> str:
        patient, version = referral.patient, form.cleaned_data["version"]
        change_patient(actor=request.actor, patient=patient, version=version, changes=form.changes())
        return reverse("referrals:detail", args=[referral.number])

    hold_back("look_up", request.actor)
    try:
        return location_once(request, act)
    except Conflict:
        note_numbers(request.actor, form.numbers(), route=ROUTE)
        raise
