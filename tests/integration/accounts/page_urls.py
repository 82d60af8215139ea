"""The project's addresses with two pages beside them: who acts here, and a form with an effect."""

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.template import Context, Template
from django.urls import include, path

from accounts.idempotency import location_once
from events.log import record


def who(request):
    actor = request.actor
    return JsonResponse(
        {
            "name": actor.name,
            "institution": actor.institution_code,
            "roles": sorted(actor.roles),
            "membership": actor.membership_id,
            "memberships": [each.pk for each in request.memberships],
        }
    )


def deed(request):
    if request.method == "GET":
        return HttpResponse(Template("{% load accounts %}{% idempotency_key %}").render(Context()))
    word = request.POST["word"]

    def act():
        return f"/done/{record('deed.done', actor=request.actor, subject='deed:1', word=word).pk}/"

    return HttpResponseRedirect(location_once(request, act))


urlpatterns = [path("who/", who), path("deed/", deed), path("", include("consortium.urls"))]
