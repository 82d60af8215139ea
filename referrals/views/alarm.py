"""The banner of emergencies nobody has taken yet; every page of whoever may answer asks for it again and again.

A browser on night watch (值守) is answered without a session too, with less, and with nothing else.
"""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import watching
from accounts.actors import actor_for_membership
from referrals.showing.alarms import alarms_of

PERMISSION = "referral.answer"
ON_WATCH_HEADER = "X-On-Watch"


@never_cache
@require_safe
def alarm(request):
    request.actor.require(PERMISSION)
    return render(request, "referrals/parts/alarm.html", {"alarms": alarms_of(request.actor)})


@never_cache
@require_safe
def watch(request):
    """The same by the cookie alone; a page that has kept watch is told when it is over, a stranger nothing."""
    job = watching.watcher_of(request)
    actor = actor_for_membership(job, request) if job else None
    if actor and actor.may(PERMISSION):
        return render(request, "referrals/parts/watch.html", {"alarms": alarms_of(actor), "job": job})
    if watching.is_named(request) or ON_WATCH_HEADER in request.headers:
        return watching.end(render(request, "referrals/parts/watch.html", {"job": None}))
    return HttpResponse(status=204)


@require_POST
def watch_on(request):
    """The sound has been switched on here: go on hearing it when the sign-in has ended."""
    request.actor.require(PERMISSION)
    return watching.begin(HttpResponse(status=204), request.membership)


@require_POST
def watch_off(request):
    """The sound has been switched off; also without a session."""
    return watching.end(HttpResponse(status=204))
