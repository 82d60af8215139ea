"""The banner of emergencies nobody has taken yet; every page of whoever may answer asks for it again and again."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.showing.alarms import alarms_of


@never_cache
@require_safe
def alarm(request):
    request.actor.require("referral.answer")
    return render(request, "referrals/parts/alarm.html", {"alarms": alarms_of(request.actor)})
